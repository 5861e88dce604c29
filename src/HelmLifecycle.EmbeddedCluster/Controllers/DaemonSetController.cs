using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>One pod on every node that fits, with rolling update or update on deletion.</summary>
internal sealed class DaemonSetController : Controller
{
    private const string HashLabel = "controller-revision-hash";
    private const string GenerationAnnotation = "deprecated.daemonset.template.generation";
    private readonly RevisionHistory _history;

    public DaemonSetController(ClusterLoop loop)
        : base(loop, "daemonset-controller") => _history = new RevisionHistory(loop, Caller);

    public override IReadOnlyList<ResourceKey>? Watches { get; } = [ClusterResources.DaemonSets, ClusterResources.Nodes, ClusterResources.Pods];

    public override void OnChange(StoreEvent change)
    {
        if (change.Resource != ClusterResources.Nodes)
        {
            Enqueue(change.Object.Namespace, change.Object.Name);
            return;
        }

        foreach (StoredObject set in Store.List(ClusterResources.DaemonSets))
        {
            Enqueue(set.Namespace, set.Name);
        }
    }

    public override void OnPod(StoreEventType type, PodView pod)
    {
        if (pod.OwnerKind == "DaemonSet")
        {
            Enqueue(pod.Namespace, pod.OwnerName ?? "");
        }
    }

    public override void Reconcile(string ns, string name)
    {
        if (Read(ClusterResources.DaemonSets, ns, name) is not { } set || LabelQuery.From(set.At("spec", "selector")) is not { IsEmpty: false } selector || set.IsDeleting())
        {
            return;
        }

        List<JsonObject> revisions = _history.List(set);
        int collisions = set.Int(0, "status", "collisionCount");
        JsonObject current = _history.Current(set, revisions, HashLabel, set.Map("spec", "template", "metadata", "labels"), ref collisions);
        string hash = current.Label(HashLabel) ?? "";

        var s = new State(set, hash, [.. Store.List(ClusterResources.Nodes).Select(n => n.View)], Clock.Now);
        s.Place(PodControl.Claim(Loop, set, selector, Caller));
        ApiError? refused = null;
        try
        {
            Manage(s);
            if (set.Text("spec", "updateStrategy", "type") != "OnDelete")
            {
                Update(s);
            }
        }
        catch (ApiError e)
        {
            refused = e;
        }

        WriteStatus(s, collisions);
        _history.Truncate(set, _history.List(set), s.Pods.Values.SelectMany(p => p).Select(p => set.Name() + "-" + p.Labels.Text(HashLabel)).Append(current.Name()).ToHashSet());
        if (refused is not null)
        {
            throw refused;
        }
    }

    /// <summary>A pod where one is missing; none where none belongs.</summary>
    private void Manage(State s)
    {
        foreach (JsonObject node in s.Nodes)
        {
            List<PodView> pods = s.On(node);
            bool run = ShouldRun(s.Set, node);
            if (run && pods.Count == 0)
            {
                Make(s, node.Name());
            }
            else if (ShouldStay(s.Set, node))
            {
                foreach (PodView failed in pods.Where(p => p.Phase == "Failed" && !p.IsDeleting))
                {
                    Event(s.Set, "FailedDaemonPod", $"Found failed daemon pod {failed.Namespace}/{failed.Name} on node {node.Name()}, will try to kill it", warning: true);
                    Remove(s, failed);
                }

                // Of several pods of one template the oldest stays.
                foreach (IGrouping<bool, PodView> same in pods.Where(p => p.IsActive).GroupBy(s.IsUpdated))
                {
                    foreach (PodView extra in same.OrderBy(p => p.Created).ThenBy(p => p.Name, StringComparer.Ordinal).Skip(1))
                    {
                        Remove(s, extra);
                    }
                }
            }
            else
            {
                foreach (PodView pod in pods.Where(p => !p.IsDeleting))
                {
                    Remove(s, pod);
                }
            }
        }

        // Pods whose node is gone.
        foreach ((string node, List<PodView> pods) in s.Pods)
        {
            if (s.Nodes.All(n => n.Name() != node))
            {
                foreach (PodView pod in pods.Where(p => !p.IsDeleting))
                {
                    Remove(s, pod);
                }
            }
        }
    }

