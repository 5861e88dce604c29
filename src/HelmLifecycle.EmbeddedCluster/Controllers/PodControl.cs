using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>What all controllers that manage pods share: making a pod from a template, claiming and releasing, and which pod to let go first.</summary>
internal static class PodControl
{
    /// <summary>A pod as a template describes it, owned by <paramref name="owner"/>, its name to be generated.</summary>
    public static JsonObject FromTemplate(JsonNode owner, JsonNode? template, string? generateName = null)
    {
        var metadata = new JsonObject { ["generateName"] = generateName ?? Prefix(owner.Name()), ["namespace"] = owner.Namespace() };
        foreach (string part in (ReadOnlySpan<string>)["labels", "annotations", "finalizers"])
        {
            if (template.At("metadata", part) is { } given)
            {
                metadata[part] = given.DeepClone();
            }
        }

        metadata["ownerReferences"] = new JsonArray(JsonReading.OwnerReference(owner));
        return new JsonObject
        {
            ["kind"] = "Pod",
            ["apiVersion"] = "v1",
            ["metadata"] = metadata,
            ["spec"] = template.At("spec")?.DeepClone() ?? new JsonObject(),
        };
    }

    /// <summary>The order in which a ReplicaSet gives up pods: those that serve least first, then the youngest.</summary>
    public static List<PodView> InOrderOfDeletion(IEnumerable<PodView> pods, Func<PodView, int> related)
    {
        var ranked = pods.Select(p => (Pod: p, Rank: related(p))).ToList();
        ranked.Sort((a, b) =>
        {
            int order = (a.Pod.NodeName is null ? 0 : 1).CompareTo(b.Pod.NodeName is null ? 0 : 1);
            order = order != 0 ? order : PhaseRank(a.Pod).CompareTo(PhaseRank(b.Pod));
            order = order != 0 ? order : a.Pod.IsReady.CompareTo(b.Pod.IsReady);
            order = order != 0 ? order : DeletionCost(a.Pod).CompareTo(DeletionCost(b.Pod));
            order = order != 0 ? order : b.Rank.CompareTo(a.Rank);
            order = order != 0 || !a.Pod.IsReady ? order : b.Pod.ReadySince.CompareTo(a.Pod.ReadySince);
            order = order != 0 ? order : b.Pod.Restarts.CompareTo(a.Pod.Restarts);
            order = order != 0 ? order : b.Pod.Created.CompareTo(a.Pod.Created);
            return order != 0 ? order : string.CompareOrdinal(a.Pod.Name, b.Pod.Name);
        });
        return [.. ranked.Select(r => r.Pod)];
    }

    /// <summary>
    /// The pods that <paramref name="owner"/> manages. Pods without a manager that its selector matches are adopted, those that no longer match are released.
    /// </summary>
    public static List<PodView> Claim(ClusterLoop loop, JsonNode owner, LabelQuery selector, Caller caller)
    {
        var claimed = new List<PodView>();
        foreach (PodView pod in loop.Pods(owner.Namespace()))
        {
            bool matches = selector.Matches(pod.Labels);
            if (pod.OwnerUid == owner.Uid())
            {
                if (matches)
                {
                    claimed.Add(pod);
                }
                else if (!owner.IsDeleting() && !pod.IsDeleting)
                {
                    ChangeOwner(loop, ClusterResources.Pods, pod.Namespace, pod.Name, owner, adopt: false, caller);
                }
            }
            else if (pod.OwnerUid is null && matches && pod.IsActive && !owner.IsDeleting()
                && ChangeOwner(loop, ClusterResources.Pods, pod.Namespace, pod.Name, owner, adopt: true, caller))
            {
                claimed.Add(loop.Pod(pod.Namespace, pod.Name) ?? pod);
            }
        }

        return claimed;
    }

    /// <summary>Adds or removes the managing owner reference.</summary>
    public static bool ChangeOwner(ClusterLoop loop, ResourceKey resource, string ns, string name, JsonNode owner, bool adopt, Caller caller) => loop.Api.Modify(
        resource,
        ns,
        name,
        o =>
        {
            JsonObject metadata = o.Section("metadata");
            var owners = metadata["ownerReferences"] as JsonArray ?? [];
            for (int i = owners.Count - 1; i >= 0; i--)
            {
                if (owners[i].Text("uid") == owner.Uid())
                {
                    owners.RemoveAt(i);
                }
            }

            if (adopt)
            {
                if (o.ControllerRef() is not null)
                {
                    return false;
                }

                owners.Add((JsonNode)JsonReading.OwnerReference(owner));
            }

            if (owners.Count == 0)
            {
                metadata.Remove("ownerReferences");
            }
            else if (owners.Parent is null)
            {
                metadata["ownerReferences"] = owners;
            }

            return true;
        },
        caller) is not null;

    /// <summary>The prefix of generated names: the owner's name and a dash, unless that makes an invalid name.</summary>
    private static string Prefix(string owner) => owner + "-";

    private static int PhaseRank(PodView pod) => pod.Phase switch { "Pending" => 0, "Unknown" => 1, "Running" => 2, _ => 0 };

    private static int DeletionCost(PodView pod) => int.TryParse(pod.Json.Annotation("controller.kubernetes.io/pod-deletion-cost"), out int cost) ? cost : 0;
}
