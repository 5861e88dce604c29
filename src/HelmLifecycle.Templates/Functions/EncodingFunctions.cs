namespace HelmLifecycle.Templates;

/// <summary>The encoding functions of Sprig.</summary>
internal static class EncodingFunctions
{
    internal static IEnumerable<GoFunction> All => [];
}
