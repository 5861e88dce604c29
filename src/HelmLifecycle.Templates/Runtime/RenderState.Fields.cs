namespace HelmLifecycle.Templates;

internal sealed partial class RenderState
{
    /// <summary>
    /// Walks <c>.A.B.C</c> from a value. Only the last name, when it is a method, gets arguments.
    /// </summary>
    internal GoValue Walk(
        GoValue value, bool isInterface, string[] names, Node node, ReadOnlySpan<OperandNode> operands, bool hasFinal, in GoValue final)
    {
        int last = names.Length - 1;
        for (int i = 0; i < last; i++)
            value = Field(value, ref isInterface, names[i], node, default, false, default);
        return Field(value, ref isInterface, names[last], node, operands, hasFinal, final);
    }

    private GoValue Field(
        in GoValue value, ref bool isInterface, string name, Node node, ReadOnlySpan<OperandNode> operands, bool hasFinal, in GoValue final)
    {
        if (value.AsMap is { } map && map.Type.Methods is null)
            return Entry(map, ref isInterface, name, operands, hasFinal);
        if (value.IsNil)
        {
            if (value.IsNilInterface)
                throw Fail("nil pointer evaluating interface {}." + name);
            if (Strict)
                throw Fail("nil data; no entry for key " + Strconv.Quote(name));
            return default;
        }

        GoFunction? method = value.AsObject is { } target ? target.GetMethod(name) : value.Type!.Methods?.Invoke(value, name);
        if (method is not null)
        {
            GoValue result = Call(method, node, operands, hasFinal, final);
            isInterface = false;
            return result;
        }

        if (value.AsMap is { } named)
            return Entry(named, ref isInterface, name, operands, hasFinal);
        if (value.AsObject is { } structure && structure.TryGetField(name, out GoValue field))
        {
            if (operands.Length > 1 || hasFinal)
                throw Fail(name + " has arguments but cannot be invoked as function");
            isInterface = false;
            return field;
        }

        throw Fail($"can't evaluate field {name} in type {(isInterface ? "interface {}" : value.Type!.Name)}");
    }

    private GoValue Entry(GoMap map, ref bool isInterface, string name, ReadOnlySpan<OperandNode> operands, bool hasFinal)
    {
        if (operands.Length > 1 || hasFinal)
            throw Fail(name + " is not a method but has arguments");
        isInterface = map.Type.Element is null;
        if (map.TryGetValue(name, out GoValue entry))
            return entry.IsNil ? GoValue.NilInterface : entry;
        if (Strict)
            throw Fail("map has no entry for key " + Strconv.Quote(name));
        return BuiltinFunctions.ZeroOf(map.Type.Element);
    }
}
