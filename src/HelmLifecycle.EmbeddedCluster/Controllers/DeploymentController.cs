using System.Globalization;
using System.Text.Json.Nodes;
using static HelmLifecycle.EmbeddedCluster.DeploymentRollout;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Rolls ReplicaSets, step by step as kube-controller-manager does. The work on status is in <see cref="DeploymentStatus"/>.</summary>
internal sealed partial class DeploymentController(ClusterLoop loop) : Controller(loop, "deployment-controller")
{
    private const int HistoryAnnotationLimit = 2000;
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(5);
    private readonly Dictionary<(string Namespace, string Name), DateTimeOffset> _retryAt = [];

    /// <summary>Annotations that belong to the deployment alone and are not copied to its ReplicaSets.</summary>
    private static readonly HashSet<string> s_own =
    [
        "kubectl.kubernetes.io/last-applied-configuration", Revision, RevisionHistoryKey, DesiredReplicas, MaxReplicas, "deprecated.deployment.rollback.to",
    ];

    public override IReadOnlyList<ResourceKey>? Watches { get; } = [ClusterResources.Deployments, ClusterResources.ReplicaSets, ClusterResources.Pods];

    public override void OnChange(StoreEvent change)
    {
        if (change.Resource == ClusterResources.Deployments)
        {
            Enqueue(change.Object.Namespace, change.Object.Name);
            return;
        }

        JsonObject set = change.Object.View;
        JsonObject? owner = set.ControllerRef();
        if (owner.Kind() == "Deployment")
        {
            Enqueue(change.Object.Namespace, owner.Text("name") ?? "");
        }

        JsonObject? before = change.Previous?.View.ControllerRef();
        if (before.Kind() == "Deployment" && before.Text("name") != owner.Text("name"))
        {
            Enqueue(change.Object.Namespace, before.Text("name") ?? "");
        }
        else if (owner is null)
        {
            foreach (StoredObject deployment in Store.List(ClusterResources.Deployments, change.Object.Namespace))
            {
                if (LabelQuery.From(deployment.View.At("spec", "selector"))?.Matches(set.Labels()) == true)
                {
                    Enqueue(deployment.Namespace, deployment.Name);
                }
            }
        }
    }

    public override void OnPod(StoreEventType type, PodView pod)
    {
        // Only Recreate needs to know when the last old pod is gone.
        if (type == StoreEventType.Deleted && pod.OwnerKind == "ReplicaSet"
            && Read(ClusterResources.ReplicaSets, pod.Namespace, pod.OwnerName ?? "").ControllerRef() is { } owner && owner.Kind() == "Deployment")
        {
            Enqueue(pod.Namespace, owner.Text("name") ?? "");
        }
    }

    public override void Reconcile(string ns, string name)
    {
        if (Read(ClusterResources.Deployments, ns, name) is not { } deployment
            || LabelQuery.From(deployment.At("spec", "selector")) is not { IsEmpty: false } selector)
        {
            return;
        }

        List<JsonObject> sets = Claim(deployment, selector);
        if (deployment.IsDeleting())
        {
            (JsonObject? newSet, List<JsonObject> old) = Sync(ref deployment, sets, create: false);
            WriteStatus(deployment, All(newSet, old), newSet);
            return;
        }

        if (NotePause(deployment))
        {
            // The real controller goes on with the object it had read; its next write of status is refused, and its work queue brings it back a little later.
            _retryAt[(ns, name)] = Clock.Now + s_retry;
        }

        if (_retryAt.TryGetValue((ns, name), out DateTimeOffset at))
        {
            if (at > Clock.Now)
            {
                Again(at - Clock.Now);
                return;
            }

            _retryAt.Remove((ns, name));
        }

        if (deployment.Flag("spec", "paused") || IsScaling(deployment, sets))
        {
            ScaleOnly(deployment, sets);
        }
        else if (IsRolling(deployment))
        {
            Roll(deployment, sets);
        }
        else
        {
            Recreate(deployment, sets);
        }
    }

