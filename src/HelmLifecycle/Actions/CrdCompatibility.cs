using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>What a new CRD would take away from users of the present one.</summary>
internal static class CrdCompatibility
{
    /// <summary>The reasons why the new CRD must not replace the live one; empty when it may.</summary>
    public static IReadOnlyList<string> Breaks(KubernetesObject live, KubernetesObject next)
    {
        var breaks = new List<string>();
        var newVersions = Versions(next);
        foreach (var stored in Items(live.Status?["storedVersions"]))
        {
            string version = stored?.GetValue<string>() ?? "";
            if (!newVersions.ContainsKey(version)) breaks.Add($"version {version} is stored in the cluster and not in the new CRD");
        }

        foreach (var (name, old) in Versions(live))
        {
            if (old["served"]?.GetValue<bool>() != true) continue;
            if (!newVersions.TryGetValue(name, out var version) || version["served"]?.GetValue<bool>() != true)
            {
                string reason = $"version {name} is served and would not be any more";
                if (!breaks.Any(b => b.StartsWith($"version {name} ", StringComparison.Ordinal))) breaks.Add(reason);
                continue;
            }

            Fields(old["schema"]?["openAPIV3Schema"] as JsonObject, version["schema"]?["openAPIV3Schema"] as JsonObject, name + ":", breaks, 0);
        }

        return breaks;
    }

    private static void Fields(JsonObject? old, JsonObject? next, string path, List<string> breaks, int depth)
    {
        if (old is null || depth > 64 || next?["x-kubernetes-preserve-unknown-fields"] is not null) return;
        if (old["properties"] is JsonObject properties)
        {
            foreach (var (key, value) in properties)
            {
                string here = $"{path}.{key}";
                if (next?["properties"] is not JsonObject others || !others.TryGetPropertyValue(key, out var other)) breaks.Add($"field {here} would vanish");
                else Fields(value as JsonObject, other as JsonObject, here, breaks, depth + 1);
            }
        }

        if (old["items"] is JsonObject items) Fields(items, next?["items"] as JsonObject, path + "[]", breaks, depth + 1);
    }

    private static Dictionary<string, JsonObject> Versions(KubernetesObject crd) => Items(crd.Spec?["versions"]).OfType<JsonObject>()
        .GroupBy(v => v["name"]?.GetValue<string>() ?? "").ToDictionary(g => g.Key, g => g.First());

    private static IEnumerable<JsonNode?> Items(JsonNode? list) => list as JsonArray ?? [];
}
