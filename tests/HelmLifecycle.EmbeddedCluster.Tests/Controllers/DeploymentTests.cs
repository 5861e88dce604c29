using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster.Tests;

[Collection("virtual time")]
public sealed class DeploymentTests
{
    internal static string Web(int replicas, string image = "app:1", string extra = "", string strategy = """{"type":"RollingUpdate","rollingUpdate":{"maxSurge":"25%","maxUnavailable":"25%"}}""", string annotations = "{}") => $$$$$$"""
        {"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"web"},"spec":{"replicas":{{{{{{replicas}}}}}},"selector":{"matchLabels":{"app":"web"}},"strategy":{{{{{{strategy}}}}}},
         "revisionHistoryLimit":10,"progressDeadlineSeconds":600,{{{{{{extra}}}}}}
         "template":{"metadata":{"labels":{"app":"web"},"annotations":{{{{{{annotations}}}}}}},"spec":{"containers":[{"name":"app","image":"{{{{{{image}}}}}}"}],"restartPolicy":"Always","terminationGracePeriodSeconds":30}}}}
        """;

    [Fact]
    public async Task A_deployment_of_three_becomes_available_and_says_so()
    {
        using var cluster = new BareCluster();
        cluster.Apply(ClusterResources.Deployments, Web(3));
        await cluster.Pass(1);

        JsonObject web = cluster.Get(ClusterResources.Deployments, "web");
        cluster.Loop.LastFault.Should().BeNull();
        web.Int(0, "status", "availableReplicas").Should().Be(3);
        web.Annotation("deployment.kubernetes.io/revision").Should().Be("1");
        Conditions.Find(web["status"], "Progressing").Text("reason").Should().Be("NewReplicaSetAvailable");
        JsonObject set = cluster.List(ClusterResources.ReplicaSets).Should().ContainSingle().Subject;
        set.Annotation("deployment.kubernetes.io/max-replicas").Should().Be("4");
        cluster.Events("Deployment").Should().Equal($"Normal ScalingReplicaSet: Scaled up replica set {set.Name()} to 3");
    }

    [Fact]
    public async Task A_rolling_update_keeps_within_surge_and_unavailability()
    {
        using var cluster = new BareCluster();
        cluster.Apply(ClusterResources.Deployments, Web(3));
        await cluster.Pass(1);
        int leastReady = int.MaxValue, mostPods = 0;
        using IDisposable watch = cluster.Api.Store.Subscribe(e =>
        {
            if (e.Resource == ClusterResources.Pods)
            {
                List<PodView> pods = [.. cluster.Api.Store.List(ClusterResources.Pods, "ns").Select(p => new PodView(p))];
                leastReady = Math.Min(leastReady, pods.Count(p => p.IsReady && !p.IsDeleting));
                mostPods = Math.Max(mostPods, pods.Count(p => !p.IsDeleting));
            }
        });

        cluster.Edit(ClusterResources.Deployments, "web", d => d.Map("spec", "template", "spec")!["containers"]![0]!["image"] = "app:2");
        await cluster.Pass(10);

        leastReady.Should().Be(3);
        mostPods.Should().Be(4);
        cluster.Images().Should().HaveCount(3).And.OnlyContain(i => i == "app:2");
        cluster.Get(ClusterResources.Deployments, "web").Annotation("deployment.kubernetes.io/revision").Should().Be("2");
    }

    [Fact]
    public async Task A_rollback_uses_the_old_replica_set_again_under_a_new_number()
    {
        using var cluster = new BareCluster();
        cluster.Apply(ClusterResources.Deployments, Web(1));
        await cluster.Pass(1);
        string first = cluster.List(ClusterResources.ReplicaSets).Single().Name();
        cluster.Edit(ClusterResources.Deployments, "web", d => d.Map("spec", "template", "spec")!["containers"]![0]!["image"] = "app:2");
        await cluster.Pass(5);
        cluster.Edit(ClusterResources.Deployments, "web", d => d.Map("spec", "template", "spec")!["containers"]![0]!["image"] = "app:1");
        await cluster.Pass(5);

        cluster.List(ClusterResources.ReplicaSets).Should().HaveCount(2);
        JsonObject set = cluster.Get(ClusterResources.ReplicaSets, first);
        set.Int(0, "spec", "replicas").Should().Be(1);
        set.Annotation("deployment.kubernetes.io/revision").Should().Be("3");
        set.Annotation("deployment.kubernetes.io/revision-history").Should().Be("1");
    }

    [Fact]
    public async Task A_rollout_without_progress_ends_at_its_deadline()
    {
        using var cluster = new BareCluster();
        cluster.Scripts.All().NeverReady();
        cluster.Apply(ClusterResources.Deployments, Web(1));
        await cluster.Pass(599);
        Conditions.Find(cluster.Get(ClusterResources.Deployments, "web")["status"], "Progressing").Text("status").Should().Be("True");
        await cluster.Pass(5);

        JsonObject progressing = Conditions.Find(cluster.Get(ClusterResources.Deployments, "web")["status"], "Progressing")!;
        progressing.Text("status").Should().Be("False");
        progressing.Text("reason").Should().Be("ProgressDeadlineExceeded");
    }

