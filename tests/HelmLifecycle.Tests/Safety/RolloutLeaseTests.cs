using HelmLifecycle.Kubernetes;
using HelmLifecycle.Tests.Rollouts;

namespace HelmLifecycle.Tests.Safety;

public sealed class RolloutLeaseTests
{
    private static readonly GroupVersionKind s_lease = GroupVersionKind.From("coordination.k8s.io/v1", "Lease");
    private static readonly Canary s_canary = Canary.Steps(50).Pause(TimeSpan.FromHours(1));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_rollout_whose_process_died_is_taken_over_when_its_lease_has_run_out(bool resume)
    {
        await using var scene = await DeadAsync();
        await HoldAsync(scene, "first", TimeSpan.FromMinutes(2));
        var start = scene.Release.Cluster.Time.GetUtcNow();
        var second = Releases(scene, "second").Rollouts("web");
        if (resume) await second.ResumeAsync(Canary.Steps(50));
        else await second.AbortAsync();
        (scene.Release.Cluster.Time.GetUtcNow() - start).Should().BeGreaterThan(TimeSpan.FromMinutes(2), "so long lives the lease");
        await scene.ShouldHoldOnlyAsync(resume ? "v2" : "v1");
        (await HolderAsync(scene)).Should().BeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_rollout_is_not_taken_over_while_another_works_on_the_release(bool resume)
    {
        await using var scene = await DeadAsync();
        await HoldAsync(scene, "other", TimeSpan.FromHours(2));
        var second = Releases(scene, "second").Rollouts("web");
        Func<Task> takeOver = resume ? () => second.ResumeAsync(s_canary) : () => second.AbortAsync();
        (await takeOver.Should().ThrowAsync<ReleaseInProgressException>()).Which.Holder.Should().Be("other");
        (await HolderAsync(scene)).Should().Be("other");
        (await scene.Releases.GetAsync("web")).Status.Should().Be(ReleaseStatus.PendingUpgrade);
    }

    /// <summary>A canary at half of the traffic, whose process is gone.</summary>
    private static async Task<RolloutScene> DeadAsync()
    {
        var scene = await RolloutScene.StartAsync();
        var running = Releases(scene, "first").Upgrade("web").Chart(WebRelease.Chart(scene.Release.Template)).Set("version=v2").Rollout(s_canary).RunAsync();
        while ((await scene.Releases.Rollouts("web").StateAsync())?.Phase != RolloutPhase.Paused) await Task.Delay(TimeSpan.FromSeconds(1), scene.Release.Cluster.Time);
        var death = scene.Release.Cluster.Faults.On(_ => true).Fail(403, "the process is dead");
        await FluentActions.Awaiting(() => running).Should().ThrowAsync<Exception>();
        death.Remove();
        return scene;
    }

    private static async Task HoldAsync(RolloutScene scene, string holder, TimeSpan duration)
    {
        var leases = new KubernetesLeaseStore(scene.Client);
        var now = scene.Release.Cluster.Time.GetUtcNow();
        (await leases.TryWriteAsync("shop", "web", await leases.FindAsync("shop", "web"), new ReleaseLease(holder, now, now, duration))).Should().BeTrue();
    }

    private static ReleaseClient Releases(RolloutScene scene, string holder) => ReleaseClient.Create(o =>
    {
        o.UseCluster(scene.Client).InNamespace("shop");
        o.Lease = new LeaseOptions { Holder = holder, Expiry = TimeSpan.FromMinutes(2) };
    });

    private static async Task<string?> HolderAsync(RolloutScene scene) =>
        (await scene.Client.TryGetAsync(s_lease, "shop", "hlc.web"))?.Json["spec"]?["holderIdentity"]?.GetValue<string>();
}
