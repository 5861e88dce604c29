using static HelmLifecycle.Kubernetes.ReadinessFields;

namespace HelmLifecycle.Kubernetes;

/// <summary>
/// Helm's rules for hooks and tests: a Job must be complete, a Pod must have ended well, anything else is done when it is there.
/// </summary>
internal static class HookRules
{
    public static ReadinessStatus Of(KubernetesObject o) => o.Kind switch
    {
        "Job" => Job(o),
        "Pod" => Pod(o),
        _ => Current("Resource is current"),
    };

    public static ReadinessStatus Job(KubernetesObject o)
    {
        long completions = o.Int(o.Int(1, "spec", "parallelism"), "spec", "completions");
        foreach (ObjectCondition c in o.Conditions().Where(c => c.IsTrue))
        {
            if (c.Type == "Complete") return Current($"Job Completed. succeeded: {o.Int(0, "status", "succeeded")}/{completions}");
            if (c.Type == "Failed") return Failed(c.Reason, $"Job Failed. failed: {o.Int(0, "status", "failed")}/{completions}");
        }
        return InProgress("JobInProgress", "Job in progress");
    }

    public static ReadinessStatus Pod(KubernetesObject o) => o.Str("", "status", "phase") switch
    {
        "Succeeded" => Current($"pod {o.Name} succeeded"),
        "Failed" => Failed("PodFailed", $"pod {o.Name} failed"),
        _ => InProgress("PodInProgress", "Pod in progress"),
    };

    /// <summary>The error of Helm 3 for a hook that failed.</summary>
    public static string Helm3Error(ObjectReference o, ReadinessStatus status) =>
        o.Gvk.Kind == "Job" ? $"job {o.Name} failed: {status.Reason}" : $"pod {o.Name} failed";
}
