using System.Text.Json.Nodes;

namespace HelmLifecycle;

/// <summary>The ConfigMaps and Secrets that a pod template names. Image pull secrets are left out: they say nothing about the version.</summary>
internal static class PodReferences
{
    /// <summary>Shows each reference, and writes what comes back in its place.</summary>
    /// <param name="template">A pod template.</param>
    /// <param name="rename">Kind and name to the new name.</param>
    public static void Visit(JsonNode? template, Func<string, string, string> rename)
    {
        if (template?["spec"] is not JsonObject spec) return;
        foreach (var volume in Items(spec, "volumes"))
        {
            Change(volume["configMap"], "name", "ConfigMap", rename);
            Change(volume["secret"], "secretName", "Secret", rename);
            if (volume["projected"] is not JsonObject projected) continue;
            foreach (var source in Items(projected, "sources"))
            {
                Change(source["configMap"], "name", "ConfigMap", rename);
                Change(source["secret"], "name", "Secret", rename);
            }
        }

        foreach (var container in Items(spec, "containers").Concat(Items(spec, "initContainers")))
        {
            foreach (var from in Items(container, "envFrom"))
            {
                Change(from["configMapRef"], "name", "ConfigMap", rename);
                Change(from["secretRef"], "name", "Secret", rename);
            }

            foreach (var variable in Items(container, "env"))
            {
                Change(variable["valueFrom"]?["configMapKeyRef"], "name", "ConfigMap", rename);
                Change(variable["valueFrom"]?["secretKeyRef"], "name", "Secret", rename);
            }
        }
    }

    private static IEnumerable<JsonObject> Items(JsonObject parent, string key) => (parent[key] as JsonArray ?? []).OfType<JsonObject>();

    private static void Change(JsonNode? holder, string key, string kind, Func<string, string, string> rename)
    {
        if (holder is not JsonObject o || o[key] is not JsonValue value || !value.TryGetValue(out string? name)) return;
        string renamed = rename(kind, name);
        if (renamed != name) o[key] = renamed;
    }
}
