using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Events: two groups over one store.</summary>
internal static class EventKinds
{
    public static readonly string[] Fields =
    [
        "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid", "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath",
        "reason", "reportingComponent", "source", "type", "regarding.kind", "regarding.namespace", "regarding.name", "regarding.uid", "reportingController",
    ];

    private static readonly (string Core, string New)[] s_names =
    [
        ("involvedObject", "regarding"), ("message", "note"), ("source", "deprecatedSource"), ("firstTimestamp", "deprecatedFirstTimestamp"), ("lastTimestamp", "deprecatedLastTimestamp"),
        ("count", "deprecatedCount"), ("reportingComponent", "reportingController"),
    ];

    public static string Field(JsonObject json, string field)
    {
        field = field.Replace("regarding.", "involvedObject.", StringComparison.Ordinal);
        return field switch
        {
            "source" => Json.Text(json, "source", "component") is { Length: > 0 } component ? component : Json.Text(json, "reportingComponent"),
            "reportingController" => Json.Text(json, "reportingComponent"),
            _ => Json.Text(json, field.Split('.')),
        };
    }

    /// <summary>events.k8s.io/v1 is core v1 with other names; the store holds the core form.</summary>
    public static JsonObject Convert(JsonObject json, string version)
    {
        bool toCore = json.ContainsKey("regarding") || json.ContainsKey("deprecatedSource");
        var result = new JsonObject();
        foreach ((string name, JsonNode? value) in json)
        {
            string renamed = s_names.FirstOrDefault(n => (toCore ? n.New : n.Core) == name) is { Core: not null } pair ? (toCore ? pair.Core : pair.New) : name;
            result[renamed] = value?.DeepClone();
        }

        return result;
    }

    public static void Check(WriteContext context, JsonObject json, FieldErrors errors)
    {
        string space = Json.Text(json, "metadata", "namespace");
        JsonObject about = Json.Ensure(json, json.ContainsKey("regarding") ? "regarding" : "involvedObject");
        string target = Json.Text(about, "namespace");
        if (target.Length == 0 ? space != "default" : target != space)
        {
            errors.InvalidText("involvedObject.namespace", target, "does not match event.namespace");
        }
    }

    public static void CheckUpdate(WriteContext context, JsonObject json, JsonObject old, FieldErrors errors) => Check(context, json, errors);
}
