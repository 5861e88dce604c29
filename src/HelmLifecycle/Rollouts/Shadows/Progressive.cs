using System.Globalization;
using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>What blue-green and canary have in common.</summary>
internal static class Progressive
{
    private static readonly string[] s_notAhead =
        ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Pod", "Job", "CronJob", "HorizontalPodAutoscaler", "PodDisruptionBudget", "Ingress", "VirtualService", "HTTPRoute"];

    /// <summary>Applies and waits, when there is nothing to be shifted.</summary>
    public static async Task AtOnceAsync(RolloutContext context, string strategy, CancellationToken ct)
    {
        context.Report(new RolloutProgress(strategy, "apply", context.Kind == RolloutKind.Upgrade ? "no pod template behind a Service changes" : $"{context.Kind} at once"));
        await context.ApplyAsync(ct).ConfigureAwait(false);
        await context.WaitAsync(context.TargetObjects, ct).ConfigureAwait(false);
    }

    /// <summary>The full number of replicas of each workload: what the target says, else what runs now.</summary>
    public static async Task<IReadOnlyDictionary<string, int>> ReplicasAsync(RolloutContext context, ShadowSet shadows, CancellationToken ct)
    {
        var replicas = new Dictionary<string, int>();
        foreach (var w in shadows.Workloads)
        {
            var live = await context.Cluster.TryGetAsync(w.Target.Gvk, w.Target.Namespace, w.Target.Name, ct).ConfigureAwait(false);
            replicas[w.Target.Name + "/" + w.Target.Kind] = Replicas(w.Target) ?? Replicas(live) ?? 1;
        }

        return replicas;
    }

    public static int? Replicas(KubernetesObject? workload) =>
        int.TryParse(workload?.Spec?["replicas"]?.ToJsonString(), NumberStyles.None, CultureInfo.InvariantCulture, out int replicas) ? replicas : null;

    /// <summary>Makes what the new version needs and does not exist yet, then its doubles, and waits for them; without a number of replicas the doubles are left for later.</summary>
    public static async Task PrepareAsync(RolloutContext context, ShadowSet shadows, Func<KubernetesObject, int>? replicas, RolloutRun run)
    {
        var ahead = context.TargetObjects.Where(o => !s_notAhead.Contains(o.Kind) && ShadowSet.Same(context.BaseObjects, o) is null).ToList();
        if (ahead.Count > 0) await context.ApplyAsync(ahead, false, run.Token).ConfigureAwait(false);
        foreach (var o in shadows.Configs.Concat(shadows.Services.Select(s => s.Preview))) await run.Writer.UpsertAsync(o, run.Token).ConfigureAwait(false);
        if (replicas is not null) await ScaleAsync(context, shadows, run, replicas).ConfigureAwait(false);
    }

    /// <summary>Brings the doubles to a number of replicas, given by the stable workload, and waits for them.</summary>
    public static async Task ScaleAsync(RolloutContext context, ShadowSet shadows, RolloutRun run, Func<KubernetesObject, int> replicas)
    {
        var doubles = shadows.Workloads.Select(w => ShadowSet.Scaled(w.Double, replicas(w.Target))).ToList();
        foreach (var o in doubles) await run.Writer.UpsertAsync(o, run.Token).ConfigureAwait(false);
        await context.WaitAsync(doubles, run.Token).ConfigureAwait(false);
    }

    /// <summary>Labels that the selector of one Service has and that of another has not.</summary>
    public static IReadOnlyList<string> ExtraKeys(KubernetesObject wanted, KubernetesObject other)
    {
        var keep = wanted.Spec?["selector"] as JsonObject ?? [];
        return [.. (other.Spec?["selector"] as JsonObject ?? []).Select(s => s.Key).Where(k => !keep.ContainsKey(k))];
    }

    public static AnalysisContext Analysis(RolloutContext context, ShadowSet shadows, int weight)
    {
        var service = Front(shadows);
        return new AnalysisContext
        {
            Cluster = context.Cluster,
            Namespace = context.Target.Namespace,
            Target = context.Target,
            Base = context.Base,
            StableService = service.Target.Name,
            CanaryService = service.Preview.Name,
            Workloads = [.. shadows.Workloads.Select(w => w.Double.Reference)],
            Time = context.Time,
            Weight = weight,
        };
    }

    /// <summary>The Service that users ask: the first that is not headless.</summary>
    public static ShadowService Front(ShadowSet shadows) =>
        shadows.Services.FirstOrDefault(s => s.Target.Spec?["clusterIP"]?.ToString() != "None") ?? shadows.Services[0];
}
