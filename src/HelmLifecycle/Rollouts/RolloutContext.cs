using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>What a rollout strategy works with.</summary>
public abstract class RolloutContext
{
    private protected RolloutContext()
    {
    }

    /// <summary>Whether this is an install, an upgrade or a rollback.</summary>
    public abstract RolloutKind Kind { get; }

    /// <summary>The revision that is rolled out.</summary>
    public abstract Release Target { get; }

    /// <summary>The revision it is compared with; null in an install.</summary>
    public abstract Release? Base { get; }

    /// <summary>The objects of the target in install order, with Helm's ownership label and annotations and their namespace. Clone one before changing it.</summary>
    public abstract IReadOnlyList<KubernetesObject> TargetObjects { get; }

    /// <summary>The objects of the base.</summary>
    public abstract IReadOnlyList<KubernetesObject> BaseObjects { get; }

    /// <summary>The cluster.</summary>
    public abstract KubernetesClient Cluster { get; }

    /// <summary>The clock; waits go through it.</summary>
    public abstract TimeProvider Time { get; }

    /// <summary>What the options say: waiting, force, time-out.</summary>
    public abstract DeployOptions Options { get; }

    /// <summary>Applies all objects of the target as Helm does and deletes what the base alone has. Failures of single objects are gathered into one exception.</summary>
    public Task ApplyAsync(CancellationToken ct) => ApplyAsync(TargetObjects, true, ct);

    /// <summary>Applies the given objects (the target's, or changed clones of them) in their order.</summary>
    /// <param name="objects">The objects.</param>
    /// <param name="deleteGone">Whether what the base alone has is deleted afterwards.</param>
    /// <param name="ct">Cancels.</param>
    public abstract Task ApplyAsync(IReadOnlyList<KubernetesObject> objects, bool deleteGone, CancellationToken ct);

    /// <summary>Deletes an object that the strategy made, and does not mind when it is gone.</summary>
    public abstract Task DeleteAsync(KubernetesObject obj, CancellationToken ct);

    /// <summary>Waits for all objects of the target, if the options ask for it.</summary>
    public Task WaitAsync(CancellationToken ct) => Options.Wait is null or WaitMode.HookOnly ? Task.CompletedTask : WaitAsync(TargetObjects, ct);

    /// <summary>Waits for the given objects, whatever the options say, in the options' way (else the generation's) and time.</summary>
    public abstract Task WaitAsync(IReadOnlyList<KubernetesObject> objects, CancellationToken ct);

    /// <summary>Tells how far the rollout is.</summary>
    public abstract void Report(ReleaseEvent e);

    /// <summary>Writes single objects of the release in the way it is applied, in one request each.</summary>
    /// <param name="force">Whether fields of other managers are taken.</param>
    internal abstract RolloutWriter Writer(bool force);
}

/// <summary>What kind of action a rollout is part of.</summary>
public enum RolloutKind
{
    /// <summary>The first revision, or one after an uninstall.</summary>
    Install,

    /// <summary>An upgrade.</summary>
    Upgrade,

    /// <summary>A rollback.</summary>
    Rollback,
}
