using System.Text.Json.Nodes;
using static HelmLifecycle.Kubernetes.ReadinessFields;

namespace HelmLifecycle.Kubernetes;

/// <summary>The rules of Helm 3's <c>--wait</c>; the messages are those of its log.</summary>
internal static class LegacyRules
{
    /// <summary>Whether the kind has a rule; all others are ready as soon as they exist, and are not even read.</summary>
    public static bool Knows(GroupVersionKind gvk, bool jobs) => (gvk.Group, gvk.Kind) switch
    {
        ("", "Pod" or "PersistentVolumeClaim" or "Service" or "ReplicationController") => true,
        ("apps", "Deployment" or "DaemonSet" or "StatefulSet" or "ReplicaSet") => true,
        ("extensions", "Deployment" or "DaemonSet" or "ReplicaSet") => true,
        ("apiextensions.k8s.io", "CustomResourceDefinition") => true,
        ("batch", "Job") => jobs,
        _ => false,
    };

    public static ReadinessStatus Of(KubernetesObject o, HelmLegacyOptions options)
    {
        if (!Knows(o.Gvk, options.WaitForJobs)) return Current("Resource is ready");
        string name = $"{o.Namespace}/{o.Name}";
        return o.Kind switch
        {
            "Pod" => o.HasCondition("Ready") ? Current("Pod is ready") : NotReady($"Pod is not ready: {name}"),
            "PersistentVolumeClaim" => o.Str("", "status", "phase") == "Bound"
                ? Current("PersistentVolumeClaim is bound")
                : NotReady($"PersistentVolumeClaim is not bound: {name}"),
            "Service" => Service(o, name),
            "ReplicationController" or "ReplicaSet" => Pods(o, options, name),
            "Deployment" => Deployment(o, options, name),
            "DaemonSet" => DaemonSet(o, name),
            "StatefulSet" => StatefulSet(o, name),
            "Job" => Job(o, name),
            _ => o.Conditions().Any(c => c is { Type: "Established", IsTrue: true } or { Type: "NamesAccepted", IsFalse: true })
                ? Current("CustomResourceDefinition is established")
                : NotReady($"CustomResourceDefinition is not established: {o.Name}"),
        };
    }

    /// <summary>The ReplicaSet made of the Deployment's present template: the oldest of those equal but for the hash label.</summary>
    public static KubernetesObject? NewReplicaSet(KubernetesObject deployment, IEnumerable<KubernetesObject> replicaSets)
    {
        JsonObject? template = WithoutHash(deployment);
        return replicaSets.Where(rs => IsOwnedBy(rs, deployment))
            .OrderBy(rs => rs.CreationTimestamp).ThenBy(rs => rs.Name, StringComparer.Ordinal)
            .FirstOrDefault(rs => JsonNode.DeepEquals(template, WithoutHash(rs)));
    }

    public static bool IsOwnedBy(KubernetesObject o, KubernetesObject owner) => o.Items("metadata", "ownerReferences").Any(r => owner.Uid is { } uid
        ? KubernetesObject.Text(r, "uid") == uid
        : KubernetesObject.Text(r, "name") == owner.Name && KubernetesObject.Text(r, "kind") == owner.Kind);

    private static ReadinessStatus NotReady(string message) => InProgress("NotReady", message);

    private static ReadinessStatus Unobserved(KubernetesObject o, string name)
    {
        long observed = o.Int(0, "status", "observedGeneration");
        return NotReady($"{o.Kind} is not ready: {name}. observedGeneration ({observed}) does not match spec generation ({o.Generation}).");
    }

    private static ReadinessStatus Pods(string what, string name, long have, long expected, bool enough)
    {
        string message = $"{what} is {(enough ? "" : "not ")}ready: {name}. {have} out of {expected} expected pods are ready";
        return enough ? Current(message) : NotReady(message);
    }

    private static ReadinessStatus Service(KubernetesObject o, string name)
    {
        string type = o.Str("", "spec", "type");
        if (type == "ExternalName") return Current("Service is external");
        if (o.Str("", "spec", "clusterIP").Length == 0) return NotReady($"Service does not have cluster IP address: {name}");
        bool reachable = o.At("spec", "externalIPs") is JsonArray { Count: > 0 } || o.At("status", "loadBalancer", "ingress") is JsonArray;
        if (type != "LoadBalancer" || reachable) return Current("Service is ready");
        return NotReady($"Service does not have load balancer ingress IP address: {name}");
    }

    private static ReadinessStatus Pods(KubernetesObject o, HelmLegacyOptions options, string name)
    {
        if (!o.GenerationObserved()) return Unobserved(o, name);
        KubernetesObject? pod = options.Owned.FirstOrDefault(p => p.Kind == "Pod" && !p.HasCondition("Ready"));
        return pod is null ? Current($"{o.Kind} is ready") : NotReady($"Pod is not ready: {pod.Namespace}/{pod.Name}");
    }

