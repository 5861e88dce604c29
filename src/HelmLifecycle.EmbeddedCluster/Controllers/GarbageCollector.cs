using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>
/// Deletes what its owners left behind, holds an owner in foreground deletion until its dependents are gone, and lets dependents go where they are to be orphaned.
/// Keys are uids; the namespace of a key is unused.
/// </summary>
internal sealed class GarbageCollector(ClusterLoop loop) : Controller(loop, "generic-garbage-collector")
{
    public const string Foreground = "foregroundDeletion";
    public const string Orphan = "orphan";

    private readonly Dictionary<string, Node> _nodes = [];
    private readonly Dictionary<string, HashSet<string>> _dependents = [];

    public override IReadOnlyList<ResourceKey>? Watches => null;

    public override void OnChange(StoreEvent change)
    {
        string uid = change.Object.Uid;
        if (uid.Length == 0 || change.Resource == ClusterResources.Events)
        {
            return;
        }

        if (change.Type == StoreEventType.Deleted)
        {
            Forget(uid);
            return;
        }

        // Most objects have neither owners nor an end in sight: a glance at the bytes spares reading them.
        ReadOnlySpan<byte> bytes = change.Object.Utf8;
        string[] owners = [];
        bool deleting = false;
        if (bytes.IndexOf("\"ownerReferences\""u8) >= 0 || bytes.IndexOf("\"deletionTimestamp\""u8) >= 0)
        {
            owners = [.. change.Object.View.Items("metadata", "ownerReferences").Select(o => o.Text("uid") ?? "")];
            deleting = change.Object.View.IsDeleting();
        }

        if (_nodes.TryGetValue(uid, out Node? known))
        {
            foreach (string owner in known.Owners.Except(owners))
            {
                _dependents.GetValueOrDefault(owner)?.Remove(uid);
                Ask(owner);
            }
        }

        var node = new Node(change.Resource, change.Object.Namespace, change.Object.Name, owners);
        _nodes[uid] = node;
        foreach (string owner in owners)
        {
            if (!_dependents.TryGetValue(owner, out HashSet<string>? dependents))
            {
                _dependents[owner] = dependents = [];
            }

            dependents.Add(uid);
        }

        if (deleting || owners.Any(o => !_nodes.ContainsKey(o) || IsWaiting(o)))
        {
            Ask(uid);
        }
    }

    public override void Reconcile(string ns, string uid)
    {
        if (!_nodes.TryGetValue(uid, out Node? node) || Read(node.Resource, node.Namespace, node.Name) is not { } o || o.Uid() != uid)
        {
            return;
        }

        if (o.IsDeleting())
        {
            if (HasFinalizer(o, Orphan))
            {
                LetDependentsGo(uid);
                RemoveFinalizer(node, Orphan);
            }
            else if (HasFinalizer(o, Foreground))
            {
                DeleteDependents(uid, node);
            }

            return;
        }

        if (node.Owners.Length == 0)
        {
            return;
        }

        List<string> gone = [.. node.Owners.Where(w => !_nodes.ContainsKey(w))];
        List<string> waiting = [.. node.Owners.Where(IsWaiting)];
        if (gone.Count + waiting.Count == 0)
        {
            return;
        }

        if (gone.Count + waiting.Count < node.Owners.Length)
        {
            // Someone still holds it: only the dead references go.
            RemoveOwners(node, [.. gone, .. waiting]);
            return;
        }

        bool hasDependents = _dependents.GetValueOrDefault(uid) is { Count: > 0 };
        string policy = HasFinalizer(o, Orphan) ? "Orphan" : HasFinalizer(o, Foreground) || (waiting.Count > 0 && hasDependents) ? "Foreground" : "Background";
        Delete(node.Resource, node.Namespace, node.Name, new DeleteSettings(policy, Uid: uid));
    }

    private void Ask(string uid) => Enqueue("", uid);

    private void Forget(string uid)
    {
        if (!_nodes.Remove(uid, out Node? node))
        {
            return;
        }

        foreach (string owner in node.Owners)
        {
            if (_dependents.TryGetValue(owner, out HashSet<string>? siblings))
            {
                siblings.Remove(uid);
                if (siblings.Count == 0)
                {
                    _dependents.Remove(owner);
                }
            }

            if (IsWaiting(owner))
            {
                Ask(owner);
            }
        }

        foreach (string dependent in _dependents.GetValueOrDefault(uid) ?? [])
        {
            Ask(dependent);
        }
    }

    /// <summary>The owner is there, but only until its dependents are gone.</summary>
    private bool IsWaiting(string uid) =>
        _nodes.TryGetValue(uid, out Node? node)
        && Store.Get(node.Resource, node.Namespace, node.Name) is { } stored
        && stored.Utf8.AsSpan().IndexOf("\"foregroundDeletion\""u8) >= 0
        && stored.View.IsDeleting() && HasFinalizer(stored.View, Foreground);

    private void DeleteDependents(string uid, Node node)
    {
        List<string> blocking = [.. (_dependents.GetValueOrDefault(uid) ?? []).Where(d => Blocks(d, uid))];
        if (blocking.Count == 0)
        {
            RemoveFinalizer(node, Foreground);
            return;
        }

        foreach (string dependent in (_dependents.GetValueOrDefault(uid) ?? []).Order(StringComparer.Ordinal).ToArray())
        {
            Ask(dependent);
        }
    }

    private bool Blocks(string dependent, string owner) =>
        _nodes.TryGetValue(dependent, out Node? node)
        && Read(node.Resource, node.Namespace, node.Name).Items("metadata", "ownerReferences").Any(r => r.Text("uid") == owner && r.Flag("blockOwnerDeletion"));

    private void LetDependentsGo(string uid)
    {
        foreach (string dependent in (_dependents.GetValueOrDefault(uid) ?? []).ToArray())
        {
            if (_nodes.TryGetValue(dependent, out Node? node))
            {
                RemoveOwners(node, [uid]);
            }
        }
    }

    private void RemoveOwners(Node node, List<string> uids) => Change(node, metadata => Filter(metadata, "ownerReferences", r => uids.Contains(r.Text("uid") ?? "")));

    private void RemoveFinalizer(Node node, string finalizer) => Change(node, metadata => Filter(metadata, "finalizers", f => f.Text() == finalizer));

    private void Change(Node node, Func<JsonObject, bool> change)
    {
        try
        {
            Api.Modify(node.Resource, node.Namespace, node.Name, o => change(o.Section("metadata")), Caller);
        }
        catch (ApiError e) when (e.IsNotFound)
        {
        }
    }

    private static bool Filter(JsonObject metadata, string key, Predicate<JsonNode> drop)
    {
        if (metadata[key] is not JsonArray list)
        {
            return false;
        }

        int before = list.Count;
        for (int i = list.Count - 1; i >= 0; i--)
        {
            if (list[i] is { } item && drop(item))
            {
                list.RemoveAt(i);
            }
        }

        if (list.Count == 0)
        {
            metadata.Remove(key);
        }

        return list.Count != before;
    }

    private static bool HasFinalizer(JsonNode o, string finalizer) => o.Items("metadata", "finalizers").Any(f => f.Text() == finalizer);

    private sealed record Node(ResourceKey Resource, string Namespace, string Name, string[] Owners);
}
