using HelmLifecycle.EmbeddedCluster;
using HelmLifecycle.Kubernetes;
using HelmLifecycle.Tests.Faults;
using Cluster = HelmLifecycle.EmbeddedCluster.EmbeddedCluster;

namespace HelmLifecycle.Tests.Safety;

public sealed class LeaseTests
{
    private static readonly GroupVersionKind s_lease = GroupVersionKind.From("coordination.k8s.io/v1", "Lease");

    private static ReleaseClient Releases(Cluster cluster, string holder, PendingRecovery recovery = PendingRecovery.Refuse, TimeSpan? staleAfter = null, IRevisionStore? store = null) =>
        ReleaseClient.Create(o =>
        {
            o.UseCluster(cluster.Client).InNamespace("default");
            o.Store = store;
            o.Lease = new LeaseOptions { Holder = holder, Recovery = recovery, StaleAfter = staleAfter };
        });

    private static UpgradeBuilder Upgrade(ReleaseClient releases, string v) =>
        releases.Upgrade("ten").Chart(FaultChart.Load()).Set($"v={v}").Wait(TimeSpan.FromMinutes(3));

    private static Task<Cluster> StartAsync() => Cluster.StartAsync(new EmbeddedClusterOptions { PodStartDelay = TimeSpan.FromSeconds(1) });

    /// <summary>A release whose upgrade was killed when half of its objects were written; its lease stands, and ends when nobody renews it.</summary>
    private static async Task<Cluster> KilledAsync(bool lease, string verb = "upgrade")
    {
        var cluster = await StartAsync();
        if (verb == "upgrade") await ReleaseClient.Create(o => o.UseCluster(cluster.Client).InNamespace("default")).Install("ten").Chart(FaultChart.Load()).Wait(TimeSpan.FromMinutes(3)).RunAsync();
        using var client = new KubernetesClient(
            ClusterConnection.From(new DoomedHandler(cluster.CreateHandler(), r => r.Method != HttpMethod.Get && r.RequestUri!.AbsolutePath.Contains("/configmaps", StringComparison.Ordinal)), new Uri("http://cluster.local/"), "default"),
            new KubernetesClientOptions { TimeProvider = cluster.Time });
        var doomed = ReleaseClient.Create(o =>
        {
            o.UseCluster(client).InNamespace("default");
            o.Lease = lease ? new LeaseOptions { Holder = "doomed" } : null;
        });
        Func<Task> run = verb == "upgrade" ? () => Upgrade(doomed, "2").RunAsync() : () => doomed.Install("ten").Chart(FaultChart.Load()).RunAsync();
        await run.Should().ThrowAsync<Exception>();
        (await StatusesAsync(cluster)).Should().EndWith(verb == "upgrade" ? ReleaseStatus.PendingUpgrade : ReleaseStatus.PendingInstall);
        return cluster;
    }

    private static async Task<IReadOnlyList<ReleaseStatus>> StatusesAsync(Cluster cluster) =>
        [.. (await new SecretRevisionStore(cluster.Client).QueryAsync(new RevisionQuery { Namespace = "default", Name = "ten" })).Select(r => r.Release.Status)];

    private static async Task PassAsync(Cluster cluster, TimeSpan time) => await Task.Delay(time, cluster.Time);

    [Fact]
    public Task A_lease_in_memory_goes_to_the_faster_writer() => LeaseStoreContract.CheckAsync(new MemoryLeaseStore());

