using HelmLifecycle.EmbeddedCluster;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle.Tests.Rollouts.Analysis;

public sealed class AnalysisRunTests : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly Log<AnalysisMeasurement> _log = new();
    private readonly List<TimeSpan> _when = [];

    public void Dispose() => _time.Dispose();

    [Theory]
    [InlineData("S", 1, 0, AnalysisOutcome.Successful, 1)]
    [InlineData("F", 1, 0, AnalysisOutcome.Failed, 1)]
    [InlineData("FS", 2, 1, AnalysisOutcome.Successful, 2)]
    [InlineData("SFSF", 5, 1, AnalysisOutcome.Failed, 4)]
    [InlineData("FFFFF", 3, 9, AnalysisOutcome.Successful, 3)]
    [InlineData("I", 3, 0, AnalysisOutcome.Inconclusive, 1)]
    public async Task More_failures_than_the_limit_fail_the_run(string measurements, int count, int failureLimit, AnalysisOutcome expected, int measured)
    {
        var result = await RunAsync(measurements, new AnalysisOptions { Count = count, FailureLimit = failureLimit });
        result.Outcome.Should().Be(expected);
        _log.Items.Should().HaveCount(measured);
    }

    [Theory]
    [InlineData("EEEEE", 1, AnalysisOutcome.Error, 5)]
    [InlineData("EEEES", 1, AnalysisOutcome.Successful, 5)]
    [InlineData("EEEESEEEES", 2, AnalysisOutcome.Successful, 10)]
    public async Task Errors_do_not_count_as_measurements_and_only_too_many_in_a_row_end_the_run(string measurements, int count, AnalysisOutcome expected, int measured)
    {
        var result = await RunAsync(measurements, new AnalysisOptions { Count = count });
        result.Outcome.Should().Be(expected);
        _log.Items.Should().HaveCount(measured);
    }

    [Fact]
    public async Task It_measures_after_the_delay_and_then_at_every_interval()
    {
        await RunAsync("SSS", new AnalysisOptions { Count = 3, InitialDelay = TimeSpan.FromSeconds(5), Interval = TimeSpan.FromSeconds(20) });
        _when.Select(w => w.TotalSeconds).Should().Equal(5, 25, 45);
    }

    [Fact]
    public async Task Enough_successes_in_a_row_end_the_run_early()
    {
        var result = await RunAsync("SFSSS", new AnalysisOptions { Count = 10, FailureLimit = 3, ConsecutiveSuccessLimit = 3 });
        result.Outcome.Should().Be(AnalysisOutcome.Successful);
        _log.Items.Should().HaveCount(5);
    }

    [Fact]
    public async Task A_success_limit_that_is_never_reached_is_inconclusive()
    {
        var result = await RunAsync("SFSF", new AnalysisOptions { Count = 4, FailureLimit = 3, ConsecutiveSuccessLimit = 3 });
        result.Outcome.Should().Be(AnalysisOutcome.Inconclusive);
    }

    [Fact]
    public async Task A_dry_run_tells_but_never_fails()
    {
        var result = await RunAsync("F", new AnalysisOptions { DryRun = true });
        result.Outcome.Should().Be(AnalysisOutcome.Successful);
        result.Message.Should().Be("scripted: F");
    }

    [Fact]
    public async Task The_worst_of_several_decides_and_ends_the_others()
    {
        var forever = Scripted("S");
        var result = await AnalysisRun.RunAsync(
            [forever.With(new AnalysisOptions { Count = 0, Interval = TimeSpan.FromSeconds(1) }), Scripted("SSF").With(new AnalysisOptions { Count = 5 })],
            AnalysisOptions.Default, Context(), _log);
        result.Outcome.Should().Be(AnalysisOutcome.Failed);
        result.Message.Should().Be("scripted: F");
    }

    [Fact]
    public async Task An_exception_is_an_error_with_its_message()
    {
        var broken = new DelegateAnalysis("broken", (_, _) => Task.FromException<AnalysisResult>(new InvalidOperationException("no metrics today")));
        var result = await AnalysisRun.RunAsync([broken], new AnalysisOptions { ConsecutiveErrorLimit = 0 }, Context());
        result.Should().Be(new AnalysisResult(AnalysisOutcome.Error, "broken: no metrics today"));
    }

    [Fact]
    public async Task A_cancelled_run_ends_as_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        int measured = 0;
        var cancelsAtTheFifth = new DelegateAnalysis("scripted", (_, _) =>
        {
            if (++measured == 5) cancel.Cancel();
            return Task.FromResult(AnalysisResult.Successful("S"));
        });
        Func<Task> run = () => AnalysisRun.RunAsync([cancelsAtTheFifth], new AnalysisOptions { Count = 0, Interval = TimeSpan.FromSeconds(7) }, Context(), _log, cancel.Token);
        await run.Should().ThrowAsync<OperationCanceledException>();
        measured.Should().Be(5);
    }

    private Task<AnalysisResult> RunAsync(string measurements, AnalysisOptions options) => AnalysisRun.RunAsync([Scripted(measurements)], options, Context(), _log);

    /// <summary>One letter for each measurement; the last goes on for ever.</summary>
    private DelegateAnalysis Scripted(string measurements)
    {
        int next = 0;
        return new DelegateAnalysis("scripted", (_, _) =>
        {
            _when.Add(_time.Elapsed);
            char letter = measurements[Math.Min(next++, measurements.Length - 1)];
            return Task.FromResult(new AnalysisResult(letter switch
            {
                'S' => AnalysisOutcome.Successful,
                'F' => AnalysisOutcome.Failed,
                'I' => AnalysisOutcome.Inconclusive,
                _ => AnalysisOutcome.Error,
            }, letter.ToString()));
        });
    }

    private AnalysisContext Context() => new()
    {
        Cluster = new KubernetesClient(ClusterConnection.From(new HttpClient(), new Uri("http://nowhere.invalid/"))),
        Namespace = "shop",
        Target = new Release { Name = "web", Namespace = "shop", Revision = 2, Info = new ReleaseInfo { Status = ReleaseStatus.PendingUpgrade, Description = "" } },
        Time = _time,
    };
}
