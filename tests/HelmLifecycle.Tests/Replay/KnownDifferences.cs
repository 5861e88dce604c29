namespace HelmLifecycle.Tests.Replay;

/// <summary>Scenarios that do not come out equal yet, each with why. A scenario that is not here must be equal.</summary>
internal static class KnownDifferences
{
    public static IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["77-recreate-pods.json"] = "whether a pod is replaced before its Service is asked for pods is a matter of milliseconds",
        ["helm4/60-broken-upgrade.json"] = "the API server walks a map in Go's random order and stops at the first unknown field, so it names one or both of two; the embedded cluster goes by the order given",
    };
}
