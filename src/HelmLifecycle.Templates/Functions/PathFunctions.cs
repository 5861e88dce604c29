namespace HelmLifecycle.Templates;

/// <summary>The path functions of Sprig.</summary>
internal static class PathFunctions
{
    internal static IEnumerable<GoFunction> All => [];
}
