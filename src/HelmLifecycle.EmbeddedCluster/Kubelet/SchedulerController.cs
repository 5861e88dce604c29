using System.Globalization;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Assigns pods to nodes by selectors, affinity, taints and resources, the least loaded node first; says why when none fits.</summary>
internal sealed class SchedulerController : Controller
{
    private readonly Dictionary<string, (string Node, Quantity Cpu, Quantity Memory)> _placed = [];
    private readonly Dictionary<string, Load> _loads = [];
    private readonly HashSet<(string Namespace, string Name)> _waiting = [];

    public SchedulerController(ClusterLoop loop)
        : base(loop, "default-scheduler") => Caller = Caller.Scheduler;

    public override IReadOnlyList<ResourceKey>? Watches { get; } = [ClusterResources.Pods, ClusterResources.Nodes, ClusterResources.Claims];

    public override void OnChange(StoreEvent change)
    {
        // A node or a claim may be what somebody waits for.
        if (change.Resource != ClusterResources.Nodes || change.Type != StoreEventType.Modified || NodeMatters(change))
        {
            EnqueueWaiting();
        }
    }

    public override void OnPod(StoreEventType type, PodView pod)
    {
        bool gone = type == StoreEventType.Deleted || pod.IsFinished;
        if (_placed.Remove(pod.Uid, out var before) && _loads.TryGetValue(before.Node, out Load? load))
        {
            load.Pods--;
            load.Cpu -= before.Cpu;
            load.Memory -= before.Memory;
            if (gone)
            {
                EnqueueWaiting();
            }
        }

        if (!gone && pod.NodeName is { } node)
        {
            Quantity cpu = PodResources.Sum(pod.Json, "requests", "cpu");
            Quantity memory = PodResources.Sum(pod.Json, "requests", "memory");
            _placed[pod.Uid] = (node, cpu, memory);
            Load on = LoadOf(node);
            on.Pods++;
            on.Cpu += cpu;
            on.Memory += memory;
        }

        if (!gone && pod.NodeName is null)
        {
            Enqueue(pod.Namespace, pod.Name);
        }
        else
        {
            _waiting.Remove((pod.Namespace, pod.Name));
        }
    }

    public override void Reconcile(string ns, string name)
    {
        if (Loop.Pod(ns, name) is not { NodeName: null, IsActive: true } pod || (pod.Json.Text("spec", "schedulerName") ?? "default-scheduler") != "default-scheduler")
        {
            return;
        }

        if (pod.Json.At("spec", "schedulingGates") is JsonArray { Count: > 0 })
        {
            NotScheduled(pod, "SchedulingGated", "Scheduling is blocked due to non-empty scheduling gates", tell: false);
            return;
        }

        if (ClaimProblem(pod) is { } problem)
        {
            NotScheduled(pod, "Unschedulable", problem, tell: true);
            return;
        }

        var refusals = new SortedDictionary<string, int>(StringComparer.Ordinal);
        JsonObject? best = null;
        int nodes = 0;
        bool room = false;
        foreach (StoredObject stored in Store.List(ClusterResources.Nodes))
        {
            nodes++;
            List<string> reasons = Refuse(pod, stored.View, out bool lacksRoom);
            room |= lacksRoom;
            if (reasons.Count == 0)
            {
                best = best is null || LoadOf(stored.Name).CompareTo(LoadOf(best.Name())) < 0 ? stored.View : best;
            }

            foreach (string reason in reasons)
            {
                refusals[reason] = refusals.GetValueOrDefault(reason) + 1;
            }
        }

        if (best is not null)
        {
            Bind(pod, best.Name());
            return;
        }

        string message = nodes == 0
            ? "no nodes available to schedule pods"
            : $"0/{nodes} nodes are available: "
                + string.Join(", ", refusals.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Value} {r.Key}")).Order(StringComparer.Ordinal))
                + $". preemption: 0/{nodes} nodes are available: {nodes} "
                + (room ? "No preemption victims found for incoming pod." : "Preemption is not helpful for scheduling.");
        NotScheduled(pod, "Unschedulable", message, tell: true);
    }

    private static bool NodeMatters(StoreEvent change)
    {
        JsonObject now = change.Object.View;
        JsonObject? before = change.Previous?.View;
        return !JsonNode.DeepEquals(now["spec"], before?["spec"]) || !JsonNode.DeepEquals(now.Labels(), before.Labels())
            || !JsonNode.DeepEquals(now.At("status", "allocatable"), before.At("status", "allocatable"));
    }

    private void EnqueueWaiting()
    {
        foreach ((string ns, string name) in _waiting)
        {
            Enqueue(ns, name);
        }
    }

    private Load LoadOf(string node)
    {
        if (!_loads.TryGetValue(node, out Load? load))
        {
            _loads[node] = load = new Load();
        }

        return load;
    }

