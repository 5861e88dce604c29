using System.Text.Json.Nodes;
using FluentAssertions;
using HelmLifecycle.Kubernetes;
using Xunit;
using Xunit.Abstractions;

namespace HelmLifecycle.Tests.Rollouts;

public sealed class RolloutControlTests(ITestOutputHelper output)
{
    [Fact]
    public async Task An_approval_is_awaited_for_as_long_as_it_takes()
    {
        await using var scene = await RolloutScene.StartAsync();
        var running = scene.Release.Upgrade(Canary.Steps(50).AwaitApproval()).RunAsync();
        var other = scene.Releases.Rollouts("web");
        var state = await UntilAsync(scene, s => s.Phase == RolloutPhase.Paused);
        (state.Strategy, state.Revision, state.Weight).Should().Be(("canary", 2, 50));
        await Task.Delay(TimeSpan.FromHours(1), scene.Release.Cluster.Time);
        running.IsCompleted.Should().BeFalse();
        await other.PromoteAsync();
        (await running).Status.Should().Be(ReleaseStatus.Deployed);
        await scene.ShouldHoldOnlyAsync("v2");
    }

    [Fact]
    public async Task Another_process_can_abort_a_running_rollout()
    {
        await using var scene = await RolloutScene.StartAsync();
        var running = scene.UpgradeAsync(scene.Release.Upgrade(new BlueGreen(new BlueGreenOptions { AwaitApproval = true })));
        await UntilAsync(scene, s => s.Phase == RolloutPhase.Paused);
        await scene.Releases.Rollouts("web").AbortAsync();
        var (traffic, failure) = await running;
        failure.Should().BeOfType<ReleaseFailedException>().Which.Message.Should().Contain("on request");
        traffic.Failed.Should().Be(0);
        await scene.ShouldHoldOnlyAsync("v1");
    }

    [Fact]
    public async Task Skipping_leaves_out_pauses_and_analyses()
    {
        await using var scene = await RolloutScene.StartAsync();
        var running = scene.Release.Upgrade(Canary.Steps(25, 50, 75).Pause(TimeSpan.FromHours(1)).Analyze(new Given("error rate", AnalysisOutcome.Failed))).RunAsync();
        await UntilAsync(scene, s => s.Phase == RolloutPhase.Paused);
        await scene.Releases.Rollouts("web").SkipAsync();
        await running;
        await scene.ShouldHoldOnlyAsync("v2");
    }

    [Fact]
    public async Task A_rollout_can_be_held_before_its_next_step()
    {
        await using var scene = await RolloutScene.StartAsync();
        var running = scene.Release.Upgrade(Canary.Steps(25, 50).Pause(TimeSpan.FromSeconds(30))).RunAsync();
        await UntilAsync(scene, s => s.Phase == RolloutPhase.Paused);
        await scene.Releases.Rollouts("web").PauseAsync();
        await UntilAsync(scene, s => s.Message.StartsWith("held before step 2", StringComparison.Ordinal));
        await scene.Releases.Rollouts("web").PromoteAsync();
        await running;
    }

    [Fact]
    public async Task An_inconclusive_analysis_pauses_until_somebody_decides()
    {
        await using var scene = await RolloutScene.StartAsync();
        var running = scene.Release.Upgrade(Canary.Steps(50).Analyze(new Given("error rate", AnalysisOutcome.Inconclusive))).RunAsync();
        (await UntilAsync(scene, s => s.Phase == RolloutPhase.Paused)).Message.Should().Contain("inconclusive: error rate");
        await scene.Releases.Rollouts("web").PromoteAsync();
        await running;
    }

    [Fact]
    public async Task A_cancelled_rollout_is_taken_back()
    {
        await using var scene = await RolloutScene.StartAsync();
        using var stop = new CancellationTokenSource();
        var running = scene.Release.Upgrade(Canary.Steps(50).AwaitApproval()).RunAsync(stop.Token);
        await UntilAsync(scene, s => s.Phase == RolloutPhase.Paused);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await scene.ShouldHoldOnlyAsync("v1");
        (await scene.Releases.GetAsync("web")).Status.Should().Be(ReleaseStatus.Failed);
    }

    [Fact]
    public async Task Commands_without_a_rollout_are_refused()
    {
        await using var scene = await RolloutScene.StartAsync();
        var control = scene.Releases.Rollouts("web");
        (await control.StateAsync()).Should().BeNull();
        await Assert.ThrowsAsync<ReleaseException>(() => control.PromoteAsync());
        await Assert.ThrowsAsync<ReleaseException>(() => control.AbortAsync());
        await Assert.ThrowsAsync<ReleaseException>(() => control.ResumeAsync(Canary.Steps(10)));
    }

