using System.Runtime.CompilerServices;

namespace HelmLifecycle.Kubernetes;

/// <summary>
/// Waits until objects are ready, gone, or done (hooks). Time runs by the client's <see cref="TimeProvider"/>. Where watches serve
/// nothing is polled; Helm 3's rules are polled as Helm 3 does.
/// </summary>
/// <param name="client">The client.</param>
public sealed class ReadinessWaiter(KubernetesClient client)
{
    private const string DeadlineExceeded = "context deadline exceeded";

    // Helm 4: a zero time-out would end the wait before its first look.
    private static readonly TimeSpan ZeroMeans = TimeSpan.FromSeconds(30);

    /// <summary>Waits until every object is ready.</summary>
    /// <param name="objects">The objects: kind, namespace and name are enough.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="ct">Stops the wait.</param>
    /// <exception cref="NotReadyException">The time is up, or an object failed for good.</exception>
    /// <exception cref="KubernetesApiException">The API refuses to read or watch an object's kind.</exception>
    public Task WaitUntilReadyAsync(IReadOnlyList<KubernetesObject> objects, WaitOptions? options = null, CancellationToken ct = default)
    {
        options ??= new WaitOptions();
        Wait wait = options.Strategy == WaitStrategy.Watcher
            ? new Wait(IsReady, Watched(options), (board, timedOut) => NotReadyLines(board, options.Words, timedOut))
            {
                StopWhenSettled = options.StopWhenAllSettled,
            }
            : new Wait(IsReady, Polled(options, forDeletion: false), (board, timedOut) => timedOut ? [DeadlineExceeded] : FailureMessages(board));
        return WaitAsync(objects, options, wait, ct);
    }

    /// <summary>Waits until every object is gone.</summary>
    /// <param name="objects">The objects: kind, namespace and name are enough.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="ct">Stops the wait.</param>
    /// <exception cref="NotReadyException">The time is up.</exception>
    /// <exception cref="KubernetesApiException">The API refuses to read or watch an object's kind.</exception>
    public Task WaitUntilDeletedAsync(IReadOnlyList<KubernetesObject> objects, WaitOptions? options = null, CancellationToken ct = default)
    {
        options ??= new WaitOptions();
        Wait wait = options.Strategy == WaitStrategy.Watcher
            ? new Wait(IsGone, Watched(options), (board, _) => StillThereLines(board, options.Words)) { UnknownKindsAreDone = true }
            : new Wait(IsGone, Polled(options, forDeletion: true), (_, _) => [DeadlineExceeded]) { UnknownKindsAreDone = true };
        return WaitAsync(objects, options, wait, ct);
    }

    /// <summary>
    /// Waits for a hook or test as Helm does: a Job until complete, a Pod until it has ended well, anything else until it is there. A
    /// failure ends the wait at once with the legacy strategy (Helm 3: <c>job x failed: BackoffLimitExceeded</c>), at the time-out with
    /// Helm 4.0's watcher, and once all are settled with <see cref="WaitOptions.StopWhenAllSettled"/>.
    /// </summary>
    /// <param name="objects">The objects of the hook.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="ct">Stops the wait.</param>
    /// <exception cref="NotReadyException">The time is up, or a Job or Pod failed.</exception>
    /// <exception cref="KubernetesApiException">The API refuses to read or watch an object's kind.</exception>
    public Task WaitUntilDoneAsync(IReadOnlyList<KubernetesObject> objects, WaitOptions? options = null, CancellationToken ct = default)
    {
        options ??= new WaitOptions();
        var watch = new StatusWatch(client, (o, _) => HookRules.Of(o), looksAtPods: false);
        Wait wait = options.Strategy == WaitStrategy.Watcher
            ? new Wait(IsReady, watch.ReadAsync, (board, timedOut) => NotReadyLines(board, options.Words, timedOut))
            {
                StopWhenSettled = options.StopWhenAllSettled,
            }
            : new Wait(IsEndedForHelm3, watch.ReadAsync, (board, _) => HookErrors(board)) { StopWhenSettled = true };
        return WaitAsync(objects, options, wait, ct);
    }

    /// <summary>
    /// Tells how far the objects are, from now until all are ready or the caller stops reading. Nothing is thrown for what is not ready.
    /// </summary>
    /// <param name="objects">The objects: kind, namespace and name are enough.</param>
    /// <param name="options">Options; null for the defaults. The time-out ends the sequence.</param>
    /// <param name="ct">Ends the sequence.</param>
    /// <exception cref="KubernetesApiException">The API refuses to read or watch an object's kind.</exception>
    public async IAsyncEnumerable<ReadinessProgress> ObserveAsync(
        IReadOnlyList<KubernetesObject> objects, WaitOptions? options = null, [EnumeratorCancellation] CancellationToken ct = default)
    {
        options ??= new WaitOptions();
        IReadOnlyList<ObjectReference> references = await ReferencesAsync(objects, skipUnknownKinds: false, ct).ConfigureAwait(false);
        var board = new StatusBoard(references, client.Time, IsReady);
        yield return board.Snapshot();
        using CancellationTokenSource deadline = Deadline(options);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        StatusSource source = options.Strategy == WaitStrategy.Watcher ? Watched(options) : Polled(options, forDeletion: false);
        await using IAsyncEnumerator<(int Index, ReadinessStatus Status)> changes = source(references, both.Token).GetAsyncEnumerator(both.Token);
        while (!board.AllDone)
        {
            try
            {
                if (!await changes.MoveNextAsync().ConfigureAwait(false)) yield break;
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                yield break;
            }
            if (board.Note(changes.Current.Index, changes.Current.Status) is { } progress) yield return progress;
        }
    }

