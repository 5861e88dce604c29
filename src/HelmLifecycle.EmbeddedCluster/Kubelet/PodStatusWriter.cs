using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>The status of a pod, from what its kubelet knows.</summary>
internal static class PodStatusWriter
{
    public static JsonObject Build(JsonObject pod, PodRun run, PodBehavior behavior, PodStage stage, DateTimeOffset now)
    {
        JsonObject status = pod.Map("status")?.Copy() ?? [];
        List<JsonNode> containers = [.. pod.Items("spec", "containers")];
        List<JsonNode> inits = [.. pod.Items("spec", "initContainers")];
        bool initCrashes = run.CrashedContainer is { } crashed && inits.Any(c => c.Text("name") == crashed && c.Text("restartPolicy") != "Always");
        bool started = stage is PodStage.Running or PodStage.CrashBackOff or PodStage.Ended && !initCrashes;
        bool ready = stage is PodStage.Running or PodStage.CrashBackOff && behavior.IsNeverReady != true && run.Seen + (behavior.ReadyDelay ?? TimeSpan.Zero) <= now;

        var unready = new List<string>();
        var statuses = new JsonArray();
        foreach (JsonNode container in containers)
        {
            JsonObject one = Container(container, run, behavior, initCrashes ? PodStage.Creating : stage, ready && !initCrashes, now);
            statuses.Add((JsonNode)one);
            if (!one.Flag("ready"))
            {
                unready.Add(container.Text("name") ?? "");
            }
        }

        bool ended = stage == PodStage.Ended;
        bool failed = ended && ((run.LastEnd.Number("exitCode") ?? 0) != 0 || (behavior.EndCode ?? 0) != 0);
        status["phase"] = ended ? failed ? "Failed" : "Succeeded" : started ? "Running" : "Pending";
        string stamp = ClusterClock.Format(now);
        void Set(string type, bool holds, string? reason = null, string? message = null)
        {
            var condition = new JsonObject { ["type"] = type, ["status"] = holds ? "True" : "False", ["lastProbeTime"] = null, ["lastTransitionTime"] = stamp };
            if (reason is not null)
            {
                condition["reason"] = reason;
            }

            if (message is not null)
            {
                condition["message"] = message;
            }

            Conditions.Update(status, condition);
        }

        Set("PodScheduled", true);
        if (initCrashes)
        {
            Set("Initialized", false, "ContainersNotInitialized", $"containers with incomplete status: [{run.CrashedContainer}]");
        }
        else
        {
            Set("Initialized", true);
        }

        foreach (string type in (ReadOnlySpan<string>)["ContainersReady", "Ready"])
        {
            if (ended)
            {
                Set(type, false, failed ? "PodFailed" : "PodCompleted");
            }
            else if (unready.Count > 0)
            {
                Set(type, false, "ContainersNotReady", $"containers with unready status: [{string.Join(' ', unready)}]");
            }
            else
            {
                Set(type, true);
            }
        }

        status["hostIP"] = ClusterFurniture.HostIp;
        status["hostIPs"] = new JsonArray(new JsonObject { ["ip"] = ClusterFurniture.HostIp });
        if (stage is not (PodStage.New or PodStage.Creating))
        {
            status["podIP"] = run.Ip;
            status["podIPs"] = new JsonArray(new JsonObject { ["ip"] = run.Ip });
        }

        status["startTime"] ??= ClusterClock.Format(run.Seen);
        if (inits.Count > 0)
        {
            var initStatuses = new JsonArray();
            foreach (JsonNode container in inits)
            {
                initStatuses.Add((JsonNode)Init(container, run, stage, initCrashes, ready, now));
            }

            status["initContainerStatuses"] = initStatuses;
        }

        status["containerStatuses"] = statuses;
        return status;
    }