    private void Update(State s)
    {
        int wanted = s.Nodes.Count(n => ShouldRun(s.Set, n));
        JsonNode? rolling = s.Set.At("spec", "updateStrategy", "rollingUpdate");
        int surge = rolling.At("maxSurge").IntOrPercent(wanted, roundUp: true, 0);
        int allowed = Math.Max(surge > 0 ? 0 : 1, rolling.At("maxUnavailable").IntOrPercent(wanted, roundUp: true, 1));
        int unavailable = 0;
        int surging = 0;
        var dispensable = new List<PodView>();
        var candidates = new List<PodView>();
        var toSurge = new List<string>();
        foreach (JsonObject node in s.Nodes.Where(n => ShouldRun(s.Set, n)))
        {
            List<PodView> pods = s.On(node);
            PodView? updated = pods.FirstOrDefault(p => s.IsUpdated(p) && !p.IsFinished);
            PodView? old = pods.FirstOrDefault(p => !s.IsUpdated(p) && !p.IsFinished);
            bool updatedServes = updated is { IsDeleting: false } && updated.IsAvailable(s.MinReady, s.Now);
            if (old is null)
            {
                unavailable += updatedServes ? 0 : 1;
            }
            else if (old.IsDeleting)
            {
                unavailable += updatedServes ? 0 : 1;
            }
            else if (!old.IsAvailable(s.MinReady, s.Now))
            {
                dispensable.Add(old);
                unavailable++;
            }
            else if (surge > 0)
            {
                if (updated is null)
                {
                    toSurge.Add(node.Name());
                }
                else if (updatedServes)
                {
                    dispensable.Add(old);
                }
                else
                {
                    surging++;
                }
            }
            else
            {
                candidates.Add(old);
            }
        }

        foreach (PodView pod in dispensable.Concat(candidates.Take(Math.Max(0, allowed - unavailable))))
        {
            Remove(s, pod);
        }

        foreach (string node in toSurge.Take(Math.Max(0, surge - surging)))
        {
            Make(s, node);
        }
    }

    private void Make(State s, string node)
    {
        JsonObject pod = PodControl.FromTemplate(s.Set, s.Set.At("spec", "template"));
        JsonObject labels = pod.Section("metadata").Section("labels");
        labels[HashLabel] = s.Hash;
        labels["pod-template-generation"] = s.Set.Annotation(GenerationAnnotation) ?? "1";
        JsonObject spec = pod.Section("spec");
        spec.Section("affinity").Section("nodeAffinity")["requiredDuringSchedulingIgnoredDuringExecution"] = NodeAffinity(node, spec);
        AddTolerations(spec);
        try
        {
            JsonObject made = Api.Create(ClusterResources.Pods, s.Set.Namespace(), pod, Caller);
            Event(s.Set, "SuccessfulCreate", "Created pod: " + made.Name());
        }
        catch (ApiError e)
        {
            Event(s.Set, "FailedCreate", "Error creating: " + e.Message, warning: true);
            throw;
        }
    }

    private void Remove(State s, PodView pod)
    {
        Delete(ClusterResources.Pods, pod.Namespace, pod.Name, new DeleteSettings());
        Event(s.Set, "SuccessfulDelete", "Deleted pod: " + pod.Name);
    }

    private static JsonObject NodeAffinity(string node, JsonObject spec)
    {
        JsonObject Field() => new() { ["key"] = "metadata.name", ["operator"] = "In", ["values"] = new JsonArray((JsonNode)node) };
        var terms = new JsonArray();
        foreach (JsonNode term in spec.Items("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"))
        {
            JsonObject copy = ((JsonObject)term).Copy();
            copy["matchFields"] = new JsonArray(Field());
            terms.Add((JsonNode)copy);
        }

        if (terms.Count == 0)
        {
            terms.Add((JsonNode)new JsonObject { ["matchFields"] = new JsonArray(Field()) });
        }

        return new JsonObject { ["nodeSelectorTerms"] = terms };
    }

    private static void AddTolerations(JsonObject spec)
    {
        var tolerations = spec["tolerations"] as JsonArray ?? [];
        void Add(string key, string effect)
        {
            if (!tolerations.Any(t => t.Text("key") == key && t.Text("effect") == effect && t.Text("operator") == "Exists"))
            {
                tolerations.Add((JsonNode)new JsonObject { ["key"] = key, ["operator"] = "Exists", ["effect"] = effect });
            }
        }

        Add("node.kubernetes.io/not-ready", "NoExecute");
        Add("node.kubernetes.io/unreachable", "NoExecute");
        Add("node.kubernetes.io/disk-pressure", "NoSchedule");
        Add("node.kubernetes.io/memory-pressure", "NoSchedule");
        Add("node.kubernetes.io/pid-pressure", "NoSchedule");
        Add("node.kubernetes.io/unschedulable", "NoSchedule");
        if (spec.Flag("hostNetwork"))
        {
            Add("node.kubernetes.io/network-unavailable", "NoSchedule");
        }

        if (tolerations.Parent is null)
        {
            spec["tolerations"] = tolerations;
        }
    }

