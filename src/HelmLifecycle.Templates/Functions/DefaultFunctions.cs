namespace HelmLifecycle.Templates;

/// <summary>Defaults and choice of Sprig: <c>default</c>, <c>empty</c>, <c>coalesce</c>, <c>ternary</c> and their kin.</summary>
internal static class DefaultFunctions
{
    internal static IEnumerable<GoFunction> All =>
    [
        new("default", GoParameters.AnyAny, true, static (_, a) => a.Length < 2 || IsEmpty(a[1]) ? a[0] : a[1]),
        new("empty", GoParameters.Any, static (_, a) => IsEmpty(a[0])),
        new("coalesce", GoParameters.Any, true, Coalesce),
        new("all", GoParameters.Any, true, static (_, a) => AllGiven(a)),
        new("any", GoParameters.Any, true, static (_, a) => AnyGiven(a)),
        new("ternary", [GoParameter.Any, GoParameter.Any, GoParameter.Bool], static (_, a) => a[2].BoolValue ? a[0] : a[1]),
    ];

    /// <summary>Whether Sprig takes a value for not given: nil, false, zero, and empty strings, lists and maps.</summary>
    internal static bool IsEmpty(GoValue value) => !value.IsTrue;

    private static GoValue Coalesce(GoCallContext context, ReadOnlySpan<GoValue> values)
    {
        foreach (GoValue value in values)
        {
            if (!IsEmpty(value))
                return value;
        }

        return default;
    }

    private static bool AllGiven(ReadOnlySpan<GoValue> values)
    {
        foreach (GoValue value in values)
        {
            if (IsEmpty(value))
                return false;
        }

        return true;
    }

    private static bool AnyGiven(ReadOnlySpan<GoValue> values)
    {
        foreach (GoValue value in values)
        {
            if (!IsEmpty(value))
                return true;
        }

        return false;
    }
}