    private List<string> Refuse(PodView pod, JsonObject node, out bool lacksRoom)
    {
        lacksRoom = false;
        JsonNode? spec = pod.Json["spec"];
        if (node.Flag("spec", "unschedulable") && NodeFit.UntoleratedTaint(spec, node, "NoSchedule").Text("key") == "node.kubernetes.io/unschedulable")
        {
            return ["node(s) were unschedulable"];
        }

        if (NodeFit.UntoleratedTaint(spec, node, "NoSchedule", "NoExecute") is { } taint)
        {
            return [$"node(s) had untolerated taint {{{taint.Text("key")}: {taint.Text("value")}}}"];
        }

        if (!NodeFit.MatchesSelectors(spec, node))
        {
            return ["node(s) didn't match Pod's node affinity/selector"];
        }

        if (AntiAffine(pod, node))
        {
            return ["node(s) didn't match pod anti-affinity rules"];
        }

        var reasons = new List<string>();
        Load load = LoadOf(node.Name());
        JsonNode? allocatable = node.At("status", "allocatable");
        if (Quantity.TryParse(allocatable.Text("pods"), out Quantity pods) && load.Pods + 1 > pods.Value)
        {
            reasons.Add("Too many pods");
        }

        if (Lacks("cpu", load.Cpu))
        {
            reasons.Add("Insufficient cpu");
        }

        if (Lacks("memory", load.Memory))
        {
            reasons.Add("Insufficient memory");
        }

        lacksRoom = reasons.Count > 0;
        return reasons;

        bool Lacks(string resource, Quantity used)
        {
            Quantity wanted = PodResources.Sum(pod.Json, "requests", resource);
            return !wanted.IsZero && Quantity.TryParse(allocatable.Text(resource), out Quantity has) && (used + wanted).CompareTo(has) > 0;
        }
    }

    /// <summary>A required anti-affinity of the pod against one already in the same topology domain.</summary>
    private bool AntiAffine(PodView pod, JsonObject node)
    {
        foreach (JsonNode term in pod.Json.Items("spec", "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution"))
        {
            string topology = term.Text("topologyKey") ?? "";
            string? domain = node.Label(topology);
            if (domain is null || LabelQuery.From(term.At("labelSelector")) is not { } selector)
            {
                continue;
            }

            bool taken = Loop.Pods(pod.Namespace).Any(p => p.Uid != pod.Uid && p.IsActive && p.NodeName is { } where && selector.Matches(p.Labels)
                && Read(ClusterResources.Nodes, "", where).Label(topology) == domain);
            if (taken)
            {
                return true;
            }
        }

        return false;
    }

    private string? ClaimProblem(PodView pod)
    {
        foreach (JsonNode volume in pod.Json.Items("spec", "volumes"))
        {
            if (volume.Text("persistentVolumeClaim", "claimName") is not { } name)
            {
                continue;
            }

            int nodes = Store.Snapshot(ClusterResources.Nodes).Count;
            string tail = $" preemption: 0/{nodes} nodes are available: {nodes} Preemption is not helpful for scheduling.";
            JsonObject? claim = Read(ClusterResources.Claims, pod.Namespace, name);
            if (claim is null)
            {
                return $"0/{nodes} nodes are available: persistentvolumeclaim \"{name}\" not found." + tail;
            }

            if (claim.Text("status", "phase") != "Bound" && !WaitsForConsumer(claim))
            {
                return $"0/{nodes} nodes are available: pod has unbound immediate PersistentVolumeClaims." + tail;
            }
        }

        return null;
    }

    private bool WaitsForConsumer(JsonObject claim) =>
        Read(ClusterResources.StorageClasses, "", claim.Text("spec", "storageClassName") ?? "").Text("volumeBindingMode") == "WaitForFirstConsumer";

    private void Bind(PodView pod, string node)
    {
        string stamp = Clock.Stamp;
        Api.Modify(
            ClusterResources.Pods,
            pod.Namespace,
            pod.Name,
            p =>
            {
                if (p.Uid() != pod.Uid || p.Text("spec", "nodeName") is { Length: > 0 } || p.IsDeleting())
                {
                    return false;
                }

                p.Section("spec")["nodeName"] = node;
                Conditions.Update(p.Section("status"), new JsonObject
                {
                    ["type"] = "PodScheduled",
                    ["status"] = "True",
                    ["lastProbeTime"] = null,
                    ["lastTransitionTime"] = stamp,
                });
                return true;
            },
            Caller,
            "binding");
        Event(pod.Json, "Scheduled", $"Successfully assigned {pod.Namespace}/{pod.Name} to {node}");
    }

    private void NotScheduled(PodView pod, string reason, string message, bool tell)
    {
        _waiting.Add((pod.Namespace, pod.Name));
        JsonObject status = pod.Json.Map("status")?.Copy() ?? [];
        bool changed = Conditions.Update(status, new JsonObject
        {
            ["type"] = "PodScheduled",
            ["status"] = "False",
            ["lastProbeTime"] = null,
            ["lastTransitionTime"] = Clock.Stamp,
            ["reason"] = reason,
            ["message"] = message,
        });
        if (!changed)
        {
            return;
        }

        WriteStatus(ClusterResources.Pods, pod.Json, status);
        if (tell)
        {
            Event(pod.Json, "FailedScheduling", message, warning: true);
        }
    }

    private sealed class Load : IComparable<Load>
    {
        public int Pods { get; set; }

        public Quantity Cpu { get; set; }

        public Quantity Memory { get; set; }

        public int CompareTo(Load? other) => Pods != other!.Pods ? Pods.CompareTo(other.Pods) : Cpu.CompareTo(other.Cpu);
    }
}