    private static ReadinessStatus Deployment(KubernetesObject o, HelmLegacyOptions options, string name)
    {
        if (o.Flag("spec", "paused")) return options.PausedAsReady ? Current("Deployment is paused") : NotReady($"Deployment is paused: {name}");
        KubernetesObject? newest = NewReplicaSet(o, options.Owned.Where(r => r.Kind == "ReplicaSet"));
        if (newest is null) return NotReady($"Deployment is not ready: {name}. No new ReplicaSet.");
        if (!newest.GenerationObserved()) return NotReady($"ReplicaSet is not ready: {newest.Namespace}/{newest.Name}.");
        if (!o.GenerationObserved()) return Unobserved(o, name);
        long replicas = o.Int(1, "spec", "replicas"), expected = replicas - MaxUnavailable(o, replicas);
        long ready = newest.Int(0, "status", "readyReplicas");
        return Pods("Deployment", name, ready, expected, ready >= expected);
    }

    private static long MaxUnavailable(KubernetesObject o, long replicas)
    {
        if (o.Str("RollingUpdate", "spec", "strategy", "type") != "RollingUpdate" || replicas == 0) return 0;
        long surge = Scaled(o.At("spec", "strategy", "rollingUpdate", "maxSurge"), replicas, roundUp: true) ?? 0;
        long unavailable = Scaled(o.At("spec", "strategy", "rollingUpdate", "maxUnavailable"), replicas, roundUp: false) ?? 0;
        // Both zero would never move; the controller then takes one.
        if (surge == 0 && unavailable == 0) unavailable = 1;
        return Math.Min(unavailable, replicas);
    }

    private static ReadinessStatus DaemonSet(KubernetesObject o, string name)
    {
        if (!o.GenerationObserved()) return Unobserved(o, name);
        if (o.Str("RollingUpdate", "spec", "updateStrategy", "type") != "RollingUpdate") return Current("DaemonSet is not updated by rolling");
        long desired = o.Int(0, "status", "desiredNumberScheduled"), updated = o.Int(0, "status", "updatedNumberScheduled");
        long ready = o.Int(0, "status", "numberReady");
        if (updated != desired) return NotReady($"DaemonSet is not ready: {name}. {updated} out of {desired} expected pods have been scheduled");
        JsonNode? limit = o.At("spec", "updateStrategy", "rollingUpdate", "maxUnavailable");
        long expected = desired - (limit is null ? 0 : Scaled(limit, desired, roundUp: true) ?? desired);
        return Pods("DaemonSet", name, ready, expected, ready >= expected);
    }

    private static ReadinessStatus StatefulSet(KubernetesObject o, string name)
    {
        if (!o.GenerationObserved()) return Unobserved(o, name);
        if (o.Str("RollingUpdate", "spec", "updateStrategy", "type") != "RollingUpdate") return Current("StatefulSet skipped ready check");
        long replicas = o.Int(1, "spec", "replicas"), partition = o.Int(0, "spec", "updateStrategy", "rollingUpdate", "partition");
        long updated = o.Int(0, "status", "updatedReplicas"), ready = o.Int(0, "status", "readyReplicas");
        if (updated < replicas - partition)
            return NotReady($"StatefulSet is not ready: {name}. {updated} out of {replicas - partition} expected pods have been scheduled");
        if (ready != replicas) return Pods("StatefulSet", name, ready, replicas, enough: false);
        string current = o.Str("", "status", "currentRevision"), update = o.Str("", "status", "updateRevision");
        return partition == 0 && current != update
            ? NotReady($"StatefulSet is not ready: {name}. currentRevision {current} does not yet match updateRevision {update}")
            : Pods("StatefulSet", name, ready, replicas, enough: true);
    }

    private static ReadinessStatus Job(KubernetesObject o, string name)
    {
        if (o.Int(0, "status", "failed") > o.Int(6, "spec", "backoffLimit")) return Failed("BackoffLimitExceeded", $"job is failed: {name}");
        return o.Int(0, "status", "succeeded") < o.Int(1, "spec", "completions")
            ? NotReady($"Job is not completed: {name}")
            : Current($"Job is completed: {name}");
    }

    private static JsonObject? WithoutHash(KubernetesObject o)
    {
        var template = o.At("spec", "template")?.DeepClone() as JsonObject;
        if (template?["metadata"] is not JsonObject metadata) return template;
        metadata.Remove("creationTimestamp");
        (metadata["labels"] as JsonObject)?.Remove("pod-template-hash");
        return template;
    }
}
