using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster.Tests;

[Collection("virtual time")]
public sealed class KubeletTests
{
    private static string Pod(string name, string policy = "Always", string annotations = "{}", string spec = "") => new JsonObject
    {
        ["kind"] = "Pod",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject { ["name"] = name, ["annotations"] = JsonNode.Parse(annotations) },
        ["spec"] = JsonNode.Parse($"{{{spec}\"restartPolicy\":\"{policy}\",\"containers\":[{{\"name\":\"app\",\"image\":\"app:1\"}}]}}"),
    }.ToJsonString();

    [Fact]
    public async Task A_pod_is_running_and_ready_after_the_start_delay()
    {
        using var cluster = new BareCluster();
        cluster.Apply(ClusterResources.Pods, Pod("p"));
        await cluster.Pass(0.2);
        cluster.Get(ClusterResources.Pods, "p").Text("status", "phase").Should().Be("Pending");
        await cluster.Pass(0.2);
        PodView pod = new(cluster.Api.Store.Get(ClusterResources.Pods, "ns", "p")!);
        pod.IsRunningAndReady.Should().BeTrue();
        pod.Ip.Should().StartWith("10.244.");
        cluster.Events("Pod").Should().Contain("Normal Scheduled: Successfully assigned ns/p to node-0").And.Contain("Normal Started: Started container app");
    }

    [Fact]
    public async Task A_crashing_container_is_restarted_with_growing_pauses()
    {
        using var cluster = new BareCluster();
        cluster.Scripts.All().CrashAfter(TimeSpan.FromSeconds(1), exitCode: 3);
        cluster.Apply(ClusterResources.Pods, Pod("p"));
        await cluster.Pass(5);
        JsonNode status = Container(cluster);
        status.Text("state", "waiting", "reason").Should().Be("CrashLoopBackOff");
        status.Text("state", "waiting", "message").Should().StartWith("back-off 20s restarting failed container=app pod=p_ns(");
        status.Int(0, "restartCount").Should().Be(2);
        status.Int(0, "lastState", "terminated", "exitCode").Should().Be(3);
        await cluster.Pass(25);
        Container(cluster).Int(0, "restartCount").Should().Be(3);
    }

    [Fact]
    public async Task Recovering_lets_a_crashing_pod_become_ready()
    {
        using var cluster = new BareCluster();
        PodScript script = cluster.Scripts.All().CrashAfter(TimeSpan.Zero);
        cluster.Apply(ClusterResources.Pods, Pod("p"));
        await cluster.Pass(5);
        Container(cluster).Flag("ready").Should().BeFalse();
        script.Recover();
        await cluster.Pass(1);
        Container(cluster).Flag("ready").Should().BeTrue();
    }

    [Fact]
    public async Task An_image_that_cannot_be_pulled_backs_off()
    {
        using var cluster = new BareCluster();
        cluster.Scripts.All().FailImagePull();
        cluster.Apply(ClusterResources.Pods, Pod("p"));
        await cluster.Pass(2);
        Container(cluster).Text("state", "waiting", "reason").Should().Be("ImagePullBackOff");
        cluster.Events("Pod").Should().Contain(e => e.StartsWith("Warning Failed: Failed to pull image \"app:1\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Out_of_memory_is_told_with_reason_and_code()
    {
        using var cluster = new BareCluster();
        cluster.Scripts.All().OutOfMemoryAfter(TimeSpan.Zero);
        cluster.Apply(ClusterResources.Pods, Pod("p"));
        await cluster.Pass(2);
        Container(cluster).Text("lastState", "terminated", "reason").Should().Be("OOMKilled");
        Container(cluster).Int(0, "lastState", "terminated", "exitCode").Should().Be(137);
    }

    [Theory]
    [InlineData(0, "Succeeded")]
    [InlineData(4, "Failed")]
    public async Task A_pod_that_is_to_end_does_so_with_its_exit_code(int code, string phase)
    {
        using var cluster = new BareCluster();
        cluster.Scripts.All().ExitCode(code).RunFor(TimeSpan.FromSeconds(3));
        cluster.Apply(ClusterResources.Pods, Pod("p", "Never"));
        await cluster.Pass(2);
        cluster.Get(ClusterResources.Pods, "p").Text("status", "phase").Should().Be("Running");
        await cluster.Pass(2);
        cluster.Get(ClusterResources.Pods, "p").Text("status", "phase").Should().Be(phase);
        Container(cluster).Int(-1, "state", "terminated", "exitCode").Should().Be(code);
    }

    [Fact]
    public async Task A_deleted_pod_goes_after_its_stop_delay_but_not_later_than_its_grace_period()
    {
        using var cluster = new BareCluster();
        cluster.Scripts.All().StopAfter(TimeSpan.FromSeconds(20));
        cluster.Apply(ClusterResources.Pods, Pod("p"));
        await cluster.Pass(1);
        cluster.Api.Delete(ClusterResources.Pods, "ns", "p", new DeleteSettings(GraceSeconds: 5), BareCluster.User);
        await cluster.Pass(3);
        cluster.List(ClusterResources.Pods).Should().ContainSingle();
        await cluster.Pass(3);
        cluster.List(ClusterResources.Pods).Should().BeEmpty();
    }

    [Fact]
    public async Task A_pod_that_fits_nowhere_says_why()
    {
        using var cluster = new BareCluster();
        cluster.Apply(ClusterResources.Pods, Pod("p", spec: "\"nodeSelector\":{\"no\":\"where\"},"));
        await cluster.Pass(1);
        Conditions.Find(cluster.Get(ClusterResources.Pods, "p")["status"], "PodScheduled").Text("message").Should().Be(
            "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.");
    }

    private static JsonNode Container(BareCluster cluster) => cluster.Get(ClusterResources.Pods, "p").Items("status", "containerStatuses").First();
}