    private static JsonObject SpecWithTolerations(JsonObject set)
    {
        JsonObject spec = set.Map("spec", "template", "spec")?.Copy() ?? [];
        AddTolerations(spec);
        return spec;
    }

    private static bool ShouldRun(JsonObject set, JsonObject node) =>
        FitsName(set, node) && SpecWithTolerations(set) is var spec && NodeFit.MatchesSelectors(spec, node) && NodeFit.UntoleratedTaint(spec, node, "NoSchedule", "NoExecute") is null;

    private static bool ShouldStay(JsonObject set, JsonObject node) =>
        FitsName(set, node) && SpecWithTolerations(set) is var spec && NodeFit.MatchesSelectors(spec, node) && NodeFit.UntoleratedTaint(spec, node, "NoExecute") is null;

    private static bool FitsName(JsonObject set, JsonObject node) => set.Text("spec", "template", "spec", "nodeName") is not { Length: > 0 } name || name == node.Name();

    private void WriteStatus(State s, int collisions)
    {
        int desired = 0, scheduled = 0, misscheduled = 0, ready = 0, updated = 0, available = 0;
        foreach (JsonObject node in s.Nodes)
        {
            List<PodView> pods = s.On(node);
            if (!ShouldRun(s.Set, node))
            {
                misscheduled += pods.Count > 0 ? 1 : 0;
                continue;
            }

            desired++;
            if (pods.OrderBy(p => p.Created).ThenBy(p => p.Name, StringComparer.Ordinal).FirstOrDefault() is not { } pod)
            {
                continue;
            }

            scheduled++;
            ready += pod.IsReady ? 1 : 0;
            available += pod.IsAvailable(s.MinReady, s.Now) ? 1 : 0;
            updated += s.IsUpdated(pod) ? 1 : 0;
            if (pod.IsReady && !pod.IsAvailable(s.MinReady, s.Now))
            {
                Again(pod.ReadySince.AddSeconds(s.MinReady) - s.Now);
            }
        }

        JsonObject status = s.Set.Map("status")?.Copy() ?? [];
        status["currentNumberScheduled"] = scheduled;
        status["numberMisscheduled"] = misscheduled;
        status["desiredNumberScheduled"] = desired;
        status["numberReady"] = ready;
        status["observedGeneration"] = s.Set.Generation();
        status.SetUnlessZero("updatedNumberScheduled", updated);
        status.SetUnlessZero("numberAvailable", available);
        status.SetUnlessZero("numberUnavailable", desired - available);
        status.SetUnlessZero("collisionCount", collisions);
        WriteStatus(ClusterResources.DaemonSets, s.Set, status);
    }

    private sealed class State(JsonObject set, string hash, List<JsonObject> nodes, DateTimeOffset now)
    {
        public JsonObject Set => set;

        public string Hash => hash;

        public List<JsonObject> Nodes => nodes;

        public DateTimeOffset Now => now;

        public int MinReady { get; } = set.Int(0, "spec", "minReadySeconds");

        public Dictionary<string, List<PodView>> Pods { get; } = [];

        public List<PodView> On(JsonNode node) => Pods.GetValueOrDefault(node.Name()) ?? [];

        public bool IsUpdated(PodView pod) => pod.Labels.Text(HashLabel) == hash;

        public void Place(IEnumerable<PodView> pods)
        {
            foreach (PodView pod in pods)
            {
                string node = pod.NodeName ?? Target(pod.Json) ?? "";
                if (!Pods.TryGetValue(node, out List<PodView>? list))
                {
                    Pods[node] = list = [];
                }

                list.Add(pod);
            }
        }

        private static string? Target(JsonNode pod) => pod
            .Items("spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms")
            .SelectMany(t => t.Items("matchFields"))
            .Where(f => f.Text("key") == "metadata.name")
            .Select(f => f.Items("values").FirstOrDefault().Text())
            .FirstOrDefault();
    }
}
