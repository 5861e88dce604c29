using System.Globalization;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Pods with names and order: made one after another, each when the one before is ready; updated from the highest down; with claims of their own.</summary>
internal sealed class StatefulSetController : Controller
{
    private const string RevisionLabel = "controller-revision-hash";
    private readonly RevisionHistory _history;

    public StatefulSetController(ClusterLoop loop)
        : base(loop, "statefulset-controller") => _history = new RevisionHistory(loop, Caller);

    public override IReadOnlyList<ResourceKey>? Watches { get; } = [ClusterResources.StatefulSets, ClusterResources.Pods];

    public override void OnPod(StoreEventType type, PodView pod)
    {
        if (pod.OwnerKind == "StatefulSet")
        {
            Enqueue(pod.Namespace, pod.OwnerName ?? "");
        }
    }

    public override void Reconcile(string ns, string name)
    {
        if (Read(ClusterResources.StatefulSets, ns, name) is not { } set || LabelQuery.From(set.At("spec", "selector")) is not { IsEmpty: false } selector)
        {
            return;
        }

        List<PodView> pods = [.. PodControl.Claim(Loop, set, selector, Caller).Where(p => Ordinal(set, p) >= 0)];
        if (set.IsDeleting())
        {
            return;
        }

        List<JsonObject> revisions = _history.List(set);
        int collisions = set.Int(0, "status", "collisionCount");
        JsonObject update = _history.Current(set, revisions, "controller.kubernetes.io/hash", set.Map("spec", "template", "metadata", "labels"), ref collisions);
        JsonObject current = revisions.FirstOrDefault(r => r.Name() == set.Text("status", "currentRevision")) ?? update;

        var state = new State(set, pods, current, update, Clock.Now);
        Work(state);
        WriteStatus(state, collisions);
        _history.Truncate(set, _history.List(set), pods.Select(p => p.Labels.Text(RevisionLabel) ?? "").Append(current.Name()).Append(update.Name()).ToHashSet());

        if (state.MinReady > 0 && pods.Where(p => p.IsReady && !p.IsAvailable(state.MinReady, state.Now)).ToList() is { Count: > 0 } ripening)
        {
            Again(ripening.Min(p => p.ReadySince).AddSeconds(state.MinReady) - state.Now);
        }
    }

