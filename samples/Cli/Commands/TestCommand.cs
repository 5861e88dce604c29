namespace HelmLifecycle.Cli;

internal sealed class TestCommand : Command
{
    private readonly DurationFlag _timeout;
    private readonly BoolFlag _logs;
    private readonly ListFlag _filter;

    public TestCommand()
        : base("test [RELEASE]", "run tests for a release")
    {
        _timeout = Add(new DurationFlag("timeout", "time to wait for any individual Kubernetes operation (like Jobs for hooks)", TimeSpan.FromMinutes(5)));
        _logs = Bool("logs", "dump the logs from test pods (this runs after all tests are complete, but before any cleanup)");
        _filter = Add(new ListFlag("filter", "specify tests by attribute (currently \"name\") using attribute=value syntax or '!attribute=value' to exclude a test (can specify multiple or separate values with commas: name=test1,name=test2)", splits: true, typeName: "strings"));
    }

    public override void CheckArguments(IReadOnlyList<string> arguments) => Exactly(arguments, 1);

    public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        ReleaseClient releases = await session.ReleasesAsync(ct).ConfigureAwait(false);
        string[] Names(string prefix) => [.. _filter.Values.Where(f => f.StartsWith(prefix, StringComparison.Ordinal)).Select(f => f[prefix.Length..])];
        TestBuilder test = releases.Test(arguments[0]).Only(Names("name=")).Except(Names("!name=")).WithLogs(_logs).With(o => o with { Timeout = _timeout.Value });
        TestResult result = await ProgressDisplay.RunAsync(session, OutputFormat.Table, p => test.ReportTo(p).RunAsync(ct)).ConfigureAwait(false);
        ReleaseOutput.Write(session.Out, result.Release, new ReleaseView { ShowNotes = false });
        foreach (HookLog log in result.Logs)
            session.Out.Write($"\nPOD LOGS: {log.Pod}{(log.Container.Length > 0 ? $" ({log.Container})" : "")}\n{log.Text}\n");
        return 0;
    }
}
