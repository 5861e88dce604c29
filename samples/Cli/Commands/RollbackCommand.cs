using System.Globalization;

namespace HelmLifecycle.Cli;

internal sealed class RollbackCommand : Command
{
    private readonly DeployFlags _deploy;
    private readonly IntFlag _historyMax;

    public RollbackCommand()
        : base("rollback <RELEASE> [REVISION]", "roll back a release to a previous revision")
    {
        _deploy = new DeployFlags(Add, "auto");
        _historyMax = Int("history-max", "limit the maximum number of revisions saved per release. Use 0 for no limit", 10);
    }

    public override string Long => """
        This command rolls back a release to a previous revision.

        The first argument of the rollback command is the name of a release, and the
        second is a revision (version) number. If this argument is omitted or set to
        0, it will roll back to the previous release.
        """;

    public override void CheckArguments(IReadOnlyList<string> arguments) => AtLeast(arguments, 1);

    public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        int revision = 0;
        if (arguments.Count > 1 && !int.TryParse(arguments[1], CultureInfo.InvariantCulture, out revision))
            throw new UsageException($"could not convert revision to a number: strconv.Atoi: parsing \"{arguments[1]}\": invalid syntax");
        ReleaseClient releases = await session.ReleasesAsync(ct).ConfigureAwait(false);
        RollbackBuilder rollback = releases.Rollback(arguments[0]).To(revision)
            .With(o => _deploy.Apply(o) with { MaxHistory = _historyMax.IsGiven ? _historyMax.Value : null });
        await ProgressDisplay.RunAsync(session, OutputFormat.Table, p => rollback.ReportTo(p).RunAsync(ct)).ConfigureAwait(false);
        session.Out.Write("Rollback was a success! Happy Helming!\n");
        return 0;
    }
}
