using System.Text.Json.Nodes;
using HelmLifecycle.EmbeddedCluster;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle.Tests.Rollouts.Rolling;

public sealed class RollingStrategiesTests
{
    [Fact]
    public async Task A_rolling_update_at_another_pace_ends_with_the_manifest_of_the_chart()
    {
        await using var web = await WebRelease.InstallAsync();
        var seen = new List<(int Pods, int Ready)>();
        using var stop = new CancellationTokenSource();
        Task watching = WatchAsync(web, pods => seen.Add((pods.Count, pods.Count(IsReady))), stop.Token);
        await web.Upgrade(new RollingUpdate { MaxSurge = "0", MaxUnavailable = "1", MinReadySeconds = 2 }).RunAsync();
        await stop.CancelAsync();
        await watching;

        seen.Should().OnlyContain(s => s.Pods <= 3 + 1, "nothing is added beyond the replicas, but one pod may still be on its way out");
        seen.Should().OnlyContain(s => s.Ready >= 2).And.Contain(s => s.Ready == 2);
        var live = await web.Cluster.Client.GetAsync(WebRelease.Deployment, WebRelease.Namespace, WebRelease.Name);
        live.Spec!["minReadySeconds"].Should().BeNull();
        live.Spec["strategy"]!["rollingUpdate"]!["maxSurge"]!.ToJsonString().Should().NotBe("0");
        (await web.PodsAsync()).Should().OnlyContain(p => p.GetLabel("version") == "v2");
        (await web.Releases.GetAsync(WebRelease.Name)).Status.Should().Be(ReleaseStatus.Deployed);
    }

    [Fact]
    public async Task After_a_failed_rolling_update_nothing_of_the_pace_is_left()
    {
        await using var web = await WebRelease.InstallAsync();
        web.Cluster.Pods.WithLabel("version", "v2").NeverReady();
        Func<Task> upgrade = () => web.Upgrade(new RollingUpdate { MinReadySeconds = 5 }).RunAsync();
        await upgrade.Should().ThrowAsync<ReleaseFailedException>();
        var live = await web.Cluster.Client.GetAsync(WebRelease.Deployment, WebRelease.Namespace, WebRelease.Name);
        live.Spec!["minReadySeconds"].Should().BeNull();
    }

    [Fact]
    public async Task A_pace_that_is_no_number_is_refused()
    {
        await using var web = await WebRelease.InstallAsync();
        Func<Task> upgrade = () => web.Upgrade(new RollingUpdate { MaxSurge = "many" }).RunAsync();
        (await upgrade.Should().ThrowAsync<ReleaseFailedException>()).WithMessage("*MaxSurge*\"many\"*");
    }

    [Fact]
    public async Task Recreate_never_runs_both_versions()
    {
        await using var web = await WebRelease.InstallAsync();
        var seen = new List<string>();
        using var stop = new CancellationTokenSource();
        Task watching = WatchAsync(web, pods => seen.Add(string.Join(' ', pods.Select(p => p.GetLabel("version")).Distinct().Order())), stop.Token);
        await web.Upgrade(new Recreate()).Wait(TimeSpan.FromMinutes(1)).RunAsync();
        await stop.CancelAsync();
        await watching;
        seen.Should().NotContain("v1 v2").And.Contain("v1").And.Contain("v2");
        (await web.PodsAsync()).Should().HaveCount(3).And.OnlyContain(p => IsReady(p));
    }

    [Fact]
    public async Task Recreate_leaves_alone_what_does_not_change()
    {
        await using var web = await WebRelease.InstallAsync();
        var before = (await web.PodsAsync()).Select(p => p.Name);
        await web.Releases.Upgrade(WebRelease.Name).Chart(WebRelease.Chart()).Set("version=v1").Rollout(new Recreate()).RunAsync();
        (await web.PodsAsync()).Select(p => p.Name).Should().BeEquivalentTo(before);
    }

    [Fact]
    public async Task Each_wave_is_ready_before_the_next_and_what_is_gone_goes_last()
    {
        await using var web = await WebRelease.InstallAsync();
        var log = new Log<ReleaseEvent>();
        await web.Upgrade(new Waves(), Waved("db", -1) + Waved("api", 0) + Waved("shop", 2)).ReportTo(log).RunAsync();

        log.Items.OfType<RolloutProgress>().Select(p => p.Step).Should().Equal("wave -1", "wave 0", "wave 2");
        var pods = await web.PodsAsync();
        Created("db").Should().BeBefore(Created("api"));
        Ready("db").Should().BeOnOrBefore(Created("api"));
        Ready("api").Should().BeOnOrBefore(Created("shop"));
        (await web.Cluster.Client.TryGetAsync(WebRelease.Deployment, WebRelease.Namespace, "web")).Should().BeNull();
        var lines = log.Items.OfType<ResourceApplied>().ToList();
        lines.FindIndex(l => l.Action == ResourceAction.Deleted).Should().BeGreaterThan(lines.FindIndex(l => l.Name == "shop" && l.Action == ResourceAction.Created));

        DateTimeOffset Created(string app) => pods.Single(p => p.GetLabel("app") == app).CreationTimestamp!.Value;
        DateTimeOffset Ready(string app) => DateTimeOffset.Parse((string)Condition(pods.Single(p => p.GetLabel("app") == app))!["lastTransitionTime"]!, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task A_wave_that_is_never_ready_holds_the_later_ones_back()
    {
        await using var web = await WebRelease.InstallAsync();
        web.Cluster.Pods.WithLabel("app", "db").NeverReady();
        Func<Task> upgrade = () => web.Upgrade(new Waves(), Waved("db", 1) + Waved("api", 2)).RunAsync();
        await upgrade.Should().ThrowAsync<ReleaseFailedException>();
        (await web.Cluster.Client.TryGetAsync(WebRelease.Deployment, WebRelease.Namespace, "api")).Should().BeNull();
        (await web.Cluster.Client.TryGetAsync(WebRelease.Deployment, WebRelease.Namespace, "web")).Should().NotBeNull("nothing is deleted before all waves are through");
    }

    [Fact]
    public async Task A_wave_that_is_no_number_is_refused()
    {
        await using var web = await WebRelease.InstallAsync();
        Func<Task> upgrade = () => web.Upgrade(new Waves(), Waved("db", 1).Replace("\"1\"", "first", StringComparison.Ordinal)).RunAsync();
        (await upgrade.Should().ThrowAsync<ReleaseFailedException>()).WithMessage("*Deployment db: the wave \"first\" is no whole number*");
    }

    private static string Waved(string name, int wave) => $$"""
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{name}}
          annotations: {rollout.helmlifecycle.dev/wave: "{{wave}}"}
        spec:
          selector: { matchLabels: { app: {{name}} } }
          template:
            metadata: { labels: { app: {{name}} } }
            spec:
              containers: [{name: main, image: {{name}} }]

        """;

    private static JsonNode? Condition(KubernetesObject pod) => (pod.Status?["conditions"] as JsonArray)?.FirstOrDefault(c => (string?)c?["type"] == "Ready");

    private static bool IsReady(KubernetesObject pod) => pod.DeletionTimestamp is null && (string?)Condition(pod)?["status"] == "True";

    private static async Task WatchAsync(WebRelease web, Action<IReadOnlyList<KubernetesObject>> see, CancellationToken ct)
    {
        try
        {
            while (true)
            {
                see((await web.Cluster.Client.ListAsync(WebRelease.Pod, WebRelease.Namespace, null, ct)).Items);
                await Task.Delay(TimeSpan.FromMilliseconds(500), web.Cluster.Time, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The test has seen enough.
        }
    }
}
