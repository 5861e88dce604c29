namespace HelmLifecycle.Tests.Replay;

/// <summary>Scenarios that do not come out equal yet, each with why. A scenario that is not here must be equal.</summary>
internal static class KnownDifferences
{
    public static IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["31-live-edit.json"] = "the embedded cluster places merged list elements otherwise when a patch names no order",
        ["33-strategic-lists.json"] = "the embedded cluster places merged list elements otherwise when a patch names no order",
        ["36-immutable.json"] = "the embedded cluster names fewer faults of a replaced Job",
        ["58-big-release.json"] = "the chart's manifest is random; the embedded cluster words the size of a ConfigMap otherwise",
        ["69-wait-others.json"] = "the embedded cluster has one IP family, the recorded one two",
        ["72-schema.json"] = "schema violations are worded as Helm 4 does",
        ["77-recreate-pods.json"] = "whether a pod is replaced before its Service is asked for pods is a matter of milliseconds",
        ["86-warnings.json"] = "the embedded cluster does not validate PriorityLevelConfigurations",
        ["helm4/33-strategic-lists.json"] = "the embedded cluster keeps a dropped volume type in a server-side apply",
        ["helm4/59-broken-install.json"] = "the embedded cluster lists unknown fields of nested structures in another order",
        ["helm4/60-broken-upgrade.json"] = "the embedded cluster lists unknown fields of nested structures in another order",
        ["helm4/86-warnings.json"] = "the embedded cluster does not validate PriorityLevelConfigurations",
        ["helm4/a1-server-side-flag.json"] = "the embedded cluster's controllers do not own status.conditions in managedFields",
        ["helm4/a7-wait-strategies.json"] = "whether a failing Job is seen failed before the Deployment is ready is a matter of milliseconds",
        ["helm4/a9-post-renderer-plugin.json"] = "plugins of the helm command line are no part of the library",
    };
}
