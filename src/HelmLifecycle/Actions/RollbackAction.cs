using HelmLifecycle.Charts;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>Goes back to an earlier revision by making a new one of it. Nothing is rendered again.</summary>
internal sealed class RollbackAction(ActionContext context, RollbackOptions options)
{
    public async Task<Release> RunAsync(CancellationToken ct)
    {
        context.Stage(ReleaseStage.Preparing);
        var (last, target) = await TargetAsync(ct).ConfigureAwait(false);
        if (options.DryRun != DryRun.None) return target;
        var release = await context.Records.CreateAsync(target, MaxHistory, ct).ConfigureAwait(false);
        PreparedRelease prepared;
        try
        {
            prepared = await ObjectsAsync(last, release.Value, ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await FailedAsync(release, "context canceled").ConfigureAwait(false);
            throw;
        }

        return await PerformAsync(prepared, release, ct).ConfigureAwait(false);
    }

    /// <summary>Works everything out and writes nothing.</summary>
    public async Task<PreparedRelease> PrepareAsync(CancellationToken ct)
    {
        var (last, target) = await TargetAsync(ct).ConfigureAwait(false);
        return await ObjectsAsync(last, target, ct).ConfigureAwait(false);
    }

    /// <summary>Does what was prepared.</summary>
    public async Task<Release> PerformAsync(PreparedRelease prepared, CancellationToken ct)
    {
        context.Revision = prepared.Target.Revision;
        var release = await context.Records.CreateAsync(prepared.Target, prepared.MaxHistory, ct).ConfigureAwait(false);
        return await PerformAsync(prepared with { Target = release.Value }, release, ct).ConfigureAwait(false);
    }

    private int MaxHistory => options.MaxHistory ?? context.Client.MaxHistory;

    private async Task<(Release Last, Release Target)> TargetAsync(CancellationToken ct)
    {
        await context.ReachAsync(ct).ConfigureAwait(false);
        if (!ActionContext.IsValidName(context.Name))
        {
            throw new InvalidReleaseNameException(context.Name, $"prepareRollback: Release name is invalid: {context.Name}");
        }

        if (options.Revision < 0) throw new ReleaseException("invalid release revision") { ReleaseName = context.Name };
        var history = await context.Records.HistoryAsync(ct).ConfigureAwait(false);
        var last = context.Records.Last(history) ?? throw new ReleaseNotFoundException(context.Name);
        int wanted = options.Revision != 0 ? options.Revision : options.ToPreviousGood ? PreviousGood(history, last) : last.Revision - 1;
        if (!history.Any(r => r.Revision == wanted)) throw new RevisionNotFoundException(context.Name, wanted, $"release has no {wanted} version");
        var earlier = await context.Records.GetAsync(wanted, ct).ConfigureAwait(false);
        context.Revision = last.Revision + 1;
        var target = earlier with
        {
            Name = context.Name,
            Namespace = last.Namespace,
            Revision = last.Revision + 1,
            StoreVersion = null,
            ApplyMethod = context.Helm3 ? ApplyMethod.Unspecified : ApplySettings.For(context, options, earlier.ApplyMethod).Method,
            Info = new ReleaseInfo
            {
                FirstDeployed = last.Info.FirstDeployed,
                LastDeployed = context.Now,
                Status = ReleaseStatus.PendingRollback,
                Notes = earlier.Info.Notes,
                Description = string.IsNullOrEmpty(options.Description) ? $"Rollback to {wanted}" : options.Description,
            },
        };
        return (last, target);
    }

    private int PreviousGood(IReadOnlyList<StoredRevision> history, Release last)
    {
        var good = history.Reverse().Where(r => r.Revision < last.Revision).Select(context.Records.TryRead)
            .FirstOrDefault(r => r?.Status is ReleaseStatus.Superseded or ReleaseStatus.Deployed);
        return good?.Revision ?? throw new ReleaseException($"release {context.Name} has no earlier revision that was deployed") { ReleaseName = context.Name };
    }

    private async Task<PreparedRelease> ObjectsAsync(Release last, Release target, CancellationToken ct)
    {
        var before = await CurrentObjects.OfBaseAsync(context, last, ct).ConfigureAwait(false);
        var objects = await CurrentObjects.OfTargetAsync(context, target, ct).ConfigureAwait(false);
        foreach (var o in objects) Ownership.Stamp(o, target.Name, target.Namespace);
        var settings = ApplySettings.For(context, options, target.ApplyMethod);
        return new PreparedRelease
        {
            Context = context,
            Kind = RolloutKind.Rollback,
            Options = options,
            Last = last,
            Base = last,
            Target = target,
            BaseObjects = before,
            TargetObjects = objects,
            Settings = settings with { MigrateManagers = settings.ServerSide },
            MaxHistory = MaxHistory,
        };
    }

    private async Task<Release> PerformAsync(PreparedRelease prepared, TrackedRelease release, CancellationToken ct)
    {
        var last = new TrackedRelease(prepared.Last!);
        var applier = new ObjectApplier(context, prepared.Settings);
        var waiter = ObjectWaiter.For(context, options);
        var hooks = new HookRunner(context, waiter, prepared.Settings.ServerSide);
        await HookAsync(hooks, release, HookEvent.PreRollback, ct).ConfigureAwait(false);
        var recreate = options.RecreatePods ? new PodRecreator(context, applier) : null;
        var deploy = new DeployContext(prepared with { Target = release.Value }, applier, waiter) { AfterApply = recreate };
        try
        {
            await (options.Rollout ?? context.Client.Rollout).RolloutAsync(deploy, ct).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            var failure = await DeployFailure.FromAsync(context, e, "", prepared.TargetObjects).ConfigureAwait(false);
            throw deploy.WaitBegan
                ? await WaitFailedAsync(last, release, failure).ConfigureAwait(false)
                : await ApplyFailedAsync(last, release, applier, failure).ConfigureAwait(false);
        }

        await HookAsync(hooks, release, HookEvent.PostRollback, ct).ConfigureAwait(false);
        using var grace = context.Grace();
        foreach (var deployed in await context.Records.DeployedAsync(grace.Token).ConfigureAwait(false))
        {
            var old = new TrackedRelease(deployed);
            old.Set(ReleaseStatus.Superseded);
            await context.Records.RecordAsync(old, grace.Token).ConfigureAwait(false);
        }

        release.Set(ReleaseStatus.Deployed);
        await context.Records.UpdateAsync(release, grace.Token).ConfigureAwait(false);
        return release.Value;
    }

    // A failing hook leaves the record pending, as in Helm: the way out is another rollback. A cancellation is recorded, though.
    private async Task HookAsync(HookRunner hooks, TrackedRelease release, HookEvent hookEvent, CancellationToken ct)
    {
        if (options.DisableHooks) return;
        context.Stage(hookEvent == HookEvent.PreRollback ? ReleaseStage.PreHooks : ReleaseStage.PostHooks);
        try
        {
            await hooks.RunAsync(release, hookEvent, ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await FailedAsync(release, "context canceled").ConfigureAwait(false);
            throw;
        }
        catch (HookFailedException e)
        {
            throw new ReleaseFailedException(e.Message, release.Value, e.Diagnosis, e);
        }
    }

    private async Task<Exception> ApplyFailedAsync(TrackedRelease last, TrackedRelease release, ObjectApplier applier, DeployFailure failure)
    {
        using var grace = context.Grace();
        last.Set(ReleaseStatus.Superseded);
        release.Set(ReleaseStatus.Failed, $"Rollback {Go.Quote(context.Name)} failed: {failure.Described}");
        await context.Records.RecordAsync(last, grace.Token).ConfigureAwait(false);
        await context.Records.RecordAsync(release, grace.Token).ConfigureAwait(false);
        if (options.CleanupOnFail && applier.Created.Count > 0)
        {
            var errors = await applier.DeleteAsync(applier.Created, DeletePropagation.Background, grace.Token).ConfigureAwait(false);
            if (errors.Count > 0)
            {
                return failure.ToException(
                    $"an error occurred while cleaning up resources. original rollback error: {failure.Message}: unable to cleanup resources: "
                    + string.Join(", ", errors.Select(e => e.Message)),
                    release.Value);
            }
        }

        return failure.ToException(failure.Message, release.Value);
    }

    private async Task<Exception> WaitFailedAsync(TrackedRelease last, TrackedRelease release, DeployFailure failure)
    {
        using var grace = context.Grace();
        release.Set(ReleaseStatus.Failed, $"Release {Go.Quote(context.Name)} failed: {failure.Described}");
        await context.Records.RecordAsync(last, grace.Token).ConfigureAwait(false);
        await context.Records.RecordAsync(release, grace.Token).ConfigureAwait(false);
        return failure.ToException($"release {context.Name} failed: {failure.Message}", release.Value);
    }

    private async Task FailedAsync(TrackedRelease release, string why)
    {
        using var grace = context.Grace();
        release.Set(ReleaseStatus.Failed, $"Rollback {Go.Quote(context.Name)} failed: {why}");
        await context.Records.RecordAsync(release, grace.Token).ConfigureAwait(false);
    }
}
