namespace HelmLifecycle.Templates;

/// <summary>The crypto functions of Sprig.</summary>
internal static class CryptoFunctions
{
    internal static IEnumerable<GoFunction> All => [];
}