    private static JsonObject Container(JsonNode container, PodRun run, PodBehavior behavior, PodStage stage, bool ready, DateTimeOffset now)
    {
        string name = container.Text("name") ?? "";
        string image = container.Text("image") ?? "";
        bool crashed = run.CrashedContainer == name;
        JsonObject state;
        bool hasStarted = false;
        bool isReady = false;
        bool created = true;
        switch (stage)
        {
            case PodStage.New:
            case PodStage.Creating:
                state = Waiting("ContainerCreating", null);
                created = false;
                break;
            case PodStage.PullFailed:
                state = Waiting("ErrImagePull", behavior.PullMessage
                    ?? $"rpc error: code = NotFound desc = failed to pull and unpack image \"{image}\": failed to resolve reference \"{image}\": {image}: not found");
                created = false;
                break;
            case PodStage.PullBackOff:
                state = Waiting("ImagePullBackOff", $"Back-off pulling image \"{image}\"");
                created = false;
                break;
            case PodStage.CrashBackOff when crashed:
                state = Waiting("CrashLoopBackOff", BackOffMessage(run, name));
                break;
            case PodStage.Ended:
                JsonObject end = crashed && run.LastEnd is { } last ? last.Copy() : End(run, behavior, name, now);
                state = new JsonObject { ["terminated"] = end };
                break;
            default:
                state = new JsonObject { ["running"] = new JsonObject { ["startedAt"] = ClusterClock.Format((crashed ? run.CrashStarted : run.Started) ?? now) } };
                hasStarted = true;
                isReady = ready && !(behavior.Crashes && behavior.Crash!.Ran == TimeSpan.Zero && crashed);
                break;
        }

        var lastState = new JsonObject();
        if (crashed && run.Restarts > 0 && run.LastEnd is { } lastEnd)
        {
            JsonObject terminated = lastEnd.Copy();
            if (run.RestartAt is null && stage == PodStage.CrashBackOff)
            {
                terminated.Remove("containerID");
            }

            lastState["terminated"] = terminated;
        }

        var status = new JsonObject
        {
            ["name"] = name,
            ["state"] = state,
            ["lastState"] = lastState,
            ["ready"] = isReady,
            ["restartCount"] = crashed ? run.Restarts : 0,
            ["image"] = image,
            ["imageID"] = created ? "fake://" + image : "",
            ["started"] = hasStarted,
        };
        if (created)
        {
            status["containerID"] = "fake://" + name;
        }

        return status;
    }

    /// <summary>With a next restart the kubelet names the pod; one that is left as it is gets the short form.</summary>
    private static string BackOffMessage(PodRun run, string container)
    {
        if (run.RestartAt is null)
        {
            return "back-off 10s restarting failed container=" + container;
        }

        double seconds = PodRun.BackOff(run.Restarts).TotalSeconds;
        string text = seconds >= 60 ? $"{(int)seconds / 60}m{(int)seconds % 60}s" : $"{(int)seconds}s";
        return $"back-off {text} restarting failed container={container} pod={run.PodId}";
    }

    private static JsonObject Init(JsonNode container, PodRun run, PodStage stage, bool crashes, bool ready, DateTimeOffset now)
    {
        string name = container.Text("name") ?? "";
        string image = container.Text("image") ?? "";
        bool crashed = run.CrashedContainer == name;
        bool sidecar = container.Text("restartPolicy") == "Always";
        bool done = stage is PodStage.Running or PodStage.CrashBackOff or PodStage.Ended && !crashes;
        JsonObject state = crashed && stage == PodStage.CrashBackOff
            ? Waiting("CrashLoopBackOff", BackOffMessage(run, name))
            : !done
                ? Waiting("PodInitializing", null)
                : sidecar && stage != PodStage.Ended
                    ? new JsonObject { ["running"] = new JsonObject { ["startedAt"] = ClusterClock.Format(run.Started ?? now) } }
                    : new JsonObject { ["terminated"] = Terminated(0, "Completed", run.Started ?? now, run.Started ?? now, name) };
        var lastState = new JsonObject();
        if (crashed && run.LastEnd is { } end)
        {
            lastState["terminated"] = end.Copy();
        }

        return new JsonObject
        {
            ["name"] = name,
            ["state"] = state,
            ["lastState"] = lastState,
            ["ready"] = done && (!sidecar || ready),
            ["restartCount"] = crashed ? run.Restarts : 0,
            ["image"] = image,
            ["imageID"] = done || crashed ? "fake://" + image : "",
            ["started"] = done && sidecar,
        };
    }

    private static JsonObject End(PodRun run, PodBehavior behavior, string name, DateTimeOffset now)
    {
        int code = behavior.EndCode ?? 0;
        return Terminated(code, code == 0 ? "Completed" : "Error", run.Started ?? now, now, name);
    }

    private static JsonObject Terminated(int code, string reason, DateTimeOffset started, DateTimeOffset finished, string name) => new()
    {
        ["exitCode"] = code,
        ["reason"] = reason,
        ["startedAt"] = ClusterClock.Format(started),
        ["finishedAt"] = ClusterClock.Format(finished),
        ["containerID"] = "fake://" + name,
    };

    private static JsonObject Waiting(string reason, string? message)
    {
        var waiting = new JsonObject { ["reason"] = reason };
        if (message is not null)
        {
            waiting["message"] = message;
        }

        return new JsonObject { ["waiting"] = waiting };
    }
}
