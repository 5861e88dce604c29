using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes;

/// <summary>What a container status says, reduced to the one thing that matters.</summary>
internal sealed record ContainerState(string Name, string Reason, string Message)
{
    /// <summary>Nothing is wrong: it runs and is ready, or it has ended as it should.</summary>
    public bool IsFine { get; init; }

    /// <summary>It will not get there by itself, or has not for a while.</summary>
    public bool Failed { get; init; }

    public bool IsInit { get; init; }
    public int? ExitCode { get; init; }
    public string ExitReason { get; init; } = "";
    public int Restarts { get; init; }

    /// <summary>There is a log, of this run or the one before.</summary>
    public bool HasRun { get; init; }

    /// <summary>The log that tells is that of the run before.</summary>
    public bool Previous { get; init; }

    public static ContainerState Of(JsonObject status, KubernetesObject pod)
    {
        string name = KubernetesObject.Text(status, "name") ?? "";
        int restarts = (int)(KubernetesObject.Number(status, "restartCount") ?? 0);
        var state = status["state"] as JsonObject;
        bool isInit = pod.Items("spec", "initContainers").Any(c => KubernetesObject.Text(c, "name") == name);
        var last = (status["lastState"] as JsonObject)?["terminated"] as JsonObject;
        bool ready = status["ready"] is JsonValue r && r.TryGetValue(out bool yes) && yes;
        if (state?["waiting"] is JsonObject waiting)
        {
            string reason = KubernetesObject.Text(waiting, "reason") ?? "Waiting";
            return Base(reason, KubernetesObject.Text(waiting, "message") ?? "", last) with
            {
                // Waiting for its turn is no fault of the container's.
                IsFine = reason is "PodInitializing" or "ContainerCreating",
                Failed = reason is "CrashLoopBackOff" or "ImagePullBackOff" or "ErrImagePull" or "InvalidImageName"
                    or "CreateContainerConfigError" or "CreateContainerError",
                Previous = last is not null,
                HasRun = last is not null,
            };
        }
        if (state?["terminated"] is JsonObject ended)
        {
            bool good = KubernetesObject.Number(ended, "exitCode") == 0 && (isInit || pod.Str("Always", "spec", "restartPolicy") != "Always");
            return Base(KubernetesObject.Text(ended, "reason") ?? "Terminated", KubernetesObject.Text(ended, "message") ?? "", ended) with
            {
                IsFine = good,
                Failed = true,
                HasRun = true,
            };
        }
        return Base(ready ? "" : "NotReady", "", last) with { IsFine = ready || state is null, HasRun = state?["running"] is not null };

        ContainerState Base(string reason, string message, JsonObject? exit) => new(name, reason, message)
        {
            IsInit = isInit,
            Restarts = restarts,
            ExitCode = (int?)KubernetesObject.Number(exit, "exitCode"),
            ExitReason = KubernetesObject.Text(exit, "reason") ?? "",
        };
    }
}
