using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>Splits traffic by numbers of pods behind one Service, as near to the asked weight as whole pods allow.</summary>
internal static class ReplicaRatio
{
    /// <summary>How many pods of each version come nearest to a weight. The rule is that of Argo Rollouts.</summary>
    /// <param name="replicas">The workload's replicas.</param>
    /// <param name="weight">Percent.</param>
    /// <param name="surge">Whether there may be one more in all.</param>
    public static (int Stable, int Canary) Split(int replicas, int weight, bool surge)
    {
        if (weight <= 0 || replicas == 0) return (replicas, 0);
        if (weight >= 100) return (0, replicas);
        (int Stable, int Canary) best = (replicas, 0);
        double nearest = double.MaxValue;
        for (int total = replicas; total <= replicas + (surge ? 1 : 0); total++)
        {
            foreach (int canary in new[] { (replicas * weight + 99) / 100, replicas * weight / 100 })
            {
                // Neither version may be without pods while the weight is between, if that can be had.
                if ((canary == 0 || canary >= total) && (replicas > 1 || surge)) continue;
                double off = Math.Abs(100.0 * canary / total - weight);
                if (off < nearest) (nearest, best) = (off, (total - canary, canary));
            }
        }

        return best;
    }

    /// <summary>Moves pods from one version to the other in steps, so that never too many run and never too few are ready.</summary>
    public static async Task MoveAsync(RolloutContext context, ShadowWorkload w, RolloutRun run, int weight, CanaryOptions options)
    {
        int replicas = run.Replicas(w.Target);
        int surge = options.MaxSurge == 0 && options.MaxUnavailable == 0 ? 1 : options.MaxSurge;
        var (stable, canary) = Split(replicas, weight, surge > 0);
        int stableNow = await CountAsync(context, w.Base, run.Token).ConfigureAwait(false), canaryNow = await CountAsync(context, w.Double, run.Token).ConfigureAwait(false);
        while (stableNow != stable || canaryNow != canary)
        {
            int room = replicas + surge - stableNow - canaryNow, spare = stableNow + canaryNow - (replicas - options.MaxUnavailable);
            if (canaryNow < canary && room > 0) await CanaryAsync(canaryNow + Math.Min(room, canary - canaryNow)).ConfigureAwait(false);
            else if (stableNow < stable && room > 0) await StableAsync(stableNow + Math.Min(room, stable - stableNow)).ConfigureAwait(false);
            else if (stableNow > stable && spare > 0) await StableAsync(stableNow - Math.Min(spare, stableNow - stable)).ConfigureAwait(false);
            else if (canaryNow > canary && spare > 0) await CanaryAsync(canaryNow - Math.Min(spare, canaryNow - canary)).ConfigureAwait(false);
            else break;
        }

        async Task CanaryAsync(int count)
        {
            var o = ShadowSet.Scaled(w.Double, canaryNow = count);
            await run.Writer.UpsertAsync(o, run.Token).ConfigureAwait(false);
            await context.WaitAsync([o], run.Token).ConfigureAwait(false);
        }

        async Task StableAsync(int count)
        {
            var o = ShadowSet.Scaled(w.Base, stableNow = count);
            await run.Writer.WriteAsync(new RestoredObject(o, true, []), run.Token).ConfigureAwait(false);
            await context.WaitAsync([o], run.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Refuses workloads whose replicas somebody else sets.</summary>
    /// <exception cref="NotSupportedException">A HorizontalPodAutoscaler does.</exception>
    public static void Check(RolloutContext context, ShadowSet shadows)
    {
        foreach (var scaler in context.BaseObjects.Concat(context.TargetObjects).Where(o => o.Kind == "HorizontalPodAutoscaler"))
        {
            string? target = scaler.Spec?["scaleTargetRef"]?["name"]?.ToString();
            if (shadows.Workloads.Any(w => w.Target.Name == target))
            {
                throw new NotSupportedException($"HorizontalPodAutoscaler {scaler.Name} sets the replicas of {target}: a canary by replicas cannot; split the traffic through a router");
            }
        }
    }

    private static async Task<int> CountAsync(RolloutContext context, KubernetesObject o, CancellationToken ct) =>
        await context.Cluster.TryGetAsync(o.Gvk, o.Namespace, o.Name, ct).ConfigureAwait(false) is { } live ? Progressive.Replicas(live) ?? 1 : 0;
}
