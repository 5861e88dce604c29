namespace HelmLifecycle.Templates;

/// <summary>The functions of Go's text/template itself.</summary>
internal static partial class BuiltinFunctions
{
    /// <summary>The engine evaluates no more arguments of <c>and</c> and <c>or</c> than it needs, so these bodies never run.</summary>
    internal static GoFunction And { get; } = new("and", [GoParameter.Any, GoParameter.Any], true, static (_, arguments) => arguments[^1]);

    internal static GoFunction Or { get; } = new("or", [GoParameter.Any, GoParameter.Any], true, static (_, arguments) => arguments[^1]);

    internal static GoFunction Call { get; } = new("call", [GoParameter.Any, GoParameter.Any], true, CallValue);

    internal static IEnumerable<GoFunction> All =>
    [
        And,
        Or,
        new("not", [GoParameter.Any], static (_, arguments) => !arguments[0].IsTrue),
        new("len", [GoParameter.Any], static (_, arguments) => Length(arguments[0])) { SeesNilInterfaces = true },
        new("index", [GoParameter.Any, GoParameter.Any], true, static (_, arguments) => Index(arguments)),
        new("slice", [GoParameter.Any, GoParameter.Any], true, static (_, arguments) => Slice(arguments)),
        Call,
        new("eq", [GoParameter.Any, GoParameter.Any], true, static (_, arguments) => EqualAny(arguments)),
        new("ne", [GoParameter.Any, GoParameter.Any], static (_, arguments) => !EqualAny(arguments)),
        new("lt", [GoParameter.Any, GoParameter.Any], static (_, arguments) => Less(arguments[0], arguments[1])),
        new("le", [GoParameter.Any, GoParameter.Any], static (_, arguments) => LessOrEqual(arguments)),
        new("gt", [GoParameter.Any, GoParameter.Any], static (_, arguments) => !LessOrEqual(arguments)),
        new("ge", [GoParameter.Any, GoParameter.Any], static (_, arguments) => !Less(arguments[0], arguments[1])),
        new("print", [GoParameter.Any], true, static (context, arguments) => Charged(context, Formatter.Print(arguments))),
        new("println", [GoParameter.Any], true, static (context, arguments) => Charged(context, Formatter.PrintLine(arguments))),
        new("printf", [GoParameter.String, GoParameter.Any], true,
            static (context, arguments) => Charged(context, Formatter.Format(arguments[0].AsString!, arguments[1..]))),
        new("html", [GoParameter.Any], true, static (context, arguments) => Charged(context, EscapeHtml(TextOf(arguments)))),
        new("js", [GoParameter.Any], true, static (context, arguments) => Charged(context, EscapeJavaScript(TextOf(arguments)))),
        new("urlquery", [GoParameter.Any], true, static (context, arguments) => Charged(context, EscapeQuery(TextOf(arguments)))),
    ];

    /// <summary>Go's zero value of an element type; null means <c>interface {}</c>.</summary>
    internal static GoValue ZeroOf(GoType? type) => type?.Kind switch
    {
        null => GoValue.NilInterface,
        GoKind.String => "",
        GoKind.Bool => GoValue.False,
        GoKind.Int or GoKind.Uint or GoKind.Float => GoValue.Integer(0, type),
        GoKind.List => new GoList([], type),
        _ => default,
    };

    private static GoValue Charged(GoCallContext context, string text)
    {
        context.Charge(text.Length);
        return text;
    }

    private static GoValue Length(in GoValue value) => value.Kind switch
    {
        GoKind.String => GoString.ByteCount(value.AsString),
        GoKind.List => value.AsList!.Count,
        GoKind.Map => value.AsMap!.Count,
        GoKind.Nil when value.IsNilInterface => throw new GoFunctionException("len of nil pointer"),
        GoKind.Nil => throw new GoFunctionException("reflect: call of reflect.Value.Type on zero Value"),
        _ => throw new GoFunctionException("len of type " + value.Type!.Name),
    };