    private static List<JsonObject> All(JsonObject? newSet, IEnumerable<JsonObject> old) => newSet is null ? [.. old] : [.. old, newSet];

    private static bool IsScaling(JsonObject deployment, List<JsonObject> sets) => sets.Any(s =>
        Replicas(s) > 0 && int.TryParse(s.Annotation(DesiredReplicas), out int desired) && desired != Replicas(deployment));

    private List<JsonObject> Claim(JsonObject deployment, LabelQuery selector)
    {
        var claimed = new List<JsonObject>();
        foreach (StoredObject stored in Store.List(ClusterResources.ReplicaSets, deployment.Namespace()).ToArray())
        {
            JsonObject set = stored.View;
            bool matches = selector.Matches(set.Labels());
            if (set.ControllerRef() is { } owner)
            {
                if (owner.Text("uid") != deployment.Uid())
                {
                    continue;
                }

                if (matches)
                {
                    claimed.Add(set);
                }
                else if (!deployment.IsDeleting())
                {
                    PodControl.ChangeOwner(Loop, ClusterResources.ReplicaSets, stored.Namespace, stored.Name, deployment, adopt: false, Caller);
                }
            }
            else if (matches && !deployment.IsDeleting() && !set.IsDeleting()
                && PodControl.ChangeOwner(Loop, ClusterResources.ReplicaSets, stored.Namespace, stored.Name, deployment, adopt: true, Caller))
            {
                claimed.Add(Read(ClusterResources.ReplicaSets, stored.Namespace, stored.Name) ?? set);
            }
        }

        return claimed;
    }

    /// <summary>Notes in the status that a rollout was paused or resumed, so that the progress deadline does not count the pause. True when there was something to note.</summary>
    private bool NotePause(JsonObject deployment)
    {
        if (!HasProgressDeadline(deployment))
        {
            return false;
        }

        JsonObject? progressing = Conditions.Find(deployment["status"], "Progressing");
        if (progressing.Text("reason") == "ProgressDeadlineExceeded")
        {
            return false;
        }

        bool paused = deployment.Flag("spec", "paused");
        bool noted = progressing.Text("reason") == "DeploymentPaused";
        JsonObject? condition = paused && !noted
            ? DeploymentStatus.Condition("Progressing", "Unknown", "DeploymentPaused", "Deployment is paused", Clock.Stamp)
            : !paused && noted
                ? DeploymentStatus.Condition("Progressing", "Unknown", "DeploymentResumed", "Deployment is resumed", Clock.Stamp)
                : null;
        if (condition is null)
        {
            return false;
        }

        Write(ref deployment, d => Conditions.Set(d.Section("status"), condition));
        return true;
    }

    /// <summary>Writes status and annotations of the deployment, which its status subresource takes both.</summary>
    private bool Write(ref JsonObject deployment, Func<JsonObject, bool> change)
    {
        if (Api.Modify(ClusterResources.Deployments, deployment.Namespace(), deployment.Name(), change, Caller, "status") is not { } written)
        {
            return false;
        }

        deployment = written;
        return true;
    }

    /// <summary>Sets the size of a ReplicaSet, tells it in an event, and replaces the set in the lists that hold it. True when the size changed.</summary>
    private bool Scale(JsonObject deployment, ref JsonObject set, int size, bool evenIfSame = false)
    {
        int before = Replicas(set);
        if (before == size && !evenIfSame)
        {
            return false;
        }

        JsonObject copy = set.Copy();
        bool annotated = AnnotateSize(deployment, copy);
        if (before == size && !annotated)
        {
            return false;
        }

        copy.Section("spec")["replicas"] = size;
        set = Api.Update(ClusterResources.ReplicaSets, copy.Namespace(), copy.Name(), copy, Caller);
        if (before != size)
        {
            string direction = before < size ? "up" : "down";
            Event(deployment, "ScalingReplicaSet", string.Create(CultureInfo.InvariantCulture, $"Scaled {direction} replica set {set.Name()} to {size} from {before}"));
        }

        return before != size;
    }

