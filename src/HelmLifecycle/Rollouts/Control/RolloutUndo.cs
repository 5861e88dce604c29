using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>The way back, from the stored state alone: the same in the process that ran the rollout and in any other. May be done again from the start after a crash.</summary>
internal static class RolloutUndo
{
    public static async Task RunAsync(RolloutContext context, RolloutStateStore store, StoredRollout stored, CancellationToken ct)
    {
        var state = stored.State;
        var writer = context.Writer(force: true);
        if (state.PromotionBegan) await RestoreWorkloadsAsync(context, state, ct).ConfigureAwait(false);
        foreach (var o in state.Restore.Where(r => !IsWorkload(r.Object)))
        {
            if (o.Owned || await context.Cluster.TryGetAsync(o.Object.Gvk, o.Object.Namespace, o.Object.Name, ct).ConfigureAwait(false) is not null)
            {
                await writer.WriteAsync(o, ct).ConfigureAwait(false);
            }
        }

        await DeleteAsync(context, state.Routes, ct).ConfigureAwait(false);
        stored = await store.SaveAsync(stored, state with { Phase = RolloutPhase.Aborting }, stored.Holder, ct).ConfigureAwait(false);
        var workloads = state.Restore.Where(r => IsWorkload(r.Object)).ToList();
        foreach (var o in workloads) await writer.WriteAsync(o, ct).ConfigureAwait(false);
        if (workloads.Count > 0) await context.WaitAsync([.. workloads.Select(w => w.Object)], ct).ConfigureAwait(false);
        if (state.Routes.Count > 0 || state.Restore.Any(r => !IsWorkload(r.Object))) await Task.Delay(state.RemovalDelay, context.Time, ct).ConfigureAwait(false);
        await DeleteAsync(context, state.Remove, ct).ConfigureAwait(false);
        await store.DeleteAsync(ct).ConfigureAwait(false);
    }

    /// <summary>Deletes objects of the rollout's own that are still there.</summary>
    public static async Task DeleteAsync(RolloutContext context, IReadOnlyList<ObjectReference> objects, CancellationToken ct)
    {
        foreach (var o in objects)
        {
            await context.Cluster.TryDeleteAsync(o.Gvk, o.Namespace, o.Name, new DeleteOptions { Propagation = DeletePropagation.Background }, ct).ConfigureAwait(false);
        }
    }

    // The promotion had begun: the traffic stays where it is until the old version stands again.
    private static async Task RestoreWorkloadsAsync(RolloutContext context, RolloutState state, CancellationToken ct)
    {
        var objects = context.BaseObjects.Where(b => !state.Restore.Any(r => !IsWorkload(r.Object) && r.Object.Reference == b.Reference))
            .Select(b => ShadowSet.Stamped(context, b)).ToList();
        await context.ApplyAsync(objects, false, ct).ConfigureAwait(false);
        await context.WaitAsync([.. objects.Where(IsWorkload)], ct).ConfigureAwait(false);
    }

    private static bool IsWorkload(KubernetesObject o) => o.Gvk.Group == "apps";
}
