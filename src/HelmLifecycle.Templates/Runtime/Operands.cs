namespace HelmLifecycle.Templates;

internal abstract partial class OperandNode
{
    /// <summary>Its value by itself.</summary>
    internal abstract GoValue Evaluate(RenderState state);

    /// <summary>Its value as an argument; literals take the type of the parameter, all else must have it.</summary>
    internal virtual GoValue EvaluateArgument(RenderState state, GoFunction function, int index)
    {
        state.Node = this;
        return state.Validate(Evaluate(state), function, index);
    }

    /// <summary>Its value at the start of a command, where functions and methods take the operands after it.</summary>
    internal virtual GoValue EvaluateCommand(RenderState state, CommandNode command, bool hasFinal, in GoValue final)
    {
        state.Node = this;
        NotAFunction(state, command, hasFinal);
        return Evaluate(state);
    }

    protected void NotAFunction(RenderState state, CommandNode command, bool hasFinal)
    {
        if (command.Operands.Length > 1 || hasFinal)
            throw state.Fail("can't give argument to non-function " + this);
    }
}

internal sealed partial class DotNode
{
    internal override GoValue Evaluate(RenderState state) => state.Dot;
}

internal sealed partial class NilNode
{
    internal override GoValue Evaluate(RenderState state) => throw state.Fail("nil is not a command");

    internal override GoValue EvaluateArgument(RenderState state, GoFunction function, int index)
    {
        state.Node = this;
        return RenderState.NilOf(function, index)
            ?? throw state.Fail("cannot assign nil to " + function.ParameterTypeName(index));
    }
}

internal sealed partial class FieldNode
{
    internal override GoValue Evaluate(RenderState state)
    {
        state.Node = this;
        return state.Walk(state.Dot, state.DotIsInterface, Names, this, default, false, default);
    }

    internal override GoValue EvaluateCommand(RenderState state, CommandNode command, bool hasFinal, in GoValue final)
    {
        state.Node = this;
        return state.Walk(state.Dot, state.DotIsInterface, Names, this, command.Operands, hasFinal, final);
    }
}

internal sealed partial class VariableNode
{
    internal override GoValue Evaluate(RenderState state)
    {
        state.Node = this;
        GoValue value = state.GetVariable(Name, out bool isInterface);
        return Names.Length == 0 ? value : state.Walk(value, isInterface, Names, this, default, false, default);
    }

    internal override GoValue EvaluateCommand(RenderState state, CommandNode command, bool hasFinal, in GoValue final)
    {
        state.Node = this;
        GoValue value = state.GetVariable(Name, out bool isInterface);
        if (Names.Length > 0)
            return state.Walk(value, isInterface, Names, this, command.Operands, hasFinal, final);
        NotAFunction(state, command, hasFinal);
        return value;
    }
}

internal sealed partial class ChainNode
{
    internal override GoValue Evaluate(RenderState state) => Evaluate(state, default, false, default);

    internal override GoValue EvaluateCommand(RenderState state, CommandNode command, bool hasFinal, in GoValue final) =>
        Evaluate(state, command.Operands, hasFinal, final);

    private GoValue Evaluate(RenderState state, ReadOnlySpan<OperandNode> operands, bool hasFinal, in GoValue final)
    {
        state.Node = this;
        state.Node = Start;
        GoValue value = Start.Evaluate(state);
        return state.Walk(value, value.IsNilInterface, Names, this, operands, hasFinal, final);
    }
}

internal sealed partial class IdentifierNode
{
    internal override GoValue Evaluate(RenderState state)
    {
        state.Node = this;
        GoValue result = state.Call(Function, this, default, false, default);
        return result.IsNil ? GoValue.NilInterface : result;
    }

    internal override GoValue EvaluateCommand(RenderState state, CommandNode command, bool hasFinal, in GoValue final)
    {
        state.Node = this;
        return state.Call(Function, command, command.Operands, hasFinal, final);
    }
}

internal sealed partial class PipeNode
{
    // In parentheses; the pipeline of an action itself goes the shorter way.
    internal override GoValue Evaluate(RenderState state)
    {
        if (!state.TryEnter())
            return state.OnLargeStack(static (state, pipe) => pipe.EvaluateHere(state), this);
        GoValue value = EvaluateHere(state);
        state.Leave();
        return value;
    }

    internal GoValue EvaluateHere(RenderState state)
    {
        state.Node = this;
        GoValue value = Commands[0].Evaluate(state, false, default);
        for (int i = 1; i < Commands.Length; i++)
        {
            GoValue previous = value.IsNil ? default : value;
            value = Commands[i].Evaluate(state, true, previous);
        }

        if (value.IsNil)
            value = default;
        foreach (VariableNode variable in Declared)
        {
            if (IsAssignment)
                state.SetVariable(variable.Name, value, false);
            else
                state.PushVariable(variable.Name, value);
        }

        return value;
    }

    internal override GoValue EvaluateCommand(RenderState state, CommandNode command, bool hasFinal, in GoValue final)
    {
        NotAFunction(state, command, hasFinal);
        return Evaluate(state);
    }
}

internal sealed partial class CommandNode
{
    internal GoValue Evaluate(RenderState state, bool hasFinal, in GoValue final) =>
        Operands[0].EvaluateCommand(state, this, hasFinal, final);
}
