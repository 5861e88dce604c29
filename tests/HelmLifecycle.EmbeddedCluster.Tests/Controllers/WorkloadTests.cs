using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster.Tests;

[Collection("virtual time")]
public sealed class WorkloadTests
{
    private const string Template = """{"metadata":{"labels":{"app":"x"}},"spec":{"containers":[{"name":"app","image":"app:1"}],"restartPolicy":"Always","terminationGracePeriodSeconds":30}}""";

    private static string Set(int replicas, string extra = "") =>
        "{\"kind\":\"StatefulSet\",\"apiVersion\":\"apps/v1\",\"metadata\":{\"name\":\"db\"},\"spec\":{" + extra + "\"replicas\":" + replicas
        + ",\"serviceName\":\"db\",\"selector\":{\"matchLabels\":{\"app\":\"x\"}},\"updateStrategy\":{\"type\":\"RollingUpdate\",\"rollingUpdate\":{\"partition\":0}},\"template\":" + Template + "}}";

    private static string Job(string spec) =>
        "{\"kind\":\"Job\",\"apiVersion\":\"batch/v1\",\"metadata\":{\"name\":\"j\"},\"spec\":{" + spec
        + ",\"selector\":{\"matchLabels\":{\"job\":\"j\"}},\"template\":{\"metadata\":{\"labels\":{\"job\":\"j\"}},\"spec\":{\"restartPolicy\":\"Never\",\"containers\":[{\"name\":\"app\",\"image\":\"app:1\"}]}}}}";

    [Fact]
    public async Task Stateful_pods_come_one_after_another_and_are_updated_from_the_highest()
    {
        using var cluster = new BareCluster();
        var order = new List<string>();
        using IDisposable watch = cluster.Api.Store.Subscribe(e =>
        {
            if (e.Resource == ClusterResources.Pods && e.Type != StoreEventType.Modified)
            {
                order.Add(e.Type + " " + e.Object.Name);
            }
        });
        cluster.Apply(ClusterResources.StatefulSets, Set(2));
        await cluster.Pass(0.5);
        cluster.List(ClusterResources.Pods).Should().HaveCount(2);
        await cluster.Pass(2);
        cluster.Edit(ClusterResources.StatefulSets, "db", s => s.Map("spec", "template", "spec")!["containers"]![0]!["image"] = "app:2");
        await cluster.Pass(5);

        order.Should().Equal("Added db-0", "Added db-1", "Deleted db-1", "Added db-1", "Deleted db-0", "Added db-0");
        JsonObject set = cluster.Get(ClusterResources.StatefulSets, "db");
        set.Int(0, "status", "updatedReplicas").Should().Be(2);
        set.Text("status", "currentRevision").Should().Be(set.Text("status", "updateRevision"));
        cluster.List(ClusterResources.ControllerRevisions).Should().HaveCount(2);
    }

    [Fact]
    public async Task A_partition_keeps_the_lower_pods_on_the_old_revision()
    {
        using var cluster = new BareCluster();
        cluster.Apply(ClusterResources.StatefulSets, Set(3));
        await cluster.Pass(5);
        cluster.Edit(ClusterResources.StatefulSets, "db", s =>
        {
            s.Map("spec", "updateStrategy", "rollingUpdate")!["partition"] = 2;
            s.Map("spec", "template", "spec")!["containers"]![0]!["image"] = "app:2";
        });
        await cluster.Pass(5);
        cluster.Images().Should().Equal("app:1", "app:1", "app:2");
    }

    [Fact]
    public async Task Claims_of_a_stateful_set_are_made_and_bound()
    {
        using var cluster = new BareCluster();
        cluster.Apply(ClusterResources.StatefulSets, Set(1, """
            "volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"storageClassName":"standard","accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}],
            """));
        await cluster.Pass(2);
        cluster.Get(ClusterResources.Claims, "data-db-0").Text("status", "phase").Should().Be("Bound");
        cluster.Get(ClusterResources.Pods, "db-0").Text("status", "phase").Should().Be("Running");
    }

