using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes;

/// <summary>
/// Hands fields that a manager owns by client-side updates over to its server-side apply, as Helm 4 does before the first apply of an
/// object that Helm 3 made (client-go's csaupgrade). Without it, fields dropped from a chart would stay for ever, owned by the old entry.
/// </summary>
public static class ManagedFieldsMigration
{
    /// <summary>The JSON patch that turns the manager's Update entry into an Apply entry (both are merged if both exist).</summary>
    /// <param name="live">The live object.</param>
    /// <param name="manager">The manager's name, <c>helm</c>.</param>
    /// <returns>The operations, or null when there is nothing to migrate.</returns>
    public static JsonArray? CreatePatch(KubernetesObject live, string manager)
    {
        ArgumentNullException.ThrowIfNull(live);
        if (live.Metadata?["managedFields"] is not JsonArray before) return null;
        List<JsonObject> entries = [.. before.OfType<JsonObject>().Select(e => (JsonObject)e.DeepClone())];
        JsonObject? update = entries.Find(e => Is(e, manager, "Update"));
        if (update is null) return null;
        JsonObject? apply = entries.Find(e => Is(e, manager, "Apply"));
        if (apply is null)
        {
            update["operation"] = "Apply";
            apply = update;
        }
        foreach (JsonObject old in entries.Where(e => Is(e, manager, "Update")).ToList())
        {
            // client-go unites only what was written in the same version; paths of another one may mean something else.
            bool sameVersion = KubernetesObject.Text(old, "apiVersion") == KubernetesObject.Text(apply, "apiVersion");
            if (!ReferenceEquals(old, apply) && sameVersion && old["fieldsV1"] is JsonObject added)
                apply["fieldsV1"] = Union(apply["fieldsV1"] as JsonObject ?? [], added);
            entries.Remove(old);
        }
        return new JsonArray(
            Replace("/metadata/managedFields", new JsonArray([.. entries.Select(e => e.DeepClone())])),
            Replace("/metadata/resourceVersion", live.ResourceVersion));
    }

    private static JsonObject Replace(string path, JsonNode? value) => new() { ["op"] = "replace", ["path"] = path, ["value"] = value };

    private static bool Is(JsonObject entry, string manager, string operation) =>
        KubernetesObject.Text(entry, "manager") == manager && KubernetesObject.Text(entry, "operation") == operation
        && string.IsNullOrEmpty(KubernetesObject.Text(entry, "subresource"));

    private static JsonObject Union(JsonObject a, JsonObject b)
    {
        var union = (JsonObject)a.DeepClone();
        foreach ((string key, JsonNode? value) in b)
            union[key] = union[key] is JsonObject mine && value is JsonObject other
                ? Union(mine, other)
                : union[key]?.DeepClone() ?? value?.DeepClone();
        return union;
    }
}
