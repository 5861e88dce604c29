namespace HelmLifecycle;

/// <summary>A lease while an action works: taken before anything is written, renewed at a third of its life, given back at the end.</summary>
internal sealed class HeldLease : IAsyncDisposable
{
    private readonly ILeaseStore _store;
    private readonly ActionContext _context;
    private readonly LeaseOptions _options;
    private readonly CancellationTokenSource _lost;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _renewing;
    private ReleaseLease _lease;

    private HeldLease(ILeaseStore store, ActionContext context, LeaseOptions options, ReleaseLease lease, ReleaseLease? dead, CancellationToken ct)
    {
        (_store, _context, _options, _lease, Dead) = (store, context, options, lease, dead);
        _lost = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _renewing = RenewAsync(_end.Token);
    }

    /// <summary>The lease of a dead holder that stood here before; null when there was none.</summary>
    public ReleaseLease? Dead { get; }

    /// <summary>Cancelled by the caller, or when the lease is lost.</summary>
    public CancellationToken Token => _lost.Token;

    /// <summary>Who took the lease away, for all that is known; null while it is held.</summary>
    public string? LostTo { get; private set; }

    /// <summary>Whether a record is left pending: then the lease stays at the end, expired, and tells the next one that nobody works on it.</summary>
    public bool LeavesPending { get; set; }

    /// <summary>Takes the lease of a context's release.</summary>
    /// <param name="context">The action.</param>
    /// <param name="store">Where leases are.</param>
    /// <param name="options">How leases are held.</param>
    /// <param name="patience">How long a living holder is waited for.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ReleaseInProgressException">Another holder lives.</exception>
    public static async Task<HeldLease> TakeAsync(ActionContext context, ILeaseStore store, LeaseOptions options, TimeSpan patience, CancellationToken ct)
    {
        var start = context.Time.GetUtcNow();
        while (true)
        {
            var now = context.Time.GetUtcNow();
            var seen = await store.FindAsync(context.Namespace, context.Name, ct).ConfigureAwait(false);
            if (seen is null || seen.IsExpired(now))
            {
                var lease = new ReleaseLease(options.Holder, now, now, options.Expiry);
                if (await store.TryWriteAsync(context.Namespace, context.Name, seen, lease, ct).ConfigureAwait(false)
                    && await store.FindAsync(context.Namespace, context.Name, ct).ConfigureAwait(false) is { } mine && mine.Holder == options.Holder)
                {
                    return new HeldLease(store, context, options, mine, seen is { Holder.Length: > 0 } ? seen : null, ct);
                }

                continue;
            }

            if (now - start >= patience)
            {
                var newest = await context.Client.Store.QueryAsync(
                    new RevisionQuery { Namespace = context.Namespace, Name = context.Name, NewestOnly = true }, ct).ConfigureAwait(false);
                throw new ReleaseInProgressException(context.Name, newest.Count > 0 ? newest[0].Status : ReleaseStatus.Unknown, seen.Holder);
            }

            await Task.Delay(options.Expiry / 3, context.Time, ct).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _renewing.ConfigureAwait(false);
        if (LostTo is null)
        {
            using var grace = _context.Grace();
            try
            {
                var left = LeavesPending ? Dead ?? _lease with { Renewed = _context.Time.GetUtcNow() - _lease.Duration } : null;
                await _store.TryWriteAsync(_context.Namespace, _context.Name, _lease, left, grace.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is RevisionStoreException or OperationCanceledException)
            {
                // It expires by itself.
                _context.Warn($"the lease could not be given back: {e.Message}");
            }
        }

        _lost.Dispose();
        _end.Dispose();
    }

    private async Task RenewAsync(CancellationToken end)
    {
        using var timer = new PeriodicTimer(_options.Expiry / 3, _context.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(end).ConfigureAwait(false))
            {
                if (await TryRenewAsync(end).ConfigureAwait(false)) continue;
                await _lost.CancelAsync().ConfigureAwait(false);
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // The action is at its end.
        }
    }

    private async Task<bool> TryRenewAsync(CancellationToken ct)
    {
        var now = _context.Time.GetUtcNow();
        try
        {
            bool written = await _store.TryWriteAsync(_context.Namespace, _context.Name, _lease, _lease with { Renewed = now }, ct).ConfigureAwait(false);
            var stored = await _store.FindAsync(_context.Namespace, _context.Name, ct).ConfigureAwait(false);
            if (stored?.Holder == _options.Holder)
            {
                // Not written, and still this holder's: an earlier write came through whose answer was lost, or somebody labelled the object.
                _lease = stored;
                return true;
            }

            LostTo = stored is null ? written ? "nobody" : "an unknown holder" : stored.Holder;
            return false;
        }
        catch (RevisionStoreException) when (!_lease.IsExpired(now))
        {
            return true;
        }
        catch (RevisionStoreException e)
        {
            LostTo = $"time: it could not be renewed ({e.Message})";
            return false;
        }
    }
}