    private void ScaleOnly(JsonObject deployment, List<JsonObject> sets)
    {
        (JsonObject? newSet, List<JsonObject> old) = Sync(ref deployment, sets, create: false);
        ScaleProportionally(deployment, ref newSet, old);
        if (deployment.Flag("spec", "paused"))
        {
            CleanUp(deployment, old);
        }

        WriteStatus(deployment, All(newSet, old), newSet);
    }

    private void ScaleProportionally(JsonObject deployment, ref JsonObject? newSet, List<JsonObject> old)
    {
        int wanted = Replicas(deployment);
        List<JsonObject> all = All(newSet, old);
        List<JsonObject> active = [.. all.Where(s => Replicas(s) > 0)];
        if (active.Count <= 1)
        {
            JsonObject? only = active.Count == 1 ? active[0] : newSet ?? ByCreation(old).LastOrDefault();
            if (only is not null)
            {
                Replace(only, wanted, ref newSet);
            }

            return;
        }

        if (newSet is not null && Replicas(newSet) == wanted && newSet.Annotation(DesiredReplicas) == wanted.ToString(CultureInfo.InvariantCulture) && Available(newSet) == wanted)
        {
            foreach (JsonObject set in old.Where(s => Replicas(s) > 0).ToArray())
            {
                Replace(set, 0, ref newSet);
            }

            return;
        }

        if (!IsRolling(deployment))
        {
            return;
        }

        int allowed = wanted > 0 ? wanted + Limits(deployment).Surge : 0;
        int toAdd = allowed - Replicas(active);
        List<JsonObject> ordered = toAdd >= 0
            ? [.. active.OrderByDescending(Replicas).ThenByDescending(s => s.Created()).ThenByDescending(s => s.Name(), StringComparer.Ordinal)]
            : [.. active.OrderByDescending(Replicas).ThenBy(s => s.Created()).ThenBy(s => s.Name(), StringComparer.Ordinal)];
        int added = 0;
        var sizes = new List<int>();
        foreach (JsonObject set in ordered)
        {
            int share = toAdd == 0 ? 0 : Share(set, deployment, toAdd, added);
            sizes.Add(Replicas(set) + share);
            added += share;
        }

        for (int i = 0; i < ordered.Count; i++)
        {
            int size = i == 0 && toAdd != 0 ? Math.Max(0, sizes[0] + toAdd - added) : sizes[i];
            Replace(ordered[i], size, ref newSet, evenIfSame: true);
        }

        void Replace(JsonObject set, int size, ref JsonObject? current, bool evenIfSame = false)
        {
            JsonObject scaled = set;
            Scale(deployment, ref scaled, size, evenIfSame);
            int index = old.IndexOf(set);
            if (index >= 0)
            {
                old[index] = scaled;
            }
            else if (current?.Uid() == set.Uid())
            {
                current = scaled;
            }
        }
    }

    private void Roll(JsonObject deployment, List<JsonObject> sets)
    {
        (JsonObject? newSet, List<JsonObject> old) = Sync(ref deployment, sets, create: true);
        JsonObject set = newSet!;
        int wanted = Replicas(deployment);
        int target = Replicas(set) == wanted ? wanted : Replicas(set) > wanted ? wanted : NewReplicas(deployment, All(set, old), Replicas(set));
        if (!Scale(deployment, ref set, target) && !ScaleDownOld(deployment, set, old) && IsComplete(deployment, deployment["status"] ?? new JsonObject()))
        {
            CleanUp(deployment, old);
        }

        WriteProgress(deployment, All(set, old), set);
    }

