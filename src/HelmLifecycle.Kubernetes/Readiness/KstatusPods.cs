using System.Text.Json.Nodes;
using static HelmLifecycle.Kubernetes.ReadinessFields;

namespace HelmLifecycle.Kubernetes;

/// <summary>kstatus' rules of Pod and Job.</summary>
internal static class KstatusPods
{
    /// <summary>How long a pod may be unschedulable before that counts as a failure.</summary>
    public static readonly TimeSpan ScheduleWindow = TimeSpan.FromSeconds(15);

    public static ReadinessStatus Pod(KubernetesObject o, DateTimeOffset now)
    {
        switch (o.Str("", "status", "phase"))
        {
            case "Succeeded": return Current("Pod has completed successfully");
            case "Failed": return Current("Pod has completed, but not successfully");
            case "Running":
                if (o.HasCondition("Ready")) return Current("Pod is Ready");
                string crashing = string.Join(',', CrashLooping(o));
                return crashing.Length > 0
                    ? Failed("ContainerCrashLooping", $"Containers in CrashLoop state: {crashing}")
                    : InProgress("PodRunningNotReady", "Pod is running but is not Ready");
            case "Pending":
                if (!o.Conditions().Any(c => c is { Type: "PodScheduled", IsFalse: true, Reason: "Unschedulable" }))
                    return InProgress("PodPending", "Pod is in the Pending phase");
                return now - ScheduleWindow < (o.CreationTimestamp ?? DateTimeOffset.MinValue)
                    ? InProgress("PodNotScheduled", "Pod has not been scheduled")
                    : Failed("PodUnschedulable", "Pod could not be scheduled");
            case "": return InProgress("PodNotObserved", "Pod phase not available");
            default: return new ReadinessStatus(ResourceStatus.Unknown, "UnknownPhase", $"unknown phase {o.Str("", "status", "phase")}");
        }
    }

    public static ReadinessStatus Job(KubernetesObject o)
    {
        long completions = o.Int(o.Int(1, "spec", "parallelism"), "spec", "completions");
        long succeeded = o.Int(0, "status", "succeeded"), failed = o.Int(0, "status", "failed");
        foreach (ObjectCondition c in o.Conditions().Where(c => c.IsTrue))
            switch (c.Type)
            {
                case "Complete": return Current($"Job Completed. succeeded: {succeeded}/{completions}");
                case "Failed": return Failed("JobFailed", $"Job Failed. failed: {failed}/{completions}");
                case "Suspended": return Current("Job is suspended");
            }
        return o.Str("", "status", "startTime").Length == 0
            ? InProgress("JobNotStarted", "Job not started")
            : Current($"Job in progress. success:{succeeded}, active: {o.Int(0, "status", "active")}, failed: {failed}");
    }

    private static IEnumerable<string> CrashLooping(KubernetesObject pod) => pod.Items("status", "containerStatuses")
        .Where(c => KubernetesObject.Text(c["state"]?["waiting"] as JsonObject, "reason") == "CrashLoopBackOff")
        .Select(c => KubernetesObject.Text(c, "name") ?? "").Where(name => name.Length > 0);
}
