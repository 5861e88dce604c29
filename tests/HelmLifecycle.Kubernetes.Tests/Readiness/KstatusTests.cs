using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes.Tests.Readiness;

using Readiness = HelmLifecycle.Kubernetes.Readiness;

public sealed class KstatusTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 1, 0, TimeSpan.Zero);

    /// <summary>A kind, an object without kind and name, and what kstatus says of it.</summary>
    public static TheoryData<string, string, string, ResourceStatus, string> Cases => new()
    {
        { "apps/v1", "Deployment", """{"metadata":{"deletionTimestamp":"2030-01-01T00:00:00Z"}}""", ResourceStatus.Terminating, "Resource scheduled for deletion" },
        { "apps/v1", "Deployment", """{"metadata":{"generation":2},"status":{"observedGeneration":1}}""", ResourceStatus.InProgress, "Deployment generation is 2, but latest observed generation is 1" },
        { "apps/v1", "Deployment", """{"spec":{"replicas":3},"status":{"replicas":1}}""", ResourceStatus.InProgress, "Replicas: 1/3" },
        { "apps/v1", "Deployment", """{"spec":{"replicas":3},"status":{"replicas":3,"updatedReplicas":1}}""", ResourceStatus.InProgress, "Updated: 1/3" },
        { "apps/v1", "Deployment", """{"spec":{"replicas":1},"status":{"replicas":2,"updatedReplicas":1}}""", ResourceStatus.InProgress, "Pending termination: 1" },
        { "apps/v1", "Deployment", """{"status":{"replicas":1,"updatedReplicas":1}}""", ResourceStatus.InProgress, "Available: 0/1" },
        { "apps/v1", "Deployment", """{"status":{"replicas":1,"updatedReplicas":1,"availableReplicas":1}}""", ResourceStatus.InProgress, "Ready: 0/1" },
        { "apps/v1", "Deployment", """{"spec":{"progressDeadlineSeconds":600},"status":{"replicas":1,"updatedReplicas":1,"availableReplicas":1,"readyReplicas":1}}""", ResourceStatus.InProgress, "ReplicaSet not Available" },
        { "apps/v1", "Deployment", """{"status":{"replicas":1,"updatedReplicas":1,"availableReplicas":1,"readyReplicas":1}}""", ResourceStatus.InProgress, "Deployment not Available" },
        { "apps/v1", "Deployment", """{"status":{"replicas":1,"updatedReplicas":1,"availableReplicas":1,"readyReplicas":1,"conditions":[{"type":"Available","status":"True"}]}}""", ResourceStatus.Current, "Deployment is available. Replicas: 1" },
        { "apps/v1", "Deployment", """{"status":{"conditions":[{"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded"}]}}""", ResourceStatus.Failed, "Progress deadline exceeded" },
        { "apps/v1", "Deployment", """{"spec":{"paused":true},"status":{}}""", ResourceStatus.Current, "Deployment is paused" },
        { "apps/v1", "ReplicaSet", """{"status":{"conditions":[{"type":"ReplicaFailure","status":"True"}]}}""", ResourceStatus.InProgress, "Replica Failure condition. Check Pods" },
        { "apps/v1", "ReplicaSet", """{"spec":{"replicas":2},"status":{"fullyLabeledReplicas":2,"availableReplicas":1}}""", ResourceStatus.InProgress, "Available: 1/2" },
        { "apps/v1", "StatefulSet", """{"spec":{"updateStrategy":{"type":"OnDelete"}}}""", ResourceStatus.Current, "StatefulSet is using the ondelete update strategy" },
        { "apps/v1", "StatefulSet", """{"spec":{"replicas":3,"updateStrategy":{"rollingUpdate":{"partition":2}}},"status":{"replicas":3,"readyReplicas":3,"updatedReplicas":0}}""", ResourceStatus.InProgress, "updated: 0/1" },
        { "apps/v1", "StatefulSet", """{"spec":{"replicas":3,"updateStrategy":{"rollingUpdate":{"partition":2}}},"status":{"replicas":3,"readyReplicas":3,"updatedReplicas":1}}""", ResourceStatus.Current, "Partition rollout complete. updated: 1" },
        { "apps/v1", "StatefulSet", """{"status":{"replicas":1,"readyReplicas":1,"currentReplicas":1,"currentRevision":"a","updateRevision":"b"}}""", ResourceStatus.InProgress, "Waiting for updated revision to match current" },
        { "apps/v1", "DaemonSet", """{"status":{"observedGeneration":1}}""", ResourceStatus.InProgress, "DaemonSet metadata.generation not found" },
        { "apps/v1", "DaemonSet", """{"metadata":{"generation":1},"status":{"observedGeneration":1}}""", ResourceStatus.InProgress, "Missing .status.desiredNumberScheduled" },
        { "apps/v1", "DaemonSet", """{"metadata":{"generation":1},"status":{"observedGeneration":1,"desiredNumberScheduled":2,"currentNumberScheduled":2,"updatedNumberScheduled":2,"numberAvailable":2,"numberReady":2}}""", ResourceStatus.Current, "All replicas scheduled as expected. Replicas: 2" },
        { "v1", "Pod", "{}", ResourceStatus.InProgress, "Pod phase not available" },
        { "v1", "Pod", """{"status":{"phase":"Failed"}}""", ResourceStatus.Current, "Pod has completed, but not successfully" },
        { "v1", "Pod", """{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}""", ResourceStatus.Current, "Pod is Ready" },
        { "v1", "Pod", """{"status":{"phase":"Running","containerStatuses":[{"name":"a","state":{"waiting":{"reason":"CrashLoopBackOff"}}}]}}""", ResourceStatus.Failed, "Containers in CrashLoop state: a" },
        { "v1", "Pod", """{"metadata":{"creationTimestamp":"2030-01-01T00:00:50Z"},"status":{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable"}]}}""", ResourceStatus.InProgress, "Pod has not been scheduled" },
        { "v1", "Pod", """{"metadata":{"creationTimestamp":"2030-01-01T00:00:40Z"},"status":{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable"}]}}""", ResourceStatus.Failed, "Pod could not be scheduled" },
        { "batch/v1", "Job", "{}", ResourceStatus.InProgress, "Job not started" },
        { "batch/v1", "Job", """{"status":{"startTime":"2030-01-01T00:00:00Z","active":1}}""", ResourceStatus.Current, "Job in progress. success:0, active: 1, failed: 0" },
        { "batch/v1", "Job", """{"status":{"failed":1,"conditions":[{"type":"Failed","status":"True"}]}}""", ResourceStatus.Failed, "Job Failed. failed: 1/1" },
        { "v1", "PersistentVolumeClaim", """{"status":{"phase":"Pending"}}""", ResourceStatus.InProgress, "PVC is not Bound. phase: Pending" },
        { "v1", "Service", """{"spec":{"type":"LoadBalancer"}}""", ResourceStatus.InProgress, "ClusterIP not set. Service type: LoadBalancer" },
        { "v1", "Service", """{"spec":{"type":"LoadBalancer","clusterIP":"10.0.0.1"}}""", ResourceStatus.Current, "Service is ready" },
        { "apiextensions.k8s.io/v1", "CustomResourceDefinition", """{"status":{"conditions":[{"type":"NamesAccepted","status":"False","reason":"R","message":"taken"}]}}""", ResourceStatus.Failed, "taken" },
        { "apiextensions.k8s.io/v1", "CustomResourceDefinition", """{"status":{"conditions":[{"type":"Established","status":"True"}]}}""", ResourceStatus.Current, "CRD is established" },
        { "v1", "ConfigMap", "{}", ResourceStatus.Current, "Resource is always ready" },
        { "lab/v1", "Widget", """{"status":{"conditions":[{"type":"Ready","status":"False","reason":"R","message":"not yet"}]}}""", ResourceStatus.InProgress, "not yet" },
        { "lab/v1", "Widget", """{"status":{"conditions":[{"type":"Stalled","status":"True","reason":"R","message":"stuck"}]}}""", ResourceStatus.Failed, "stuck" },
        { "lab/v1", "Widget", "{}", ResourceStatus.Current, "Resource is current" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_object_has_the_status_and_message_of_kstatus(string apiVersion, string kind, string json, ResourceStatus status, string message)
    {
        var o = new KubernetesObject((JsonObject)JsonNode.Parse(json)!) { ApiVersion = apiVersion, Kind = kind, Name = "x" };
        ReadinessStatus result = Readiness.Kstatus(o, new KstatusOptions { Now = Now });
        (result.Status, result.Message).Should().Be((status, message));
    }

    [Fact]
    public void A_running_Job_is_in_progress_when_Jobs_are_waited_for()
    {
        KubernetesObject job = KubernetesObject.Parse("""{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"j"},"status":{"startTime":"2030-01-01T00:00:00Z","active":1}}""");
        Readiness.Kstatus(job, new KstatusOptions { WaitForJobs = true }).Should().Be(new ReadinessStatus(ResourceStatus.InProgress, "JobInProgress", "Job in progress"));
    }

    [Fact]
    public void Failed_pods_make_a_set_that_is_on_its_way_failed()
    {
        KubernetesObject set = KubernetesObject.Parse("""{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"s"},"status":{"replicas":0}}""");
        KubernetesObject pod = KubernetesObject.Parse("""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"s-0"},"status":{"phase":"Running","containerStatuses":[{"name":"a","state":{"waiting":{"reason":"CrashLoopBackOff"}}}]}}
            """);
        Readiness.Kstatus(set, new KstatusOptions { Owned = [pod] }).Message.Should().Be("1 pods have failed");
    }
}
