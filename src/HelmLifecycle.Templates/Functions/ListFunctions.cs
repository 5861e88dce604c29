namespace HelmLifecycle.Templates;

/// <summary>The list functions of Sprig.</summary>
internal static class ListFunctions
{
    internal static IEnumerable<GoFunction> All => [];
}
