namespace HelmLifecycle;

public sealed partial class ReleaseClient
{
    internal Task<Release> RunInstallAsync(InstallOptions options, CancellationToken ct) =>
        RunAsync("install", options, r => r, (context, token) => LeasedAsync(context, new InstallAction(context, options).RunAsync, token), ct);

    internal Task<Release> RunUpgradeAsync(UpgradeOptions options, CancellationToken ct) =>
        RunAsync("upgrade", options, r => r, (context, token) => LeasedAsync(context, new UpgradeAction(context, options).RunAsync, token), ct);

    internal Task<Release> RunRollbackAsync(RollbackOptions options, CancellationToken ct) =>
        RunAsync("rollback", options, r => r, (context, token) => LeasedAsync(context, new RollbackAction(context, options).RunAsync, token), ct);

    internal Task<UninstallResult> RunUninstallAsync(UninstallOptions options, CancellationToken ct) =>
        RunAsync("uninstall", options, r => r.Release, (context, token) => LeasedAsync(context, new UninstallAction(context, options).RunAsync, token), ct);

    internal Task<TestResult> RunTestAsync(TestOptions options, CancellationToken ct) =>
        RunAsync("test", options, r => r.Release, (context, token) => new TestAction(context, options).RunAsync(token), ct);

    internal Task<TemplateResult> RunTemplateAsync(TemplateOptions options, CancellationToken ct) =>
        RunAsync("template", options, r => r.Release, (context, token) => new TemplateAction(context, options).RunAsync(token), ct);

    /// <summary>Does a deed that writes under the lease of its release, if the client has leases, after what a dead holder left was dealt with.</summary>
    internal async Task<T> LeasedAsync<T>(ActionContext context, Func<CancellationToken, Task<T>> deed, CancellationToken ct)
    {
        // A name that an install still has to make up is nobody else's.
        if (Lease is null || context.Options.DryRun != DryRun.None || !ActionContext.IsValidName(context.Name)) return await deed(ct).ConfigureAwait(false);
        var patience = Lease.Recovery == PendingRecovery.Wait ? context.Options.Timeout : TimeSpan.Zero;
        return await UnderLeaseAsync(
            context,
            patience,
            async (lease, token) =>
            {
                if (context.Options is UpgradeOptions upgrade) await new DeadRevision(context, upgrade, Lease, lease).RecoverAsync(token).ConfigureAwait(false);
                return await deed(token).ConfigureAwait(false);
            },
            ct).ConfigureAwait(false);
    }

    /// <summary>Goes on with what another process began, under its lease once that has run out: a process that lives keeps it, and is left alone.</summary>
    internal Task<T> TakenOverAsync<T>(ActionContext context, Func<CancellationToken, Task<T>> deed, CancellationToken ct) => Lease is null
        ? deed(ct)
        : UnderLeaseAsync(context, Lease.Expiry * 2, (_, token) => deed(token), ct);

    private async Task<T> UnderLeaseAsync<T>(ActionContext context, TimeSpan patience, Func<HeldLease, CancellationToken, Task<T>> deed, CancellationToken ct)
    {
        var lease = await HeldLease.TakeAsync(context, Leases!, Lease!, patience, ct).ConfigureAwait(false);
        await using var held = lease.ConfigureAwait(false);
        try
        {
            return await deed(lease, lease.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            if (lease.LostTo is { } other) throw new ReleaseException($"the lease of release {Go.Quote(context.Name)} was lost to {other}", e) { ReleaseName = context.Name };
            lease.LeavesPending = await context.Records.IsPendingAsync().ConfigureAwait(false);
            throw;
        }
    }

    private Task<T> RunAsync<T>(
        string verb, ActionOptions options, Func<T, Release?> releaseOf, Func<ActionContext, CancellationToken, Task<T>> action, CancellationToken ct)
    {
        var context = new ActionContext(this, options);
        return ReleaseTelemetry.RunAsync(verb, context.Name, context.Namespace, Time, async () =>
        {
            ct.ThrowIfCancellationRequested();
            var result = await action(context, ct).ConfigureAwait(false);
            context.Report(new ReleaseCompleted(releaseOf(result)));
            return result;
        });
    }
}
