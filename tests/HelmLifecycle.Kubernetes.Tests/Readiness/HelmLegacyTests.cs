using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes.Tests.Readiness;

using Readiness = HelmLifecycle.Kubernetes.Readiness;

public sealed class HelmLegacyTests
{
    private static KubernetesObject Object(string apiVersion, string kind, string json) =>
        new((JsonObject)JsonNode.Parse(json)!) { ApiVersion = apiVersion, Kind = kind, Name = "x", Namespace = "n" };

    [Theory]
    [InlineData("v1", "Pod", """{"status":{"phase":"Succeeded"}}""", false)]
    [InlineData("v1", "Pod", """{"status":{"conditions":[{"type":"Ready","status":"True"}]}}""", true)]
    [InlineData("v1", "PersistentVolumeClaim", """{"status":{"phase":"Bound"}}""", true)]
    [InlineData("v1", "Service", """{"spec":{"type":"ExternalName"}}""", true)]
    [InlineData("v1", "Service", """{"spec":{}}""", false)]
    [InlineData("v1", "Service", """{"spec":{"clusterIP":"None"}}""", true)]
    [InlineData("v1", "Service", """{"spec":{"type":"LoadBalancer","clusterIP":"10.0.0.1"}}""", false)]
    [InlineData("v1", "Service", """{"spec":{"type":"LoadBalancer","clusterIP":"10.0.0.1","externalIPs":["1.2.3.4"]}}""", true)]
    [InlineData("v1", "Service", """{"spec":{"type":"LoadBalancer","clusterIP":"10.0.0.1"},"status":{"loadBalancer":{"ingress":[{"ip":"1.2.3.4"}]}}}""", true)]
    [InlineData("apps/v1", "DaemonSet", """{"spec":{"updateStrategy":{"type":"OnDelete"}}}""", true)]
    [InlineData("apps/v1", "DaemonSet", """{"status":{"desiredNumberScheduled":3,"updatedNumberScheduled":2}}""", false)]
    [InlineData("apps/v1", "DaemonSet", """{"spec":{"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":"40%"}}},"status":{"desiredNumberScheduled":3,"updatedNumberScheduled":3,"numberReady":1}}""", true)]
    [InlineData("apps/v1", "StatefulSet", """{"spec":{"replicas":3,"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":2}}},"status":{"updatedReplicas":1,"readyReplicas":3,"currentRevision":"a","updateRevision":"b"}}""", true)]
    [InlineData("apps/v1", "StatefulSet", """{"spec":{"replicas":1},"status":{"updatedReplicas":1,"readyReplicas":1,"currentRevision":"a","updateRevision":"b"}}""", false)]
    [InlineData("apps/v1", "StatefulSet", """{"metadata":{"generation":2},"spec":{"replicas":0},"status":{"observedGeneration":1}}""", false)]
    [InlineData("apiextensions.k8s.io/v1", "CustomResourceDefinition", """{"status":{"conditions":[{"type":"NamesAccepted","status":"False"}]}}""", true)]
    [InlineData("batch/v1", "Job", """{"status":{"failed":99}}""", true)]
    [InlineData("lab/v1", "Widget", """{"status":{"conditions":[{"type":"Ready","status":"False"}]}}""", true)]
    public void An_object_is_ready_when_Helm_3_says_so(string apiVersion, string kind, string json, bool ready) =>
        Readiness.HelmLegacy(Object(apiVersion, kind, json)).IsCurrent.Should().Be(ready);

    [Fact]
    public void A_Job_counts_only_when_Jobs_are_waited_for_and_its_failure_is_final()
    {
        var jobs = new HelmLegacyOptions { WaitForJobs = true };
        Readiness.HelmLegacy(Object("batch/v1", "Job", """{"spec":{"completions":2},"status":{"succeeded":1}}"""), jobs).Status.Should().Be(ResourceStatus.InProgress);
        Readiness.HelmLegacy(Object("batch/v1", "Job", """{"spec":{"backoffLimit":0},"status":{"failed":1}}"""), jobs)
            .Should().Be(new ReadinessStatus(ResourceStatus.Failed, "BackoffLimitExceeded", "job is failed: n/x"));
    }

    [Theory]
    [InlineData(4, "25%", "25%", 3, true)]
    [InlineData(4, "25%", "25%", 2, false)]
    [InlineData(3, "25%", "25%", 2, false)]
    [InlineData(1, 0, 0, 0, true)]
    public void A_Deployment_is_ready_with_the_pods_that_its_newest_ReplicaSet_must_have(int replicas, object surge, object unavailable, int ready, bool expected)
    {
        const string template = """{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c"}]}}""";
        KubernetesObject deployment = Object("apps/v1", "Deployment", """{"metadata":{"uid":"u"},"spec":{"strategy":{"type":"RollingUpdate","rollingUpdate":{}}}}""");
        deployment.Spec!["replicas"] = replicas;
        deployment.Spec["template"] = JsonNode.Parse(template);
        deployment.Spec["strategy"]!["rollingUpdate"]!["maxSurge"] = surge is int s ? JsonValue.Create(s) : JsonValue.Create((string)surge);
        deployment.Spec["strategy"]!["rollingUpdate"]!["maxUnavailable"] = unavailable is int u ? JsonValue.Create(u) : JsonValue.Create((string)unavailable);
        KubernetesObject replicaSet = Object("apps/v1", "ReplicaSet", """{"metadata":{"ownerReferences":[{"uid":"u"}]},"spec":{},"status":{}}""");
        replicaSet.Spec!["template"] = JsonNode.Parse(template);
        replicaSet.Spec["template"]!["metadata"]!["labels"]!["pod-template-hash"] = "123";
        replicaSet.Status!["readyReplicas"] = ready;
        KubernetesObject old = replicaSet.DeepClone();
        old.Spec!["template"]!["spec"]!["containers"]![0]!["name"] = "old";
        old.Status!["readyReplicas"] = 9;

        Readiness.HelmLegacy(deployment, new HelmLegacyOptions { Owned = [old, replicaSet] }).IsCurrent.Should().Be(expected);
        Readiness.HelmLegacy(deployment, new HelmLegacyOptions { Owned = [old] }).IsCurrent.Should().BeFalse("the new ReplicaSet does not exist yet");
    }
}
