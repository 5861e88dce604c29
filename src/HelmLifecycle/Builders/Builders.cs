namespace HelmLifecycle;

/// <summary>An install in the making (<c>helm install</c>).</summary>
public sealed class InstallBuilder : ChartActionBuilder<InstallBuilder, InstallOptions>
{
    internal InstallBuilder(ReleaseClient client, InstallOptions options)
        : base(client, options)
    {
    }

    /// <summary>Uses a name again whose last revision is uninstalled or failed.</summary>
    public InstallBuilder Replace(bool replace = true) => Make(Options with { Replace = replace });

    /// <summary>Makes a name from the chart's.</summary>
    public InstallBuilder GenerateName(bool generate = true) => Make(Options with { GenerateName = generate });

    /// <summary>Makes the name by a Go template.</summary>
    public InstallBuilder NameTemplate(string template) => Make(Options with { NameTemplate = template });

    /// <summary>Installs.</summary>
    /// <returns>The revision as stored.</returns>
    /// <exception cref="ReleaseException">It could not be done; the message is Helm's.</exception>
    public Task<Release> RunAsync(CancellationToken ct = default) => Client.RunInstallAsync(Options, ct);

    /// <summary>Works out what would be done, and does nothing. By default the API server is asked for each object (dry run); with <see cref="DryRun.Client"/> stored manifests are compared.</summary>
    /// <exception cref="ReleaseException">It cannot be planned: the reason is the one the action itself would give.</exception>
    public Task<Plan> PlanAsync(CancellationToken ct = default) => Client.PlanInstallAsync(Options, ct);

    /// <summary>Installs and tells each step as it happens; the last event carries the revision. A failure is thrown at the end.</summary>
    public IAsyncEnumerable<ReleaseEvent> StreamAsync(CancellationToken ct = default) =>
        EventStream.RunAsync((p, c) => Client.RunInstallAsync(Options with { Progress = p }, c), Options.Progress, ct);

    private protected override InstallBuilder Make(InstallOptions options) => new(Client, options);
}

/// <summary>An upgrade in the making (<c>helm upgrade</c>).</summary>
public sealed class UpgradeBuilder : ChartActionBuilder<UpgradeBuilder, UpgradeOptions>
{
    internal UpgradeBuilder(ReleaseClient client, UpgradeOptions options)
        : base(client, options)
    {
    }

    /// <summary>Installs when the release does not exist.</summary>
    public UpgradeBuilder Install(bool install = true) => Make(Options with { Install = install });

    /// <summary>Takes only the given values (<c>--reset-values</c>).</summary>
    public UpgradeBuilder ResetValues() => Make(Options with { ReuseValues = ValuesReuse.Reset });

    /// <summary>Takes the old values and the old chart's defaults under the given ones (<c>--reuse-values</c>).</summary>
    public UpgradeBuilder ReuseValues() => Make(Options with { ReuseValues = ValuesReuse.Reuse });

    /// <summary>Takes the old values over the new chart's defaults (<c>--reset-then-reuse-values</c>).</summary>
    public UpgradeBuilder ResetThenReuseValues() => Make(Options with { ReuseValues = ValuesReuse.ResetThenReuse });

    /// <summary>Deletes the pods of changed workloads (Helm 3's deprecated flag).</summary>
    public UpgradeBuilder RecreatePods(bool recreate = true) => Make(Options with { RecreatePods = recreate });

    /// <summary>Upgrades.</summary>
    /// <returns>The revision as stored.</returns>
    /// <exception cref="ReleaseException">It could not be done; the message is Helm's.</exception>
    public Task<Release> RunAsync(CancellationToken ct = default) => Client.RunUpgradeAsync(Options, ct);

    /// <summary>Works out what would be done, and does nothing. By default the API server is asked for each object (dry run); with <see cref="DryRun.Client"/> stored manifests are compared.</summary>
    /// <exception cref="ReleaseException">It cannot be planned: the reason is the one the action itself would give.</exception>
    public Task<Plan> PlanAsync(CancellationToken ct = default) => Client.PlanUpgradeAsync(Options, ct);

