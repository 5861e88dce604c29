using HelmLifecycle.Charts;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>Uninstalls a release.</summary>
internal sealed class UninstallAction(ActionContext context, UninstallOptions options)
{
    private const string PolicyAnnotation = "helm.sh/resource-policy";

    public async Task<UninstallResult> RunAsync(CancellationToken ct)
    {
        context.Stage(ReleaseStage.Preparing);
        await context.ReachAsync(ct).ConfigureAwait(false);
        if (options.DryRun != DryRun.None)
        {
            return new UninstallResult(await new ReleaseQueries(context).GetAsync(0, ct).ConfigureAwait(false), [], "");
        }

        if (!ActionContext.IsValidName(context.Name))
        {
            throw new InvalidReleaseNameException(context.Name, $"uninstall: Release name is invalid: {context.Name}");
        }

        IReadOnlyList<StoredRevision> history;
        try
        {
            history = await context.Records.HistoryAsync(ct).ConfigureAwait(false);
        }
        catch (ReleaseException e)
        {
            if (options.IgnoreNotFound) return new UninstallResult(null, [], "");
            string message = $"uninstall: Release not loaded: {context.Name}: {e.Message}";
            throw e is ReleaseNotFoundException ? new ReleaseNotFoundException(context.Name, message) : new ReleaseException(message, e);
        }

        var last = context.Records.Last(history) ?? throw new ReleaseNotFoundException(context.Name);
        context.Revision = last.Revision;
        if (last.Status == ReleaseStatus.Uninstalled) return await AgainAsync(history, last, ct).ConfigureAwait(false);
        return await PerformAsync(history, last, ct).ConfigureAwait(false);
    }

    private async Task<UninstallResult> AgainAsync(IReadOnlyList<StoredRevision> history, Release last, CancellationToken ct)
    {
        if (options.KeepHistory) throw new ReleaseException($"the release named {Go.Quote(context.Name)} is already deleted");
        try
        {
            await PurgeAsync(history, ct).ConfigureAwait(false);
        }
        catch (ReleaseException e)
        {
            throw new ReleaseException("uninstall: Failed to purge the release: " + e.Message, e);
        }

        return new UninstallResult(last, [], "");
    }

    private async Task<UninstallResult> PerformAsync(IReadOnlyList<StoredRevision> history, Release last, CancellationToken ct)
    {
        var release = new TrackedRelease(last with { Info = last.Info with { Deleted = context.Now } });
        release.Set(ReleaseStatus.Uninstalling, "Deletion in progress (or silently failed)");
        var waiter = new ObjectWaiter(context, options.Wait is null or WaitMode.HookOnly ? context.Client.DefaultWait : options.Wait.Value, false);
        var hooks = new HookRunner(context, waiter, serverSide: !context.Helm3);
        if (!options.DisableHooks)
        {
            context.Stage(ReleaseStage.PreHooks);
            await RunHookAsync(hooks, release, HookEvent.PreDelete, ct).ConfigureAwait(false);
        }

        await context.Records.RecordAsync(release, ct).ConfigureAwait(false);
        context.Stage(ReleaseStage.Applying);
        var (objects, kept) = await ObjectsAsync(release.Value, ct).ConfigureAwait(false);
        var applier = new ObjectApplier(context, new ApplySettings(false, false, false));
        var refused = await applier.DeleteAsync(objects, Propagation, ct).ConfigureAwait(false);
        if (refused.Count > 0) throw new ReleaseException($"failed to delete release: {context.Name}", refused[0]);

        string info = kept.Count == 0 ? "" : "These resources were kept due to the resource policy:\n" + string.Concat(kept.Select(k => k + "\n"));
        var errors = new List<Exception>();
        if (options.Wait is not (null or WaitMode.HookOnly))
        {
            context.Stage(ReleaseStage.Waiting);
            await TryAsync(errors, () => waiter.DeletedAsync(objects, ct)).ConfigureAwait(false);
        }

        if (!options.DisableHooks)
        {
            context.Stage(ReleaseStage.PostHooks);
            await TryAsync(errors, () => RunHookAsync(hooks, release, HookEvent.PostDelete, ct)).ConfigureAwait(false);
        }

        // The objects are gone: from here on the records must say so, whatever the caller's token says.
        using var grace = context.Grace();
        release.Set(ReleaseStatus.Uninstalled, string.IsNullOrEmpty(options.Description) ? "Uninstallation complete" : options.Description);
        if (options.KeepHistory) await KeepAsync(release, grace.Token).ConfigureAwait(false);
        else
        {
            try
            {
                await PurgeAsync(history, grace.Token).ConfigureAwait(false);
            }
            catch (ReleaseException e)
            {
                errors.Add(new ReleaseException("uninstall: Failed to purge the release: " + e.Message, e));
            }
        }

        if (errors.Find(e => e is OperationCanceledException) is { } cancelled) throw cancelled;
        if (errors.Count > 0)
        {
            throw new ReleaseException(
                $"uninstallation completed with {errors.Count} error(s): {string.Join("; ", errors.Select(e => e.Message))}", errors[0]);
        }

        return new UninstallResult(release.Value, kept, info);
    }

