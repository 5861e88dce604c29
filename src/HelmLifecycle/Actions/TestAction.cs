using HelmLifecycle.Charts;

namespace HelmLifecycle;

/// <summary>Runs the test hooks of the last revision.</summary>
internal sealed class TestAction(ActionContext context, TestOptions options)
{
    public async Task<TestResult> RunAsync(CancellationToken ct)
    {
        context.Stage(ReleaseStage.Preparing);
        await context.ReachAsync(ct).ConfigureAwait(false);
        if (!ActionContext.IsValidName(context.Name))
        {
            throw new InvalidReleaseNameException(context.Name, $"releaseTest: Release name is invalid: {context.Name}");
        }

        var release = new TrackedRelease(await context.Records.LastAsync(ct).ConfigureAwait(false));
        context.Revision = release.Value.Revision;
        var waiter = new ObjectWaiter(context, context.Client.DefaultWait, false);
        var hooks = new HookRunner(context, waiter, serverSide: !context.Helm3) { KeepSucceeded = !context.Helm3 };
        try
        {
            await hooks.RunAsync(release, HookEvent.Test, ct, IsWanted).ConfigureAwait(false);
        }
        catch (Exception)
        {
            Order(release);
            using var grace = context.Grace();
            await context.Records.RecordAsync(release, grace.Token).ConfigureAwait(false);
            throw;
        }

        Order(release);
        await context.Records.UpdateAsync(release, ct).ConfigureAwait(false);
        var logs = options.Logs ? await LogsAsync(release.Value, ct).ConfigureAwait(false) : [];
        if (hooks.KeepSucceeded) await hooks.DeleteSucceededAsync(HookRunner.Of(release.Value, HookEvent.Test, IsWanted), ct).ConfigureAwait(false);
        return new TestResult(release.Value, logs);
    }

    private bool IsWanted(ReleaseHook hook) => !options.Exclude.Contains(hook.Name) && (options.Include.Count == 0 || options.Include.Contains(hook.Name));

    // A filtered test moves the hooks it left out to the front of the record.
    private void Order(TrackedRelease release)
    {
        if (options.Exclude.Count == 0 && options.Include.Count == 0) return;
        release.Value = release.Value with
        {
            Hooks = [.. release.Value.Hooks.Where(h => !IsWanted(h)), .. release.Value.Hooks.Where(IsWanted)],
        };
    }

    private async Task<IReadOnlyList<HookLog>> LogsAsync(Release release, CancellationToken ct)
    {
        var logs = new List<HookLog>();
        foreach (var hook in HookRunner.Of(release, HookEvent.Test, IsWanted))
        {
            logs.AddRange(await HookLogs.ReadAsync(context, hook, includeInit: !context.Helm3, ct).ConfigureAwait(false));
        }

        return logs;
    }
}
