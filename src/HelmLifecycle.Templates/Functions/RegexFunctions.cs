namespace HelmLifecycle.Templates;

/// <summary>The regex functions of Sprig.</summary>
internal static class RegexFunctions
{
    internal static IEnumerable<GoFunction> All => [];
}
