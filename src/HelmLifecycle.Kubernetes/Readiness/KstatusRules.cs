using static HelmLifecycle.Kubernetes.ReadinessFields;

namespace HelmLifecycle.Kubernetes;

/// <summary>kstatus: what holds for every kind, and the way to the rules of one kind.</summary>
internal static class KstatusRules
{
    public static ReadinessStatus Of(KubernetesObject o, KstatusOptions options) =>
        Generic(o) ?? Rule(o, options) ?? Ready(o) ?? Current("Resource is current");

    private static ReadinessStatus? Rule(KubernetesObject o, KstatusOptions options)
    {
        GroupVersionKind gvk = o.Gvk;
        return (gvk.Group, gvk.Kind) switch
        {
            ("apps" or "extensions", "Deployment") => options.PausedAsReady && o.Flag("spec", "paused")
                ? Current("Deployment is paused")
                : KstatusWorkloads.Deployment(o),
            ("apps" or "extensions", "ReplicaSet") => OrFailedPods(KstatusWorkloads.ReplicaSet(o), options),
            ("apps", "StatefulSet") => OrFailedPods(KstatusWorkloads.StatefulSet(o), options),
            ("apps" or "extensions", "DaemonSet") => KstatusWorkloads.DaemonSet(o),
            ("", "Pod") => KstatusPods.Pod(o, options.Now ?? DateTimeOffset.UtcNow),
            ("batch", "Job") => options.WaitForJobs ? HookRules.Job(o) : KstatusPods.Job(o),
            ("", "PersistentVolumeClaim") => KstatusOthers.PersistentVolumeClaim(o),
            ("", "Service") => KstatusOthers.Service(o),
            ("policy", "PodDisruptionBudget") => Current("AllowedDisruptions has been computed."),
            ("apiextensions.k8s.io", "CustomResourceDefinition") => KstatusOthers.CustomResourceDefinition(o),
            ("", "ConfigMap") or ("", "Secret") or ("batch", "CronJob") => Current("Resource is always ready"),
            _ => null,
        };
    }

    private static ReadinessStatus? Generic(KubernetesObject o)
    {
        if (o.DeletionTimestamp is not null) return new ReadinessStatus(ResourceStatus.Terminating, "", "Resource scheduled for deletion");
        if (KubernetesObject.Number(o.Metadata, "generation") is long generation
            && KubernetesObject.Number(o.Status, "observedGeneration") is long observed && generation != observed)
            return InProgress("LatestGenerationNotObserved", $"{o.Kind} generation is {generation}, but latest observed generation is {observed}");
        foreach (ObjectCondition c in o.Conditions())
        {
            if (c is { Type: "Reconciling", IsTrue: true }) return InProgress(c.Reason, c.Message);
            if (c is { Type: "Stalled", IsTrue: true }) return Failed(c.Reason, c.Message);
        }
        return null;
    }

    private static ReadinessStatus? Ready(KubernetesObject o) => o.Conditions().FirstOrDefault(c => c.Type == "Ready") switch
    {
        null => null,
        { IsTrue: true } => Current("Resource is Ready"),
        { } c => InProgress(c.Reason, c.Message),
    };

    // Of a set that is on its way, pods that failed for good decide.
    private static ReadinessStatus OrFailedPods(ReadinessStatus status, KstatusOptions options)
    {
        if (status.Status != ResourceStatus.InProgress || options.Owned is null) return status;
        int failed = options.Owned.Count(pod => Of(pod, options with { Owned = null }).Status == ResourceStatus.Failed);
        return failed == 0 ? status : Failed("PodsFailed", $"{failed} pods have failed");
    }
}
