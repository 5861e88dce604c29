namespace HelmLifecycle.Templates;

/// <summary>The semver functions of Sprig.</summary>
internal static class SemverFunctions
{
    internal static IEnumerable<GoFunction> All => [];
}
