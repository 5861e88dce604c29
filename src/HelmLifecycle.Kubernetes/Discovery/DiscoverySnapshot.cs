using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes;

/// <summary>What the server said it serves at one moment.</summary>
internal sealed class DiscoverySnapshot
{
    private readonly List<ApiResource> _resources = [];
    private readonly Dictionary<GroupVersionKind, ApiResource> _byKind = [];
    private readonly List<string> _apiVersions = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public IReadOnlyList<ApiResource> Resources => _resources;
    public IReadOnlyDictionary<GroupVersionKind, ApiResource> ByKind => _byKind;
    public IReadOnlyList<string> ApiVersions => _apiVersions;

    /// <summary>Adds an <c>APIGroupDiscoveryList</c>.</summary>
    public void AddAggregated(JsonObject list)
    {
        foreach (JsonObject group in Objects(list["items"]))
        {
            string groupName = KubernetesObject.Text(group["metadata"] as JsonObject, "name") ?? "";
            foreach (JsonObject version in Objects(group["versions"]))
            {
                string versionName = KubernetesObject.Text(version, "version") ?? "";
                AddVersion(groupName.Length == 0 ? versionName : $"{groupName}/{versionName}");
                foreach (JsonObject resource in Objects(version["resources"]))
                {
                    string kind = KubernetesObject.Text(resource["responseKind"] as JsonObject, "kind") ?? "";
                    List<JsonObject> subresources = [.. Objects(resource["subresources"])];
                    if (kind.Length > 0)
                        Add(new ApiResource
                        {
                            Group = groupName,
                            Version = versionName,
                            Kind = kind,
                            Plural = KubernetesObject.Text(resource, "resource") ?? "",
                            Singular = KubernetesObject.Text(resource, "singularResource") ?? "",
                            Namespaced = KubernetesObject.Text(resource, "scope") == "Namespaced",
                            Verbs = Strings(resource["verbs"]),
                            ShortNames = Strings(resource["shortNames"]),
                            Categories = Strings(resource["categories"]),
                            Subresources = [.. subresources.Select(s => KubernetesObject.Text(s, "subresource") ?? "")],
                        });
                    foreach (JsonObject sub in subresources)
                        AddKind(groupName, versionName, KubernetesObject.Text(sub["responseKind"] as JsonObject, "kind"));
                }
            }
        }
    }

    /// <summary>Adds an <c>APIResourceList</c>; null when it could not be had.</summary>
    public void AddClassic(string groupVersion, JsonObject? list)
    {
        AddVersion(groupVersion);
        (string group, string version, _) = GroupVersionKind.From(groupVersion, "");
        List<JsonObject> entries = [.. Objects(list?["resources"])];
        foreach (JsonObject entry in entries)
        {
            string name = KubernetesObject.Text(entry, "name") ?? "";
            string kind = KubernetesObject.Text(entry, "kind") ?? "";
            if (name.Contains('/'))
            {
                AddKind(group, version, kind);
                continue;
            }
            Add(new ApiResource
            {
                Group = group,
                Version = version,
                Kind = kind,
                Plural = name,
                Singular = KubernetesObject.Text(entry, "singularName") ?? "",
                Namespaced = entry["namespaced"] is JsonValue flag && flag.TryGetValue(out bool yes) && yes,
                Verbs = Strings(entry["verbs"]),
                ShortNames = Strings(entry["shortNames"]),
                Categories = Strings(entry["categories"]),
                Subresources = [.. entries.Select(e => KubernetesObject.Text(e, "name") ?? "")
                    .Where(n => n.StartsWith(name + "/", StringComparison.Ordinal)).Select(n => n[(name.Length + 1)..])],
            });
        }
    }

    /// <summary>The resource meant by a word of the command line: the core group wins, then the order of discovery.</summary>
    public ApiResource? FindByWord(string word)
    {
        string[] parts = word.Split('.', 2);
        string name = parts[0], rest = parts.Length > 1 ? parts[1] : "";
        return _resources.Where(r => Names(r, name) && IsOf(r)).OrderBy(r => r.Group.Length == 0 ? 0 : 1).FirstOrDefault();

        bool IsOf(ApiResource r) => rest.Length == 0 || r.Group == rest || rest == (r.Group.Length == 0 ? r.Version : $"{r.Version}.{r.Group}");
    }

    private static bool Names(ApiResource r, string word) =>
        string.Equals(r.Plural, word, StringComparison.OrdinalIgnoreCase) || string.Equals(r.Singular, word, StringComparison.OrdinalIgnoreCase)
        || string.Equals(r.Kind, word, StringComparison.OrdinalIgnoreCase) || r.ShortNames.Contains(word);

    private void Add(ApiResource resource)
    {
        _resources.Add(resource);
        _byKind.TryAdd(resource.Gvk, resource);
        AddKind(resource.Group, resource.Version, resource.Kind);
    }

    private void AddVersion(string groupVersion)
    {
        if (_seen.Add(groupVersion)) _apiVersions.Add(groupVersion);
    }

    private void AddKind(string group, string version, string? kind)
    {
        if (string.IsNullOrEmpty(kind)) return;
        string id = group.Length == 0 ? $"{version}/{kind}" : $"{group}/{version}/{kind}";
        if (_seen.Add(id)) _apiVersions.Add(id);
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => (node as JsonArray ?? []).OfType<JsonObject>();

    private static IReadOnlyList<string> Strings(JsonNode? node) => [.. (node as JsonArray ?? []).Select(s => s?.ToString() ?? "")];
}