    private static GoValue Index(ReadOnlySpan<GoValue> arguments)
    {
        GoValue item = arguments[0];
        if (item.IsNil)
            throw new GoFunctionException("index of untyped nil");
        foreach (GoValue index in arguments[1..])
        {
            switch (item.Kind)
            {
                case GoKind.Nil:
                    throw new GoFunctionException("index of nil pointer");
                case GoKind.List:
                    item = item.AsList![IndexOf(index, item.AsList.Count, "slice")];
                    break;
                case GoKind.String:
                    byte[] bytes = GoString.ToBytes(item.AsString!);
                    item = GoValue.Integer(bytes[IndexOf(index, bytes.Length, "string")], GoType.Uint8);
                    break;
                case GoKind.Map:
                    item = Entry(item.AsMap!, index);
                    break;
                default:
                    throw new GoFunctionException("can't index item of type " + item.Type!.Name);
            }
        }

        return item;
    }

    private static GoValue Entry(GoMap map, in GoValue key)
    {
        if (key.IsNil)
            throw new GoFunctionException("value is nil; should be of type string");
        if (key.AsString is not { } name)
            throw new GoFunctionException($"value has type {key.Type!.Name}; should be string");
        return map.TryGetValue(name, out GoValue value) ? value : ZeroOf(map.Type.Element);
    }

    private static int IndexOf(in GoValue index, int count, string? indexed)
    {
        if (index.IsNil)
            throw new GoFunctionException("cannot index slice/array with nil");
        if (index.Kind is not (GoKind.Int or GoKind.Uint))
            throw new GoFunctionException("cannot index slice/array with type " + index.Type!.Name);
        long at = index.IntValue;
        if (at < 0 || at > count)
            throw new GoFunctionException($"index out of range: {at}");
        // Go checks as for slices, and the panic of the access itself becomes the error.
        if (at == count && indexed is not null)
            throw new GoFunctionException($"reflect: {indexed} index out of range");
        return (int)at;
    }

    private static GoValue Slice(ReadOnlySpan<GoValue> arguments)
    {
        GoValue item = arguments[0];
        if (item.IsNil)
            throw new GoFunctionException("slice of untyped nil");
        if (arguments.Length > 4)
            throw new GoFunctionException($"too many slice indexes: {arguments.Length - 1}");
        if (item.Kind == GoKind.String && arguments.Length == 4)
            throw new GoFunctionException("cannot 3-index slice a string");
        if (item.Kind is not (GoKind.String or GoKind.List))
            throw new GoFunctionException("can't slice item of type " + item.Type!.Name);
        byte[] bytes = item.AsString is { } text ? GoString.ToBytes(text) : [];
        int count = item.AsList?.Count ?? bytes.Length;
        Span<int> bounds = [0, count, count];
        for (int i = 1; i < arguments.Length; i++)
            bounds[i - 1] = IndexOf(arguments[i], count, null);
        if (bounds[0] > bounds[1])
            throw new GoFunctionException($"invalid slice index: {bounds[0]} > {bounds[1]}");
        if (bounds[1] > bounds[2])
            throw new GoFunctionException($"invalid slice index: {bounds[1]} > {bounds[2]}");
        return item.AsList is { } list
            ? list.Slice(bounds[0], bounds[1])
            : GoString.FromBytes(bytes.AsSpan(bounds[0], bounds[1] - bounds[0]));
    }

    private static GoValue CallValue(GoCallContext context, ReadOnlySpan<GoValue> arguments)
    {
        string name = (context as RenderState)?.CalleeName ?? "";
        if (arguments[0].IsNil)
            throw new GoFunctionException("call of nil");
        if (arguments[0].AsFunc is not { } function)
            throw new GoFunctionException($"non-function {name} of type {arguments[0].Type!.Name}");
        ReadOnlySpan<GoValue> given = arguments[1..];
        int wanted = function.ParameterArray.Length;
        if (function.IsVariadic && given.Length < wanted - 1)
            throw new GoFunctionException($"wrong number of args for {name}: got {given.Length} want at least {wanted - 1}");
        if (!function.IsVariadic && given.Length != wanted)
            throw new GoFunctionException($"wrong number of args for {name}: got {given.Length} want {wanted}");
        for (int i = 0; i < given.Length; i++)
        {
            if (RenderState.Misfit(given[i], function, i) is { } problem)
                throw new GoFunctionException($"arg {i}: {problem}");
        }

        return function.Body(context, given);
    }
}