    private DeletePropagation Propagation => options.Cascade switch
    {
        Cascade.Foreground => DeletePropagation.Foreground,
        Cascade.Orphan => DeletePropagation.Orphan,
        _ => DeletePropagation.Background,
    };

    private async Task RunHookAsync(HookRunner hooks, TrackedRelease release, HookEvent hookEvent, CancellationToken ct)
    {
        try
        {
            await hooks.RunAsync(release, hookEvent, ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (hookEvent == HookEvent.PreDelete)
        {
            using var grace = context.Grace();
            await context.Records.RecordAsync(release, grace.Token).ConfigureAwait(false);
            throw;
        }
    }

    private async Task KeepAsync(TrackedRelease release, CancellationToken ct)
    {
        await context.Records.RecordAsync(release, ct).ConfigureAwait(false);
        if (context.Helm3) return;
        foreach (var other in await context.Records.DeployedAsync(ct).ConfigureAwait(false))
        {
            if (other.Revision == release.Value.Revision) continue;
            var old = new TrackedRelease(other);
            old.Set(ReleaseStatus.Superseded);
            await context.Records.RecordAsync(old, ct).ConfigureAwait(false);
        }
    }

    private async Task<(IReadOnlyList<KubernetesObject> Objects, IReadOnlyList<string> Kept)> ObjectsAsync(Release release, CancellationToken ct)
    {
        try
        {
            // Helm numbers the documents and sorts the numbers as texts before it sorts by kind.
            var documents = ManifestSplitter.Read(release.Manifest)
                .Select((d, i) => (Document: d, Key: $"manifest-{i}")).OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => d.Document);
            var order = context.Helm3 ? KindOrder.UninstallHelm3 : KindOrder.Uninstall;
            var kept = new List<string>();
            var gone = new System.Text.StringBuilder();
            foreach (var document in order.Sort(documents, d => d.Head.Kind))
            {
                if (document.Head.Annotations.TryGetValue(PolicyAnnotation, out string? policy))
                {
                    // Any other policy than keep is neither deleted nor told.
                    if (policy.Trim().Equals("keep", StringComparison.OrdinalIgnoreCase)) kept.Add($"[{document.Head.Kind}] {document.Head.Name}");
                    continue;
                }

                gone.Append("\n---\n").Append(document.Text);
            }

            var objects = await ManifestObjects.BuildAsync(context.Cluster, gone.ToString(), release.Namespace, validate: false, ct).ConfigureAwait(false);
            return (objects, kept);
        }
        catch (Exception e) when (e is ManifestException or ReleaseException)
        {
            context.Warn(e is ManifestException
                ? $"corrupted release record. You must manually delete the resources: {e.Message}"
                : $"unable to build kubernetes objects for delete: {e.Message}");
            throw new ReleaseException($"failed to delete release: {context.Name}", e);
        }
    }

    private async Task PurgeAsync(IReadOnlyList<StoredRevision> history, CancellationToken ct)
    {
        foreach (var revision in history)
        {
            try
            {
                await context.Records.DeleteAsync(revision.Revision, ct).ConfigureAwait(false);
            }
            catch (ReleaseNotFoundException)
            {
                // Gone already.
            }
        }
    }

    private static async Task TryAsync(List<Exception> errors, Func<Task> deed)
    {
        try
        {
            await deed().ConfigureAwait(false);
        }
        catch (Exception e) when (e is ReleaseException or KubernetesException or OperationCanceledException)
        {
            errors.Add(e);
        }
    }
}
