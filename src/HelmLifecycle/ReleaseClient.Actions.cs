namespace HelmLifecycle;

public sealed partial class ReleaseClient
{
    internal Task<Release> RunInstallAsync(InstallOptions options, CancellationToken ct) =>
        RunAsync("install", options, r => r, (context, token) => new InstallAction(context, options).RunAsync(token), ct);

    internal Task<Release> RunUpgradeAsync(UpgradeOptions options, CancellationToken ct) =>
        RunAsync("upgrade", options, r => r, (context, token) => new UpgradeAction(context, options).RunAsync(token), ct);

    internal Task<Release> RunRollbackAsync(RollbackOptions options, CancellationToken ct) =>
        RunAsync("rollback", options, r => r, (context, token) => new RollbackAction(context, options).RunAsync(token), ct);

    internal Task<UninstallResult> RunUninstallAsync(UninstallOptions options, CancellationToken ct) =>
        RunAsync("uninstall", options, r => r.Release, (context, token) => new UninstallAction(context, options).RunAsync(token), ct);

    internal Task<TestResult> RunTestAsync(TestOptions options, CancellationToken ct) =>
        RunAsync("test", options, r => r.Release, (context, token) => new TestAction(context, options).RunAsync(token), ct);

    internal Task<TemplateResult> RunTemplateAsync(TemplateOptions options, CancellationToken ct) =>
        RunAsync("template", options, r => r.Release, (context, token) => new TemplateAction(context, options).RunAsync(token), ct);

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
