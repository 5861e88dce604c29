using HelmLifecycle.Kubernetes;

namespace HelmLifecycle.EmbeddedCluster.Tests.Client;

using Cluster = HelmLifecycle.EmbeddedCluster.EmbeddedCluster;
using Diagnostics = HelmLifecycle.Kubernetes.Diagnostics;

/// <summary>Waits and diagnoses of HelmLifecycle.Kubernetes against simulated controllers, nodes and pods.</summary>
public sealed class WaitAndDiagnosisTests : IAsyncLifetime
{
    private static readonly KubernetesObject Web = KubernetesObject.FromYaml("""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: default}
        spec:
          replicas: 3
          selector: {matchLabels: {app: web} }
          template:
            metadata: {labels: {app: web} }
            spec: {containers: [{name: app, image: "example.invalid/web:1", readinessProbe: {httpGet: {path: /, port: 80} } } ] }
        """);

    private Cluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await Cluster.StartAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    private async Task<string> WhyAsync(WaitOptions? options = null)
    {
        await _cluster.Client.CreateAsync(Web);
        await new ReadinessWaiter(_cluster.Client).Awaiting(w => w.WaitUntilReadyAsync([Web], options)).Should().ThrowAsync<NotReadyException>();
        return (await new Diagnostics(_cluster.Client).ExplainAsync([Web])).Summary;
    }

    [Theory]
    [InlineData(WaitStrategy.Watcher)]
    [InlineData(WaitStrategy.Legacy)]
    public async Task A_Deployment_is_waited_for_until_its_pods_are_ready_and_then_until_it_is_gone(WaitStrategy strategy)
    {
        await _cluster.Client.CreateAsync(Web);
        var waiter = new ReadinessWaiter(_cluster.Client);
        await waiter.WaitUntilReadyAsync([Web], new WaitOptions { Strategy = strategy });
        KubernetesObject live = await _cluster.Client.GetAsync(Web.Gvk, "default", "web");
        live.Status!["readyReplicas"]!.GetValue<long>().Should().Be(3);
        (await new Diagnostics(_cluster.Client).ExplainAsync([Web])).IsHealthy.Should().BeTrue();

        await _cluster.Client.DeleteAsync(Web.Gvk, "default", "web", new DeleteOptions { Propagation = DeletePropagation.Foreground });
        await waiter.WaitUntilDeletedAsync([Web], new WaitOptions { Strategy = strategy });
        (await _cluster.Client.TryGetAsync(Web.Gvk, "default", "web")).Should().BeNull();
    }

    [Fact]
    public async Task A_crash_loop_is_explained_with_its_last_log_line()
    {
        _cluster.Pods.WithLabel("app", "web").CrashAfter(TimeSpan.Zero, exitCode: 3).Logs("starting\nno database\n");
        (await WhyAsync()).Should().MatchRegex("""^Deployment web: 0 of 3 pods ready; pod web-\S+ container app is in CrashLoopBackOff \(exit 3, \d+ restarts\): last log line "no database"$""");
    }

    [Fact]
    public async Task An_image_that_cannot_be_pulled_is_explained()
    {
        _cluster.Pods.WithLabel("app", "web").FailImagePull();
        (await WhyAsync()).Should().MatchRegex("^Deployment web: 0 of 3 pods ready; pod web-\\S+ container app is in (ImagePullBackOff|ErrImagePull): .*example.invalid/web:1");
    }

    [Fact]
    public async Task A_probe_that_never_succeeds_is_explained()
    {
        _cluster.Pods.WithLabel("app", "web").NeverReady("HTTP probe failed with statuscode: 503");
        (await WhyAsync()).Should().StartWith("Deployment web: 0 of 3 pods ready; pod web-").And.Contain("is running but not ready").And.Contain("statuscode: 503");
    }

    [Fact]
    public async Task A_failing_hook_Job_ends_Helm_3s_wait_with_its_reason()
    {
        KubernetesObject job = KubernetesObject.FromYaml("""
            apiVersion: batch/v1
            kind: Job
            metadata: {name: migrate, namespace: default}
            spec:
              backoffLimit: 0
              template:
                metadata: {labels: {job: migrate} }
                spec: {restartPolicy: Never, containers: [{name: m, image: "example.invalid/m:1"} ] }
            """);
        _cluster.Pods.WithLabel("job", "migrate").ExitCode(2).Logs("cannot migrate\n");
        await _cluster.Client.CreateAsync(job);

        await new ReadinessWaiter(_cluster.Client).Awaiting(w => w.WaitUntilDoneAsync([job], new WaitOptions { Strategy = WaitStrategy.Legacy }))
            .Should().ThrowAsync<NotReadyException>().WithMessage("job migrate failed: BackoffLimitExceeded");
        (await new Diagnostics(_cluster.Client).ExplainAsync([job])).Summary
            .Should().StartWith("Job migrate: 0 of 1 pods succeeded, 1 failed; pod migrate-").And.EndWith("last log line \"cannot migrate\"");
    }
}
