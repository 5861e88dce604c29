namespace HelmLifecycle.Templates;

internal sealed partial class RenderState
{
    // Texts beyond this length are counted whatever function they come from.
    private const int LongText = 1024;

    private const string NilDereference = "runtime error: invalid memory address or nil pointer dereference";

    private GoValue[] _arguments = new GoValue[64];
    private int _argumentCount;

    /// <summary>How the source names the function that <c>call</c> is to call.</summary>
    internal string? CalleeName { get; private set; }

    /// <summary>
    /// Calls a function or method. <paramref name="operands"/> begins with the name itself; a piped value comes last.
    /// </summary>
    internal GoValue Call(GoFunction function, Node node, ReadOnlySpan<OperandNode> operands, bool hasFinal, in GoValue final)
    {
        Step();
        ReadOnlySpan<OperandNode> given = operands.IsEmpty ? operands : operands[1..];
        int count = given.Length + (hasFinal ? 1 : 0);
        int parameters = function.ParameterArray.Length;
        if (function.IsVariadic)
        {
            if (count < parameters - 1)
                throw Fail($"wrong number of args for {function.Name}: want at least {parameters - 1} got {given.Length}");
        }
        else if (count != parameters)
        {
            throw Fail($"wrong number of args for {function.Name}: want {parameters} got {count}");
        }

        if (ReferenceEquals(function, BuiltinFunctions.And) || ReferenceEquals(function, BuiltinFunctions.Or))
            return ShortCircuit(function, given, hasFinal, final);

        int start = _argumentCount;
        ReserveArguments(count);
        for (int i = 0; i < given.Length; i++)
        {
            GoValue argument = given[i].EvaluateArgument(this, function, i);
            _arguments[start + i] = argument;
            _argumentCount = start + i + 1;
        }

        if (hasFinal)
        {
            _arguments[start + count - 1] = Validate(final, function, count - 1);
            _argumentCount = start + count;
        }

        if (ReferenceEquals(function, BuiltinFunctions.Call))
            CalleeName = given.IsEmpty ? final.AsString ?? $"<{final.Type?.Name ?? "invalid"} Value>" : given[0].ToString();
        if (function.Cost > 0)
            Charge(function.Cost);
        GoValue result = Invoke(function, node, _arguments.AsSpan(start, count));
        _argumentCount = start;
        if (result.AsString is { Length: > LongText } text)
            Charge(text.Length);
        return result;
    }

    // "and" and "or" evaluate no more arguments than they need.
    private GoValue ShortCircuit(GoFunction function, ReadOnlySpan<OperandNode> given, bool hasFinal, in GoValue final)
    {
        bool stopAt = ReferenceEquals(function, BuiltinFunctions.Or);
        GoValue value = default;
        for (int i = 0; i < given.Length; i++)
        {
            value = given[i].EvaluateArgument(this, function, i);
            if (value.IsTrue == stopAt)
                return value;
        }

        return hasFinal ? Validate(final, function, given.Length) : value;
    }

    private GoValue Invoke(GoFunction function, Node node, ReadOnlySpan<GoValue> arguments)
    {
        Template current = Template;
        Exception failure;
        try
        {
            return function.Body(this, arguments);
        }
        catch (Exception e) when (e is not (OperationCanceledException or TemplateLimitException))
        {
            failure = e;
        }

        // A throw inside a catch would keep its frames on the stack, once for each level of nested templates.
        Template = current;
        Node = node;
        string reason = "error calling " + function.Name;
        throw failure switch
        {
            GoFunctionException or ExecutionFailure or NotAssociated => Fail(reason, failure),
            InsufficientExecutionStackException => DeepStack.Exhausted(),
            OutOfMemoryException => new TemplateLimitException("the template used up the memory"),
            // Go turns what a function panics with into an error of the template.
            NullReferenceException => Fail(reason, new GoFunctionException(NilDereference, failure)),
            _ => Fail(reason, new GoFunctionException(failure.Message, failure)),
        };
    }

    private void ReserveArguments(int count)
    {
        // A call that is running keeps its span over the old array, which stays as it is.
        if (_arguments.Length - _argumentCount < count)
            Array.Resize(ref _arguments, Math.Max(_arguments.Length * 2, _argumentCount + count));
    }

    /// <summary>Keeps values aside, such as those of a map being ranged over, until <see cref="Release"/>.</summary>
    /// <returns>Where the first is; read them with <see cref="Reserved"/>.</returns>
    internal int Reserve(int count)
    {
        ReserveArguments(count);
        int start = _argumentCount;
        _argumentCount += count;
        return start;
    }

    internal ref GoValue Reserved(int index) => ref _arguments[index];

    internal void Release(int start) => _argumentCount = start;

    /// <summary>Checks a value against the type of a parameter: Go's types must be the same, there is no conversion.</summary>
    internal GoValue Validate(in GoValue value, GoFunction function, int index)
    {
        GoParameter parameter = function.ParameterAt(index);
        if (parameter == GoParameter.Any)
            return value.IsNil && !function.SeesNilInterfaces ? default : value;
        if (value.IsNil)
        {
            if (value.IsNilInterface)
                throw Fail($"wrong type for value; expected {function.ParameterTypeName(index)}; got interface {{}}");
            return NilOf(function, index) ?? throw Fail("invalid value; expected " + function.ParameterTypeName(index));
        }

        GoType type = value.Type!;
        return Fits(type, function, index)
            ? value
            : throw Fail($"wrong type for value; expected {function.ParameterTypeName(index)}; got {type.Name}");
    }

    /// <summary>What is wrong with a value for a parameter, in the words of <c>call</c>; null when nothing is.</summary>
    internal static string? Misfit(in GoValue value, GoFunction function, int index)
    {
        if (value.IsNil)
            return NilOf(function, index) is null ? "value is nil; should be of type " + function.ParameterTypeName(index) : null;
        return Fits(value.Type!, function, index)
            ? null
            : $"value has type {value.Type!.Name}; should be {function.ParameterTypeName(index)}";
    }

    private static bool Fits(GoType type, GoFunction function, int index) => function.ParameterAt(index) switch
    {
        GoParameter.Any => true,
        GoParameter.Bool => type == GoType.Bool,
        GoParameter.Int => type == GoType.Int,
        GoParameter.Int64 => type == GoType.Int64,
        GoParameter.Uint32 => type == GoType.Uint32,
        GoParameter.Float64 => type == GoType.Float64,
        GoParameter.String => type == GoType.String,
        GoParameter.Map => type.Kind == GoKind.Map && type.Element is null,
        GoParameter.List => type.Kind == GoKind.List && type.Element is null,
        GoParameter.StringList => type == GoType.StringList,
        _ => function.ObjectTypeAt(index) is not { } wanted || wanted == type,
    };

    /// <summary>The zero value of a parameter that can be nil.</summary>
    internal static GoValue? NilOf(GoFunction function, int index) => function.ParameterAt(index) switch
    {
        GoParameter.Any => default(GoValue),
        GoParameter.Object => function.ObjectTypeAt(index) is { KindName: "struct" } ? default(GoValue?) : default(GoValue),
        GoParameter.Map => GoValue.Map(GoMap.NilMap),
        GoParameter.List => GoValue.List(GoList.NilOf(GoType.List)),
        GoParameter.StringList => GoValue.List(GoList.NilOf(GoType.StringList)),
        _ => default(GoValue?),
    };
}
