using HelmLifecycle.Charts;

namespace HelmLifecycle.Cli;

internal sealed class UpgradeCommand : ChartCommand
{
    private readonly DeployFlags _deploy;
    private readonly ChartActionFlags _chart;
    private readonly BoolFlag _install, _reset, _reuse, _resetThenReuse, _hideNotes;
    private readonly IntFlag _historyMax;
    private readonly TextFlag _output;

    public UpgradeCommand()
        : base("upgrade [RELEASE] [CHART]", "upgrade a release")
    {
        _deploy = new DeployFlags(Add, "auto");
        _chart = new ChartActionFlags(Add);
        _install = Bool("install", "if a release by this name doesn't already exist, run an install", 'i');
        _reset = Bool("reset-values", "when upgrading, reset the values to the ones built into the chart");
        _reuse = Bool("reuse-values", "when upgrading, reuse the last release's values and merge in any overrides from the command line via --set and -f. If '--reset-values' is specified, this is ignored");
        _resetThenReuse = Bool("reset-then-reuse-values", "when upgrading, reset the values to the ones built into the chart, apply the last release's values and merge in any overrides from the command line via --set and -f. If '--reset-values' or '--reuse-values' is specified, this is ignored");
        _historyMax = Int("history-max", "limit the maximum number of revisions saved per release. Use 0 for no limit", 10);
        _hideNotes = Bool("hide-notes", "if set, do not show notes in upgrade output. Does not affect presence in chart metadata");
        _output = Add(OutputFlag.Make());
    }

    public override void CheckArguments(IReadOnlyList<string> arguments) => Exactly(arguments, 2);

    public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        OutputFormat format = OutputFlag.Of(_output);
        DryRun dryRun = _deploy.DryRun;
        string name = arguments[0];
        try
        {
            ReleaseClient releases = await session.ReleasesAsync(ct).ConfigureAwait(false);
            bool installs = _install && !await ExistsAsync(releases, name, ct).ConfigureAwait(false);
            if (installs && format == OutputFormat.Table)
                session.Out.Write($"Release \"{name}\" does not exist. Installing it now.\n");
            Chart chart = await Source.LoadAsync(session, arguments[1], ct, _chart.DependencyUpdate).ConfigureAwait(false);
            if (chart.Metadata.Deprecated)
                session.Warn("This chart is deprecated");
            UpgradeBuilder upgrade = releases.Upgrade(name).Chart(chart).Values(await ValuesAsync(session, ct).ConfigureAwait(false))
                .With(o => _chart.Apply(_deploy.Apply(o)) with
                {
                    Install = _install,
                    MaxHistory = _historyMax.IsGiven ? _historyMax.Value : null,
                    ReuseValues = _reset ? ValuesReuse.Reset : _reuse ? ValuesReuse.Reuse : _resetThenReuse ? ValuesReuse.ResetThenReuse : ValuesReuse.Auto,
                });
            Release release = await ProgressDisplay.RunAsync(session, format, p => upgrade.ReportTo(p).RunAsync(ct)).ConfigureAwait(false);
            if (format == OutputFormat.Table && !installs)
                session.Out.Write($"Release \"{name}\" has been upgraded. Happy Helming!\n");
            ReleaseOutput.Write(session.Out, release, new ReleaseView { Format = format, DryRun = dryRun != DryRun.None, ShowNotes = !_hideNotes });
            return 0;
        }
        catch (Exception e) when (Failure.IsExpected(e))
        {
            throw new UsageException("UPGRADE FAILED: " + e.Message);
        }
    }

    private static async Task<bool> ExistsAsync(ReleaseClient releases, string name, CancellationToken ct)
    {
        try
        {
            IReadOnlyList<HistoryEntry> history = await releases.HistoryAsync(name, ct: ct).ConfigureAwait(false);
            return history.Count > 0 && history[^1].Status != ReleaseStatus.Uninstalled;
        }
        catch (ReleaseNotFoundException)
        {
            return false;
        }
    }
}
