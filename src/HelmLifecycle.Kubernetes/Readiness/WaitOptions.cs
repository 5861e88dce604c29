namespace HelmLifecycle.Kubernetes;

/// <summary>Whose rules decide that an object is ready.</summary>
public enum WaitStrategy
{
    /// <summary>kstatus over watches: Helm 4's <c>--wait=watcher</c>.</summary>
    Watcher,

    /// <summary>Helm 3's rules, asked every two seconds: <c>--wait</c> of Helm 3, <c>--wait=legacy</c> of Helm 4.</summary>
    Legacy,
}

/// <summary>The words of a wait that ends without success.</summary>
public enum WaitWords
{
    /// <summary>Helm 4.0 and 4.1: <c>resource not ready, name: web, kind: Deployment, status: InProgress</c>.</summary>
    Helm40,

    /// <summary>Helm 4.2: <c>resource Deployment/ns/web not ready. status: InProgress, message: ...</c>.</summary>
    Helm42,
}

/// <summary>Options of a wait.</summary>
public sealed record WaitOptions
{
    /// <summary>Whose rules decide. Default: kstatus.</summary>
    public WaitStrategy Strategy { get; init; } = WaitStrategy.Watcher;

    /// <summary>When to give up. Default 5 min.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Wait until Jobs are complete. Default: no.</summary>
    public bool WaitForJobs { get; init; }

    /// <summary>
    /// Stop as soon as every object is either ready or failed, instead of waiting for the time-out (Helm 4.1 on). Default: no, as Helm
    /// 4.0.
    /// </summary>
    public bool StopWhenAllSettled { get; init; }

    /// <summary>The words of the error. Default: those of Helm 4.0, which Helm 4.1 kept.</summary>
    public WaitWords Words { get; init; } = WaitWords.Helm40;

    /// <summary>Told whenever an object's status changes.</summary>
    public IProgress<ReadinessProgress>? Progress { get; init; }
}

/// <summary>An object and how far it is.</summary>
/// <param name="Object">The object's name.</param>
/// <param name="Status">Its status.</param>
public sealed record ObjectReadiness(ObjectReference Object, ReadinessStatus Status);

/// <summary>How far a set of objects is.</summary>
/// <param name="Objects">Each object with its status, in the order given.</param>
/// <param name="Changed">The object whose status changed last, or null.</param>
/// <param name="Elapsed">The time since the wait began.</param>
public sealed record ReadinessProgress(IReadOnlyList<ObjectReadiness> Objects, ObjectReadiness? Changed, TimeSpan Elapsed)
{
    /// <summary>The number of objects that are ready (or, in a wait for deletion, gone).</summary>
    public required int Done { get; init; }

    /// <summary>The number of objects.</summary>
    public int Total => Objects.Count;
}
