namespace HelmLifecycle;

/// <summary>Ends the rollout of a process that died, forward or back, from the stored records and the stored state.</summary>
internal sealed class RolloutRecovery(ReleaseClient client, string name)
{
    public async Task<Release> ResumeAsync(RolloutStateStore store, IRolloutStrategy strategy, CancellationToken ct)
    {
        var options = new UpgradeOptions { Name = name, Rollout = strategy };
        var context = new ActionContext(client, options);
        return await client.TakenOverAsync(context, token => ResumeAsync(context, options, store, token), ct).ConfigureAwait(false);
    }

    private async Task<Release> ResumeAsync(ActionContext context, UpgradeOptions options, RolloutStateStore store, CancellationToken ct)
    {
        var state = (await store.LoadAsync(ct).ConfigureAwait(false))?.State;
        var prepared = await PrepareAsync(context, options, state, ct).ConfigureAwait(false);
        if (prepared.Target.Status != ReleaseStatus.PendingUpgrade)
        {
            throw new ReleaseException($"revision {prepared.Target.Revision} is {prepared.Target.Status.ToText()}: its rollout can only be aborted") { ReleaseName = name };
        }

        return await new UpgradeAction(context, options).ResumeAsync(prepared, ct).ConfigureAwait(false);
    }

    public async Task AbortAsync(RolloutStateStore store, CancellationToken ct)
    {
        var options = new UpgradeOptions { Name = name };
        var context = new ActionContext(client, options);
        await client.TakenOverAsync(context, token => AbortAsync(context, options, store, token), ct).ConfigureAwait(false);
    }

    private async Task<Release> AbortAsync(ActionContext context, UpgradeOptions options, RolloutStateStore store, CancellationToken ct)
    {
        var stored = await store.LoadAsync(ct).ConfigureAwait(false);
        var prepared = await PrepareAsync(context, options, stored?.State, ct).ConfigureAwait(false);
        var deploy = new DeployContext(prepared, new ObjectApplier(context, prepared.Settings), ObjectWaiter.For(context, options));
        deploy.AssumeApplied(prepared.TargetObjects);
        string where = "";
        if (stored is not null)
        {
            where = $": {stored.State.Strategy} aborted at {stored.State.Message}";
            stored = await store.SaveAsync(stored, stored.State, Guid.NewGuid().ToString("N"), ct).ConfigureAwait(false);
            await RolloutUndo.RunAsync(deploy, store, stored, ct).ConfigureAwait(false);
        }
        else
        {
            var objects = prepared.BaseObjects.Select(b => ShadowSet.Stamped(deploy, b)).ToList();
            await deploy.ApplyAsync(objects, false, ct).ConfigureAwait(false);
            await deploy.WaitAsync(objects, ct).ConfigureAwait(false);
        }

        var release = new TrackedRelease(prepared.Target);
        if (release.Value.Status.IsPending())
        {
            release.Set(ReleaseStatus.Failed, $"Upgrade {Go.Quote(name)} failed{where}: its process ended before it did");
            await context.Records.UpdateAsync(release, ct).ConfigureAwait(false);
        }

        // It may have died between the two last records.
        if (prepared.Base!.Status == ReleaseStatus.Superseded && (await context.Records.DeployedAsync(ct).ConfigureAwait(false)).Count == 0)
        {
            var origin = new TrackedRelease(prepared.Base);
            origin.Set(ReleaseStatus.Deployed);
            await context.Records.UpdateAsync(origin, ct).ConfigureAwait(false);
        }

        return release.Value;
    }

    private async Task<PreparedRelease> PrepareAsync(ActionContext context, UpgradeOptions options, RolloutState? state, CancellationToken ct)
    {
        var history = await context.Records.HistoryAsync(ct).ConfigureAwait(false);
        var last = context.Records.Last(history) ?? throw new ReleaseNotFoundException(name);
        var target = state is null ? last : await context.Records.GetAsync(state.Revision, ct).ConfigureAwait(false);
        if (state is null && target.Status != ReleaseStatus.PendingUpgrade)
        {
            throw new ReleaseException($"no rollout of release {Go.Quote(name)} runs, and its last revision is {target.Status.ToText()}") { ReleaseName = name };
        }

        Release? origin;
        if (state is not null) origin = await context.Records.GetAsync(state.BaseRevision, ct).ConfigureAwait(false);
        else
        {
            var earlier = history.Where(r => r.Revision < target.Revision).Reverse().Select(context.Records.TryRead).OfType<Release>().ToList();
            origin = earlier.FirstOrDefault(r => r.Status == ReleaseStatus.Deployed) ?? earlier.FirstOrDefault(r => r.Status == ReleaseStatus.Superseded)
                ?? throw new NoDeployedReleaseException(name);
        }

        return await PreparedRelease.FromRecordsAsync(context, options, RolloutKind.Upgrade, target, origin, ct).ConfigureAwait(false);
    }
}
