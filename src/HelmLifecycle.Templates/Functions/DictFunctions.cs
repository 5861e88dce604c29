namespace HelmLifecycle.Templates;

/// <summary>The dict functions of Sprig.</summary>
internal static class DictFunctions
{
    internal static IEnumerable<GoFunction> All => [];
}
