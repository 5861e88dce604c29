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
        var stopped = new List<Stopped>();
        try
        {
            foreach (var o in context.TargetObjects.Where(o => o.Gvk is { Group: "apps", Kind: "Deployment" or "StatefulSet" }))
            {
                var before = context.BaseObjects.FirstOrDefault(b => b.Reference == o.Reference);
                if (before is null || JsonNode.DeepEquals(before.Spec?["template"], o.Spec?["template"])) continue;
                if (await context.Cluster.TryGetAsync(o.Gvk, o.Namespace, o.Name, ct).ConfigureAwait(false) is not { } live) continue;
                before = before.DeepClone();
                Ownership.Stamp(before, context.Target.Name, context.Target.Namespace);
                var one = new Stopped(before, live, o.Spec?["replicas"] is null);
                stopped.Add(one);
                context.Report(new RolloutProgress(Name, "stopping", $"{o.Kind}/{o.Name}"));
                await one.StopAsync(context, ct).ConfigureAwait(false);
            }

            foreach (var one in stopped) await GoneAsync(context, one.Live, ct).ConfigureAwait(false);
            context.Report(new RolloutProgress(Name, "starting", ""));
            await context.ApplyAsync(ct).ConfigureAwait(false);
        }
        catch
        {
            using var grace = new CancellationTokenSource(s_cleaning, context.Time);
            foreach (var one in stopped) await one.StartAgainAsync(context, grace.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        foreach (var one in stopped.Where(s => s.ScaledByOthers)) await one.StartAgainAsync(context, ct).ConfigureAwait(false);
        await context.WaitAsync(ct).ConfigureAwait(false);
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

    /// <param name="Before">The workload as the base's manifest has it.</param>
    /// <param name="Live">As it was found.</param>
    /// <param name="ScaledByOthers">Whether the manifest leaves the replicas to somebody else, such as an autoscaler.</param>
    private sealed record Stopped(KubernetesObject Before, KubernetesObject Live, bool ScaledByOthers)
    {
        // Replicas of the manifest are changed as the manifest is, or server-side apply would see another owner of the field.
        private bool IsOurs => !ScaledByOthers && Before.Spec?["replicas"] is not null;

        public Task StopAsync(RolloutContext context, CancellationToken ct) => ReplicasAsync(context, 0, ct);

        public Task StartAgainAsync(RolloutContext context, CancellationToken ct) =>
            ReplicasAsync(context, Live.Spec?["replicas"] is JsonValue r && r.TryGetValue(out int replicas) ? replicas : 1, ct);

        private Task ReplicasAsync(RolloutContext context, int replicas, CancellationToken ct)
        {
            if (!IsOurs) return context.Cluster.ScaleAsync(Live.Gvk, Live.Namespace, Live.Name, replicas, ct);
            var changed = Before.DeepClone();
            changed.Spec!["replicas"] = replicas;
            return context.ApplyAsync([changed], false, ct);
        }
    }
}
