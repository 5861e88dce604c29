using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>What a strategy sees of an install, upgrade or rollback.</summary>
internal sealed class DeployContext(PreparedRelease prepared, ObjectApplier applier, ObjectWaiter waiter) : RolloutContext
{
    // What was applied last is what the next step is compared with.
    private readonly List<KubernetesObject> _applied = [];
    private bool _began;

    public override RolloutKind Kind => prepared.Kind;

    public override Release Target => prepared.Target;

    public override Release? Base => prepared.Base;

    public override IReadOnlyList<KubernetesObject> TargetObjects => prepared.TargetObjects;

    public override IReadOnlyList<KubernetesObject> BaseObjects => prepared.BaseObjects;

    public override KubernetesClient Cluster => prepared.Context.Cluster;

    public override TimeProvider Time => prepared.Context.Time;

    public override DeployOptions Options => prepared.Options;

    /// <summary>What is done after the objects were applied.</summary>
    public PodRecreator? AfterApply { get; init; }

    /// <summary>Whether the objects were applied and the wait for them began, which decides what is recorded after a failure.</summary>
    public bool WaitBegan { get; private set; }

    public override async Task ApplyAsync(IReadOnlyList<KubernetesObject> objects, bool deleteGone, CancellationToken ct)
    {
        prepared.Context.Stage(ReleaseStage.Applying);
        WaitBegan = false;
        bool create = Kind == RolloutKind.Install && prepared.Adopted.Count == 0 && !_began;
        _began = true;
        if (create)
        {
            if (objects.Count > 0) await applier.CreateAsync(objects, ct).ConfigureAwait(false);
        }
        else if (objects.Count > 0 || Kind != RolloutKind.Install)
        {
            IReadOnlyList<KubernetesObject> original = _applied.Count == 0
                ? prepared.BaseObjects
                : [.. _applied, .. prepared.BaseObjects.Where(b => !_applied.Any(a => a.Reference == b.Reference))];
            await applier.UpdateAsync(original, objects, deleteGone, ct).ConfigureAwait(false);
        }

        _applied.RemoveAll(a => objects.Any(o => o.Reference == a.Reference));
        _applied.AddRange(objects);
        if (AfterApply is not null) await AfterApply.RunAsync(ct).ConfigureAwait(false);
    }

    public override async Task DeleteAsync(KubernetesObject obj, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(obj);
        var errors = await applier.DeleteAsync([obj], DeletePropagation.Background, ct).ConfigureAwait(false);
        if (errors.Count > 0) throw new ReleaseException(errors[0].Message, errors[0]);
        _applied.RemoveAll(a => a.Reference == obj.Reference);
    }

    public override Task WaitAsync(IReadOnlyList<KubernetesObject> objects, CancellationToken ct)
    {
        WaitBegan = true;
        return waiter.ReadyAsync(objects, ct);
    }

    public override void Report(ReleaseEvent e) => prepared.Context.Report(e);

    // Objects whose fields still have to be handed over to server-side apply are patched until then.
    internal override RolloutWriter Writer(bool force) => new(
        Cluster, prepared.Settings.ServerSide && !prepared.Settings.MigrateManagers, force || prepared.Settings.ForceConflicts);

    /// <summary>Takes objects for applied: a process that died may have done it.</summary>
    public void AssumeApplied(IEnumerable<KubernetesObject> objects) => _applied.AddRange(objects);
}
