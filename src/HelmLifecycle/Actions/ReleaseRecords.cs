namespace HelmLifecycle;

/// <summary>What actions do with the store: the questions Helm's storage layer asks, the pruning, the records that may fail without failing the action.</summary>
internal sealed class ReleaseRecords(ActionContext context)
{
    private IRevisionStore Store => context.Client.Store;

    /// <summary>All revisions, oldest first.</summary>
    /// <exception cref="ReleaseNotFoundException">There is none.</exception>
    public async Task<IReadOnlyList<StoredRevision>> HistoryAsync(CancellationToken ct)
    {
        var history = await Store.QueryAsync(new RevisionQuery { Namespace = context.Namespace, Name = context.Name }, ct).ConfigureAwait(false);
        return history.Count > 0 ? history : throw new ReleaseNotFoundException(context.Name);
    }

    /// <summary>The newest revision that can be read; broken records are passed over, as in Helm.</summary>
    /// <exception cref="ReleaseNotFoundException">There is none.</exception>
    public async Task<Release> LastAsync(CancellationToken ct) =>
        Last(await HistoryAsync(ct).ConfigureAwait(false)) ?? throw new ReleaseNotFoundException(context.Name);

    public Release? Last(IReadOnlyList<StoredRevision> history)
    {
        for (int i = history.Count - 1; i >= 0; i--)
        {
            if (TryRead(history[i]) is { } release) return release;
        }

        return null;
    }

    public async Task<Release> GetAsync(int revision, CancellationToken ct) =>
        (await Store.GetAsync(context.Namespace, context.Name, revision, ct).ConfigureAwait(false)).Release;

    /// <summary>The revisions whose label says deployed.</summary>
    public async Task<IReadOnlyList<Release>> DeployedAsync(CancellationToken ct)
    {
        var found = await Store.QueryAsync(
            new RevisionQuery { Namespace = context.Namespace, Name = context.Name, Status = ReleaseStatus.Deployed }, ct).ConfigureAwait(false);
        return [.. found.Select(TryRead).OfType<Release>()];
    }

    public Release? TryRead(StoredRevision stored)
    {
        try
        {
            return stored.Release;
        }
        catch (ReleaseRecordException e)
        {
            context.Warn($"revision {stored.Revision} cannot be read and is passed over: {e.Message}");
            return null;
        }
    }

    /// <summary>Stores a new revision after making room for it.</summary>
    /// <param name="release">The revision.</param>
    /// <param name="maxHistory">How many are kept, this one included; 0 keeps all.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<TrackedRelease> CreateAsync(Release release, int maxHistory, CancellationToken ct)
    {
        if (maxHistory > 0) await PruneAsync(maxHistory - 1, ct).ConfigureAwait(false);
        var stored = await Store.CreateAsync(release with { Form = context.Client.Generation }, ct).ConfigureAwait(false);
        Report(stored);
        return new TrackedRelease(stored);
    }

    /// <summary>Writes a record.</summary>
    public async Task UpdateAsync(TrackedRelease release, CancellationToken ct)
    {
        release.Value = release.Value with { Form = context.Client.Generation };
        Release stored;
        try
        {
            stored = await Store.UpdateAsync(release.Value, ct).ConfigureAwait(false);
        }
        catch (RevisionStoreException e) when (e.InnerException is not null)
        {
            // The store stumbled. A second try costs little, and saves from a second deployed revision or one that stays pending.
            stored = await Store.UpdateAsync(release.Value, ct).ConfigureAwait(false);
        }

        release.Value = release.Value with { StoreVersion = stored.StoreVersion };
        Report(release.Value);
    }

    /// <summary>Whether the newest record is pending, for all that can be found out.</summary>
    public async Task<bool> IsPendingAsync()
    {
        using var grace = context.Grace();
        try
        {
            var newest = await Store.QueryAsync(
                new RevisionQuery { Namespace = context.Namespace, Name = context.Name, NewestOnly = true }, grace.Token).ConfigureAwait(false);
            return newest.Count > 0 && newest[0].Status.IsPending();
        }
        catch (Exception e) when (e is ReleaseException or OperationCanceledException)
        {
            return true;
        }
    }

    /// <summary>Writes a record; a failure is logged and passed over, as in Helm.</summary>
    public async Task RecordAsync(TrackedRelease release, CancellationToken ct)
    {
        try
        {
            await UpdateAsync(release, ct).ConfigureAwait(false);
        }
        catch (ReleaseException e)
        {
            Log.RecordFailed(context.Client.Logger, context.Namespace, context.Name, e.Message);
            context.Report(new ReleaseWarning($"the record of revision {release.Value.Revision} could not be written: {e.Message}"));
        }
    }

    public Task DeleteAsync(int revision, CancellationToken ct) => Store.DeleteAsync(context.Namespace, context.Name, revision, ct);

    private async Task PruneAsync(int max, CancellationToken ct)
    {
        var history = await Store.QueryAsync(new RevisionQuery { Namespace = context.Namespace, Name = context.Name }, ct).ConfigureAwait(false);
        if (history.Count <= max) return;
        int keep = history.LastOrDefault(r => r.Status == ReleaseStatus.Deployed)?.Revision ?? 0;
        var errors = new List<Exception>();
        int left = history.Count;
        foreach (var old in history)
        {
            if (left == max) break;
            if (old.Revision == keep) continue;
            left--;
            try
            {
                await Store.DeleteAsync(context.Namespace, context.Name, old.Revision, ct).ConfigureAwait(false);
                context.Report(new RevisionPruned { Revision = old.Revision });
            }
            catch (ReleaseNotFoundException)
            {
                // Another process pruned at the same time.
            }
            catch (ReleaseException e)
            {
                errors.Add(e);
            }
        }

        if (errors.Count == 1) throw errors[0];
        if (errors.Count > 1) throw new RevisionStoreException($"encountered {errors.Count} deletion errors. First is: {errors[0].Message}", errors[0]);
    }

    private void Report(Release release) =>
        context.Report(new RevisionStored(release.Info.Status, release.Info.Description) { Revision = release.Revision });
}

/// <summary>The revision an action works on, as it changes on its way.</summary>
internal sealed class TrackedRelease(Release value)
{
    public Release Value { get; set; } = value;

    public void Set(ReleaseStatus status, string? description = null) => Value = Value with
    {
        Info = Value.Info with { Status = status, Description = description ?? Value.Info.Description, HasStatus = true },
    };

    public void SetHook(ReleaseHook old, ReleaseHook hook) => Value = Value with { Hooks = [.. Value.Hooks.Select(h => ReferenceEquals(h, old) ? hook : h)] };
}