    /// <summary>First the old pods that serve nobody anyway, then as many serving ones as may be missing.</summary>
    private bool ScaleDownOld(JsonObject deployment, JsonObject newSet, List<JsonObject> old)
    {
        if (Replicas(old) == 0)
        {
            return false;
        }

        int floor = Replicas(deployment) - Limits(deployment).Unavailable;
        int most = Replicas(old) + Replicas(newSet) - floor - (Replicas(newSet) - Available(newSet));
        if (most <= 0)
        {
            return false;
        }

        int scaled = 0;
        foreach (JsonObject candidate in ByCreation(old).ToArray())
        {
            int useless = Replicas(candidate) - Available(candidate);
            if (scaled < most && Replicas(candidate) > 0 && useless > 0)
            {
                int count = Math.Min(most - scaled, useless);
                Step(candidate, count);
                scaled += count;
            }
        }

        int spare = old.Sum(Available) + Available(newSet) - floor;
        int down = 0;
        foreach (JsonObject candidate in ByCreation(old).ToArray())
        {
            if (down < spare && Replicas(candidate) > 0)
            {
                int count = Math.Min(Replicas(candidate), spare - down);
                Step(candidate, count);
                down += count;
            }
        }

        return scaled + down > 0;

        void Step(JsonObject set, int count)
        {
            JsonObject smaller = set;
            Scale(deployment, ref smaller, Replicas(set) - count);
            old[old.IndexOf(set)] = smaller;
        }
    }

    private void Recreate(JsonObject deployment, List<JsonObject> sets)
    {
        (JsonObject? newSet, List<JsonObject> old) = Sync(ref deployment, sets, create: false);
        bool scaledDown = false;
        for (int i = 0; i < old.Count; i++)
        {
            JsonObject set = old[i];
            scaledDown |= Scale(deployment, ref set, 0);
            old[i] = set;
        }

        if (scaledDown || OldPodsRun(deployment, newSet, old))
        {
            WriteProgress(deployment, All(newSet, old), newSet);
            return;
        }

        if (newSet is null)
        {
            (newSet, old) = Sync(ref deployment, [.. old], create: true);
        }

        JsonObject current = newSet!;
        Scale(deployment, ref current, Replicas(deployment));
        if (IsComplete(deployment, deployment["status"] ?? new JsonObject()))
        {
            CleanUp(deployment, old);
        }

        WriteProgress(deployment, All(current, old), current);
    }

    private bool OldPodsRun(JsonObject deployment, JsonObject? newSet, List<JsonObject> old)
    {
        if (old.Any(s => Actual(s) > 0))
        {
            return true;
        }

        HashSet<string> uids = [.. old.Where(s => s.Uid() != newSet?.Uid()).Select(s => s.Uid())];
        return Loop.Pods(deployment.Namespace()).Any(p => p.OwnerUid is { } owner && uids.Contains(owner) && !p.IsFinished);
    }

    /// <summary>Deletes the oldest empty ReplicaSets beyond the history limit.</summary>
    private void CleanUp(JsonObject deployment, List<JsonObject> old)
    {
        if (deployment.Number("spec", "revisionHistoryLimit") is not { } limit || limit == int.MaxValue)
        {
            return;
        }

        List<JsonObject> alive = [.. old.Where(s => !s.IsDeleting())];
        foreach (JsonObject set in alive.OrderBy(RevisionOf).ThenBy(s => s.Created()).Take((int)Math.Max(0, alive.Count - limit)))
        {
            if (Actual(set) == 0 && Replicas(set) == 0 && set.Generation() <= set.Int(0, "status", "observedGeneration"))
            {
                Delete(ClusterResources.ReplicaSets, set.Namespace(), set.Name());
            }
        }
    }

    private void WriteStatus(JsonObject deployment, List<JsonObject> all, JsonObject? newSet) =>
        WriteStatus(ClusterResources.Deployments, deployment, DeploymentStatus.Calculate(deployment, all, newSet, Clock.Stamp));

    private void WriteProgress(JsonObject deployment, List<JsonObject> all, JsonObject? newSet)
    {
        JsonObject status = DeploymentStatus.Calculate(deployment, all, newSet, Clock.Stamp);
        DeploymentStatus.Progress(deployment, status, all, newSet, Clock.Now);
        if (!WriteStatus(ClusterResources.Deployments, deployment, status) && DeploymentStatus.TimeToDeadline(deployment, status, Clock.Now) is { } left)
        {
            Again(left);
        }
    }
}
