namespace HelmLifecycle.Templates;

/// <summary>How a statement ended: the next one follows, or the loop around it ends or goes on.</summary>
internal enum Flow : byte
{
    Next,
    Break,
    Continue,
}

internal abstract partial class StatementNode
{
    internal abstract Flow Render(RenderState state);
}

internal sealed partial class ListNode
{
    internal override Flow Render(RenderState state)
    {
        foreach (StatementNode node in Nodes)
        {
            Flow flow = node.Render(state);
            if (flow != Flow.Next)
                return flow;
        }

        return Flow.Next;
    }
}

internal sealed partial class TextNode
{
    internal override Flow Render(RenderState state)
    {
        state.Step();
        state.Output.AppendText(Text);
        return Flow.Next;
    }
}

internal sealed partial class ActionNode
{
    internal override Flow Render(RenderState state)
    {
        state.Step();
        GoValue value = Pipe.EvaluateHere(state);
        if (Pipe.Declared.Length > 0)
            return Flow.Next;
        if (value.AsString is { } text)
        {
            state.Output.AppendText(text);
            return Flow.Next;
        }

        state.Node = this;
        if (value.IsNil || value.Kind == GoKind.Object)
            state.Output.AppendText(Formatter.PrintForOutput(value));
        else if (value.Kind == GoKind.Func)
            throw state.Fail($"can't print {this} of type {value.Type!.Name}");
        else
            Formatter.Append(state.Output, value);
        return Flow.Next;
    }
}

internal abstract partial class BranchNode
{
    internal override Flow Render(RenderState state)
    {
        state.Step();
        if (!state.TryEnter())
            return state.OnLargeStack(static (state, branch) => branch.RenderHere(state), this);
        Flow flow = RenderHere(state);
        state.Leave();
        return flow;
    }

    protected abstract Flow RenderHere(RenderState state);
}

internal sealed partial class IfNode
{
    protected override Flow RenderHere(RenderState state)
    {
        int mark = state.VariableMark;
        ListNode? taken = Pipe.EvaluateHere(state).IsTrue ? List : ElseList;
        Flow flow = taken is null ? Flow.Next : taken.Render(state);
        state.PopVariables(mark);
        return flow;
    }
}

internal sealed partial class WithNode
{
    protected override Flow RenderHere(RenderState state)
    {
        int mark = state.VariableMark;
        GoValue value = Pipe.EvaluateHere(state);
        Flow flow = Flow.Next;
        if (value.IsTrue)
        {
            (GoValue dot, bool isInterface) = (state.Dot, state.DotIsInterface);
            (state.Dot, state.DotIsInterface) = (value, false);
            flow = List.Render(state);
            (state.Dot, state.DotIsInterface) = (dot, isInterface);
        }
        else if (ElseList is not null)
        {
            flow = ElseList.Render(state);
        }

        state.PopVariables(mark);
        return flow;
    }
}

internal sealed partial class TemplateNode
{
    internal override Flow Render(RenderState state)
    {
        state.Node = this;
        state.ExecuteNested(Name, Pipe);
        return Flow.Next;
    }
}

internal sealed partial class LoopControlNode
{
    internal override Flow Render(RenderState state) => IsBreak ? Flow.Break : Flow.Continue;
}

internal sealed partial class ListEndNode
{
    internal override Flow Render(RenderState state) => Flow.Next;
}
