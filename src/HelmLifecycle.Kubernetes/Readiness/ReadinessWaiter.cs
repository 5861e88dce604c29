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

    /// <summary>Stop as soon as every object is either ready or failed, instead of waiting for the time-out (Helm 4.1 on). Default: no, as Helm 4.0.</summary>
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

/// <summary>A wait that ended without success. The message is in Helm's words.</summary>
public sealed class NotReadyException : KubernetesException
{
    /// <summary>An error with the objects concerned.</summary>
    /// <param name="message">In Helm's words.</param>
    /// <param name="objects">Every object that was waited for, with its last status.</param>
    /// <param name="timedOut">Whether the time was up.</param>
    public NotReadyException(string message, IReadOnlyList<ObjectReadiness> objects, bool timedOut) : base(message)
    {
        Objects = objects;
        TimedOut = timedOut;
    }

    /// <summary>Every object that was waited for, with its last status.</summary>
    public IReadOnlyList<ObjectReadiness> Objects { get; }

    /// <summary>Whether the time was up; false when an object failed for good.</summary>
    public bool TimedOut { get; }
}

/// <summary>Waits until objects are ready, gone, or done (hooks). Time runs by the client's <see cref="TimeProvider"/>.</summary>
/// <param name="client">The client.</param>
public sealed class ReadinessWaiter(KubernetesClient client)
{
    /// <summary>Waits until every object is ready.</summary>
    /// <param name="objects">The objects: kind, namespace and name are enough.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="ct">Stops the wait.</param>
    /// <exception cref="NotReadyException">The time is up, or an object failed for good.</exception>
    public Task WaitUntilReadyAsync(IReadOnlyList<KubernetesObject> objects, WaitOptions? options = null, CancellationToken ct = default) =>
        throw new NotSupportedException(client.ToString());

    /// <summary>Waits until every object is gone.</summary>
    /// <param name="objects">The objects: kind, namespace and name are enough.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="ct">Stops the wait.</param>
    /// <exception cref="NotReadyException">The time is up.</exception>
    public Task WaitUntilDeletedAsync(IReadOnlyList<KubernetesObject> objects, WaitOptions? options = null, CancellationToken ct = default) =>
        throw new NotSupportedException();

    /// <summary>Waits for a hook or test as Helm does: a Job until complete, a Pod until it has ended well, anything else until it is there (Helm 3) or current (Helm 4).</summary>
    /// <param name="objects">The objects of the hook.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="ct">Stops the wait.</param>
    /// <exception cref="NotReadyException">The time is up, or a Job or Pod failed.</exception>
    public Task WaitUntilDoneAsync(IReadOnlyList<KubernetesObject> objects, WaitOptions? options = null, CancellationToken ct = default) =>
        throw new NotSupportedException();

    /// <summary>Tells how far the objects are, from now until all are ready or the caller stops reading. Nothing is thrown for what is not ready.</summary>
    /// <param name="objects">The objects: kind, namespace and name are enough.</param>
    /// <param name="options">Options; null for the defaults. The time-out ends the sequence.</param>
    /// <param name="ct">Ends the sequence.</param>
    public IAsyncEnumerable<ReadinessProgress> ObserveAsync(
        IReadOnlyList<KubernetesObject> objects, WaitOptions? options = null, CancellationToken ct = default) =>
        throw new NotSupportedException();
}
