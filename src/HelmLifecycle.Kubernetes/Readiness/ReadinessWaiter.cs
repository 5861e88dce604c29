using System.Runtime.CompilerServices;

namespace HelmLifecycle.Kubernetes;

/// <summary>
/// Waits until objects are ready, gone, or done (hooks). Time runs by the client's <see cref="TimeProvider"/>. Where watches serve nothing is polled;
/// Helm 3's rules are polled as Helm 3 does.
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
        if (options.Strategy == WaitStrategy.Watcher)
            return WaitAsync(objects, options, IsReady, Watched(options), (board, timedOut) => Lines(board, options.Words, IsReady, deleted: false, timedOut), options.StopWhenAllSettled, ct);
        return WaitAsync(objects, options, IsReady, (o, token) => new LegacyPoll(client, options).ReadAsync(o, forDeletion: false, token),
            (board, timedOut) => timedOut ? [DeadlineExceeded] : [.. board.Objects.Where(o => o.Status.Status == ResourceStatus.Failed).Select(o => o.Status.Message)],
            stopWhenSettled: false, ct, stopAtFailure: true);
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
        if (options.Strategy == WaitStrategy.Watcher)
            return WaitAsync(objects, options, IsGone, Watched(options), (board, timedOut) => Lines(board, options.Words, IsGone, deleted: true, timedOut), stopWhenSettled: false, ct);
        return WaitAsync(objects, options, IsGone, (o, token) => new LegacyPoll(client, options).ReadAsync(o, forDeletion: true, token), (_, _) => [DeadlineExceeded], stopWhenSettled: false, ct);
    }

    /// <summary>
    /// Waits for a hook or test as Helm does: a Job until complete, a Pod until it has ended well, anything else until it is there. A failure ends
    /// the wait at once with the legacy strategy (Helm 3: <c>job x failed: BackoffLimitExceeded</c>), at the time-out with Helm 4.0's watcher,
    /// and once all are settled with <see cref="WaitOptions.StopWhenAllSettled"/>.
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
        if (options.Strategy == WaitStrategy.Watcher)
            return WaitAsync(objects, options, IsReady, watch.ReadAsync, (board, timedOut) => Lines(board, options.Words, IsReady, deleted: false, timedOut), options.StopWhenAllSettled, ct);
        // Helm 3 takes the deletion of a hook it waits for as its end.
        return WaitAsync(objects, options, s => IsReady(s) || s.Status == ResourceStatus.NotFound, watch.ReadAsync,
            (board, _) => [.. board.Objects.Where(o => !IsReady(o.Status) && o.Status.Status != ResourceStatus.NotFound)
                .Select(o => o.Status.Status == ResourceStatus.Failed ? HookRules.Helm3Error(o.Object, o.Status) : "timed out waiting for the condition")],
            stopWhenSettled: true, ct);
    }

    /// <summary>Tells how far the objects are, from now until all are ready or the caller stops reading. Nothing is thrown for what is not ready.</summary>
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
        IAsyncEnumerable<(int, ReadinessStatus)> source = options.Strategy == WaitStrategy.Watcher
            ? Watched(options)(references, both.Token)
            : new LegacyPoll(client, options).ReadAsync(references, forDeletion: false, both.Token);
        await using IAsyncEnumerator<(int Index, ReadinessStatus Status)> changes = source.GetAsyncEnumerator(both.Token);
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

    private Func<IReadOnlyList<ObjectReference>, CancellationToken, IAsyncEnumerable<(int, ReadinessStatus)>> Watched(WaitOptions options)
    {
        var watch = new StatusWatch(client,
            (o, pods) => KstatusRules.Of(o, new KstatusOptions { Now = client.Time.GetUtcNow(), WaitForJobs = options.WaitForJobs, Owned = pods }), looksAtPods: true);
        return watch.ReadAsync;
    }

    private async Task WaitAsync(
        IReadOnlyList<KubernetesObject> objects, WaitOptions options, Func<ReadinessStatus, bool> done,
        Func<IReadOnlyList<ObjectReference>, CancellationToken, IAsyncEnumerable<(int Index, ReadinessStatus Status)>> source,
        Func<StatusBoard, bool, IReadOnlyList<string>> errors, bool stopWhenSettled, CancellationToken ct, bool stopAtFailure = false)
    {
        IReadOnlyList<ObjectReference> references = await ReferencesAsync(objects, skipUnknownKinds: done(StatusBoard.Gone), ct).ConfigureAwait(false);
        var board = new StatusBoard(references, client.Time, done);
        if (board.AllDone) return;
        using CancellationTokenSource deadline = Deadline(options);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            await foreach ((int index, ReadinessStatus status) in source(references, both.Token).ConfigureAwait(false))
            {
                if (board.Note(index, status) is not { } progress) continue;
                options.Progress?.Report(progress);
                if (board.AllDone) return;
                if (stopWhenSettled && board.AllSettled || stopAtFailure && status.Status == ResourceStatus.Failed)
                    throw new NotReadyException(errors(board, false), board.Objects, timedOut: false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ClusterUnreachableException && deadline.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new NotReadyException(errors(board, true), board.Objects, timedOut: true);
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

    private static List<string> Lines(StatusBoard board, WaitWords words, Func<ReadinessStatus, bool> done, bool deleted, bool timedOut)
    {
        // Helm 4.0 names an object that was gone before the wait too, as Unknown.
        var lines = board.Objects.Where(o => !done(o.Status) || deleted && words == WaitWords.Helm40 && o.Status.Status == ResourceStatus.Unknown)
            .Select(o => words == WaitWords.Helm40
                ? $"resource {(deleted ? "still exists" : "not ready")}, name: {o.Object.Name}, kind: {o.Object.Gvk.Kind}, status: {o.Status.Status}"
                : $"resource {o.Object} {(deleted ? "still exists" : "not ready")}. status: {o.Status.Status}, message: {o.Status.Message}")
            .ToList();
        if (timedOut) lines.Add(DeadlineExceeded);
        return lines;
    }
}
