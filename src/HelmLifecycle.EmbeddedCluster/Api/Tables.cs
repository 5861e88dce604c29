using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Answers as <c>meta.k8s.io/v1</c> Table and PartialObjectMetadata.</summary>
internal static class Tables
{
    public static JsonObject Partial(JsonObject json) => new()
    {
        ["kind"] = "PartialObjectMetadata",
        ["apiVersion"] = "meta.k8s.io/v1",
        ["metadata"] = json["metadata"]?.DeepClone(),
    };

    public static JsonObject Single(ResourceDefinition resource, string version, JsonObject json, DateTimeOffset now, string include = "")
    {
        var metadata = new JsonObject { ["resourceVersion"] = Json.Text(json, "metadata", "resourceVersion") };
        return List(resource, version, [json], metadata, now, include);
    }

    public static JsonObject List(ResourceDefinition resource, string version, IEnumerable<JsonObject> items, JsonObject metadata, DateTimeOffset now, string include = "")
    {
        var columns = new JsonArray();
        foreach (TableColumn column in resource.Columns(version))
        {
            columns.Add((JsonNode)new JsonObject
            {
                ["name"] = column.Name,
                ["type"] = column.Type,
                ["format"] = column.Format,
                ["description"] = column.Description,
                ["priority"] = (long)column.Priority,
            });
        }

        var rows = new JsonArray();
        foreach (JsonObject json in items)
        {
            rows.Add((JsonNode)Row(resource, version, json, now, include));
        }

        return new JsonObject { ["kind"] = "Table", ["apiVersion"] = "meta.k8s.io/v1", ["metadata"] = metadata, ["columnDefinitions"] = columns, ["rows"] = rows };
    }

    private static JsonObject Row(ResourceDefinition resource, string version, JsonObject json, DateTimeOffset now, string include)
    {
        var row = new JsonObject { ["cells"] = resource.Row(json, version, now) };
        if (resource.Key == new ResourceKey("", "pods") && Json.Text(json, "status", "phase") is "Succeeded" or "Failed" && resource.Plural == "pods")
        {
            bool succeeded = Json.Text(json, "status", "phase") == "Succeeded";
            row["conditions"] = new JsonArray
            {
                (JsonNode)new JsonObject
                {
                    ["type"] = "Completed",
                    ["status"] = "True",
                    ["reason"] = succeeded ? "Succeeded" : "Failed",
                    ["message"] = succeeded ? "The pod has completed successfully." : "The pod failed.",
                },
            };
        }

        row["object"] = include switch
        {
            "None" => null,
            "Object" => json,
            _ => Partial(json),
        };
        return row;
    }
}
