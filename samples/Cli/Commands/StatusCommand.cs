namespace HelmLifecycle.Cli;

internal sealed class StatusCommand : Command
{
    private readonly IntFlag _revision;
    private readonly TextFlag _output;

    public StatusCommand()
        : base("status RELEASE_NAME", "display the status of the named release")
    {
        _revision = Int("revision", "if set, display the status of the named release with revision");
        _output = Add(OutputFlag.Make());
    }

    public override void CheckArguments(IReadOnlyList<string> arguments) => Exactly(arguments, 1);

    public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        OutputFormat format = OutputFlag.Of(_output);
        ReleaseClient releases = await session.ReleasesAsync(ct).ConfigureAwait(false);
        ReleaseState state = await releases.StatusAsync(arguments[0], _revision, ct).ConfigureAwait(false);
        var live = new LiveResources(await session.ClusterAsync(ct).ConfigureAwait(false), state.Resources);
        ReleaseOutput.Write(session.Out, state.Release, new ReleaseView
        {
            Format = format,
            WithChart = false,
            Resources = format == OutputFormat.Table ? null : await live.ObjectsAsync(ct).ConfigureAwait(false),
            ResourceTables = format == OutputFormat.Table ? await live.TablesAsync(ct).ConfigureAwait(false) : "",
        });
        return 0;
    }
}
