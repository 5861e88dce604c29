using FluentAssertions;
using HelmLifecycle.EmbeddedCluster;
using HelmLifecycle.Kubernetes;
using Xunit;

namespace HelmLifecycle.Tests.Rollouts;

public sealed class CanaryTests
{
    private const string Hpa = """

        ---
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: {name: web}
        spec: {maxReplicas: 5, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
        """;

    [Theory]
    [InlineData(10, 10, true, 9, 1)]
    [InlineData(10, 5, true, 10, 1)]
    [InlineData(10, 5, false, 9, 1)]
    [InlineData(3, 10, true, 3, 1)]
    [InlineData(3, 10, false, 2, 1)]
    [InlineData(3, 50, true, 2, 2)]
    [InlineData(4, 50, true, 2, 2)]
    [InlineData(1, 50, true, 1, 1)]
    [InlineData(5, 0, true, 5, 0)]
    [InlineData(5, 100, true, 0, 5)]
    public void Replicas_come_as_near_to_the_weight_as_whole_pods_allow(int replicas, int weight, bool surge, int stable, int canary) =>
        ReplicaRatio.Split(replicas, weight, surge).Should().Be((stable, canary));

    [Fact]
    public async Task By_replicas_a_promotion_fails_no_request_and_comes_near_the_weights()
    {
        await using var scene = await RolloutScene.StartAsync(replicas: 10);
        var (traffic, failure) = await scene.UpgradeAsync(scene.Release.Upgrade(Canary.Steps(10, 50, 100).Pause(TimeSpan.FromSeconds(10))));
        failure.Should().BeNull();
        traffic.Requests.Should().BeGreaterThan(100_000);
        traffic.Failed.Should().Be(0);
        scene.AtWeight[10].Share("version", "v2").Should().BeApproximately(0.10, 0.01);
        scene.AtWeight[50].Share("version", "v2").Should().BeApproximately(0.50, 0.01);
        scene.AtWeight[100].Share("version", "v2").Should().Be(1);
        await scene.ShouldHoldOnlyAsync("v2", 10);
    }

    [Fact]
    public async Task By_replicas_never_too_many_pods_run_and_never_too_few_are_ready()
    {
        await using var scene = await RolloutScene.StartAsync(replicas: 4);
        var seen = new List<int>();
        scene.OnStep = s =>
        {
            if (s.Step.StartsWith("weight", StringComparison.Ordinal)) seen.Add(scene.Traffic.Send(scene.Target, 2000).Pods.Length);
        };
        await scene.UpgradeAsync(scene.Release.Upgrade(Canary.Steps(25, 50, 75)));
        seen.Should().OnlyContain(n => n >= 4 && n <= 5);
    }

    [Theory]
    [InlineData(AnalysisOutcome.Failed)]
    [InlineData(AnalysisOutcome.Error)]
    public async Task By_replicas_a_failed_analysis_takes_it_back_without_a_failed_request(AnalysisOutcome outcome)
    {
        await using var scene = await RolloutScene.StartAsync(replicas: 4);
        var (traffic, failure) = await scene.UpgradeAsync(scene.Release.Upgrade(Canary.Steps(25, 50).Pause(TimeSpan.FromSeconds(10)).Analyze(new Given("error rate", outcome))));
        failure.Should().BeOfType<ReleaseFailedException>().Which.Message.Should().Contain("canary aborted at step 1 of 2, weight 25: error rate: ");
        traffic.Requests.Should().BeGreaterThan(100_000);
        traffic.Failed.Should().Be(0);
        await scene.ShouldHoldOnlyAsync("v1", 4);
    }

    [Fact]
    public async Task An_upgrade_that_changes_no_pod_is_applied_at_once()
    {
        await using var scene = await RolloutScene.StartAsync();
        await scene.Releases.Upgrade("web").Chart(WebRelease.Chart(scene.Release.Template)).Rollout(Canary.Steps(10)).ReportTo(scene).RunAsync();
        scene.Steps.Should().ContainSingle(s => s.Step == "apply");
    }

    [Fact]
    public async Task By_replicas_an_autoscaler_is_refused_before_anything_is_written()
    {
        await using var scene = await RolloutScene.StartAsync(RolloutScene.Web + Hpa);
        var (_, failure) = await scene.UpgradeAsync(scene.Release.Upgrade(Canary.Steps(10)));
        failure!.InnerException.Should().BeOfType<NotSupportedException>().Which.Message.Should().Contain("HorizontalPodAutoscaler web");
        await scene.ShouldHoldOnlyAsync("v1");
    }

    [Fact]
    public async Task Matches_need_a_router()
    {
        await using var scene = await RolloutScene.StartAsync();
        var (_, failure) = await scene.UpgradeAsync(scene.Release.Upgrade(Canary.Steps(10).Match(TrafficMatch.Header("x-canary", "yes"))));
        failure!.InnerException.Should().BeOfType<NotSupportedException>();
    }
}