    [Fact]
    public async Task A_job_completes_when_enough_pods_have_succeeded()
    {
        using var cluster = new BareCluster();
        cluster.Apply(ClusterResources.Jobs, Job("\"completions\":3,\"parallelism\":2"));
        await cluster.Pass(5);
        JsonObject job = cluster.Get(ClusterResources.Jobs, "j");
        job.Int(0, "status", "succeeded").Should().Be(3);
        Conditions.IsTrue(job["status"], "Complete").Should().BeTrue();
        cluster.List(ClusterResources.Pods).SelectMany(p => p.Items("metadata", "finalizers")).Should().BeEmpty("what is counted is no longer tracked");
    }

    [Fact]
    public async Task A_job_fails_after_its_retries_which_wait_longer_each_time()
    {
        using var cluster = new BareCluster();
        cluster.Scripts.All().ExitCode(1);
        cluster.Apply(ClusterResources.Jobs, Job("\"backoffLimit\":2"));
        await cluster.Pass(25);
        cluster.Get(ClusterResources.Jobs, "j").Int(0, "status", "failed").Should().Be(2);
        await cluster.Pass(15);
        JsonObject failed = Conditions.Find(cluster.Get(ClusterResources.Jobs, "j")["status"], "Failed")!;
        failed.Text("reason").Should().Be("BackoffLimitExceeded");
    }

    [Fact]
    public async Task A_daemon_set_runs_one_pod_on_every_node()
    {
        using var cluster = new BareCluster();
        cluster.Apply(ClusterResources.DaemonSets, "{\"kind\":\"DaemonSet\",\"apiVersion\":\"apps/v1\",\"metadata\":{\"name\":\"ds\"},\"spec\":{\"selector\":{\"matchLabels\":{\"app\":\"x\"}},\"template\":" + Template + "}}");
        await cluster.Pass(1);
        cluster.List(ClusterResources.Pods).Select(p => p.Text("spec", "nodeName")).Should().BeEquivalentTo("node-0", "node-1");
        cluster.Get(ClusterResources.DaemonSets, "ds").Int(0, "status", "numberReady").Should().Be(2);
    }

    [Theory]
    [InlineData("*/15 * * * *", "2025-01-01T00:15:00Z")]
    [InlineData("30 4 1,15 * *", "2025-01-01T04:30:00Z")]
    [InlineData("0 0 * * mon", "2025-01-06T00:00:00Z")]
    [InlineData("0 12 29 2 *", "2028-02-29T12:00:00Z")]
    [InlineData("@daily", "2025-01-02T00:00:00Z")]
    [InlineData("@every 90s", "2025-01-01T00:01:30Z")]
    [InlineData("TZ=Etc/UTC 5 0 * * *", "2025-01-01T00:05:00Z")]
    public void A_schedule_knows_its_next_time(string line, string next) =>
        ClusterClock.Format(CronSchedule.TryParse(line, null)!.Next(new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero))!.Value).Should().Be(next);

    [Theory]
    [InlineData("* * * *")]
    [InlineData("60 * * * *")]
    [InlineData("a b c d e")]
    [InlineData("*/0 * * * *")]
    [InlineData("")]
    public void What_is_no_schedule_is_refused(string line) => CronSchedule.TryParse(line, null).Should().BeNull();

    [Fact]
    public async Task A_cron_job_makes_jobs_by_the_clock_and_forgets_old_ones()
    {
        using var cluster = new BareCluster();
        cluster.Apply(ClusterResources.CronJobs, """{"kind":"CronJob","apiVersion":"batch/v1","metadata":{"name":"c"},"spec":{"schedule":"* * * * *","successfulJobsHistoryLimit":2,"jobTemplate":{"spec":{"selector":{"matchLabels":{"job":"j"}},"template":{"metadata":{"labels":{"job":"j"}},"spec":{"restartPolicy":"Never","containers":[{"name":"app","image":"app:1"}]}}}}}}""");
        await cluster.Pass(330);
        cluster.List(ClusterResources.Jobs).Should().HaveCount(2);
        cluster.Get(ClusterResources.CronJobs, "c").Text("status", "lastScheduleTime").Should().Be("2025-01-01T00:05:00Z");
    }
}
