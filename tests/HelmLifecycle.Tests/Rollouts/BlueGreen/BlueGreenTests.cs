using FluentAssertions;
using HelmLifecycle.EmbeddedCluster;
using HelmLifecycle.Kubernetes;
using Xunit;

namespace HelmLifecycle.Tests.Rollouts;

public sealed class BlueGreenTests
{
    private static IRolloutAnalysis Check(AnalysisOutcome outcome, Action<AnalysisContext>? seen = null) => new Given("error rate", outcome, seen);

    [Fact]
    public async Task A_promotion_fails_no_request_and_leaves_the_manifest_alone()
    {
        await using var scene = await RolloutScene.StartAsync();
        var before = await ManagersAsync(scene);
        var (traffic, failure) = await scene.UpgradeAsync(scene.Release.Upgrade(new BlueGreen()));
        failure.Should().BeNull();
        traffic.Requests.Should().BeGreaterThan(100_000);
        traffic.Failed.Should().Be(0);
        await scene.ShouldHoldOnlyAsync("v2");
        (await ManagersAsync(scene)).Should().Equal(before, "no field manager is left that the next upgrade would meet");
        (await scene.Releases.GetAsync("web")).Status.Should().Be(ReleaseStatus.Deployed);
        scene.Steps.Select(s => s.Step).Should().ContainInOrder("preview", "switch", "keep the old version", "promote", "finish", "done");
        (await scene.Releases.Rollouts("web").StateAsync()).Should().BeNull();
    }

    [Fact]
    public async Task The_switch_moves_all_requests_in_one_patch()
    {
        await using var scene = await RolloutScene.StartAsync();
        var shares = new List<(string Step, double New)>();
        scene.OnStep = s => shares.Add((s.Step, scene.Traffic.Send(scene.Target, 1000).Share("version", "v2")));
        await scene.Release.Upgrade(new BlueGreen()).ReportTo(scene).RunAsync();
        // The Service's endpoints follow its selector a moment after the patch, which may be within the pause.
        shares.Should().Contain(("switch", 0.0)).And.Contain(("promote", 1.0)).And.OnlyContain(s => s.New == 0.0 || s.New == 1.0);
        scene.Writes.Count(w => w.Path.EndsWith("/services/web", StringComparison.Ordinal)).Should().BeLessThanOrEqualTo(3, "one to switch, one with all objects, one back to the manifest");
    }

    [Fact]
    public async Task Checks_before_the_switch_ask_the_preview_service()
    {
        await using var scene = await RolloutScene.StartAsync();
        AnalysisContext? context = null;
        string? answered = null;
        var strategy = new BlueGreen(new BlueGreenOptions
        {
            PreviewReplicas = 1,
            PrePromotion = [Check(AnalysisOutcome.Successful, c =>
            {
                context = c;
                var report = scene.Traffic.Send(TrafficTarget.Service("shop", c.CanaryService), 100);
                answered = string.Join(",", report.ByLabel("version").Keys) + " of " + report.Pods.Length;
            })],
        });
        await scene.Release.Upgrade(strategy).RunAsync();
        context!.CanaryService.Should().Be("web-preview");
        context.Workloads.Should().ContainSingle(w => w.Name == "web-green");
        answered.Should().Be("v2 of 1");
        await scene.ShouldHoldOnlyAsync("v2");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_failed_analysis_takes_it_back_without_a_failed_request(bool before)
    {
        await using var scene = await RolloutScene.StartAsync();
        IReadOnlyList<IRolloutAnalysis> checks = [Check(AnalysisOutcome.Failed)];
        var options = before ? new BlueGreenOptions { PrePromotion = checks } : new BlueGreenOptions { PostPromotion = checks };
        var (traffic, failure) = await scene.UpgradeAsync(scene.Release.Upgrade(new BlueGreen(options)));
        failure.Should().BeOfType<ReleaseFailedException>().Which.Message.Should().Contain("blue-green aborted").And.Contain("error rate: 7 %");
        (await scene.Traffic.RunAsync(scene.Target, 20_000, TimeSpan.FromSeconds(1), cancellationToken: new CancellationTokenSource(TimeSpan.FromSeconds(10), scene.Release.Cluster.Time).Token)).Failed.Should().Be(0);
        traffic.Failed.Should().Be(0);
        await scene.ShouldHoldOnlyAsync("v1");
        var last = await scene.Releases.GetAsync("web");
        last.Status.Should().Be(ReleaseStatus.Failed);
        last.Info.Description.Should().Contain("error rate: 7 %");
    }

    [Fact]
    public async Task A_way_back_asked_for_has_its_own_revision()
    {
        await using var scene = await RolloutScene.StartAsync();
        var (traffic, failure) = await scene.UpgradeAsync(
            scene.Release.Upgrade(new BlueGreen(new BlueGreenOptions { PostPromotion = [Check(AnalysisOutcome.Failed)] })).RollbackOnFailure());
        failure.Should().BeOfType<ReleaseFailedException>().Which.RolledBackTo!.Revision.Should().Be(3);
        traffic.Failed.Should().Be(0);
        await scene.ShouldHoldOnlyAsync("v1");
        (await scene.Releases.HistoryAsync("web")).Select(h => h.Status).Should().Equal(ReleaseStatus.Superseded, ReleaseStatus.Failed, ReleaseStatus.Deployed);
    }

    [Fact]
    public async Task A_new_version_that_never_gets_ready_is_named_and_removed()
    {
        await using var scene = await RolloutScene.StartAsync();
        scene.Release.Cluster.Pods.WithLabel("version", "v2").FailImagePull();
        var (traffic, failure) = await scene.UpgradeAsync(scene.Release.Upgrade(new BlueGreen()));
        failure.Should().BeOfType<ReleaseFailedException>().Which.Message.Should().Contain("web-green");
        traffic.Failed.Should().Be(0);
        await scene.ShouldHoldOnlyAsync("v1");
    }

    [Fact]
    public async Task The_same_in_the_generation_of_Helm_3_with_client_side_patches()
    {
        await using var scene = await RolloutScene.StartAsync();
        var helm3 = ReleaseClient.Create(o => o.UseCluster(scene.Client).InNamespace("shop").CompatibleWith(HelmGeneration.Helm3));
        await helm3.Upgrade("web").Chart(WebRelease.Chart(scene.Release.Template)).Set("version=v2").Rollout(new BlueGreen()).RunAsync();
        await scene.ShouldHoldOnlyAsync("v2");
        await Assert.ThrowsAsync<ReleaseFailedException>(() => helm3.Upgrade("web").Chart(WebRelease.Chart(scene.Release.Template)).Set("version=v3")
            .Rollout(new BlueGreen(new BlueGreenOptions { PostPromotion = [Check(AnalysisOutcome.Failed)] })).RunAsync());
        await scene.ShouldHoldOnlyAsync("v2");
    }

    private static async Task<IReadOnlyList<string>> ManagersAsync(RolloutScene scene) =>
    [
        .. (await scene.Client.GetAsync(GroupVersionKind.From("v1", "Service"), "shop", "web")).Metadata!["managedFields"]!.AsArray()
            .Select(m => $"{m!["manager"]} {m["operation"]}"),
    ];
}

/// <summary>An analysis that ends as it is told.</summary>
internal sealed class Given(string name, AnalysisOutcome outcome, Action<AnalysisContext>? seen = null) : IRolloutAnalysis
{
    public string Name => name;

    public Task<AnalysisResult> RunAsync(AnalysisContext context, CancellationToken ct)
    {
        seen?.Invoke(context);
        return Task.FromResult(new AnalysisResult(outcome, "7 %"));
    }
}
