using System.Collections.Concurrent;
using HelmLifecycle.Charts;
using HelmLifecycle.EmbeddedCluster;
using HelmLifecycle.Kubernetes;
using HelmLifecycle.Templates;

namespace HelmLifecycle.Tests;

public class ReleaseClientTests
{
    private static readonly Chart s_chart = ChartLoader.Load(
    [
        new ChartFile("Chart.yaml", "apiVersion: v2\nname: app\nversion: 1.0.0\nappVersion: \"7\"\n"),
        new ChartFile("values.yaml", "color: red\n"),
        new ChartFile("templates/cm.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\ndata:\n  color: {{ .Values.color }}\n"),
        new ChartFile("templates/NOTES.txt", "{{ .Release.Name }} is {{ .Values.color }}"),
    ]);

    private static readonly Chart s_stuck = ChartLoader.Load(
    [
        new ChartFile("Chart.yaml", "apiVersion: v2\nname: stuck\nversion: 1.0.0\n"),
        new ChartFile("templates/pod.yaml", """
            apiVersion: v1
            kind: Pod
            metadata:
              name: {{ .Release.Name }}
              annotations: {fake-kubelet/ready-delay: 1h}
            spec:
              containers:
              - {name: c, image: "example.invalid/c:1"}
            """),
    ]);

    private static async Task<(HelmLifecycle.EmbeddedCluster.EmbeddedCluster Cluster, ReleaseClient Releases)> StartAsync(Action<ReleaseClientOptions>? configure = null)
    {
        var cluster = await HelmLifecycle.EmbeddedCluster.EmbeddedCluster.StartAsync(new EmbeddedClusterOptions());
        var releases = ReleaseClient.Create(o =>
        {
            o.UseCluster(cluster.Client).InNamespace("default");
            configure?.Invoke(o);
        });
        return (cluster, releases);
    }

    [Fact]
    public async Task A_release_is_installed_upgraded_rolled_back_and_uninstalled()
    {
        var (cluster, releases) = await StartAsync();
        await using var _ = cluster;
        var first = await releases.Install("app").Chart(s_chart).RunAsync();
        first.Status.Should().Be(ReleaseStatus.Deployed);
        first.Notes.Should().Be("app is red");
        var second = await releases.Upgrade("app").Chart(s_chart).Set("color=blue").RunAsync();
        second.Revision.Should().Be(2);
        var third = await releases.Rollback("app").To(1).RunAsync();
        third.Revision.Should().Be(3);
        third.Manifest.Should().Be(first.Manifest);
        (await releases.HistoryAsync("app")).Select(h => (h.Revision, h.Status, h.Description)).Should().Equal(
            (1, ReleaseStatus.Superseded, "Install complete"), (2, ReleaseStatus.Superseded, "Upgrade complete"), (3, ReleaseStatus.Deployed, "Rollback to 1"));
        var live = await cluster.Client.GetAsync(new GroupVersionKind("", "v1", "ConfigMap"), "default", "app");
        live.Json["data"]!["color"]!.GetValue<string>().Should().Be("red");
        await releases.Uninstall("app").RunAsync();
        (await releases.ListAsync()).Should().BeEmpty();
        (await cluster.Client.TryGetAsync(new GroupVersionKind("", "v1", "ConfigMap"), "default", "app")).Should().BeNull();
    }

