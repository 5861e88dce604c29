using System.Globalization;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>The kubelets of all simulated nodes: starts, watches, restarts and stops pods as their behaviour says, by the cluster's clock.</summary>
internal sealed class KubeletController : Controller
{
    private readonly Dictionary<string, PodRun> _runs = [];
    private readonly HashSet<string> _addresses = [];
    private int _lastAddress;

    public KubeletController(ClusterLoop loop)
        : base(loop, "kubelet") => Caller = Caller.Kubelet("kubelet");

    public override IReadOnlyList<ResourceKey>? Watches { get; } = [ClusterResources.Pods];

    public override void OnPod(StoreEventType type, PodView pod)
    {
        if (type == StoreEventType.Deleted)
        {
            if (_runs.Remove(pod.Uid, out PodRun? run))
            {
                _addresses.Remove(run.Ip);
            }

            Loop.Files.Unmount(pod.Uid);

            return;
        }

        if (pod.NodeName is not null && (!pod.IsFinished || pod.IsDeleting))
        {
            Enqueue(pod.Namespace, pod.Name);
        }
    }

    public override void Reconcile(string ns, string name)
    {
        if (Loop.Pod(ns, name) is not { NodeName: { } node } pod || Store.Get(ClusterResources.Nodes, null, node) is null)
        {
            return;
        }

        if (!_runs.TryGetValue(pod.Uid, out PodRun? run))
        {
            _runs[pod.Uid] = run = Begin(pod);
        }

        PodBehavior behavior = Loop.Scripts.For(pod.Json);
        if (pod.IsDeleting)
        {
            Stop(pod, run, behavior);
        }
        else if (!pod.IsFinished)
        {
            Live(pod, run, behavior);
        }
    }

    private PodRun Begin(PodView pod)
    {
        var run = new PodRun(pod.Uid, Clock.Now) { PodId = $"{pod.Name}_{pod.Namespace}({pod.Uid})" };
        bool host = pod.Json.Flag("spec", "hostNetwork");
        run.Ip = pod.Ip ?? (host ? ClusterFurniture.HostIp : NextAddress());
        if (!host)
        {
            _addresses.Add(run.Ip);
        }

        if (pod.Phase == "Running")
        {
            // Found running, as after a snapshot was put back.
            run.Stage = PodStage.Running;
            run.Started = ClusterClock.Parse(pod.Json.Text("status", "startTime")) ?? Clock.Now;
            run.CrashStarted = run.Started;
            run.Restarts = pod.Restarts;
            Loop.Files.Mount(Store, pod);
        }

        return run;
    }

    private string NextAddress()
    {
        while (true)
        {
            _lastAddress = (_lastAddress + 1) % (250 * 254);
            string address = string.Create(CultureInfo.InvariantCulture, $"10.244.{_lastAddress / 254}.{(_lastAddress % 254) + 1}");
            if (!_addresses.Contains(address))
            {
                return address;
            }
        }
    }

    private void Stop(PodView pod, PodRun run, PodBehavior behavior)
    {
        long grace = pod.Json.Number("metadata", "deletionGracePeriodSeconds") ?? 30;
        DateTimeOffset now = Clock.Now;
        if (run.StopAt is null)
        {
            TimeSpan delay = pod.IsFinished ? TimeSpan.Zero : behavior.StopDelay ?? Loop.Options.PodStopDelay;
            run.StopAt = now + delay;
            if (!pod.IsFinished)
            {
                foreach (JsonNode container in pod.Json.Items("spec", "containers"))
                {
                    ContainerEvent(pod, container, "Killing", "Stopping container " + container.Text("name"));
                }
            }
        }

        DateTimeOffset at = run.StopAt.Value;
        if (ClusterClock.Parse(pod.Json.Text("metadata", "deletionTimestamp")) is { } limit && limit < at && grace < (at - now).TotalSeconds)
        {
            at = grace == 0 ? now : now.AddSeconds(Math.Min((at - now).TotalSeconds, Math.Max(0, (limit - now).TotalSeconds)));
        }

        if (at > now)
        {
            Again(at - now);
            return;
        }

        // A finalizer may hold the object after its containers are gone; the kubelet's part is done then.
        if (grace != 0 || pod.Json.At("metadata", "finalizers") is null)
        {
            Delete(ClusterResources.Pods, pod.Namespace, pod.Name, new DeleteSettings(GraceSeconds: 0, Uid: pod.Uid));
        }
    }

