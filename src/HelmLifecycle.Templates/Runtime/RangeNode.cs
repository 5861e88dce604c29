namespace HelmLifecycle.Templates;

internal sealed partial class RangeNode
{
    protected override Flow RenderHere(RenderState state)
    {
        state.Node = this;
        int mark = state.VariableMark;
        GoValue value = Pipe.EvaluateHere(state);
        (GoValue dot, bool isInterface) = (state.Dot, state.DotIsInterface);
        bool ran = value.Kind switch
        {
            GoKind.Nil => false,
            GoKind.List => RunList(state, value.AsList!),
            GoKind.Map => RunMap(state, value.AsMap!),
            GoKind.Int or GoKind.Uint => RunInteger(state, value),
            _ => throw state.Fail("range can't iterate over " + Formatter.PrintForOutput(value)),
        };
        (state.Dot, state.DotIsInterface) = (dot, isInterface);
        Flow flow = !ran && ElseList is not null ? ElseList.Render(state) : Flow.Next;
        state.PopVariables(mark);
        return flow;
    }

    private bool RunList(RenderState state, GoList list)
    {
        bool isInterface = list.Type.Element is null;
        for (int i = 0; i < list.Count; i++)
        {
            if (!Iterate(state, GoValue.Int(i), list[i], isInterface))
                break;
        }

        return list.Count > 0;
    }

    private bool RunMap(RenderState state, GoMap map)
    {
        // Keys and values are those at the start, even when the body changes the map.
        string[] keys = map.SortedKeyArray;
        bool isInterface = map.Type.Element is null;
        int values = state.Reserve(keys.Length);
        for (int i = 0; i < keys.Length; i++)
            state.Reserved(values + i) = map[keys[i]];
        for (int i = 0; i < keys.Length; i++)
        {
            if (!Iterate(state, GoValue.String(keys[i]), state.Reserved(values + i), isInterface))
                break;
        }

        state.Release(values);
        return keys.Length > 0;
    }

    private bool RunInteger(RenderState state, in GoValue value)
    {
        if (Pipe.Declared.Length > 1)
            throw state.Fail($"can't use {Formatter.Print(value)} to iterate over more than one variable");
        if (value.Kind == GoKind.Int && value.IntValue <= 0)
            return false;
        ulong end = (ulong)value.IntValue;
        for (ulong i = 0; i < end; i++)
        {
            if (!Iterate(state, default, GoValue.Integer((long)i, value.Type!), false))
                break;
        }

        return end > 0;
    }

    private bool Iterate(RenderState state, in GoValue index, in GoValue item, bool isInterface)
    {
        state.Step();
        int mark = state.VariableMark;
        GoValue element = item.IsNil ? GoValue.NilInterface : item;
        VariableNode[] declared = Pipe.Declared;
        switch (declared.Length)
        {
            case 1 when Pipe.IsAssignment:
                state.SetVariable(declared[0].Name, element, isInterface);
                break;
            case 1:
                state.SetTopVariable(1, element, isInterface);
                break;
            case 2 when Pipe.IsAssignment:
                state.SetVariable(declared[0].Name, index, false);
                state.SetVariable(declared[1].Name, element, isInterface);
                break;
            case 2:
                state.SetTopVariable(1, element, isInterface);
                state.SetTopVariable(2, index, false);
                break;
        }

        (state.Dot, state.DotIsInterface) = (element, isInterface);
        Flow flow = List.Render(state);
        state.PopVariables(mark);
        return flow != Flow.Break;
    }
}
