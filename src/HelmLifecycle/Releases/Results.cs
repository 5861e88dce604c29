using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>What an uninstall did.</summary>
/// <param name="Release">The last revision as it is now; null when nothing was there and that was allowed.</param>
/// <param name="Kept">Objects that stayed because of their resource policy, as <c>[Kind] name</c>.</param>
/// <param name="Info">Helm's text about kept objects; empty when there are none.</param>
public sealed record UninstallResult(Release? Release, IReadOnlyList<string> Kept, string Info);

/// <summary>What a test did.</summary>
/// <param name="Release">The revision with the runs of its test hooks.</param>
/// <param name="Logs">The logs by pod, when asked for.</param>
public sealed record TestResult(Release Release, IReadOnlyList<HookLog> Logs);

/// <summary>Logs of a hook's container.</summary>
public sealed record HookLog(string Pod, string Container, string Text);

/// <summary>What a template rendered.</summary>
/// <param name="Release">The release as it would be stored.</param>
/// <param name="Output">The text <c>helm template</c> prints.</param>
public sealed record TemplateResult(Release Release, string Output);

/// <summary>A line of a history.</summary>
public sealed record HistoryEntry(int Revision, ReleaseTime Updated, ReleaseStatus Status, string Chart, string AppVersion, string Description);

/// <summary>A release and its objects as they live.</summary>
/// <param name="Release">The revision.</param>
/// <param name="Resources">Its objects in the cluster by manifest order; missing ones are left out.</param>
public sealed record ReleaseState(Release Release, IReadOnlyList<KubernetesObject> Resources);