    /// <summary>Upgrades and tells each step as it happens; the last event carries the revision. A failure is thrown at the end.</summary>
    public IAsyncEnumerable<ReleaseEvent> StreamAsync(CancellationToken ct = default) =>
        EventStream.RunAsync((p, c) => Client.RunUpgradeAsync(Options with { Progress = p }, c), Options.Progress, ct);

    /// <summary>
    /// Applies the newest revision's own chart and values again when no chart is given, so that edits by hand are undone. A release that is applied on the server's side takes the edited
    /// fields back from their managers, as with <see cref="DeployBuilder{TSelf, TOptions}.ForceConflicts"/>.
    /// </summary>
    public UpgradeBuilder CorrectDrift(bool correct = true) => Make(Options with { CorrectDrift = correct });

    private protected override UpgradeBuilder Make(UpgradeOptions options) => new(Client, options);
}

/// <summary>A rollback in the making (<c>helm rollback</c>).</summary>
public sealed class RollbackBuilder : DeployBuilder<RollbackBuilder, RollbackOptions>
{
    internal RollbackBuilder(ReleaseClient client, RollbackOptions options)
        : base(client, options)
    {
    }

    /// <summary>The revision to go back to; without it the one before the last.</summary>
    public RollbackBuilder To(int revision) => Make(Options with { Revision = revision });

    /// <summary>Goes back to the newest earlier revision that was once deployed.</summary>
    public RollbackBuilder ToPreviousGood() => Make(Options with { Revision = 0, ToPreviousGood = true });

    /// <summary>Deletes the pods of changed workloads (Helm 3's deprecated flag).</summary>
    public RollbackBuilder RecreatePods(bool recreate = true) => Make(Options with { RecreatePods = recreate });

    /// <summary>Rolls back.</summary>
    /// <returns>The new revision as stored.</returns>
    /// <exception cref="ReleaseException">It could not be done; the message is Helm's.</exception>
    public Task<Release> RunAsync(CancellationToken ct = default) => Client.RunRollbackAsync(Options, ct);

    /// <summary>Works out what would be done, and does nothing. By default the API server is asked for each object (dry run); with <see cref="DryRun.Client"/> stored manifests are compared.</summary>
    /// <exception cref="ReleaseException">It cannot be planned: the reason is the one the action itself would give.</exception>
    public Task<Plan> PlanAsync(CancellationToken ct = default) => Client.PlanRollbackAsync(Options, ct);

    /// <summary>Rolls back and tells each step as it happens; the last event carries the revision. A failure is thrown at the end.</summary>
    public IAsyncEnumerable<ReleaseEvent> StreamAsync(CancellationToken ct = default) =>
        EventStream.RunAsync((p, c) => Client.RunRollbackAsync(Options with { Progress = p }, c), Options.Progress, ct);

    private protected override RollbackBuilder Make(RollbackOptions options) => new(Client, options);
}

/// <summary>An uninstall in the making (<c>helm uninstall</c>).</summary>
public sealed class UninstallBuilder : ActionBuilder<UninstallBuilder, UninstallOptions>
{
    internal UninstallBuilder(ReleaseClient client, UninstallOptions options)
        : base(client, options)
    {
    }

    /// <summary>Keeps the records.</summary>
    public UninstallBuilder KeepHistory(bool keep = true) => Make(Options with { KeepHistory = keep });

    /// <summary>Takes an unknown release as gone already.</summary>
    public UninstallBuilder IgnoreNotFound(bool ignore = true) => Make(Options with { IgnoreNotFound = ignore });

    /// <summary>How dependents go.</summary>
    public UninstallBuilder Cascade(Cascade cascade) => Make(Options with { Cascade = cascade });

    /// <summary>Waits until the objects are gone.</summary>
    /// <param name="timeout">The longest wait; null keeps the present one (five minutes).</param>
    public UninstallBuilder Wait(TimeSpan? timeout = null) =>
        Make(Options with { Wait = Client.DefaultWait, Timeout = timeout ?? Options.Timeout });

    /// <summary>Waits in a given way.</summary>
    public UninstallBuilder Wait(WaitMode strategy) => Make(Options with { Wait = strategy });

    /// <summary>Uninstalls.</summary>
    /// <exception cref="ReleaseException">It could not be done; the message is Helm's.</exception>
    public Task<UninstallResult> RunAsync(CancellationToken ct = default) => Client.RunUninstallAsync(Options, ct);

