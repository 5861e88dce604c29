namespace HelmLifecycle.Templates;

internal static partial class BuiltinFunctions
{
    private static bool EqualAny(ReadOnlySpan<GoValue> arguments)
    {
        if (arguments.Length < 2)
            throw new GoFunctionException("missing argument for comparison");
        foreach (GoValue other in arguments[1..])
        {
            if (Equal(arguments[0], other))
                return true;
        }

        return false;
    }

    private static bool Equal(in GoValue a, in GoValue b)
    {
        GoKind x = a.Kind, y = b.Kind;
        if (BasicKind(x) != BasicKind(y))
        {
            if (x == GoKind.Int && y == GoKind.Uint)
                return a.IntValue >= 0 && a.IntValue == b.IntValue;
            if (x == GoKind.Uint && y == GoKind.Int)
                return b.IntValue >= 0 && a.IntValue == b.IntValue;
            if (!a.IsNil && !b.IsNil)
                throw Incompatible(a, b);
            return false;
        }

        switch (x)
        {
            case GoKind.Bool or GoKind.Int or GoKind.Uint:
                return a.IntValue == b.IntValue;
            case GoKind.Float:
                return a.FloatValue == b.FloatValue;
            case GoKind.Complex:
                return a.ComplexValue == b.ComplexValue;
            case GoKind.String:
                return a.AsString == b.AsString;
        }

        // Neither is of a basic kind: nil, a list, a map, an object or a function.
        if (!a.IsNil && !b.IsNil && a.Type!.KindName != b.Type!.KindName)
        {
            throw new GoFunctionException(
                $"non-comparable types {Formatter.Print(a, 's')}: {a.Type.Name}, {b.Type.Name}: {Formatter.Print(b)}");
        }

        if (IsNil(a) || IsNil(b))
            return IsNil(a) && IsNil(b);
        if (y != GoKind.Object)
            throw new GoFunctionException($"non-comparable type {Formatter.Print(b, 's')}: {b.Type!.Name}");
        return a.AsObject!.Equals(b.AsObject);
    }

    private static bool IsNil(in GoValue value) => value.Kind switch
    {
        GoKind.Nil => true,
        GoKind.List => value.AsList!.IsNil,
        GoKind.Map => ReferenceEquals(value.AsMap, GoMap.NilMap),
        _ => false,
    };

    // Kinds that are not basic compare as one kind.
    private static GoKind BasicKind(GoKind kind) => kind is GoKind.List or GoKind.Map or GoKind.Object or GoKind.Func ? GoKind.Nil : kind;

    private static GoFunctionException Incompatible(in GoValue a, in GoValue b) =>
        new($"incompatible types for comparison: {a.Type!.Name} and {b.Type!.Name}");

    private static bool Less(in GoValue a, in GoValue b)
    {
        GoKind x = BasicKind(a.Kind), y = BasicKind(b.Kind);
        if (x == GoKind.Nil || y == GoKind.Nil)
            throw new GoFunctionException("invalid type for comparison");
        if (x != y)
        {
            return (x, y) switch
            {
                (GoKind.Int, GoKind.Uint) => a.IntValue < 0 || (ulong)a.IntValue < (ulong)b.IntValue,
                (GoKind.Uint, GoKind.Int) => b.IntValue >= 0 && (ulong)a.IntValue < (ulong)b.IntValue,
                _ => throw Incompatible(a, b),
            };
        }

        return x switch
        {
            GoKind.Int => a.IntValue < b.IntValue,
            GoKind.Uint => (ulong)a.IntValue < (ulong)b.IntValue,
            GoKind.Float => a.FloatValue < b.FloatValue,
            GoKind.String => GoString.Comparer.Compare(a.AsString!, b.AsString!) < 0,
            _ => throw new GoFunctionException("invalid type for comparison"),
        };
    }

    private static bool LessOrEqual(ReadOnlySpan<GoValue> arguments) =>
        Less(arguments[0], arguments[1]) || Equal(arguments[0], arguments[1]);
}
