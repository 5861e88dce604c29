using System.Globalization;
using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>
/// All old pods go before the first new one comes: Deployments and StatefulSets whose pod template changes are scaled to zero, and the new objects are applied
/// when their pods are gone. There is a time without any pod; for programs whose versions must not run side by side. DaemonSets roll as the chart says.
/// </summary>
public sealed class Recreate : IRolloutStrategy
{
    private static readonly GroupVersionKind s_pod = GroupVersionKind.From("v1", "Pod");
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_cleaning = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public string Name => "recreate";

    /// <inheritdoc/>
    public async Task RolloutAsync(RolloutContext context, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        var stopped = new List<(KubernetesObject Workload, int Replicas)>();
        try
        {
            foreach (var o in context.TargetObjects.Where(o => o.Gvk is { Group: "apps", Kind: "Deployment" or "StatefulSet" }))
            {
                var before = context.BaseObjects.FirstOrDefault(b => b.Reference == o.Reference);
                if (before is null || JsonNode.DeepEquals(before.Spec?["template"], o.Spec?["template"])) continue;
                if (await context.Cluster.TryGetAsync(o.Gvk, o.Namespace, o.Name, ct).ConfigureAwait(false) is not { } live) continue;
                stopped.Add((live, live.Spec?["replicas"] is JsonValue r && r.TryGetValue(out int replicas) ? replicas : 1));
                context.Report(new RolloutProgress(Name, "stopping", $"{o.Kind}/{o.Name}"));
                await context.Cluster.ScaleAsync(o.Gvk, o.Namespace, o.Name, 0, ct).ConfigureAwait(false);
            }

            foreach (var (workload, _) in stopped) await GoneAsync(context, workload, ct).ConfigureAwait(false);
            context.Report(new RolloutProgress(Name, "starting", ""));
            await context.ApplyAsync(ct).ConfigureAwait(false);
        }
        catch
        {
            using var grace = new CancellationTokenSource(s_cleaning, context.Time);
            await RestoreAsync(context, stopped, all: true, grace.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        await RestoreAsync(context, stopped, all: false, ct).ConfigureAwait(false);
        await context.WaitAsync(ct).ConfigureAwait(false);
    }

    /// <summary>Scales up what the manifest does not: after a failure everything, else what has no replicas of its own because an autoscaler gives them.</summary>
    private static async Task RestoreAsync(RolloutContext context, List<(KubernetesObject Workload, int Replicas)> stopped, bool all, CancellationToken ct)
    {
        foreach (var (workload, replicas) in stopped)
        {
            var target = context.TargetObjects.First(o => o.Reference == workload.Reference);
            if (all || target.Spec?["replicas"] is null)
                await context.Cluster.ScaleAsync(workload.Gvk, workload.Namespace, workload.Name, replicas, ct).ConfigureAwait(false);
        }
    }

    private static async Task GoneAsync(RolloutContext context, KubernetesObject workload, CancellationToken ct)
    {
        string selector = workload.Spec?["selector"]?["matchLabels"] is JsonObject labels ? string.Join(',', labels.Select(l => $"{l.Key}={(string?)l.Value}")) : "";
        long began = context.Time.GetTimestamp();
        while (true)
        {
            var pods = await context.Cluster.ListAsync(s_pod, workload.Namespace, new ListOptions { LabelSelector = selector }, ct).ConfigureAwait(false);
            var left = pods.Items.Where(p => (string?)p.Status?["phase"] is not ("Succeeded" or "Failed")).ToList();
            if (left.Count == 0) return;
            if (context.Time.GetElapsedTime(began) > context.Options.Timeout)
            {
                throw new ReleaseException(string.Create(CultureInfo.InvariantCulture,
                    $"{workload.Kind} {workload.Name} was not stopped in {context.Options.Timeout.TotalSeconds:0.###} s: pod {left[0].Name} is still there"));
            }

            await Task.Delay(s_look, context.Time, ct).ConfigureAwait(false);
        }
    }
}