    private static int Ordinal(JsonNode set, PodView pod) =>
        pod.Name.StartsWith(set.Name() + "-", StringComparison.Ordinal)
        && int.TryParse(pod.Name.AsSpan(set.Name().Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int ordinal) ? ordinal : -1;

    private void Work(State s)
    {
        bool ordered = s.Set.Text("spec", "podManagementPolicy") != "Parallel";
        for (int ordinal = s.Start; ordinal < s.End; ordinal++)
        {
            PodView? pod = s.Replicas.GetValueOrDefault(ordinal);
            if (pod is null)
            {
                if (!Make(s, ordinal) || ordered)
                {
                    return;
                }

                continue;
            }

            if (pod.IsFinished)
            {
                if (!pod.IsDeleting)
                {
                    Event(s.Set, "RecreatingFailedPod", $"StatefulSet {pod.Namespace}/{s.Set.Name()} is recreating failed Pod {pod.Name}", warning: true);
                    Remove(s, pod);
                }

                return;
            }

            if (ordered && (pod.IsDeleting || !pod.IsRunningAndReady || !pod.IsAvailable(s.MinReady, s.Now)))
            {
                return;
            }

            KeepClaims(s, pod, ordinal);
        }

        PodView? firstUnhealthy = s.Replicas.Values.Concat(s.Condemned).FirstOrDefault(p => !p.IsRunningAndReady || p.IsDeleting);
        foreach (PodView pod in s.Condemned)
        {
            if (pod.IsDeleting)
            {
                if (ordered)
                {
                    return;
                }

                continue;
            }

            if (ordered && !(pod.IsRunningAndReady && pod.IsAvailable(s.MinReady, s.Now)) && pod != firstUnhealthy)
            {
                return;
            }

            OwnClaims(s, pod, Ordinal(s.Set, pod));
            Remove(s, pod);
            if (ordered)
            {
                return;
            }
        }

        if (s.Set.Text("spec", "updateStrategy", "type") == "OnDelete")
        {
            return;
        }

        int partition = s.Set.Int(0, "spec", "updateStrategy", "rollingUpdate", "partition");
        for (int ordinal = s.End - 1; ordinal >= s.Start + partition; ordinal--)
        {
            if (s.Replicas.GetValueOrDefault(ordinal) is not { } pod)
            {
                return;
            }

            if (pod.Labels.Text(RevisionLabel) != s.Update.Name() && !pod.IsDeleting)
            {
                Remove(s, pod);
                s.CurrentReplicas--;
                return;
            }

            if (!pod.IsRunningAndReady || pod.IsDeleting || !pod.IsAvailable(s.MinReady, s.Now))
            {
                return;
            }
        }
    }

    private bool Make(State s, int ordinal)
    {
        bool keepCurrent = s.Set.Text("spec", "updateStrategy", "type") != "OnDelete"
            && ordinal < s.Start + (s.Set.At("spec", "updateStrategy", "rollingUpdate") is { } rolling ? rolling.Int(0, "partition") : s.CurrentReplicas);
        JsonObject revision = keepCurrent ? s.Current : s.Update;
        string name = string.Create(CultureInfo.InvariantCulture, $"{s.Set.Name()}-{ordinal}");
        JsonObject pod = PodControl.FromTemplate(s.Set, RevisionHistory.Template(revision) ?? s.Set.At("spec", "template"));
        JsonObject metadata = pod.Section("metadata");
        metadata["name"] = name;
        JsonObject labels = metadata.Section("labels");
        labels["statefulset.kubernetes.io/pod-name"] = name;
        labels["apps.kubernetes.io/pod-index"] = ordinal.ToString(CultureInfo.InvariantCulture);
        labels[RevisionLabel] = revision.Name();
        JsonObject spec = pod.Section("spec");
        spec["hostname"] = name;
        if (s.Set.Text("spec", "serviceName") is { Length: > 0 } service)
        {
            spec["subdomain"] = service;
        }

        try
        {
            foreach (JsonObject claim in MakeClaims(s, ordinal, name))
            {
                var volumes = spec["volumes"] as JsonArray ?? [];
                for (int i = volumes.Count - 1; i >= 0; i--)
                {
                    if (volumes[i].Text("name") == claim.Text("name"))
                    {
                        volumes.RemoveAt(i);
                    }
                }

                volumes.Add((JsonNode)new JsonObject
                {
                    ["name"] = claim.Text("name"),
                    ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = claim.Text("claim") },
                });
                if (volumes.Parent is null)
                {
                    spec["volumes"] = volumes;
                }
            }

            Api.Create(ClusterResources.Pods, s.Set.Namespace(), pod, Caller);
        }
        catch (ApiError e)
        {
            Event(s.Set, "FailedCreate", $"create Pod {name} in StatefulSet {s.Set.Name()} failed error: {e.Message}", warning: true);
            throw;
        }

        Event(s.Set, "SuccessfulCreate", $"create Pod {name} in StatefulSet {s.Set.Name()} successful");
        s.Created++;
        if (revision.Name() == s.Current.Name())
        {
            s.CurrentReplicas++;
        }

        if (revision.Name() == s.Update.Name())
        {
            s.UpdatedReplicas++;
        }

        return true;
    }

    /// <summary>Makes what claims of a pod are missing, and names them by the template they come from.</summary>
    private List<JsonObject> MakeClaims(State s, int ordinal, string podName)
    {
        var claims = new List<JsonObject>();
        foreach (JsonNode template in s.Set.Items("spec", "volumeClaimTemplates"))
        {
            string claim = string.Create(CultureInfo.InvariantCulture, $"{template.Name()}-{s.Set.Name()}-{ordinal}");
            claims.Add(new JsonObject { ["name"] = template.Name(), ["claim"] = claim });
            if (Store.Get(ClusterResources.Claims, s.Set.Namespace(), claim) is not null)
            {
                continue;
            }

            JsonObject body = ((JsonObject)template).Copy();
            JsonObject metadata = body.Section("metadata");
            metadata["name"] = claim;
            metadata["namespace"] = s.Set.Namespace();
            JsonObject labels = metadata.Section("labels");
            foreach ((string key, JsonNode? value) in s.Set.Map("spec", "selector", "matchLabels") ?? [])
            {
                labels[key] = value?.DeepClone();
            }

            if (s.Set.Text("spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted") == "Delete")
            {
                metadata["ownerReferences"] = new JsonArray(JsonReading.OwnerReference(s.Set));
            }

            body.Remove("status");
            body["kind"] = "PersistentVolumeClaim";
            body["apiVersion"] = "v1";
            Api.Create(ClusterResources.Claims, s.Set.Namespace(), body, Caller);
            Event(s.Set, "SuccessfulCreate", $"create Claim {claim} Pod {podName} in StatefulSet {s.Set.Name()} success");
        }

        return claims;
    }