    [Fact]
    public async Task Twenty_releases_are_upgraded_from_one_client_at_once()
    {
        var (cluster, releases) = await StartAsync();
        await using var _ = cluster;
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => releases.Install($"r{i}").Chart(s_chart).RunAsync()));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => releases.Upgrade($"r{i}").Chart(s_chart).Set($"color=c{i}").RunAsync()));
        for (int i = 0; i < 20; i++)
        {
            var release = await releases.GetAsync($"r{i}");
            release.Revision.Should().Be(2);
            release.Config.TryGetValue("color", out GoValue color).Should().BeTrue();
            color.AsString.Should().Be($"c{i}");
            (await releases.HistoryAsync($"r{i}")).Select(h => (h.Revision, h.Status)).Should().Equal((1, ReleaseStatus.Superseded), (2, ReleaseStatus.Deployed));
            (await cluster.Client.GetAsync(new GroupVersionKind("", "v1", "ConfigMap"), "default", $"r{i}")).Json["data"]!["color"]!.GetValue<string>().Should().Be($"c{i}");
        }
    }

    [Fact]
    public async Task Of_two_upgrades_of_one_release_at_once_each_gets_a_number_of_its_own_or_a_clear_refusal()
    {
        var (cluster, releases) = await StartAsync();
        await using var _ = cluster;
        await releases.Install("app").Chart(s_chart).RunAsync();
        var refused = new ConcurrentBag<Exception>();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async i =>
        {
            try
            {
                await releases.Upgrade("app").Chart(s_chart).Set($"color=c{i}").RunAsync();
            }
            catch (ReleaseException e)
            {
                refused.Add(e);
            }
        }));
        refused.All(e => e is RevisionExistsException or ReleaseInProgressException or RevisionStoreException or ReleaseFailedException).Should().BeTrue();
        var history = await releases.HistoryAsync("app");
        history.Select(h => h.Revision).Should().OnlyHaveUniqueItems();
        history.Count(h => h.Status == ReleaseStatus.Deployed).Should().Be(1);
    }

    [Fact]
    public async Task A_stream_tells_each_step_and_ends_with_the_revision()
    {
        var (cluster, releases) = await StartAsync();
        await using var _ = cluster;
        var events = new List<ReleaseEvent>();
        await foreach (var e in releases.Install("app").Chart(s_chart).StreamAsync()) events.Add(e);
        events.OfType<RevisionStored>().Select(e => e.Status).Should().Equal(ReleaseStatus.PendingInstall, ReleaseStatus.Deployed);
        events.OfType<ResourceApplied>().Should().ContainSingle().Which.Action.Should().Be(ResourceAction.Created);
        events[^1].Should().BeOfType<ReleaseCompleted>().Which.Release!.Revision.Should().Be(1);
        events.Should().OnlyContain(e => e.ReleaseName == "app" && e.Namespace == "default");
    }

    [Fact]
    public async Task What_is_not_ready_in_time_fails_the_revision_with_the_evidence()
    {
        var (cluster, releases) = await StartAsync();
        await using var _ = cluster;
        var failure = (await FluentActions.Awaiting(() => releases.Install("app").Chart(s_stuck).Wait(TimeSpan.FromSeconds(30)).RunAsync())
            .Should().ThrowAsync<ReleaseFailedException>()).Which;
        failure.Message.Should().Be("resource not ready, name: app, kind: Pod, status: InProgress\ncontext deadline exceeded");
        failure.Diagnosis.Should().NotBeNull();
        failure.Release.Status.Should().Be(ReleaseStatus.Failed);
        (await releases.GetAsync("app")).Status.Should().Be(ReleaseStatus.Failed);
    }

    [Fact]
    public async Task A_cancelled_install_leaves_a_truthful_record()
    {
        var (cluster, releases) = await StartAsync();
        await using var _ = cluster;
        using var stop = new CancellationTokenSource();
        var progress = new Relay(e =>
        {
            if (e is StageStarted { Stage: ReleaseStage.Waiting }) stop.Cancel();
        });
        await FluentActions.Awaiting(() => releases.Install("app").Chart(s_stuck).Wait().ReportTo(progress).RunAsync(stop.Token))
            .Should().ThrowAsync<OperationCanceledException>();
        var stored = await releases.GetAsync("app");
        stored.Status.Should().Be(ReleaseStatus.Failed);
        stored.Description.Should().Be("Release \"app\" failed: context canceled");
    }

    [Fact]
    public async Task Errors_are_typed_and_say_what_Helm_says()
    {
        var (cluster, releases) = await StartAsync();
        await using var _ = cluster;
        (await FluentActions.Awaiting(() => releases.GetAsync("nothere")).Should().ThrowAsync<ReleaseNotFoundException>()).WithMessage("release: not found");
        (await FluentActions.Awaiting(() => releases.Upgrade("nothere").Chart(s_chart).RunAsync()).Should().ThrowAsync<NoDeployedReleaseException>())
            .WithMessage("\"nothere\" has no deployed releases");
        await releases.Install("app").Chart(s_chart).RunAsync();
        (await FluentActions.Awaiting(() => releases.Install("app").Chart(s_chart).RunAsync()).Should().ThrowAsync<NameInUseException>())
            .WithMessage("release name check failed: cannot reuse a name that is still in use");
        (await FluentActions.Awaiting(() => releases.Rollback("app").To(7).RunAsync()).Should().ThrowAsync<RevisionNotFoundException>()).WithMessage("release has no 7 version");
    }

    [Fact]
    public async Task A_builder_can_be_kept_and_used_again()
    {
        var (cluster, releases) = await StartAsync();
        await using var _ = cluster;
        var common = releases.Upgrade("app").Chart(s_chart).Install();
        await common.Set("color=one").RunAsync();
        await common.Set("color=two").RunAsync();
        common.Options.Values.Should().BeEmpty();
        (await releases.GetValuesAsync("app", 1))["color"].AsString.Should().Be("one");
        (await releases.GetValuesAsync("app"))["color"].AsString.Should().Be("two");
    }

    [Fact]
    public async Task Another_strategy_and_another_store_can_be_put_in()
    {
        var strategy = new Counting();
        var (cluster, releases) = await StartAsync(o =>
        {
            o.Rollout = strategy;
            o.UseMemoryStore();
        });
        await using var _ = cluster;
        await releases.Install("app").Chart(s_chart).RunAsync();
        strategy.Calls.Should().Be(1);
        (await cluster.Client.ListAsync(new GroupVersionKind("", "v1", "Secret"), "default", new ListOptions { LabelSelector = "owner=helm" })).Items.Should().BeEmpty();
        (await releases.HistoryAsync("app")).Should().ContainSingle();
    }

    private sealed class Counting : IRolloutStrategy
    {
        public int Calls { get; private set; }

        public string Name => "counting";

        public async Task RolloutAsync(RolloutContext context, CancellationToken ct)
        {
            Calls++;
            await context.ApplyAsync(ct);
        }
    }

    private sealed class Relay(Action<ReleaseEvent> act) : IProgress<ReleaseEvent>
    {
        public void Report(ReleaseEvent value) => act(value);
    }
}
