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
            case "pods sorted: labels, owner, phase, node set, restartPolicy":
                result = Rank(List(ByName(answer).Select(i => (JsonNode?)Pod(i))), p => p["phase"] + " " + p["ready"]);
                Reorder(expected, p => p["phase"] + " " + p["ready"]);
                return true;
            case "ReplicaSets: name, labels, annotations, owner, selector, template labels, replicas, status":
                result = Rank(List(ByName(answer).Select(i => (JsonNode?)ReplicaSet(i))), Revision);
                Reorder(expected, Revision);
                ForgetSteps(expected);
                ForgetSteps(result);
                return true;
            case "name, revision, labels, owner":
                result = Rank(List(ByName(answer).Select(i => (JsonNode?)List([At(i, "metadata.name"), At(i, "revision"), At(i, "metadata.labels"), Kinds(i)]))), r => r[1]!.ToString());
                Reorder(expected, r => r[1]!.ToString());
                return true;
            case "container statuses and conditions":
                result = List(ByName(answer).Select(i => (JsonNode?)List([At(i, "status.phase"), List(Conditions(i).Select(c => (JsonNode?)List([At(c, "type"), At(c, "status"), At(c, "reason"), At(c, "message")])))])));
                return true;
            case "type, name, phase, ready and revision of each pod event":
                result = List((answer as JsonArray ?? []).Select(e => (JsonNode?)List(
                [
                    At(e!, "type"), At(e!, "object.metadata.name"), At(e!, "object.status.phase"), At(e!, "object.status.conditions[type=Ready].status"),
                    At(e!, "object.metadata.labels.controller-revision-hash"), At(e!, "object.metadata.deletionTimestamp") is null ? "" : "deleting",
                ])));
                return true;
            case "first pod: metadata without managedFields, affinity, tolerations":
                {
                    JsonNode pod = Items()[0]!;
                    result = NoNulls(new JsonObject
                    {
                        ["generateName"] = At(pod, "metadata.generateName"),
                        ["labels"] = At(pod, "metadata.labels"),
                        ["ownerReferences"] = At(pod, "metadata.ownerReferences"),
                        ["affinity"] = At(pod, "spec.affinity"),
                        ["tolerations"] = At(pod, "spec.tolerations"),
                    });
                    return true;
                }

            case "ports and conditions":
                result = Rank(List(Items().Select(i => (JsonNode?)List([At(i!, "ports"), List((i!["endpoints"] as JsonArray ?? []).Select(e => At(e!, "conditions")))]))), s => s.ToJsonString());
                Reorder(expected, s => s.ToJsonString());
                return true;
            case "labels, and ready and unready addresses counted":
                result = List([Get("metadata.labels"), List((answer?["subsets"] as JsonArray ?? []).Select(s => (JsonNode?)List([Count(s!, "addresses"), Count(s!, "notReadyAddresses"), At(s!, "ports")])))]);
                return true;
            case "openapi version, path names, schema names" or "paths and schemas":
                result = new JsonObject { ["openapi"] = Get("openapi"), ["paths"] = Known(Names(answer?["paths"]), expected?["paths"]), ["schemas"] = Known(Names(answer?["components"]?["schemas"]), expected?["schemas"]) };
                return true;
            case "schema io.k8s.api.apps.v1.DeploymentSpec without descriptions":
                result = Get("components.schemas['io.k8s.api.apps.v1.DeploymentSpec']");
                return true;
            case "top-level keys, number sign only for counts":
                result = new JsonObject { ["swagger"] = Get("swagger"), ["info"] = Get("info"), ["keys"] = List(Names(answer)), ["hasDefinitions"] = answer?["definitions"] is JsonObject { Count: > 0 } };
                return true;
            case "x-kubernetes-* of PodSpec and ServiceSpec properties":
                result = new JsonObject((expected as JsonObject ?? []).Select(t => KeyValuePair.Create(t.Key, (JsonNode?)Extensions(answer, t.Key))));
                return true;
            default:
                return false;
        }
    }

    private static JsonNode? At(JsonNode node, string path) => Paths.Find(node, path).Value?.DeepClone();

    private static int Count(JsonNode node, string list) => (node[list] as JsonArray)?.Count ?? 0;

    private static IEnumerable<JsonNode> Conditions(JsonNode item) => (item["status"]?["conditions"] as JsonArray ?? []).Select(c => c!);

    private static IEnumerable<JsonNode> ByName(JsonNode? answer) => (answer?["items"] as JsonArray ?? []).Select(i => i!).OrderBy(i => i["metadata"]!["name"]!.ToString(), StringComparer.Ordinal);

    private static IEnumerable<JsonNode?> Names(JsonNode? map) => (map as JsonObject ?? []).Select(p => p.Key).Order(StringComparer.Ordinal).Select(k => (JsonNode?)k);

    private static JsonArray Kinds(JsonNode item) => List((item["metadata"]!["ownerReferences"] as JsonArray ?? []).Select(o => At(o!, "kind")));

    private static JsonArray Owners(JsonNode item)
    {
        var owners = (JsonArray)(item["metadata"]!["ownerReferences"] ?? new JsonArray()).DeepClone();
        foreach (JsonNode? owner in owners)
        {
            ((JsonObject)owner!).Remove("uid");
        }

        return owners;
    }

    private static JsonObject Pod(JsonNode pod) => NoNulls(new JsonObject
    {
        ["name"] = At(pod, "metadata.name"),
        ["generateName"] = At(pod, "metadata.generateName"),
        ["labels"] = At(pod, "metadata.labels"),
        ["owners"] = Owners(pod),
        ["phase"] = At(pod, "status.phase"),
        ["ready"] = At(pod, "status.conditions[type=Ready].status"),
    });

    private static JsonObject ReplicaSet(JsonNode set) => NoNulls(new JsonObject
    {
        ["name"] = At(set, "metadata.name"),
        ["labels"] = At(set, "metadata.labels"),
        ["annotations"] = At(set, "metadata.annotations"),
        ["owners"] = Owners(set),
        ["replicas"] = At(set, "spec.replicas"),
        ["selector"] = At(set, "spec.selector"),
        ["templateLabels"] = At(set, "spec.template.metadata.labels"),
        ["status"] = At(set, "status"),
    });

    /// <summary>In how many steps a rollout went depends on which pods became ready in one instant; that a ReplicaSet was resized at all does not.</summary>
    private static void ForgetSteps(JsonNode? sets)
    {
        foreach (JsonNode? set in sets as JsonArray ?? [])
        {
            if (set?["status"] is JsonObject status && status["observedGeneration"] is { } generation)
            {
                status["observedGeneration"] = generation.ToString() == "1" ? "first" : "later";
            }
        }
    }

    private static string Revision(JsonNode set) => set["annotations"]?["deployment.kubernetes.io/revision"]?.ToString() ?? "";

    /// <summary>The recorded lists were sorted by names with hashes in them; ours hash otherwise, so both are put into an order that does not depend on hashes.</summary>
    private static JsonArray Rank(JsonArray list, Func<JsonNode, string> key) => List([.. list.OrderBy(i => key(i!), StringComparer.Ordinal).Select(i => i?.DeepClone())]);

    private static void Reorder(JsonNode? expected, Func<JsonNode, string> key)
    {
        if (expected is JsonArray list)
        {
            JsonArray ranked = Rank(list, key);
            list.Clear();
            foreach (JsonNode? item in ranked)
            {
                list.Add(item?.DeepClone());
            }
        }
    }

    /// <summary>Names that both have: the server need not have all that are recorded. Names recorded nowhere count as different.</summary>
    private static JsonArray Known(IEnumerable<JsonNode?> ours, JsonNode? recorded)
    {
        JsonArray all = List(ours);
        HashSet<string> have = [.. all.Select(o => o!.ToString())];
        foreach (JsonNode? missing in (recorded as JsonArray ?? []).Where(r => !have.Contains(r!.ToString())).ToArray())
        {
            ((JsonArray)recorded!).Remove(missing);
        }

        return all;
    }

    private static JsonObject Extensions(JsonNode? answer, string type)
    {
        var found = new JsonObject();
        foreach ((string name, JsonNode? property) in answer?["components"]?["schemas"]?["io.k8s.api.core.v1." + type]?["properties"] as JsonObject ?? [])
        {
            var own = new JsonObject((property as JsonObject ?? []).Where(p => p.Key.StartsWith("x-kubernetes-", StringComparison.Ordinal)).OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));
            if (own.Count > 0)
            {
                found[name] = own;
            }
        }

        return found;
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
