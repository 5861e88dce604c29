using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster.Tests;

/// <summary>Answers cut down as the recorder cut them before it wrote them. The recordings describe each cut in words.</summary>
internal static class Projections
{
    /// <summary>The cut answer; false when the words are not understood (then only the HTTP status is compared).</summary>
    public static bool TryApply(string projection, JsonNode? answer, JsonNode? expected, out JsonNode? result)
    {
        result = null;
        JsonNode? Get(string path) => Paths.Find(answer, path).Value?.DeepClone();
        JsonArray Items() => answer?["items"] as JsonArray ?? [];
        switch (projection)
        {
            case "names of the items":
                result = List(Items().Select(i => i!["metadata"]!["name"]!.DeepClone()));
                return true;
            case "phase":
                result = Get("status.phase");
                return true;
            case "kind only" or "kind" or "status only":
                result = Get("kind");
                return true;
            case "name":
                result = Get("metadata.name");
                return true;
            case "data":
                result = Get("data");
                return true;
            case "labels":
                result = Get("metadata.labels");
                return true;
            case "finalizers":
                result = Get("metadata.finalizers");
                return true;
            case "how many":
                result = Items().Count;
                return true;
            case "succeeded":
                result = Get("status.succeeded");
                return true;
            case "status.readyReplicas":
                result = Get("status.readyReplicas");
                return true;
            case "observedGeneration":
                result = Get("status.observedGeneration");
                return true;
            case "generation and replicas":
                result = List([Get("metadata.generation"), Get("spec.replicas")]);
                return true;
            case "kind and status":
                result = List([Get("kind"), Get("status")]);
                return true;
            case "kind and names":
                result = List([Get("kind"), List(Items().Select(i => i!["metadata"]!["name"]!.DeepClone()))]);
                return true;
            case "kind and apiVersion only":
                result = new JsonObject { ["kind"] = Get("kind"), ["apiVersion"] = Get("apiVersion") };
                return true;
            case "kind, apiVersion, group names":
                result = new JsonObject { ["kind"] = Get("kind"), ["apiVersion"] = Get("apiVersion"), ["groups"] = List(Items().Select(i => i!["metadata"]!["name"]?.DeepClone())) };
                return true;
            case "resourceVersion of the list":
                result = Get("metadata.resourceVersion");
                return true;
            case "list metadata and names":
                result = List([Get("metadata"), List(Items().Select(i => i!["metadata"]!["name"]!.DeepClone()))]);
                return true;
            case "items as name=data.a":
                result = List(Items().Select(i => (JsonNode?)(i!["metadata"]!["name"] + "=" + i["data"]?["a"])));
                return true;
            case "reason, type, message of each":
                result = List(Items().Select(i => (JsonNode?)List([i!["reason"]?.DeepClone(), i["type"]?.DeepClone(), i["message"]?.DeepClone()])));
                return true;
            case "length of the name and of generateName":
                result = List([Get("metadata.name")?.GetValue<string>().Length, Get("metadata.generateName")?.GetValue<string>().Length]);
                return true;
            case "metadata deletion fields, grace and phase":
                result = new JsonObject
                {
                    ["kind"] = Get("kind"),
                    ["metadata"] = new JsonObject { ["name"] = Get("metadata.name"), ["deletionTimestamp"] = Get("metadata.deletionTimestamp"), ["deletionGracePeriodSeconds"] = Get("metadata.deletionGracePeriodSeconds") },
                    ["terminationGracePeriodSeconds"] = Get("spec.terminationGracePeriodSeconds"),
                    ["phase"] = Get("status.phase"),
                };
                return true;
            case "name, deletion and owner of each item":
                result = List(Items().Select(i => (JsonNode?)Deletion(i!)));
                return true;
            case "generation, annotations, replicas, status":
                result = new JsonObject { ["generation"] = Get("metadata.generation"), ["annotations"] = Get("metadata.annotations"), ["replicas"] = Get("spec.replicas"), ["status"] = Get("status") };
                return true;
            case "node, phase, conditions":
                result = List([Get("spec.nodeName"), Get("status.phase"), List((Get("status.conditions") as JsonArray ?? []).Select(c => c!["type"]?.DeepClone()))]);
                return true;
            case "first word of each line and last line":
                {
                    string[] lines = answer!.GetValue<string>().Trim('\n').Split('\n');
                    result = List([.. lines[..^1].Select(l => (JsonNode?)l.Split(' ')[0]), lines[^1]]);
                    return true;
                }

            case "rows' object cut to kind, apiVersion, metadata.name":
                result = answer?.DeepClone();
                foreach (JsonNode? row in result?["rows"] as JsonArray ?? [])
                {
                    if (row!["object"] is JsonObject o)
                    {
                        row["object"] = new JsonObject { ["kind"] = o["kind"]?.DeepClone(), ["apiVersion"] = o["apiVersion"]?.DeepClone(), ["metadata"] = new JsonObject { ["name"] = o["metadata"]?["name"]?.DeepClone() } };
                    }
                }

                return true;
            case "resources after the first of a version are named only, except pods and deployments":
                result = ShortDiscovery(answer);
                return true;
            case "sorted path names (query of serverRelativeURL cut off)":
                result = List((answer?["paths"] as JsonObject ?? []).OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => (JsonNode?)List([p.Key, p.Value!["serverRelativeURL"]!.GetValue<string>().Split('?')[0]])));
                return true;
            case "number of rules is set-up dependent: keys only":
                result = new JsonObject { ["kind"] = Get("kind"), ["status"] = List((answer?["status"] as JsonObject ?? []).Select(p => (JsonNode?)p.Key).OrderBy(k => k!.GetValue<string>(), StringComparer.Ordinal)) };
                return true;
            case "status":
                result = expected switch
                {
                    JsonValue v when v.TryGetValue(out string? _) => Get("kind"),
                    JsonValue => Get("status.readyReplicas"),
                    JsonArray => Get("status.conditions"),
                    _ => Get("status"),
                };
                return true;
            case "annotations and owner":
                result = List([Get("metadata.annotations"), Get("metadata.ownerReferences")]);
                return true;
            case "spec without template":
                result = Get("spec");
                (result as JsonObject)?.Remove("jobTemplate");
                return true;
            case "reason: message of each event, sorted":
                result = List(Items().Select(i => (JsonNode?)$"{i!["type"]} {i["reason"]}: {i["message"]}").OrderBy(t => t!.GetValue<string>(), StringComparer.Ordinal));
                return true;
            default:
                return false;
        }
    }

    private static JsonObject Deletion(JsonNode item)
    {
        JsonNode metadata = item["metadata"]!;
        var json = new JsonObject { ["name"] = metadata["name"]?.DeepClone(), ["deletionTimestamp"] = metadata["deletionTimestamp"]?.DeepClone(), ["finalizers"] = metadata["finalizers"]?.DeepClone() };
        if (metadata["ownerReferences"] is JsonArray owners)
        {
            json["owners"] = List(owners.Select(o => (JsonNode?)(o!["kind"] + "/" + o["name"])));
        }

        return NoNulls(json);
    }

    private static JsonObject NoNulls(JsonObject json)
    {
        foreach (string name in json.Where(p => p.Value is null).Select(p => p.Key).ToArray())
        {
            json.Remove(name);
        }

        return json;
    }

    private static JsonNode? ShortDiscovery(JsonNode? answer)
    {
        JsonNode? copy = answer?.DeepClone();
        foreach (JsonNode? group in copy?["items"] as JsonArray ?? [])
        {
            foreach (JsonNode? version in group!["versions"] as JsonArray ?? [])
            {
                var resources = (JsonArray)version!["resources"]!;
                for (int i = 1; i < resources.Count; i++)
                {
                    string name = resources[i]!["resource"]!.GetValue<string>();
                    if (name is not ("pods" or "deployments"))
                    {
                        resources[i] = name;
                    }
                }
            }
        }

        return copy;
    }

    private static JsonArray List(IEnumerable<JsonNode?> items)
    {
        var list = new JsonArray();
        foreach (JsonNode? item in items)
        {
            list.Add(item);
        }

        return list;
    }
}
