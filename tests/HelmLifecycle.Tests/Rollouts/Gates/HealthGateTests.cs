using HelmLifecycle.EmbeddedCluster;

namespace HelmLifecycle.Tests.Rollouts.Gates;

public sealed class HealthGateTests
{
    private static readonly HealthGate s_gate = new() { Watch = TimeSpan.FromMinutes(3) };

    [Fact]
    public async Task A_healthy_revision_passes_after_the_time_of_the_watch()
    {
        await using var web = await WebRelease.InstallAsync();
        var began = web.Cluster.Time.GetUtcNow();
        var log = new Log<ReleaseEvent>();
        var release = await web.Upgrade(s_gate).ReportTo(log).RunAsync();
        release.Status.Should().Be(ReleaseStatus.Deployed);
        (web.Cluster.Time.GetUtcNow() - began).Should().BeGreaterOrEqualTo(TimeSpan.FromMinutes(3));
        log.Items.OfType<RolloutProgress>().Count(p => p.Detail.StartsWith("pods #", StringComparison.Ordinal)).Should().Be(19);
    }

    [Fact]
    public async Task A_pod_that_restarts_in_the_time_of_the_watch_brings_the_old_revision_back()
    {
        await using var web = await WebRelease.InstallAsync();
        web.Cluster.Pods.WithLabel("version", "v2").CrashAfter(TimeSpan.FromSeconds(70), exitCode: 9);
        Func<Task> upgrade = () => web.Upgrade(s_gate).RollbackOnFailure().RunAsync();

        var failed = (await upgrade.Should().ThrowAsync<ReleaseFailedException>()).Which;
        failed.Message.Should().Contain("health gate: pods:").And.Contain("pod web-");
        failed.RolledBackTo!.Revision.Should().Be(3);
        var history = await web.Releases.HistoryAsync(WebRelease.Name);
        history.Select(h => h.Status).Should().Equal(ReleaseStatus.Superseded, ReleaseStatus.Failed, ReleaseStatus.Deployed);
        history[1].Description.Should().Contain("health gate: pods:").And.Contain("pod web-");
        history[2].Description.Should().StartWith("Rollback to 1").And.Contain("pod web-");
        (await web.PodsAsync()).Where(p => p.DeletionTimestamp is null).Should().OnlyContain(p => p.GetLabel("version") == "v1");
    }

    [Fact]
    public async Task What_cannot_be_told_warns_or_fails_as_asked()
    {
        await using var web = await WebRelease.InstallAsync();
        var unsure = new DelegateAnalysis("gut feeling", (_, _) => Task.FromResult(AnalysisResult.Inconclusive("hm")));
        var log = new Log<ReleaseEvent>();
        await web.Upgrade(new HealthGate { Analyses = [unsure] }).ReportTo(log).RunAsync();
        log.Items.OfType<ReleaseWarning>().Should().ContainSingle(w => w.Text == "health gate: gut feeling: hm");
        Func<Task> strict = () => web.Upgrade(new HealthGate { Analyses = [unsure], FailWhenInconclusive = true }).RunAsync();
        await strict.Should().ThrowAsync<ReleaseFailedException>();
    }
}