    /// <summary>Works out what would be done, and does nothing. By default the API server is asked for each object (dry run); with <see cref="DryRun.Client"/> stored manifests are compared.</summary>
    /// <exception cref="ReleaseException">It cannot be planned: the reason is the one the action itself would give.</exception>
    public Task<Plan> PlanAsync(CancellationToken ct = default) => Client.PlanUninstallAsync(Options, ct);

    /// <summary>Uninstalls and tells each step as it happens. A failure is thrown at the end.</summary>
    public IAsyncEnumerable<ReleaseEvent> StreamAsync(CancellationToken ct = default) =>
        EventStream.RunAsync((p, c) => Client.RunUninstallAsync(Options with { Progress = p }, c), Options.Progress, ct);

    private protected override UninstallBuilder Make(UninstallOptions options) => new(Client, options);
}

/// <summary>A test in the making (<c>helm test</c>).</summary>
public sealed class TestBuilder : ActionBuilder<TestBuilder, TestOptions>
{
    internal TestBuilder(ReleaseClient client, TestOptions options)
        : base(client, options)
    {
    }

    /// <summary>Runs only these tests.</summary>
    public TestBuilder Only(params string[] names) => Make(Options with { Include = [.. Options.Include, .. names] });

    /// <summary>Leaves these tests out.</summary>
    public TestBuilder Except(params string[] names) => Make(Options with { Exclude = [.. Options.Exclude, .. names] });

    /// <summary>Fetches the logs of the test pods.</summary>
    public TestBuilder WithLogs(bool logs = true) => Make(Options with { Logs = logs });

    /// <summary>Runs the tests of the last revision.</summary>
    /// <exception cref="ReleaseException">A test failed or could not be run; the message is Helm's.</exception>
    public Task<TestResult> RunAsync(CancellationToken ct = default) => Client.RunTestAsync(Options, ct);

    /// <summary>Runs the tests and tells each step as it happens. A failure is thrown at the end.</summary>
    public IAsyncEnumerable<ReleaseEvent> StreamAsync(CancellationToken ct = default) =>
        EventStream.RunAsync((p, c) => Client.RunTestAsync(Options with { Progress = p }, c), Options.Progress, ct);

    private protected override TestBuilder Make(TestOptions options) => new(Client, options);
}

/// <summary>A rendering in the making (<c>helm template</c>). Needs no cluster unless asked to validate.</summary>
public sealed class TemplateBuilder : ChartActionBuilder<TemplateBuilder, TemplateOptions>
{
    internal TemplateBuilder(ReleaseClient client, TemplateOptions options)
        : base(client, options)
    {
    }

    /// <summary>Puts the CRDs first.</summary>
    public TemplateBuilder IncludeCrds(bool include = true) => Make(Options with { IncludeCrds = include });

    /// <summary>Sets <c>.Release.IsUpgrade</c>.</summary>
    public TemplateBuilder IsUpgrade(bool upgrade = true) => Make(Options with { IsUpgrade = upgrade });

    /// <summary>Checks the manifests against the cluster.</summary>
    public TemplateBuilder Validate(bool validate = true) => Make(Options with { Validate = validate });

    /// <summary>Leaves test hooks out.</summary>
    public TemplateBuilder SkipTests(bool skip = true) => Make(Options with { SkipTests = skip });

    /// <summary>The Kubernetes version to render for.</summary>
    public TemplateBuilder KubeVersion(string version) => Make(Options with { KubeVersion = version });

    /// <summary>API versions the cluster is said to have.</summary>
    public TemplateBuilder ApiVersions(params string[] versions) => Make(Options with { ApiVersions = [.. Options.ApiVersions, .. versions] });

    /// <summary>Shows only templates whose path matches.</summary>
    public TemplateBuilder ShowOnly(params string[] patterns) => Make(Options with { ShowOnly = [.. Options.ShowOnly, .. patterns] });

    /// <summary>Renders.</summary>
    /// <exception cref="ReleaseException">It could not be done; the message is Helm's.</exception>
    public Task<TemplateResult> RunAsync(CancellationToken ct = default) => Client.RunTemplateAsync(Options, ct);

    private protected override TemplateBuilder Make(TemplateOptions options) => new(Client, options);
}
