namespace HelmLifecycle.Templates;

/// <summary>The string functions of Sprig.</summary>
internal static class StringFunctions
{
    internal static IEnumerable<GoFunction> All => [];
}