    [Fact]
    public async Task Recreate_lets_all_old_pods_go_first()
    {
        using var cluster = new BareCluster();
        cluster.Apply(ClusterResources.Deployments, Web(2, strategy: """{"type":"Recreate"}"""));
        await cluster.Pass(1);
        bool mixed = false;
        using IDisposable watch = cluster.Api.Store.Subscribe(e => mixed |= e.Resource == ClusterResources.Pods
            && cluster.Api.Store.List(ClusterResources.Pods, "ns").Select(p => p.View.Items("spec", "containers").First().Text("image")).Distinct().Count() > 1);
        cluster.Edit(ClusterResources.Deployments, "web", d => d.Map("spec", "template", "spec")!["containers"]![0]!["image"] = "app:2");
        await cluster.Pass(5);

        mixed.Should().BeFalse();
        cluster.Get(ClusterResources.Deployments, "web").Int(0, "status", "updatedReplicas").Should().Be(2);
    }

    [Fact]
    public async Task A_paused_deployment_scales_but_does_not_roll()
    {
        using var cluster = new BareCluster();
        cluster.Apply(ClusterResources.Deployments, Web(1));
        await cluster.Pass(1);
        cluster.Edit(ClusterResources.Deployments, "web", d =>
        {
            d.Section("spec")["paused"] = true;
            d.Section("spec")["replicas"] = 2;
            d.Map("spec", "template", "spec")!["containers"]![0]!["image"] = "app:2";
        });
        await cluster.Pass(5);

        cluster.List(ClusterResources.ReplicaSets).Should().ContainSingle().Which.Int(0, "spec", "replicas").Should().Be(2);
        Conditions.Find(cluster.Get(ClusterResources.Deployments, "web")["status"], "Progressing").Text("reason").Should().Be("DeploymentPaused");
    }

    [Fact]
    public async Task Minimum_ready_seconds_hold_availability_back()
    {
        using var cluster = new BareCluster();
        cluster.Apply(ClusterResources.Deployments, Web(1, extra: "\"minReadySeconds\":20,"));
        await cluster.Pass(10);
        cluster.Get(ClusterResources.Deployments, "web").Int(0, "status", "readyReplicas").Should().Be(1);
        cluster.Get(ClusterResources.Deployments, "web").Int(0, "status", "availableReplicas").Should().Be(0);
        await cluster.Pass(12);
        cluster.Get(ClusterResources.Deployments, "web").Int(0, "status", "availableReplicas").Should().Be(1);
    }

    [Fact]
    public async Task A_hundred_pods_roll_in_less_than_a_second_of_real_time()
    {
        using var cluster = new BareCluster();
        cluster.Apply(ClusterResources.Deployments, Web(100));
        await cluster.Pass(2);
        cluster.Edit(ClusterResources.Deployments, "web", d => d.Map("spec", "template", "spec")!["containers"]![0]!["image"] = "app:2");
        await cluster.Pass(60);

        cluster.Get(ClusterResources.Deployments, "web").Int(0, "status", "updatedReplicas").Should().Be(100);
        cluster.Images().Should().HaveCount(100).And.OnlyContain(i => i == "app:2");
    }

    [Fact]
    public async Task Deleting_in_the_background_takes_replica_sets_and_pods_along()
    {
        using var cluster = new BareCluster();
        cluster.Apply(ClusterResources.Deployments, Web(2));
        await cluster.Pass(1);
        cluster.Api.Delete(ClusterResources.Deployments, "ns", "web", new DeleteSettings("Background"), BareCluster.User);
        await cluster.Pass(1);
        cluster.List(ClusterResources.ReplicaSets).Should().BeEmpty();
        cluster.List(ClusterResources.Pods).Should().BeEmpty();
    }

    [Fact]
    public async Task Deleting_in_the_foreground_keeps_the_deployment_until_its_pods_are_gone()
    {
        using var cluster = new BareCluster();
        cluster.Scripts.All().StopAfter(TimeSpan.FromSeconds(5));
        cluster.Apply(ClusterResources.Deployments, Web(2));
        await cluster.Pass(1);
        cluster.Api.Delete(ClusterResources.Deployments, "ns", "web", new DeleteSettings("Foreground"), BareCluster.User);
        await cluster.Pass(4);
        cluster.List(ClusterResources.Deployments).Should().ContainSingle();
        cluster.List(ClusterResources.Pods).Should().HaveCount(2);
        await cluster.Pass(2);
        cluster.List(ClusterResources.Deployments).Should().BeEmpty();
        cluster.List(ClusterResources.Pods).Should().BeEmpty();
    }

    [Fact]
    public async Task Orphaned_replica_sets_stay_without_an_owner()
    {
        using var cluster = new BareCluster();
        cluster.Apply(ClusterResources.Deployments, Web(1));
        await cluster.Pass(1);
        cluster.Api.Delete(ClusterResources.Deployments, "ns", "web", new DeleteSettings("Orphan"), BareCluster.User);
        await cluster.Pass(1);
        cluster.List(ClusterResources.Deployments).Should().BeEmpty();
        cluster.List(ClusterResources.ReplicaSets).Should().ContainSingle().Which.ControllerRef().Should().BeNull();
        cluster.List(ClusterResources.Pods).Should().ContainSingle();
    }
}
