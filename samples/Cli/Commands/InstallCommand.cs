using HelmLifecycle.Charts;

namespace HelmLifecycle.Cli;

internal sealed class InstallCommand : ChartCommand
{
    private readonly DeployFlags _deploy;
    private readonly ChartActionFlags _chart;
    private readonly BoolFlag _generate, _replace, _hideNotes;
    private readonly TextFlag _template, _output;

    public InstallCommand()
        : base("install [NAME] [CHART]", "install a chart")
    {
        _deploy = new DeployFlags(Add, "true");
        _chart = new ChartActionFlags(Add);
        _generate = Bool("generate-name", "generate the name (and omit the NAME parameter)", 'g');
        _template = Text("name-template", "specify template used to name the release");
        _replace = Bool("replace", "reuse the given name, only if that name is a deleted release which remains in the history. This is unsafe in production");
        _hideNotes = Bool("hide-notes", "if set, do not show notes in install output. Does not affect presence in chart metadata");
        _output = Add(OutputFlag.Make());
    }

    public override void CheckArguments(IReadOnlyList<string> arguments) => AtLeast(arguments, 1);

    public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        OutputFormat format = OutputFlag.Of(_output);
        DryRun dryRun = _deploy.DryRun;
        try
        {
            (string name, string reference) = Names(arguments);
            Chart chart = await Source.LoadAsync(session, reference, ct, _chart.DependencyUpdate).ConfigureAwait(false);
            if (chart.Metadata.Deprecated)
                session.Warn("This chart is deprecated");
            ReleaseClient releases = await session.ReleasesAsync(ct).ConfigureAwait(false);
            InstallBuilder install = releases.Install(name).Chart(chart).Values(await ValuesAsync(session, ct).ConfigureAwait(false))
                .With(o => _chart.Apply(_deploy.Apply(o)) with { Replace = _replace, GenerateName = _generate, NameTemplate = _template.Value.Length > 0 ? _template.Value : null });
            Release release = await ProgressDisplay.RunAsync(session, format, p => install.ReportTo(p).RunAsync(ct)).ConfigureAwait(false);
            ReleaseOutput.Write(session.Out, release, new ReleaseView { Format = format, DryRun = dryRun != DryRun.None, ShowNotes = !_hideNotes });
            return 0;
        }
        catch (Exception e) when (Failure.IsExpected(e))
        {
            throw new UsageException("INSTALLATION FAILED: " + e.Message);
        }
    }

    private (string Name, string Chart) Names(IReadOnlyList<string> arguments)
    {
        if (arguments.Count > 2)
            throw new UsageException("expected at most two arguments, unexpected arguments: " + string.Join(", ", arguments.Skip(2)));
        if (arguments.Count == 2)
        {
            if (_generate)
                throw new UsageException("cannot set --generate-name and also specify a name");
            if (_template.Value.Length > 0)
                throw new UsageException("cannot set --name-template and also specify a name");
            return (arguments[0], arguments[1]);
        }

        return _generate || _template.Value.Length > 0
            ? ("", arguments[0])
            : throw new UsageException("must either provide a name or specify --generate-name");
    }
}
