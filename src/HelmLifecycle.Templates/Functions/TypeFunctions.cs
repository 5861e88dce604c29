namespace HelmLifecycle.Templates;

/// <summary>The type functions of Sprig.</summary>
internal static class TypeFunctions
{
    internal static IEnumerable<GoFunction> All => [];
}
