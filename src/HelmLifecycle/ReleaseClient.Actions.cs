namespace HelmLifecycle;

public sealed partial class ReleaseClient
{
    internal Task<Release> RunInstallAsync(InstallOptions options, CancellationToken ct) => throw new NotSupportedException();

    internal Task<Release> RunUpgradeAsync(UpgradeOptions options, CancellationToken ct) => throw new NotSupportedException();

    internal Task<Release> RunRollbackAsync(RollbackOptions options, CancellationToken ct) => throw new NotSupportedException();

    internal Task<UninstallResult> RunUninstallAsync(UninstallOptions options, CancellationToken ct) => throw new NotSupportedException();

    internal Task<TestResult> RunTestAsync(TestOptions options, CancellationToken ct) => throw new NotSupportedException();

    internal Task<TemplateResult> RunTemplateAsync(TemplateOptions options, CancellationToken ct) => throw new NotSupportedException();
}
