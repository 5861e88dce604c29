namespace HelmLifecycle.Templates;

/// <summary>Defaults and choice of Sprig: <c>default</c>, <c>empty</c>, <c>coalesce</c>, <c>ternary</c> and their kin.</summary>
internal static class DefaultFunctions
{
    internal static IEnumerable<GoFunction> All => [];
}