    [Fact]
    public async Task A_lease_in_a_file_goes_to_the_faster_writer()
    {
        string folder = Directory.CreateTempSubdirectory("helmlifecycle-lease-").FullName;
        try
        {
            await LeaseStoreContract.CheckAsync(new FileRevisionStore(folder).Leases);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_lease_in_the_cluster_goes_to_the_faster_writer()
    {
        await using var cluster = await StartAsync();
        await LeaseStoreContract.CheckAsync(new KubernetesLeaseStore(cluster.Client));
    }

    [Fact]
    public async Task While_one_works_another_is_refused_and_told_who_it_is_and_afterwards_nothing_is_left()
    {
        await using var cluster = await StartAsync();
        Exception? refused = null;
        string? held = null;
        var second = Releases(cluster, "second");
        var meddle = new MeddlingRollout(async () =>
        {
            held = (await cluster.Client.GetAsync(s_lease, "default", "hlc.ten")).Json["spec"]!["holderIdentity"]!.GetValue<string>();
            refused = await Record.ExceptionAsync(() => Upgrade(second, "2").RunAsync());
        });
        await Releases(cluster, "first").Install("ten").Chart(FaultChart.Load()).Rollout(meddle).RunAsync();
        held.Should().Be("first");
        refused.Should().BeOfType<ReleaseInProgressException>().Which.Holder.Should().Be("first");
        refused!.Message.Should().Be("another operation (install/upgrade/rollback) is in progress, held by first");
        (await cluster.Client.TryGetAsync(s_lease, "default", "hlc.ten")).Should().BeNull();
        (await Upgrade(second, "2").RunAsync()).Revision.Should().Be(2);
    }

    [Fact]
    public async Task A_holder_that_works_longer_than_a_lease_lives_keeps_it()
    {
        await using var cluster = await StartAsync();
        Exception? refused = null;
        var second = Releases(cluster, "second");
        var meddle = new MeddlingRollout(async () =>
        {
            await PassAsync(cluster, TimeSpan.FromMinutes(2));
            refused = await Record.ExceptionAsync(() => Upgrade(second, "2").RunAsync());
        });
        await Releases(cluster, "first").Install("ten").Chart(FaultChart.Load()).Rollout(meddle).RunAsync();
        refused.Should().BeOfType<ReleaseInProgressException>().Which.Holder.Should().Be("first");
    }

    [Fact]
    public async Task Whose_lease_is_taken_away_stops()
    {
        await using var cluster = await StartAsync();
        var leases = new KubernetesLeaseStore(cluster.Client);
        var meddle = new MeddlingRollout(async () =>
        {
            var seen = await leases.FindAsync("default", "ten");
            await leases.TryWriteAsync("default", "ten", seen, seen! with { Holder = "thief" });
            await PassAsync(cluster, TimeSpan.FromMinutes(1));
        });
        (await FluentActions.Awaiting(() => Releases(cluster, "first").Install("ten").Chart(FaultChart.Load()).Rollout(meddle).RunAsync()).Should().ThrowAsync<ReleaseException>())
            .WithMessage("the lease of release \"ten\" was lost to thief");
        (await leases.FindAsync("default", "ten"))!.Holder.Should().Be("thief");
    }

    [Fact]
    public async Task What_a_dead_holder_left_is_refused_as_Helm_does_and_stays_known_as_dead()
    {
        await using var cluster = await KilledAsync(lease: true);
        await FluentActions.Awaiting(() => Upgrade(Releases(cluster, "next"), "3").RunAsync()).Should().ThrowAsync<ReleaseInProgressException>().Where(e => e.Holder == "doomed");
        await PassAsync(cluster, TimeSpan.FromSeconds(31));
        await FluentActions.Awaiting(() => Upgrade(Releases(cluster, "next"), "3").RunAsync()).Should().ThrowAsync<ReleaseInProgressException>().Where(e => e.Holder == null);
        await Upgrade(Releases(cluster, "later", PendingRecovery.MarkFailed), "3").RunAsync();
        (await StatusesAsync(cluster)).Should().Equal(ReleaseStatus.Superseded, ReleaseStatus.Failed, ReleaseStatus.Deployed);
    }

    [Fact]
    public async Task What_a_dead_holder_left_is_marked_as_failed_with_a_description_that_says_so()
    {
        await using var cluster = await KilledAsync(lease: true);
        await PassAsync(cluster, TimeSpan.FromSeconds(31));
        var releases = Releases(cluster, "next", PendingRecovery.MarkFailed);
        (await Upgrade(releases, "3").RunAsync()).Revision.Should().Be(3);
        (await StatusesAsync(cluster)).Should().Equal(ReleaseStatus.Superseded, ReleaseStatus.Failed, ReleaseStatus.Deployed);
        (await releases.GetAsync("ten", 2)).Description.Should().Be("Release \"ten\" failed: its process (doomed) left it pending-upgrade and is gone");
    }

    [Fact]
    public async Task What_a_dead_holder_left_is_rolled_back_first()
    {
        await using var cluster = await KilledAsync(lease: true);
        await PassAsync(cluster, TimeSpan.FromSeconds(31));
        var releases = Releases(cluster, "next", PendingRecovery.RollBack);
        (await Upgrade(releases, "3").RunAsync()).Revision.Should().Be(4);
        (await StatusesAsync(cluster)).Should().Equal(ReleaseStatus.Superseded, ReleaseStatus.Failed, ReleaseStatus.Superseded, ReleaseStatus.Deployed);
        (await releases.GetAsync("ten", 3)).Description.Should().Be("Rollback to 1");
    }

    [Theory]
    [InlineData("upgrade")]
    [InlineData("install")]
    public async Task What_a_dead_holder_left_is_brought_to_its_end(string verb)
    {
        await using var cluster = await KilledAsync(lease: true, verb);
        await PassAsync(cluster, TimeSpan.FromSeconds(31));
        var releases = Releases(cluster, "next", PendingRecovery.Resume);
        await Upgrade(releases, "3").RunAsync();
        (await StatusesAsync(cluster)).Should().Equal(verb == "upgrade" ? [ReleaseStatus.Superseded, ReleaseStatus.Superseded, ReleaseStatus.Deployed] : [ReleaseStatus.Superseded, ReleaseStatus.Deployed]);
        (await releases.GetAsync("ten", verb == "upgrade" ? 2 : 1)).Description.Should().Be(verb == "upgrade" ? "Upgrade complete" : "Install complete");
        (await cluster.Client.TryGetAsync(GroupVersionKind.From("v1", "ConfigMap"), "default", "ten-v2")).Should().BeNull();
        (await cluster.Client.TryGetAsync(GroupVersionKind.From("v1", "ConfigMap"), "default", "ten-v3")).Should().NotBeNull();
    }

    [Fact]
    public async Task Who_waits_goes_on_when_the_holder_has_ended()
    {
        await using var cluster = await StartAsync();
        Task<Release>? second = null;
        var meddle = new MeddlingRollout(async () =>
        {
            second = Upgrade(Releases(cluster, "second", PendingRecovery.Wait), "2").RunAsync();
            await PassAsync(cluster, TimeSpan.FromSeconds(45));
        });
        await Releases(cluster, "first").Install("ten").Chart(FaultChart.Load()).Rollout(meddle).RunAsync();
        (await second!).Revision.Should().Be(2);
        (await StatusesAsync(cluster)).Should().Equal(ReleaseStatus.Superseded, ReleaseStatus.Deployed);
    }

    [Fact]
    public async Task A_pending_record_without_a_lease_counts_as_dead_from_the_age_that_was_given()
    {
        await using var cluster = await KilledAsync(lease: false);
        var releases = Releases(cluster, "next", PendingRecovery.MarkFailed, TimeSpan.FromHours(1));
        await FluentActions.Awaiting(() => Upgrade(releases, "3").RunAsync()).Should().ThrowAsync<ReleaseInProgressException>();
        await PassAsync(cluster, TimeSpan.FromHours(1));
        await Upgrade(releases, "3").RunAsync();
        (await StatusesAsync(cluster)).Should().Equal(ReleaseStatus.Superseded, ReleaseStatus.Failed, ReleaseStatus.Deployed);
    }

    [Fact]
    public void A_store_without_leases_is_told_at_once() =>
        FluentActions.Invoking(() => ReleaseClient.Create(o =>
        {
            o.UseStore(new MortalStore(new MemoryRevisionStore(), new Life(int.MaxValue, false)));
            o.Lease = new LeaseOptions();
        })).Should().Throw<ArgumentException>().WithMessage("The store of revisions keeps no leases*");

    private sealed class MeddlingRollout(Func<Task> meddle) : IRolloutStrategy
    {
        public string Name => "meddling";

        public async Task RolloutAsync(RolloutContext context, CancellationToken ct)
        {
            await meddle();
            await RollingApply.Instance.RolloutAsync(context, ct);
        }
    }

    /// <summary>The process dies at the first request that is picked.</summary>
    private sealed class DoomedHandler(HttpMessageHandler inner, Func<HttpRequestMessage, bool> last) : DelegatingHandler(inner)
    {
        private bool _dead;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (_dead || last(request)) _dead = true;
            return _dead ? throw new ProcessDeath() : base.SendAsync(request, cancellationToken);
        }
    }
}
