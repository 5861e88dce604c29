namespace HelmLifecycle.Templates;

/// <summary>The random functions of Sprig.</summary>
internal static class RandomFunctions
{
    internal static IEnumerable<GoFunction> All => [];
}
