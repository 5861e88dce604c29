namespace HelmLifecycle.Templates;

/// <summary>The url functions of Sprig.</summary>
internal static class UrlFunctions
{
    internal static IEnumerable<GoFunction> All => [];
}
