namespace HelmLifecycle.Templates;

internal sealed partial class BoolNode
{
    internal override GoValue Evaluate(RenderState state) => GoValue.Bool(Value);

    internal override GoValue EvaluateArgument(RenderState state, GoFunction function, int index)
    {
        state.Node = this;
        return function.ParameterAt(index) is GoParameter.Any or GoParameter.Bool
            ? GoValue.Bool(Value)
            : throw Literal.Mismatch(this, state, function, index);
    }
}

internal sealed partial class StringNode
{
    internal override GoValue Evaluate(RenderState state) => GoValue.String(Text);

    internal override GoValue EvaluateArgument(RenderState state, GoFunction function, int index)
    {
        state.Node = this;
        return function.ParameterAt(index) is GoParameter.Any or GoParameter.String
            ? GoValue.String(Text)
            : throw Literal.Mismatch(this, state, function, index);
    }
}

internal sealed partial class NumberNode
{
    // Where any type will do, the form of the literal tells its type.
    internal override GoValue Evaluate(RenderState state)
    {
        if (IsComplex)
            return GoValue.Complex(Complex);
        if (IsFloat && !IsHexInteger && Text[0] != '\'' && Text.AsSpan().IndexOfAny(".eEpP") >= 0)
            return GoValue.Float(Float);
        if (IsInt)
            return GoValue.Int(Int);
        state.Node = this;
        throw state.Fail(Text + " overflows int");
    }

    internal override GoValue EvaluateArgument(RenderState state, GoFunction function, int index)
    {
        state.Node = this;
        return function.ParameterAt(index) switch
        {
            GoParameter.Any => Evaluate(state),
            GoParameter.Int when IsInt => GoValue.Int(Int),
            GoParameter.Int64 when IsInt => GoValue.Int64(Int),
            GoParameter.Uint32 when IsUint => GoValue.Integer((uint)Uint, GoType.Uint32),
            GoParameter.Float64 when IsFloat => GoValue.Float(Float),
            _ => throw Literal.Mismatch(this, state, function, index),
        };
    }

    private bool IsHexInteger => Text.Length > 2 && Text[0] == '0' && Text[1] is 'x' or 'X' && Text.AsSpan().IndexOfAny("pP") < 0;
}

/// <summary>The error of a literal that cannot be of a parameter's type.</summary>
internal static class Literal
{
    internal static ExecutionFailure Mismatch(OperandNode literal, RenderState state, GoFunction function, int index)
    {
        return state.Fail(function.ParameterAt(index) switch
        {
            GoParameter.Bool => "expected bool; found " + literal,
            GoParameter.Int or GoParameter.Int64 => "expected integer; found " + literal,
            GoParameter.Uint32 => "expected unsigned integer; found " + literal,
            GoParameter.Float64 => "expected float; found " + literal,
            GoParameter.String => "expected string; found " + literal,
            _ => $"can't handle {literal} for arg of type {function.ParameterTypeName(index)}",
        });
    }
}