    private void Live(PodView pod, PodRun run, PodBehavior behavior)
    {
        DateTimeOffset now = Clock.Now;
        TimeSpan startDelay = behavior.StartDelay
            ?? (behavior.ReadyDelay is { } ready && ready < Loop.Options.PodStartDelay ? ready : Loop.Options.PodStartDelay);
        while (true)
        {
            PodStage before = run.Stage;
            switch (run.Stage)
            {
                case PodStage.New:
                    run.Stage = PodStage.Creating;
                    Write(pod, run, behavior);
                    break;

                case PodStage.Creating:
                    if (!Wait(run.Seen + startDelay, now))
                    {
                        break;
                    }

                    if (behavior.FailsToPull == true)
                    {
                        FailPull(pod, run, behavior);
                    }
                    else
                    {
                        Start(pod, run, behavior);
                    }

                    break;

                case PodStage.PullFailed:
                case PodStage.PullBackOff:
                    if (behavior.FailsToPull != true)
                    {
                        Start(pod, run, behavior);
                    }
                    else if (run.Stage == PodStage.PullFailed)
                    {
                        run.Stage = PodStage.PullBackOff;
                        foreach (JsonNode container in pod.Json.Items("spec", "containers"))
                        {
                            ContainerEvent(pod, container, "BackOff", $"Back-off pulling image \"{container.Text("image")}\"");
                            ContainerEvent(pod, container, "Failed", "Error: ImagePullBackOff", warning: true);
                        }

                        Write(pod, run, behavior);
                    }
                    else if (run.PullAgain is { } again && Wait(again, now, background: true))
                    {
                        FailPull(pod, run, behavior);
                    }

                    break;

                case PodStage.Running:
                    Run(pod, run, behavior, now);
                    break;

                case PodStage.CrashBackOff:
                    if (!behavior.Crashes)
                    {
                        Restart(pod, run, behavior);
                    }
                    else if (run.RestartAt is { } at && Wait(at, now, background: true))
                    {
                        Restart(pod, run, behavior);
                    }

                    break;
            }

            if (run.Stage == before || run.Stage == PodStage.Ended)
            {
                return;
            }

            if (Loop.Pod(pod.Namespace, pod.Name) is not { IsFinished: false } fresh || fresh.Uid != pod.Uid)
            {
                return;
            }

            pod = fresh;
        }
    }

    /// <summary>True when the time has come; else asks to be called again then.</summary>
    private bool Wait(DateTimeOffset until, DateTimeOffset now, bool background = false)
    {
        if (until <= now)
        {
            return true;
        }

        Again(until - now, background);
        return false;
    }

    private void FailPull(PodView pod, PodRun run, PodBehavior behavior)
    {
        run.Stage = PodStage.PullFailed;
        run.Pulls++;
        run.PullAgain = Clock.Now + PodRun.BackOff(run.Pulls);
        foreach (JsonNode container in pod.Json.Items("spec", "containers"))
        {
            string image = container.Text("image") ?? "";
            ContainerEvent(pod, container, "Pulling", $"Pulling image \"{image}\"");
            ContainerEvent(pod, container, "Failed", $"Failed to pull image \"{image}\": {PullError(behavior, image)}", warning: true);
            ContainerEvent(pod, container, "Failed", "Error: ErrImagePull", warning: true);
        }

        Write(pod, run, behavior);
    }

    private static string PullError(PodBehavior behavior, string image) => behavior.PullMessage
        ?? $"rpc error: code = NotFound desc = failed to pull and unpack image \"{image}\": failed to resolve reference \"{image}\": {image}: not found";

    private void Start(PodView pod, PodRun run, PodBehavior behavior)
    {
        foreach (JsonNode container in pod.Json.Items("spec", "initContainers").Concat(pod.Json.Items("spec", "containers")))
        {
            ContainerEvent(pod, container, "Pulled", $"Container image \"{container.Text("image")}\" already present on machine");
            ContainerEvent(pod, container, "Created", "Created container " + container.Text("name"));
            ContainerEvent(pod, container, "Started", "Started container " + container.Text("name"));
        }

        Loop.Files.Mount(Store, pod);
        run.Stage = PodStage.Running;
        run.Started = Clock.Now;
        run.CrashStarted = run.Started;
        if (behavior.Crash is { IsSettled: true } crash)
        {
            run.Restarts = 2;
            Crash(pod, run, behavior, crash);
            return;
        }

        // What crashes at once is never seen running ready.
        if (!(behavior.Crashes && behavior.Crash!.Ran == TimeSpan.Zero))
        {
            Write(pod, run, behavior);
        }
    }

