using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>The ConfigMaps that running pods have mounted, as they were when the pods started: a server reads its configuration then.</summary>
internal sealed class PodFiles
{
    private readonly ConcurrentDictionary<string, ImmutableArray<StoredObject>> _mounts = new();

    public void Mount(ObjectStore store, PodView pod)
    {
        ImmutableArray<StoredObject> maps =
        [
            .. pod.Json.Items("spec", "volumes")
                .SelectMany(v => v.Items("projected", "sources").Prepend(v))
                .Select(v => v.Text("configMap", "name"))
                .OfType<string>()
                .Where(n => n != "kube-root-ca.crt")
                .Select(n => store.Get(ClusterResources.ConfigMaps, pod.Namespace, n))
                .OfType<StoredObject>(),
        ];
        if (!maps.IsEmpty)
        {
            _mounts[pod.Uid] = maps;
        }
    }

    public void Unmount(string uid) => _mounts.TryRemove(uid, out _);

    /// <summary>File texts by name; later mounts win.</summary>
    public IEnumerable<(string Name, string Text)> Of(string uid)
    {
        if (!_mounts.TryGetValue(uid, out ImmutableArray<StoredObject> maps))
        {
            yield break;
        }

        foreach (StoredObject map in maps)
        {
            foreach ((string name, System.Text.Json.Nodes.JsonNode? text) in map.View.Map("data") ?? [])
            {
                yield return (name, text.Text() ?? "");
            }
        }
    }
}
