namespace HelmLifecycle.Templates;

/// <summary>The date functions of Sprig.</summary>
internal static class DateFunctions
{
    internal static IEnumerable<GoFunction> All => [];
}