    /// <summary>Tells statuses by the index of the object.</summary>
    private delegate IAsyncEnumerable<(int Index, ReadinessStatus Status)> StatusSource(IReadOnlyList<ObjectReference> objects, CancellationToken ct);

    /// <summary>What one wait waits for, by whom it is told, and in which words it fails.</summary>
    private sealed record Wait(Func<ReadinessStatus, bool> Done, StatusSource Source, Func<StatusBoard, bool, IReadOnlyList<string>> Errors)
    {
        public bool StopWhenSettled { get; init; }
        public bool UnknownKindsAreDone { get; init; }
    }

    private StatusSource Watched(WaitOptions options)
    {
        var rules = new KstatusOptions { WaitForJobs = options.WaitForJobs };
        var watch = new StatusWatch(
            client, (o, pods) => KstatusRules.Of(o, rules with { Now = client.Time.GetUtcNow(), Owned = pods }), looksAtPods: true);
        return watch.ReadAsync;
    }

    private StatusSource Polled(WaitOptions options, bool forDeletion) =>
        (objects, ct) => new LegacyPoll(client, options).ReadAsync(objects, forDeletion, ct);

    private async Task WaitAsync(IReadOnlyList<KubernetesObject> objects, WaitOptions options, Wait wait, CancellationToken ct)
    {
        IReadOnlyList<ObjectReference> references = await ReferencesAsync(objects, wait.UnknownKindsAreDone, ct).ConfigureAwait(false);
        var board = new StatusBoard(references, client.Time, wait.Done);
        if (board.AllDone) return;
        using CancellationTokenSource deadline = Deadline(options);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            await foreach ((int index, ReadinessStatus status) in wait.Source(references, both.Token).ConfigureAwait(false))
            {
                if (board.Note(index, status) is not { } progress) continue;
                options.Progress?.Report(progress);
                if (board.AllDone) return;
                if (wait.StopWhenSettled && board.AllSettled) break;
            }
            throw new NotReadyException(wait.Errors(board, false), board.Objects, timedOut: false);
        }
        catch (Exception e) when (e is OperationCanceledException or ClusterUnreachableException
            && deadline.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new NotReadyException(wait.Errors(board, true), board.Objects, timedOut: true);
        }
    }

    private CancellationTokenSource Deadline(WaitOptions options)
    {
        TimeSpan timeout = options.Timeout == TimeSpan.Zero && options.Strategy == WaitStrategy.Watcher ? ZeroMeans : options.Timeout;
        return new CancellationTokenSource(timeout, client.Time);
    }

    // Objects of a kind that is gone are gone themselves.
    private async Task<List<ObjectReference>> ReferencesAsync(IReadOnlyList<KubernetesObject> objects, bool skipUnknownKinds, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(objects);
        var references = new List<ObjectReference>(objects.Count);
        foreach (KubernetesObject o in objects)
        {
            if (await client.Discovery.FindAsync(o.Gvk, ct).ConfigureAwait(false) is { } resource)
                references.Add(new ObjectReference(o.Gvk, resource.Namespaced ? o.Namespace ?? client.DefaultNamespace : null, o.Name));
            else if (!skipUnknownKinds) throw new NoMatchException(o.Gvk);
        }
        return references;
    }

    private static bool IsReady(ReadinessStatus status) => status.IsCurrent;

    private static bool IsGone(ReadinessStatus status) => status.Status == ResourceStatus.NotFound || status == StatusBoard.Absent;

    // Helm 3 takes the deletion of a hook that it waits for as its end.
    private static bool IsEndedForHelm3(ReadinessStatus status) => status.IsCurrent || status.Status == ResourceStatus.NotFound;

    private static List<string> NotReadyLines(StatusBoard board, WaitWords words, bool timedOut)
    {
        List<string> lines = [.. board.Objects.Where(o => !IsReady(o.Status)).Select(o => Line(o, words, "not ready"))];
        if (timedOut) lines.Add(DeadlineExceeded);
        return lines;
    }

    // Helm 4.0 names an object that was gone before the wait too, as Unknown.
    private static List<string> StillThereLines(StatusBoard board, WaitWords words) =>
    [
        .. board.Objects.Where(o => !IsGone(o.Status) || words == WaitWords.Helm40 && o.Status.Status == ResourceStatus.Unknown)
            .Select(o => Line(o, words, "still exists")),
        DeadlineExceeded,
    ];

    private static string Line(ObjectReadiness o, WaitWords words, string what) => words == WaitWords.Helm40
        ? $"resource {what}, name: {o.Object.Name}, kind: {o.Object.Gvk.Kind}, status: {o.Status.Status}"
        : $"resource {o.Object} {what}. status: {o.Status.Status}, message: {o.Status.Message}";

    private static List<string> FailureMessages(StatusBoard board) =>
        [.. board.Objects.Where(o => o.Status.Status == ResourceStatus.Failed).Select(o => o.Status.Message)];

    private static List<string> HookErrors(StatusBoard board) =>
    [
        .. board.Objects.Where(o => !IsEndedForHelm3(o.Status)).Select(o => o.Status.Status == ResourceStatus.Failed
            ? HookRules.Helm3Error(o.Object, o.Status)
            : "timed out waiting for the condition"),
    ];
}
