using System.Globalization;
using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>Looks at the pods of the new version's workloads: enough of them ready, and none restarted since the rollout began.</summary>
public sealed class PodAnalysis : IRolloutAnalysis
{
    private static readonly GroupVersionKind s_pod = GroupVersionKind.From("v1", "Pod");
    private static readonly GroupVersionKind s_replicaSet = GroupVersionKind.From("apps/v1", "ReplicaSet");

    /// <inheritdoc/>
    public string Name { get; init; } = "pods";

    /// <summary>How often each container may restart. Default: never.</summary>
    public int MaxRestarts { get; init; }

    /// <summary>How many percent of each workload's pods must be ready, rounded up. Default: 100.</summary>
    public int MinReadyPercent { get; init; } = 100;

    /// <inheritdoc/>
    public async Task<AnalysisResult> RunAsync(AnalysisContext context, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        int pods = 0;
        foreach (var workload in context.Workloads)
        {
            var live = await context.Cluster.TryGetAsync(workload.Gvk, workload.Namespace, workload.Name, ct).ConfigureAwait(false);
            if (live is null) return AnalysisResult.Failed($"{workload.Gvk.Kind} {workload.Name} is gone");
            var found = await PodsAsync(context.Cluster, live, ct).ConfigureAwait(false);
            if (found.Select(p => Restarted(p, context.Target.Info.LastDeployed)).FirstOrDefault(m => m is not null) is { } restarted) return AnalysisResult.Failed(restarted);
            if (TooFew(live, found) is { } few) return AnalysisResult.Failed(few);
            pods += found.Count;
        }

        return AnalysisResult.Successful($"{pods} {(pods == 1 ? "pod" : "pods")} well");
    }

    private string? TooFew(KubernetesObject workload, List<KubernetesObject> pods)
    {
        long wanted = workload.Kind == "DaemonSet" ? Number(workload.Status, "desiredNumberScheduled") : Number(workload.Spec, "replicas", 1);
        long least = (wanted * MinReadyPercent + 99) / 100;
        int ready = pods.Count(IsReady);
        if (ready >= least) return null;
        var unready = pods.FirstOrDefault(p => !IsReady(p));
        string which = unready is null ? "" : $"; pod {unready.Name} is not ready{(Waiting(unready) is { } why ? ": " + why : "")}";
        return $"{ready} of {wanted} pods of {workload.Kind} {workload.Name} are ready{which}";
    }

    private string? Restarted(KubernetesObject pod, DateTimeOffset since)
    {
        foreach (var container in Containers(pod))
        {
            long restarts = Number(container, "restartCount");
            var ended = container["lastState"]?["terminated"] as JsonObject;
            // A pod older than the rollout may have restarted long ago: then only its last end can be told to be new.
            if (pod.CreationTimestamp is { } created && created < since.AddSeconds(-1))
                restarts = DateTimeOffset.TryParse(Text(ended, "finishedAt"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var end) && end >= since.AddSeconds(-1) ? 1 : 0;
            if (restarts <= MaxRestarts) continue;
            string how = ended is null ? "" : $", last with exit code {Number(ended, "exitCode")} ({Text(ended, "reason") ?? "Error"})";
            return $"container {Text(container, "name")} of pod {pod.Name} restarted {restarts} times{how}";
        }

        return null;
    }

    private static async Task<List<KubernetesObject>> PodsAsync(KubernetesClient cluster, KubernetesObject workload, CancellationToken ct)
    {
        string selector = Selector(workload);
        var owners = new HashSet<string?> { workload.Uid };
        if (workload.Kind == "Deployment")
        {
            var sets = await cluster.ListAsync(s_replicaSet, workload.Namespace, new ListOptions { LabelSelector = selector }, ct).ConfigureAwait(false);
            foreach (var set in sets.Items.Where(s => Owner(s) == workload.Uid)) owners.Add(set.Uid);
        }

        var pods = await cluster.ListAsync(s_pod, workload.Namespace, new ListOptions { LabelSelector = selector }, ct).ConfigureAwait(false);
        return [.. pods.Items.Where(p => p.DeletionTimestamp is null && Owner(p) is { } owner && owners.Contains(owner))];
    }

    // Pods are told by their owner in the end; the labels only keep the list short.
    private static string Selector(KubernetesObject workload) =>
        workload.Spec?["selector"]?["matchLabels"] is JsonObject labels ? string.Join(',', labels.Select(l => $"{l.Key}={(string?)l.Value}")) : "";

    private static string? Owner(KubernetesObject o) =>
        (o.Metadata?["ownerReferences"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(r => r["controller"] is JsonValue c && c.TryGetValue(out bool is_) && is_) is { } owner
            ? Text(owner, "uid")
            : null;

    private static bool IsReady(KubernetesObject pod) =>
        (pod.Status?["conditions"] as JsonArray ?? []).OfType<JsonObject>().Any(c => Text(c, "type") == "Ready" && Text(c, "status") == "True");

    private static string? Waiting(KubernetesObject pod) => Containers(pod)
        .Select(c => c["state"]?["waiting"] as JsonObject)
        .Where(w => w is not null)
        .Select(w => Text(w, "reason") + (Text(w, "message") is { Length: > 0 } message ? $" ({message})" : ""))
        .FirstOrDefault();

    private static IEnumerable<JsonObject> Containers(KubernetesObject pod) => (pod.Status?["containerStatuses"] as JsonArray ?? []).OfType<JsonObject>();

    private static string? Text(JsonObject? o, string key) => o?[key] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static long Number(JsonObject? o, string key, long missing = 0) => o?[key] is JsonValue value && value.TryGetValue(out long number) ? number : missing;
}
