namespace HelmLifecycle.Templates;

/// <summary>The math functions of Sprig.</summary>
internal static class MathFunctions
{
    internal static IEnumerable<GoFunction> All => [];
}
