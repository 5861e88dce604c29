using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Keeps as many pods as asked for, for ReplicaSets and (with another <paramref name="resource"/>) for ReplicationControllers.</summary>
internal sealed class ReplicaSetController(ClusterLoop loop, string name, ResourceKey resource, string kind) : Controller(loop, name)
{
    /// <summary>More pods than this are not made or deleted in one go.</summary>
    private const int Burst = 500;

    public override IReadOnlyList<ResourceKey>? Watches { get; } = [resource, ClusterResources.Pods];

    public override void OnPod(StoreEventType type, PodView pod)
    {
        if (pod.OwnerUid is not null)
        {
            if (pod.OwnerKind == kind)
            {
                Enqueue(pod.Namespace, pod.OwnerName ?? "");
            }

            return;
        }

        // An orphan may belong to any whose selector matches.
        foreach (StoredObject set in Store.List(resource, pod.Namespace))
        {
            if (Selector(set.View)?.Matches(pod.Labels) == true)
            {
                Enqueue(set.Namespace, set.Name);
            }
        }
    }

    public override void Reconcile(string ns, string name)
    {
        if (Read(resource, ns, name) is not { } set || Selector(set) is not { IsEmpty: false } selector)
        {
            return;
        }

        List<PodView> pods = [.. PodControl.Claim(Loop, set, selector, Caller).Where(p => p.IsActive)];
        ApiError? refused = null;
        if (!set.IsDeleting())
        {
            refused = Manage(set, pods);
        }

        WriteStatus(set, pods, refused);
        if (refused is not null)
        {
            throw refused;
        }
    }

    private static LabelQuery? Selector(JsonNode set) => set.At("spec", "selector", "matchLabels") is not null || set.At("spec", "selector", "matchExpressions") is not null
        ? LabelQuery.From(set.At("spec", "selector"))
        : LabelQuery.FromMap(set.At("spec", "selector"));

    private ApiError? Manage(JsonObject set, List<PodView> pods)
    {
        int missing = set.Int(1, "spec", "replicas") - pods.Count;
        for (int i = 0; i < Math.Min(missing, Burst); i++)
        {
            try
            {
                JsonObject created = Api.Create(ClusterResources.Pods, set.Namespace(), PodControl.FromTemplate(set, set.At("spec", "template")), Caller);
                Event(set, "SuccessfulCreate", "Created pod: " + created.Name());
            }
            catch (ApiError e)
            {
                Event(set, "FailedCreate", "Error creating: " + e.Message, warning: true);
                return e;
            }
        }

        if (missing < 0)
        {
            foreach (PodView pod in PodControl.InOrderOfDeletion(pods, Related(set)).Take(Math.Min(-missing, Burst)))
            {
                Delete(ClusterResources.Pods, pod.Namespace, pod.Name, new DeleteSettings());
                Event(set, "SuccessfulDelete", "Deleted pod: " + pod.Name);
            }
        }

        return null;
    }

    /// <summary>How many active pods of the same owner's owner share a pod's node: the crowded ones go first.</summary>
    private Func<PodView, int> Related(JsonObject set)
    {
        string? owner = set.ControllerRef().Text("uid");
        HashSet<string> sets = owner is null
            ? [set.Uid()]
            : [.. Store.List(resource, set.Namespace()).Where(s => s.View.IsControlledBy(owner)).Select(s => s.Uid)];
        var perNode = new Dictionary<string, int>();
        foreach (PodView pod in Loop.Pods(set.Namespace()))
        {
            if (pod.IsActive && pod.NodeName is { } node && pod.OwnerUid is { } uid && sets.Contains(uid))
            {
                perNode[node] = perNode.GetValueOrDefault(node) + 1;
            }
        }

        return pod => pod.NodeName is { } node ? perNode.GetValueOrDefault(node) : 0;
    }

    private void WriteStatus(JsonObject set, List<PodView> pods, ApiError? refused)
    {
        int minReady = set.Int(0, "spec", "minReadySeconds");
        DateTimeOffset now = Clock.Now;
        LabelQuery template = LabelQuery.FromMap(set.At("spec", "template", "metadata", "labels") ?? new JsonObject())!;
        int ready = pods.Count(p => p.IsReady);
        int available = pods.Count(p => p.IsAvailable(minReady, now));

        JsonObject status = set.Map("status")?.Copy() ?? [];
        status["replicas"] = pods.Count;
        status.SetUnlessZero("fullyLabeledReplicas", pods.Count(p => template.Matches(p.Labels)));
        status.SetUnlessZero("readyReplicas", ready);
        status.SetUnlessZero("availableReplicas", available);
        status["observedGeneration"] = set.Generation();
        if (refused is null)
        {
            Conditions.Remove(status, "ReplicaFailure");
        }
        else if (Conditions.Find(status, "ReplicaFailure") is null)
        {
            Conditions.Set(status, new JsonObject
            {
                ["type"] = "ReplicaFailure",
                ["status"] = "True",
                ["lastTransitionTime"] = Clock.Stamp,
                ["reason"] = "FailedCreate",
                ["message"] = refused.Message,
            });
        }

        WriteStatus(resource, set, status);
        if (minReady > 0 && ready > available)
        {
            Again(pods.Where(p => p.IsReady && !p.IsAvailable(minReady, now)).Min(p => p.ReadySince).AddSeconds(minReady) - now);
        }
    }
}
