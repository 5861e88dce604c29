namespace HelmLifecycle.Kubernetes;

/// <summary>Readiness as pure functions of an object.</summary>
public static class Readiness
{
    /// <summary>kstatus' rules, as Helm 4's watcher uses them.</summary>
    /// <param name="o">The live object.</param>
    /// <param name="options">Options; null for the defaults.</param>
    public static ReadinessStatus Kstatus(KubernetesObject o, KstatusOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(o);
        return KstatusRules.Of(o, options ?? new KstatusOptions());
    }

    /// <summary>The rules of Helm 3's <c>--wait</c> (and Helm 4's <c>--wait=legacy</c>).</summary>
    /// <param name="o">The live object.</param>
    /// <param name="options">Options; null for the defaults.</param>
    public static ReadinessStatus HelmLegacy(KubernetesObject o, HelmLegacyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(o);
        return LegacyRules.Of(o, options ?? new HelmLegacyOptions());
    }

    /// <summary>
    /// Helm's rules for hooks and tests: a Job must be complete, a Pod must have ended well, anything else is done when it exists.
    /// </summary>
    /// <param name="o">The live object.</param>
    public static ReadinessStatus Hook(KubernetesObject o)
    {
        ArgumentNullException.ThrowIfNull(o);
        return HookRules.Of(o);
    }
}

/// <summary>What kstatus' rules depend on beside the object.</summary>
public sealed record KstatusOptions
{
    /// <summary>The time by which a pod counts as unschedulable for too long. Default: the system's now.</summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>A Job is ready when complete, not when started (Helm's <c>--wait-for-jobs</c>).</summary>
    public bool WaitForJobs { get; init; }

    /// <summary>A paused Deployment counts as ready, as in Helm 4.</summary>
    public bool PausedAsReady { get; init; } = true;

    /// <summary>The pods of a ReplicaSet or StatefulSet: while it is on its way, failed pods make it failed. Null: not looked at.</summary>
    public IReadOnlyList<KubernetesObject>? Owned { get; init; }
}

/// <summary>What Helm 3's rules depend on beside the object.</summary>
public sealed record HelmLegacyOptions
{
    /// <summary>The object's ReplicaSets (of a Deployment) or pods (of a ReplicaSet or ReplicationController).</summary>
    public IReadOnlyList<KubernetesObject> Owned { get; init; } = [];

    /// <summary>Wait for Jobs too (<c>--wait-for-jobs</c>); without it a Job is always ready.</summary>
    public bool WaitForJobs { get; init; }

    /// <summary>A paused Deployment counts as ready, as in Helm.</summary>
    public bool PausedAsReady { get; init; } = true;
}
