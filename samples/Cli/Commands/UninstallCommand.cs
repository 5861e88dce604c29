namespace HelmLifecycle.Cli;

internal sealed class UninstallCommand : Command
{
    private readonly BoolFlag _keepHistory, _ignoreNotFound, _dryRun, _noHooks;
    private readonly TextFlag _wait, _cascade, _description;
    private readonly DurationFlag _timeout;

    public UninstallCommand()
        : base("uninstall RELEASE_NAME [...]", "uninstall a release")
    {
        _keepHistory = Bool("keep-history", "remove all associated resources and mark the release as deleted, but retain the release history");
        _ignoreNotFound = Bool("ignore-not-found", "treat \"release not found\" as a successful uninstall");
        _dryRun = Bool("dry-run", "simulate a uninstall");
        _noHooks = Bool("no-hooks", "prevent hooks from running during uninstallation");
        _wait = Add(new TextFlag("wait", "wait until all resources are deleted before returning (up to --timeout)", "", typeName: "WaitStrategy", check: DeployFlags.CheckWait) { Alone = "watcher" });
        _cascade = Text("cascade", "Must be \"background\", \"orphan\", or \"foreground\". Selects the deletion cascading strategy for the dependents", "background");
        _description = Text("description", "add a custom description");
        _timeout = Add(new DurationFlag("timeout", "time to wait for any individual Kubernetes operation (like Jobs for hooks)", TimeSpan.FromMinutes(5)));
    }

    public override IReadOnlyList<string> Aliases => ["del", "delete", "un"];

    public override void CheckArguments(IReadOnlyList<string> arguments) => AtLeast(arguments, 1);

    public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        ReleaseClient releases = await session.ReleasesAsync(ct).ConfigureAwait(false);
        foreach (string name in arguments)
        {
            UninstallBuilder uninstall = releases.Uninstall(name).With(o => o with
            {
                KeepHistory = _keepHistory,
                IgnoreNotFound = _ignoreNotFound,
                DryRun = _dryRun ? DryRun.Client : DryRun.None,
                DisableHooks = _noHooks,
                Wait = DeployFlags.WaitOf(_wait),
                Timeout = _timeout.Value,
                Description = _description.Value.Length > 0 ? _description.Value : null,
                Cascade = _cascade.Value switch { "orphan" => Cascade.Orphan, "foreground" => Cascade.Foreground, _ => Cascade.Background },
            });
            UninstallResult result = await ProgressDisplay.RunAsync(session, OutputFormat.Table, p => uninstall.ReportTo(p).RunAsync(ct)).ConfigureAwait(false);
            if (result.Info.Length > 0)
                session.Out.Write(result.Info + "\n");
            session.Out.Write($"release \"{name}\" uninstalled\n");
        }

        return 0;
    }
}
