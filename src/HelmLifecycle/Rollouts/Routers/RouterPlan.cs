using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>What a router changes, worked out once for a rollout.</summary>
internal sealed class RouterPlan
{
    private readonly ITrafficRouter _router;
    private readonly IReadOnlyList<KubernetesObject> _originals;
    private readonly HashSet<ObjectReference> _owned;
    private readonly ShadowService _service;
    private readonly string _release;

    private RouterPlan(ITrafficRouter router, IReadOnlyList<KubernetesObject> originals, HashSet<ObjectReference> owned, ShadowService service, string release)
    {
        _router = router;
        _originals = originals;
        _owned = owned;
        _service = service;
        _release = release;
        var routed = Route(0, []);
        Restore = [.. originals.Where(o => ShadowSet.Same(routed, o) is not null).Select(o => new RestoredObject(o, owned.Contains(o.Reference), []))];
        Made = [.. routed.Where(o => ShadowSet.Same(originals, o) is null).Select(o => o.Reference)];
    }

    /// <summary>The existing objects that are changed, as they are without a canary.</summary>
    public IReadOnlyList<RestoredObject> Restore { get; }

    /// <summary>The router's own objects.</summary>
    public IReadOnlyList<ObjectReference> Made { get; }

    public static async Task<RouterPlan> MakeAsync(RolloutContext context, ITrafficRouter router, ShadowSet shadows, RolloutState? stored, CancellationToken ct)
    {
        var originals = new List<KubernetesObject>();
        var owned = new HashSet<ObjectReference>();
        foreach (var reference in router.Objects(context.Target.Namespace))
        {
            var key = new KubernetesObject(reference.Gvk, reference.Name, reference.Namespace);
            if (ShadowSet.Same(context.BaseObjects, key) is { } ours)
            {
                if (ShadowSet.Same(context.TargetObjects, key) is null) throw new ReleaseException($"{router.Name}: the new revision has no {reference.Gvk.Kind} {Go.Quote(reference.Name)} any more");
                originals.Add(ShadowSet.Stamped(context, ours));
                owned.Add(ours.Reference);
            }
            else
            {
                originals.Add(stored?.Restore.Select(r => r.Object).FirstOrDefault(o => ShadowSet.Same([key], o) is not null) ?? await LiveAsync(context, router, reference, ct).ConfigureAwait(false));
            }
        }

        return new RouterPlan(router, originals, owned, Progressive.Front(shadows), context.Target.Name);
    }

    /// <summary>Sets the weight: one request for each object.</summary>
    public async Task SetAsync(RolloutRun run, int weight, IReadOnlyList<TrafficMatch> matches)
    {
        foreach (var o in Route(weight, matches))
        {
            if (ShadowSet.Same(_originals, o) is not null) await run.Writer.WriteAsync(new RestoredObject(o, _owned.Contains(o.Reference), []), run.Token).ConfigureAwait(false);
            else await run.Writer.UpsertAsync(o, run.Token).ConfigureAwait(false);
        }
    }

    private IReadOnlyList<KubernetesObject> Route(int weight, IReadOnlyList<TrafficMatch> matches)
    {
        var objects = _router.Route(_originals, new TrafficSplit(_service.Target.Name, _service.Preview.Name, weight, matches));
        foreach (var made in objects.Where(o => ShadowSet.Same(_originals, o) is null)) made.SetLabel(ShadowSet.ReleaseLabel, _release);
        return objects;
    }

    private static async Task<KubernetesObject> LiveAsync(RolloutContext context, ITrafficRouter router, ObjectReference reference, CancellationToken ct)
    {
        var live = await context.Cluster.TryGetAsync(reference.Gvk, reference.Namespace, reference.Name, ct).ConfigureAwait(false)
            ?? throw new ReleaseException($"{router.Name}: there is no {reference.Gvk.Kind} {Go.Quote(reference.Name)} in namespace {Go.Quote(reference.Namespace ?? "")}");
        var copy = new KubernetesObject(live.Gvk, live.Name, live.Namespace);
        foreach (var (key, value) in live.Annotations) copy.SetAnnotation(key, value);
        copy.Json["spec"] = live.Spec?.DeepClone();
        return copy;
    }
}
