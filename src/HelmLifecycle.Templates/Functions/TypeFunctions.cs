namespace HelmLifecycle.Templates;

/// <summary>Sprig's questions about types.</summary>
internal static class TypeFunctions
{
    internal static IEnumerable<GoFunction> All =>
    [
        new("typeOf", GoParameters.Any, static (_, a) => TypeName(a[0])),
        new("typeIs", GoParameters.StringAny, static (_, a) => a[0].AsString == TypeName(a[1])),
        new("typeIsLike", GoParameters.StringAny, static (_, a) => IsLike(a[0].AsString!, TypeName(a[1]))),
        new("kindOf", GoParameters.Any, static (_, a) => KindName(a[0])),
        new("kindIs", GoParameters.StringAny, static (_, a) => a[0].AsString == KindName(a[1])),
        new("deepEqual", GoParameters.AnyAny, static (_, a) => GoEquality.DeepEqual(a[0], a[1])),
    ];

    private static string TypeName(GoValue value) => value.Type?.Name ?? "<nil>";

    private static string KindName(GoValue value) => value.Type?.KindName ?? "invalid";

    // A pointer to the type will do.
    private static bool IsLike(string name, string type) =>
        name == type || (type.Length == name.Length + 1 && type[0] == '*' && type.EndsWith(name, StringComparison.Ordinal));
}
