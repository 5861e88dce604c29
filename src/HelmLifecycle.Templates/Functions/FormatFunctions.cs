namespace HelmLifecycle.Templates;

/// <summary>The functions that read and write YAML, JSON and TOML.</summary>
internal static class FormatFunctions
{
    internal static IEnumerable<GoFunction> All => [];
}
