namespace HelmLifecycle.Charts;

internal static class KnownApiVersions
{
    internal static IReadOnlyList<string> All { get; } = ["v1"];
}
