using HelmLifecycle.Charts;
using HelmLifecycle.EmbeddedCluster;
using HelmLifecycle.Kubernetes;
using Xunit.Abstractions;
using Cluster = HelmLifecycle.EmbeddedCluster.EmbeddedCluster;

namespace HelmLifecycle.Tests.Faults;

/// <summary>
/// An upgrade of ten objects with hooks and a wait, in which each call in turn fails. In every run the history can be read, at most one revision is deployed,
/// the numbers are unique, and the next upgrade succeeds, after a rollback when the fault left a pending record.
/// </summary>
public sealed class FaultMatrixTests(ITestOutputHelper output)
{
    private static readonly EmbeddedClusterOptions s_options = new() { PodStartDelay = TimeSpan.FromSeconds(1) };
    private static readonly Chart s_chart = FaultChart.Load();

    [Theory]
    [InlineData("error 500")]
    [InlineData("conflict 409")]
    [InlineData("connection reset before the effect")]
    [InlineData("connection reset after the effect")]
    public async Task Whatever_call_of_an_upgrade_fails_the_history_stays_sound(string fault)
    {
        var (installed, calls) = await InstallAsync(client => new SecretRevisionStore(client));
        var tally = new Tally();
        for (int n = 1; n <= calls; n++)
        {
            await using var cluster = await Cluster.RestoreAsync(installed, s_options);
            var broken = cluster.Faults.On(_ => true).Nth(n);
            switch (fault)
            {
                case "error 500": broken.Fail(500); break;
                case "conflict 409": broken.Fail(409); break;
                case "connection reset before the effect": broken.ResetConnection(); break;
                default: broken.AfterEffect().ResetConnection(); break;
            }

            await using var connection = cluster.Connect();
            using var client = new KubernetesClient(connection, new KubernetesClientOptions { TimeProvider = cluster.Time });
            bool failed = await UpgradeAsync(Releases(client, new SecretRevisionStore(client)));
            cluster.Faults.Clear();
            await using var later = cluster.Connect();
            using var fresh = new KubernetesClient(later, new KubernetesClientOptions { TimeProvider = cluster.Time });
            tally.Add(failed, await CheckAsync($"{fault}, call {n}", Releases(fresh, new SecretRevisionStore(fresh))));
        }

        output.WriteLine($"{fault}: {tally}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Wherever_a_process_with_the_file_store_dies_the_history_stays_sound(bool afterTheEffect)
    {
        string folder = Directory.CreateTempSubdirectory("helmlifecycle-faults-").FullName;
        try
        {
            string first = Path.Combine(folder, "first");
            var (installed, _) = await InstallAsync(client => new FileRevisionStore(first, client.Time));
            var tally = new Tally();
            for (int n = 1; ; n++)
            {
                await using var cluster = await Cluster.RestoreAsync(installed, s_options);
                string own = Path.Combine(folder, $"{afterTheEffect}-{n}");
                Copy(first, own);
                var life = new Life(n, afterTheEffect);
                using (var client = new KubernetesClient(
                    ClusterConnection.From(new MortalHandler(cluster.CreateHandler(), life), new Uri("http://cluster.local/"), "default"),
                    new KubernetesClientOptions { TimeProvider = cluster.Time }))
                {
                    bool failed = await UpgradeAsync(Releases(client, new MortalStore(new FileRevisionStore(own, cluster.Time), life)));
                    if (!life.IsOver)
                    {
                        failed.Should().BeFalse();
                        break;
                    }
                }

                await using var later = cluster.Connect();
                using var fresh = new KubernetesClient(later, new KubernetesClientOptions { TimeProvider = cluster.Time });
                tally.Add(true, await CheckAsync($"death {(afterTheEffect ? "after" : "before")} step {n}", Releases(fresh, new FileRevisionStore(own, cluster.Time))));
            }

            output.WriteLine($"process death {(afterTheEffect ? "after" : "before")} a step: {tally}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task A_write_whose_connection_broke_is_not_repeated(bool afterTheEffect, int written)
    {
        await using var cluster = await Cluster.StartAsync(s_options);
        var broken = cluster.Faults.On("POST", "*/configmaps").First(1);
        if (afterTheEffect) broken.AfterEffect();
        broken.ResetConnection();
        var map = new KubernetesObject(new GroupVersionKind("", "v1", "ConfigMap"), "a", "default");
        await FluentActions.Awaiting(() => cluster.Client.CreateAsync(map)).Should().ThrowAsync<ClusterUnreachableException>();
        broken.Seen.Should().Be(1);
        (await cluster.Client.ListAsync(map.Gvk, "default", new ListOptions { FieldSelector = "metadata.name=a" })).Items.Should().HaveCount(written);
    }

    private static ReleaseClient Releases(KubernetesClient client, IRevisionStore store) =>
        ReleaseClient.Create(o => o.UseCluster(client).InNamespace("default").UseStore(store));

    private static UpgradeBuilder Upgrade(ReleaseClient releases, string v) => releases.Upgrade("ten").Chart(s_chart).Set($"v={v}").Wait(TimeSpan.FromMinutes(3));

    private static async Task<(ClusterSnapshot Installed, int Calls)> InstallAsync(Func<KubernetesClient, IRevisionStore> store)
    {
        await using var cluster = await Cluster.StartAsync(s_options);
        await Releases(cluster.Client, store(cluster.Client)).Install("ten").Chart(s_chart).Wait(TimeSpan.FromMinutes(3)).RunAsync();
        var installed = await cluster.SnapshotAsync();
        await using var trial = await Cluster.RestoreAsync(installed, s_options);
        var counter = trial.Faults.On(_ => true).Do(_ => ValueTask.CompletedTask);
        if (store(trial.Client) is SecretRevisionStore secrets) await Upgrade(Releases(trial.Client, secrets), "2").RunAsync();
        return (installed, counter.Seen);
    }

    private static async Task<bool> UpgradeAsync(ReleaseClient releases)
    {
        try
        {
            await Upgrade(releases, "2").RunAsync();
            return false;
        }
        catch (Exception e) when (e is ReleaseException or KubernetesException or ProcessDeath)
        {
            return true;
        }
    }

    /// <summary>Looks with the eyes of a new process. Tells whether it had to roll back first.</summary>
    private static async Task<bool> CheckAsync(string run, ReleaseClient releases)
    {
        var last = await SoundAsync(run, releases);
        bool pending = last.Status is ReleaseStatus.PendingUpgrade or ReleaseStatus.PendingInstall or ReleaseStatus.PendingRollback;
        if (pending)
        {
            await FluentActions.Awaiting(() => Upgrade(releases, "3").RunAsync()).Should().ThrowAsync<ReleaseInProgressException>(run);
            await releases.Rollback("ten").ToPreviousGood().Wait(TimeSpan.FromMinutes(3)).RunAsync();
            await SoundAsync(run + ", rolled back", releases);
        }

        try
        {
            var next = await Upgrade(releases, "3").RunAsync();
            last = await SoundAsync(run + ", upgraded again", releases);
            last.Revision.Should().Be(next.Revision, run);
            last.Status.Should().Be(ReleaseStatus.Deployed, run);
        }
        catch (ReleaseException e)
        {
            throw new InvalidOperationException($"{run}: the next upgrade failed: {e.Message}", e);
        }

        return pending;
    }

    private static async Task<StoredRevision> SoundAsync(string run, ReleaseClient releases)
    {
        var history = await releases.Store.QueryAsync(new RevisionQuery { Namespace = "default", Name = "ten" });
        history.Select(r => r.Release.Status).Should().Equal(history.Select(r => r.Status), run);
        history.Select(r => r.Revision).Should().OnlyHaveUniqueItems(run).And.BeInAscendingOrder(run);
        history.Count(r => r.Status == ReleaseStatus.Deployed).Should().BeLessThanOrEqualTo(1, run);
        return history[^1];
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*.json", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private sealed class Tally
    {
        private int _runs, _failed, _pending;

        public void Add(bool failed, bool pending)
        {
            Interlocked.Increment(ref _runs);
            if (failed) Interlocked.Increment(ref _failed);
            if (pending) Interlocked.Increment(ref _pending);
        }

        public override string ToString() => $"{_runs} runs, {_failed} upgrades failed, {_pending} left a pending record, all sound and upgraded afterwards";
    }
}
