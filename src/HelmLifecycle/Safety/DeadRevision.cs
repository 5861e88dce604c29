using HelmLifecycle.Charts;

namespace HelmLifecycle;

/// <summary>Deals with a pending record whose process died, before an upgrade goes on.</summary>
internal sealed class DeadRevision(ActionContext context, UpgradeOptions options, LeaseOptions lease, HeldLease held)
{
    public async Task RecoverAsync(CancellationToken ct)
    {
        if (lease.Recovery == PendingRecovery.Refuse) return;
        if (lease.Recovery == PendingRecovery.Wait)
        {
            await WaitAsync(ct).ConfigureAwait(false);
            return;
        }

        if (await PendingAsync(ct).ConfigureAwait(false) is not { } pending || !IsDead(pending)) return;
        context.Warn($"revision {pending.Revision} was left {pending.Status.ToText()} by {Who}: {lease.Recovery}");
        if (lease.Recovery == PendingRecovery.Resume) await ResumeAsync(pending, ct).ConfigureAwait(false);
        else
        {
            var release = new TrackedRelease(pending);
            release.Set(ReleaseStatus.Failed, $"Release {Go.Quote(context.Name)} failed: {Who} left it {pending.Status.ToText()} and is gone");
            await context.Records.UpdateAsync(release, ct).ConfigureAwait(false);
            if (lease.Recovery == PendingRecovery.RollBack) await RollBackAsync(pending, ct).ConfigureAwait(false);
        }
    }

    private string Who => held.Dead is { } dead ? $"its process ({dead.Holder})" : "its process";

    private bool IsDead(Release pending) =>
        held.Dead is not null || (lease.StaleAfter is { } age && context.Time.GetUtcNow() - pending.Info.LastDeployed.Value >= age);

    private async Task<Release?> PendingAsync(CancellationToken ct)
    {
        try
        {
            var last = await context.Records.LastAsync(ct).ConfigureAwait(false);
            return last.Status.IsPending() ? last : null;
        }
        catch (ReleaseNotFoundException)
        {
            return null;
        }
    }

    // The lease is this process's, so whoever works here has none: Helm, or a client without leases.
    private async Task WaitAsync(CancellationToken ct)
    {
        var end = context.Time.GetUtcNow() + options.Timeout;
        while (held.Dead is null && context.Time.GetUtcNow() < end && await PendingAsync(ct).ConfigureAwait(false) is not null)
        {
            await Task.Delay(lease.Expiry / 3, context.Time, ct).ConfigureAwait(false);
        }
    }

    private async Task RollBackAsync(Release dead, CancellationToken ct)
    {
        if (await GoodBeforeAsync(dead, ct).ConfigureAwait(false) is not { } good) return;
        context.Stage(ReleaseStage.RollingBack);
        var back = new RollbackOptions
        {
            Name = context.Name,
            Namespace = context.Namespace,
            Revision = good.Revision,
            Wait = options.Wait,
            WaitForJobs = options.WaitForJobs,
            DisableHooks = options.DisableHooks,
            ForceConflicts = options.ForceConflicts,
            ServerSide = options.ServerSide,
            Timeout = options.Timeout,
            Progress = options.Progress,
            MaxHistory = 0,
        };
        await new RollbackAction(new ActionContext(context.Client, back), back).RunAsync(ct).ConfigureAwait(false);
    }

    private async Task<Release?> GoodBeforeAsync(Release dead, CancellationToken ct)
    {
        var earlier = (await context.Records.HistoryAsync(ct).ConfigureAwait(false))
            .Where(r => r.Revision < dead.Revision).Reverse().Select(context.Records.TryRead).OfType<Release>().ToList();
        return earlier.Find(r => r.Status == ReleaseStatus.Deployed) ?? earlier.Find(r => r.Status == ReleaseStatus.Superseded);
    }

    private async Task ResumeAsync(Release pending, CancellationToken ct)
    {
        var (kind, after, done) = pending.Status switch
        {
            ReleaseStatus.PendingInstall => (RolloutKind.Install, HookEvent.PostInstall, "Install complete"),
            ReleaseStatus.PendingRollback => (RolloutKind.Rollback, HookEvent.PostRollback, pending.Description),
            _ => (RolloutKind.Upgrade, HookEvent.PostUpgrade, "Upgrade complete"),
        };
        // The upgrade that follows may have a plan of its own for its rollout and its failures; here the pending revision is only brought to its end.
        var own = new UpgradeOptions
        {
            Name = context.Name,
            Namespace = context.Namespace,
            Wait = options.Wait,
            WaitForJobs = options.WaitForJobs,
            DisableHooks = options.DisableHooks,
            ForceConflicts = options.ForceConflicts,
            ServerSide = options.ServerSide,
            Timeout = options.Timeout,
            Progress = options.Progress,
        };
        var origin = await GoodBeforeAsync(pending, ct).ConfigureAwait(false);
        var prepared = await PreparedRelease.FromRecordsAsync(context, own, kind, pending, origin, ct).ConfigureAwait(false);
        var release = new TrackedRelease(pending);
        var waiter = ObjectWaiter.For(context, own);
        try
        {
            await RollingApply.Instance.RolloutAsync(new DeployContext(prepared, new ObjectApplier(context, prepared.Settings), waiter), ct).ConfigureAwait(false);
            if (!own.DisableHooks)
            {
                context.Stage(ReleaseStage.PostHooks);
                await new HookRunner(context, waiter, prepared.Settings.ServerSide).RunAsync(release, after, ct).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            var failure = await DeployFailure.FromAsync(context, e, "", prepared.TargetObjects).ConfigureAwait(false);
            release.Set(ReleaseStatus.Failed, $"Release {Go.Quote(context.Name)} failed: {failure.Described}");
            using var late = context.Grace();
            await context.Records.RecordAsync(release, late.Token).ConfigureAwait(false);
            throw failure.ToException(failure.Message, release.Value);
        }

        using var grace = context.Grace();
        foreach (var deployed in await context.Records.DeployedAsync(grace.Token).ConfigureAwait(false))
        {
            var old = new TrackedRelease(deployed);
            old.Set(ReleaseStatus.Superseded);
            await context.Records.RecordAsync(old, grace.Token).ConfigureAwait(false);
        }

        release.Set(ReleaseStatus.Deployed, done);
        await context.Records.UpdateAsync(release, grace.Token).ConfigureAwait(false);
    }
}