    [Fact]
    public async Task A_rollout_that_lives_cannot_be_taken_over()
    {
        await using var scene = await RolloutScene.StartAsync();
        var strategy = Canary.Steps(50).AwaitApproval();
        var running = scene.Release.Upgrade(strategy).RunAsync();
        await UntilAsync(scene, s => s.Phase == RolloutPhase.Paused);
        var control = scene.Releases.Rollouts("web");
        (await Assert.ThrowsAsync<ReleaseException>(() => control.ResumeAsync(strategy))).Message.Should().Contain("its process answers");
        await control.PromoteAsync();
        await running;
    }

    [Fact]
    public async Task A_process_whose_rollout_was_taken_over_touches_nothing_more()
    {
        await using var scene = await RolloutScene.StartAsync();
        var running = scene.Release.Upgrade(Canary.Steps(50).AwaitApproval()).RollbackOnFailure().RunAsync();
        await UntilAsync(scene, s => s.Phase == RolloutPhase.Paused);
        var taken = new PatchBody(PatchType.Merge, new JsonObject { ["data"] = new JsonObject { ["holder"] = "another" } });
        await scene.Client.PatchAsync(GroupVersionKind.From("v1", "ConfigMap"), "shop", "hlc.rollout.web", taken);
        (await Assert.ThrowsAsync<ReleaseFailedException>(() => running)).Message.Should().Contain("taken over");
        (await scene.Releases.GetAsync("web")).Status.Should().Be(ReleaseStatus.PendingUpgrade);
        await scene.Releases.Rollouts("web").AbortAsync();
        await scene.ShouldHoldOnlyAsync("v1");
    }

    /// <summary>A process that dies: from one of its writes on nothing of it reaches the cluster any more. Another then resumes or aborts.</summary>
    [Theory]
    [InlineData("canary")]
    [InlineData("blue-green")]
    [InlineData("nginx")]
    public async Task After_a_crash_between_any_two_writes_resume_and_abort_end_consistent(string name)
    {
        IRolloutStrategy strategy = name switch
        {
            "canary" => Canary.Steps(50),
            "nginx" => Canary.Steps(50).Through(new NginxRouter("web")),
            _ => new BlueGreen(),
        };
        int runs = 0;
        for (bool crashed = true; crashed;)
        {
            int write = runs / 2 + 1;
            foreach (bool resume in new[] { true, false })
            {
                crashed = await CrashAsync(strategy, write, resume);
                runs++;
            }
        }

        output.WriteLine($"{name}: {runs - 2} crashes, each ended consistent by resume or abort");
        runs.Should().BeGreaterThan(30);
    }

    private static async Task<bool> CrashAsync(IRolloutStrategy strategy, int write, bool resume)
    {
        await using var scene = await RolloutScene.StartAsync(RolloutScene.Web + RouterTests.Ingress, replicas: 1);
        int writes = 0;
        var fault = scene.Release.Cluster.Faults.On(r => Volatile.Read(ref writes) >= write || (r.IsWrite && Interlocked.Increment(ref writes) >= write)).Fail(403, "the process is dead");
        bool crashed = false;
        try
        {
            await scene.Release.Upgrade(strategy).RunAsync();
        }
        catch (Exception e) when (e is ReleaseException or Kubernetes.KubernetesException)
        {
            crashed = true;
        }

        fault.Remove();
        if (!crashed && writes < write) return false;
        string because = $"crash at write {write}, {(resume ? "resume" : "abort")}";
        var control = scene.Releases.Rollouts("web");
        var last = await scene.Releases.GetAsync("web");
        bool pending = last.Status == ReleaseStatus.PendingUpgrade;
        if (pending && resume && (await control.StateAsync())?.Phase != RolloutPhase.Aborting) await control.ResumeAsync(strategy);
        else if (pending || await control.StateAsync() is not null) await control.AbortAsync();
        last = await scene.Releases.GetAsync("web");
        last.Status.Should().BeOneOf([ReleaseStatus.Deployed, ReleaseStatus.Failed], because);
        (await control.StateAsync()).Should().BeNull(because);
        bool forward = last is { Revision: 2, Status: ReleaseStatus.Deployed };
        if (pending) forward.Should().Be(resume, because);
        (await scene.Releases.HistoryAsync("web")).Count(h => h.Status == ReleaseStatus.Deployed).Should().Be(1, because);
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(10), scene.Release.Cluster.Time);
            await scene.ShouldHoldOnlyAsync(forward ? "v2" : "v1", 1);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(because, e);
        }

        return true;
    }

    private static async Task<RolloutState> UntilAsync(RolloutScene scene, Func<RolloutState, bool> reached)
    {
        for (int i = 0; i < 600; i++)
        {
            if (await scene.Releases.Rollouts("web").StateAsync() is { } state && reached(state)) return state;
            await Task.Delay(TimeSpan.FromSeconds(1), scene.Release.Cluster.Time);
        }

        throw new TimeoutException("The rollout did not get there.");
    }
}