    private void Run(PodView pod, PodRun run, PodBehavior behavior, DateTimeOffset now)
    {
        string policy = pod.Json.Text("spec", "restartPolicy") ?? "Always";
        if (behavior.Crashes && behavior.Crash is { } crash)
        {
            if (Wait(run.CrashStarted!.Value + crash.Ran, now))
            {
                Crash(pod, run, behavior, crash);
                return;
            }
        }
        else if (policy != "Always" || behavior.EndCode is not null)
        {
            TimeSpan duration = behavior.RunTime ?? TimeSpan.Zero;
            if (behavior.ReadyDelay is { } delay && run.Seen + delay - run.Started!.Value > duration)
            {
                duration = run.Seen + delay - run.Started.Value;
            }

            if (behavior.IsNeverReady == true)
            {
                duration = TimeSpan.MaxValue;
            }

            if (duration == TimeSpan.MaxValue)
            {
                Write(pod, run, behavior);
                return;
            }

            if (Wait(run.Started!.Value + duration, now))
            {
                int code = behavior.EndCode ?? 0;
                if (code != 0 && policy != "Never")
                {
                    Crash(pod, run, behavior, new PodCrash(duration, code, "Error", null, false));
                }
                else if (policy == "Always")
                {
                    Crash(pod, run, behavior, new PodCrash(duration, code, "Completed", null, false));
                }
                else
                {
                    run.Stage = PodStage.Ended;
                    Write(pod, run, behavior);
                }

                return;
            }
        }

        DateTimeOffset readyAt = run.Seen + (behavior.ReadyDelay ?? TimeSpan.Zero);
        if (behavior.IsNeverReady != true)
        {
            Wait(readyAt, now);
        }
        else
        {
            TellUnhealthy(pod, run, behavior);
        }

        Write(pod, run, behavior);
    }

    private void TellUnhealthy(PodView pod, PodRun run, PodBehavior behavior)
    {
        if (run.ToldUnhealthy)
        {
            return;
        }

        run.ToldUnhealthy = true;
        foreach (JsonNode container in pod.Json.Items("spec", "containers"))
        {
            if (container.At("readinessProbe") is { } probe)
            {
                string why = behavior.ProbeMessage ?? (probe.At("tcpSocket") is not null
                    ? $"dial tcp {run.Ip}:{probe.At("tcpSocket", "port")}: connect: connection refused"
                    : probe.At("exec") is not null ? "command failed" : "HTTP probe failed with statuscode: 503");
                ContainerEvent(pod, container, "Unhealthy", "Readiness probe failed: " + why, warning: true);
            }
        }
    }

    private void Crash(PodView pod, PodRun run, PodBehavior behavior, PodCrash crash)
    {
        DateTimeOffset now = Clock.Now;
        string container = crash.Container ?? pod.Json.Items("spec", "containers").FirstOrDefault().Text("name") ?? "";
        run.CrashedContainer = container;
        run.LastEnd = new JsonObject
        {
            ["exitCode"] = crash.ExitCode,
            ["reason"] = crash.Reason,
            ["startedAt"] = ClusterClock.Format(run.CrashStarted ?? now),
            ["finishedAt"] = ClusterClock.Format(now),
            ["containerID"] = "fake://" + container,
        };
        string policy = pod.Json.Text("spec", "restartPolicy") ?? "Always";
        if (policy == "Never")
        {
            run.Stage = PodStage.Ended;
            Write(pod, run, behavior);
            return;
        }

        run.Restarts++;
        if (run.Restarts == 1 && !crash.IsSettled && crash.Ran > TimeSpan.Zero)
        {
            // The first restart comes at once.
            run.CrashStarted = now;
            Write(pod, run, behavior);
            Again(crash.Ran);
            return;
        }

        run.Stage = PodStage.CrashBackOff;
        run.RestartAt = crash.IsSettled ? null : now + PodRun.BackOff(run.Restarts);
        JsonNode spec = pod.Json.Items("spec", "initContainers").Concat(pod.Json.Items("spec", "containers")).FirstOrDefault(c => c.Text("name") == container) ?? new JsonObject { ["name"] = container };
        ContainerEvent(pod, spec, "BackOff", $"Back-off restarting failed container {container} in pod {pod.Name}_{pod.Namespace}({pod.Uid})", warning: true);
        Write(pod, run, behavior);
    }

    private void Restart(PodView pod, PodRun run, PodBehavior behavior)
    {
        run.Stage = PodStage.Running;
        run.CrashStarted = Clock.Now;
        run.RestartAt = null;
        JsonNode spec = pod.Json.Items("spec", "containers").FirstOrDefault(c => c.Text("name") == run.CrashedContainer) ?? new JsonObject { ["name"] = run.CrashedContainer };
        ContainerEvent(pod, spec, "Started", "Started container " + run.CrashedContainer);
        if (!behavior.Crashes)
        {
            run.CrashedContainer = null;
        }

        Write(pod, run, behavior);
    }

    private void Write(PodView pod, PodRun run, PodBehavior behavior, PodStage? stage = null)
    {
        JsonObject? current = Loop.Pod(pod.Namespace, pod.Name)?.Json as JsonObject;
        if (current is null || current.Uid() != run.Uid)
        {
            return;
        }

        JsonObject status = PodStatusWriter.Build(current, run, behavior, stage ?? run.Stage, Clock.Now);
        WriteStatus(ClusterResources.Pods, current, status);
    }

    private void ContainerEvent(PodView pod, JsonNode container, string reason, string message, bool warning = false) =>
        Loop.Events.Record(pod.Json, reason, message, warning, Name, $"spec.containers{{{container.Text("name")}}}");
}
