using static HelmLifecycle.Kubernetes.ReadinessFields;

namespace HelmLifecycle.Kubernetes;

/// <summary>kstatus' rules of Deployment, ReplicaSet, StatefulSet and DaemonSet.</summary>
internal static class KstatusWorkloads
{
    public static ReadinessStatus Deployment(KubernetesObject o)
    {
        // Without a deadline the controller sets no Progressing condition; MaxInt32 means none.
        bool progressing = o.Int(int.MaxValue, "spec", "progressDeadlineSeconds") == int.MaxValue, available = false;
        foreach (ObjectCondition c in o.Conditions())
        {
            if (c is { Type: "Progressing", Reason: "ProgressDeadlineExceeded" }) return Failed(c.Reason, "Progress deadline exceeded");
            progressing |= c is { Type: "Progressing", IsTrue: true, Reason: "NewReplicaSetAvailable" };
            available |= c is { Type: "Available", IsTrue: true };
        }
        long wanted = o.Int(1, "spec", "replicas"), replicas = o.Int(0, "status", "replicas"), updated = o.Int(0, "status", "updatedReplicas");
        long ready = o.Int(0, "status", "readyReplicas"), availableReplicas = o.Int(0, "status", "availableReplicas");
        if (wanted > replicas) return InProgress("LessReplicas", $"Replicas: {replicas}/{wanted}");
        if (wanted > updated) return InProgress("LessUpdated", $"Updated: {updated}/{wanted}");
        if (replicas > wanted) return InProgress("ExtraPods", $"Pending termination: {replicas - wanted}");
        if (updated > availableReplicas) return InProgress("LessAvailable", $"Available: {availableReplicas}/{updated}");
        if (wanted > ready) return InProgress("LessReady", $"Ready: {ready}/{wanted}");
        if (!progressing) return InProgress("ReplicaSetNotAvailable", "ReplicaSet not Available");
        if (!available) return InProgress("DeploymentNotAvailable", "Deployment not Available");
        return Current($"Deployment is available. Replicas: {replicas}");
    }

    public static ReadinessStatus ReplicaSet(KubernetesObject o)
    {
        if (o.HasCondition("ReplicaFailure")) return InProgress("ReplicaFailure", "Replica Failure condition. Check Pods");
        long wanted = o.Int(1, "spec", "replicas"), replicas = o.Int(0, "status", "replicas"), labelled = o.Int(0, "status", "fullyLabeledReplicas");
        long ready = o.Int(0, "status", "readyReplicas"), available = o.Int(0, "status", "availableReplicas");
        if (wanted > labelled) return InProgress("LessLabelled", $"Labelled: {labelled}/{wanted}");
        if (wanted > available) return InProgress("LessAvailable", $"Available: {available}/{wanted}");
        if (wanted > ready) return InProgress("LessReady", $"Ready: {ready}/{wanted}");
        if (replicas > wanted) return InProgress("ExtraPods", $"Pending termination: {replicas - wanted}");
        return Current($"ReplicaSet is available. Replicas: {replicas}");
    }

    public static ReadinessStatus StatefulSet(KubernetesObject o)
    {
        if (o.Str("", "spec", "updateStrategy", "type") == "OnDelete") return Current("StatefulSet is using the ondelete update strategy");
        long wanted = o.Int(1, "spec", "replicas"), replicas = o.Int(0, "status", "replicas"), ready = o.Int(0, "status", "readyReplicas");
        long current = o.Int(0, "status", "currentReplicas"), updated = o.Int(0, "status", "updatedReplicas");
        long partition = o.Int(-1, "spec", "updateStrategy", "rollingUpdate", "partition");
        if (wanted > replicas) return InProgress("LessReplicas", $"Replicas: {replicas}/{wanted}");
        if (wanted > ready) return InProgress("LessReady", $"Ready: {ready}/{wanted}");
        if (replicas > wanted) return InProgress("ExtraPods", $"Pending termination: {replicas - wanted}");
        if (partition != -1)
            return updated < wanted - partition
                ? InProgress("PartitionRollout", $"updated: {updated}/{wanted - partition}")
                : Current($"Partition rollout complete. updated: {updated}");
        if (wanted > current) return InProgress("LessCurrent", $"current: {current}/{wanted}");
        if (o.Str("", "status", "currentRevision") != o.Str("", "status", "updateRevision"))
            return InProgress("RevisionMismatch", "Waiting for updated revision to match current");
        return Current($"All replicas scheduled as expected. Replicas: {replicas}");
    }

    public static ReadinessStatus DaemonSet(KubernetesObject o)
    {
        // Elsewhere missing generations are let pass; a DaemonSet that its controller has seen has both.
        if (KubernetesObject.Number(o.Metadata, "generation") is null)
            return InProgress("NoGeneration", $"{o.Kind} metadata.generation not found");
        if (KubernetesObject.Number(o.Status, "observedGeneration") is null)
            return InProgress("NoObservedGeneration", $"{o.Kind} status.observedGeneration not found");
        long wanted = o.Int(-1, "status", "desiredNumberScheduled"), current = o.Int(0, "status", "currentNumberScheduled");
        long updated = o.Int(0, "status", "updatedNumberScheduled"), available = o.Int(0, "status", "numberAvailable");
        long ready = o.Int(0, "status", "numberReady");
        if (wanted == -1) return InProgress("NoDesiredNumber", "Missing .status.desiredNumberScheduled");
        if (wanted > current) return InProgress("LessCurrent", $"Current: {current}/{wanted}");
        if (wanted > updated) return InProgress("LessUpdated", $"Updated: {updated}/{wanted}");
        if (wanted > available) return InProgress("LessAvailable", $"Available: {available}/{wanted}");
        if (wanted > ready) return InProgress("LessReady", $"Ready: {ready}/{wanted}");
        return Current($"All replicas scheduled as expected. Replicas: {wanted}");
    }
}