    private void KeepClaims(State s, PodView pod, int ordinal)
    {
        if (pod.Phase == "Pending" && s.Set.At("spec", "volumeClaimTemplates") is JsonArray { Count: > 0 })
        {
            MakeClaims(s, ordinal, pod.Name);
        }
    }

    /// <summary>With <c>whenScaled: Delete</c> the claims of a pod that is scaled away go with it.</summary>
    private void OwnClaims(State s, PodView pod, int ordinal)
    {
        if (s.Set.Text("spec", "persistentVolumeClaimRetentionPolicy", "whenScaled") != "Delete")
        {
            return;
        }

        foreach (JsonNode template in s.Set.Items("spec", "volumeClaimTemplates"))
        {
            string claim = string.Create(CultureInfo.InvariantCulture, $"{template.Name()}-{s.Set.Name()}-{ordinal}");
            Api.Modify(
                ClusterResources.Claims,
                pod.Namespace,
                claim,
                c =>
                {
                    c.Section("metadata")["ownerReferences"] = new JsonArray(JsonReading.OwnerReference(pod.Json));
                    return true;
                },
                Caller);
        }
    }

    private void Remove(State s, PodView pod)
    {
        Delete(ClusterResources.Pods, pod.Namespace, pod.Name, new DeleteSettings());
        Event(s.Set, "SuccessfulDelete", $"delete Pod {pod.Name} in StatefulSet {s.Set.Name()} successful");
    }

    private void WriteStatus(State s, int collisions)
    {
        int replicas = s.Pods.Count + s.Created;
        int ready = s.Pods.Count(p => p.IsRunningAndReady);
        string currentName = s.Current.Name();
        int current = s.CurrentReplicas;
        if (s.Set.Text("spec", "updateStrategy", "type") != "OnDelete" && s.UpdatedReplicas == replicas && ready == replicas)
        {
            current = s.UpdatedReplicas;
            currentName = s.Update.Name();
        }

        JsonObject status = s.Set.Map("status")?.Copy() ?? [];
        status["observedGeneration"] = s.Set.Generation();
        status["replicas"] = replicas;
        status.SetUnlessZero("readyReplicas", ready);
        status.SetUnlessZero("currentReplicas", current);
        status.SetUnlessZero("updatedReplicas", s.UpdatedReplicas);
        status["currentRevision"] = currentName;
        status["updateRevision"] = s.Update.Name();
        status["collisionCount"] = collisions;
        status["availableReplicas"] = s.Pods.Count(p => p.IsRunningAndReady && p.IsAvailable(s.MinReady, s.Now));
        WriteStatus(ClusterResources.StatefulSets, s.Set, status);
    }

    private sealed class State
    {
        public State(JsonObject set, List<PodView> pods, JsonObject current, JsonObject update, DateTimeOffset now)
        {
            Set = set;
            Pods = pods;
            Current = current;
            Update = update;
            Now = now;
            Start = set.Int(0, "spec", "ordinals", "start");
            End = Start + set.Int(1, "spec", "replicas");
            MinReady = set.Int(0, "spec", "minReadySeconds");
            foreach (PodView pod in pods)
            {
                int ordinal = Ordinal(set, pod);
                if (ordinal >= Start && ordinal < End)
                {
                    Replicas[ordinal] = pod;
                }
            }

            Condemned = [.. pods.Where(p => Ordinal(set, p) < Start || Ordinal(set, p) >= End).OrderByDescending(p => Ordinal(set, p))];
            foreach (PodView pod in pods.Where(p => !p.IsDeleting))
            {
                string? revision = pod.Labels.Text(RevisionLabel);
                CurrentReplicas += revision == current.Name() ? 1 : 0;
                UpdatedReplicas += revision == update.Name() ? 1 : 0;
            }
        }

        public JsonObject Set { get; }

        public List<PodView> Pods { get; }

        public JsonObject Current { get; }

        public JsonObject Update { get; }

        public DateTimeOffset Now { get; }

        public int Start { get; }

        public int End { get; }

        public int MinReady { get; }

        public SortedDictionary<int, PodView> Replicas { get; } = [];

        public List<PodView> Condemned { get; }

        public int CurrentReplicas { get; set; }

        public int UpdatedReplicas { get; set; }

        public int Created { get; set; }
    }
}
