using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>What the API fills into each kind besides pods.</summary>
internal static partial class KindDefaults
{
    private const string RbacGroup = "rbac.authorization.k8s.io";

    public static void Service(JsonObject json)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        Json.DefaultText(spec, "sessionAffinity", "None");
        if (Json.Text(spec, "sessionAffinity") == "None")
        {
            spec.Remove("sessionAffinityConfig");
        }
        else if (Json.Long(spec, "sessionAffinityConfig", "clientIP", "timeoutSeconds") is null && Json.Text(spec, "sessionAffinity") == "ClientIP")
        {
            spec["sessionAffinityConfig"] = new JsonObject { ["clientIP"] = new JsonObject { ["timeoutSeconds"] = 10800L } };
        }

        Json.DefaultText(spec, "type", "ClusterIP");
        string type = Json.Text(spec, "type");
        foreach (JsonObject port in Json.Objects(spec, "ports"))
        {
            Json.DefaultText(port, "protocol", "TCP");
            if (Json.Text(port, "targetPort") is "" or "0")
            {
                port["targetPort"] = port["port"]?.DeepClone() ?? 0L;
            }
        }

        if (type is "NodePort" or "LoadBalancer")
        {
            Json.DefaultText(spec, "externalTrafficPolicy", "Cluster");
        }

        if (type is "ClusterIP" or "NodePort" or "LoadBalancer")
        {
            Json.Default(spec, "internalTrafficPolicy", "Cluster");
        }

        if (type == "LoadBalancer")
        {
            Json.Default(spec, "allocateLoadBalancerNodePorts", true);
            foreach (JsonObject ingress in Json.Objects(json, "status", "loadBalancer", "ingress"))
            {
                if (Json.Text(ingress, "ip").Length > 0)
                {
                    Json.Default(ingress, "ipMode", "VIP");
                }
            }
        }
    }

    public static void Endpoints(JsonObject json)
    {
        foreach (JsonObject subset in Json.Objects(json, "subsets"))
        {
            foreach (JsonObject port in Json.Objects(subset, "ports"))
            {
                Json.DefaultText(port, "protocol", "TCP");
            }
        }
    }

    public static void EndpointSlice(JsonObject json)
    {
        foreach (JsonObject port in Json.Objects(json, "ports"))
        {
            Json.Default(port, "name", "");
            Json.Default(port, "protocol", "TCP");
        }
    }

    public static void Secret(JsonObject json)
    {
        if (Json.Object(json, "stringData") is { Count: > 0 } texts)
        {
            JsonObject data = Json.Ensure(json, "data");
            foreach ((string key, JsonNode? value) in texts)
            {
                data[key] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes((string?)value ?? ""));
            }

            JsonObject sorted = [];
            foreach ((string key, JsonNode? value) in data.OrderBy(p => p.Key, StringComparer.Ordinal))
            {
                sorted[key] = value?.DeepClone();
            }

            json["data"] = sorted;
        }

        json.Remove("stringData");
        Json.DefaultText(json, "type", "Opaque");
    }

    public static void Namespace(JsonObject json)
    {
        JsonObject metadata = Json.Meta(json);
        if (Json.Text(metadata, "name") is { Length: > 0 } name)
        {
            Json.Ensure(metadata, "labels")["kubernetes.io/metadata.name"] = name;
        }

        Json.DefaultText(Json.Ensure(json, "status"), "phase", "Active");
    }

    public static void PersistentVolumeClaim(JsonObject json)
    {
        Json.Default(Json.Ensure(json, "spec"), "volumeMode", "Filesystem");
        Json.DefaultText(Json.Ensure(json, "status"), "phase", "Pending");
    }

    public static void PersistentVolume(JsonObject json)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        Json.DefaultText(spec, "persistentVolumeReclaimPolicy", "Retain");
        Json.Default(spec, "volumeMode", "Filesystem");
        Json.DefaultText(Json.Ensure(json, "status"), "phase", "Pending");
        if (Json.Object(spec, "hostPath") is { } path)
        {
            Json.Default(path, "type", "");
        }
    }

    public static void StorageClass(JsonObject json)
    {
        Json.Default(json, "reclaimPolicy", "Delete");
        Json.Default(json, "volumeBindingMode", "Immediate");
    }

    public static void LimitRange(JsonObject json)
    {
        foreach (JsonObject item in Json.Objects(json, "spec", "limits"))
        {
            if (Json.Text(item, "type") != "Container")
            {
                continue;
            }

            Fill(Json.Ensure(item, "default"), Json.Object(item, "max"));
            Fill(Json.Ensure(item, "defaultRequest"), Json.Object(item, "default"));
            Fill(Json.Ensure(item, "defaultRequest"), Json.Object(item, "min"));
            foreach (string name in new[] { "default", "defaultRequest" })
            {
                if (Json.IsEmpty(item[name]))
                {
                    item.Remove(name);
                }
            }
        }

        static void Fill(JsonObject target, JsonObject? from)
        {
            foreach ((string name, JsonNode? value) in from?.ToArray() ?? [])
            {
                Json.Default(target, name, value?.DeepClone());
            }
        }
    }

    public static void Autoscaler(JsonObject json)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        Json.Default(spec, "minReplicas", 1L);
        if (Json.IsEmpty(spec["metrics"]))
        {
            spec["metrics"] = new JsonArray
            {
                (JsonNode)new JsonObject
                {
                    ["type"] = "Resource",
                    ["resource"] = new JsonObject { ["name"] = "cpu", ["target"] = new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = 80L } },
                },
            };
        }

        if (Json.Object(spec, "behavior") is not { } behavior)
        {
            return;
        }

        JsonObject up = Json.Ensure(behavior, "scaleUp");
        Json.Default(up, "stabilizationWindowSeconds", 0L);
        Json.Default(up, "selectPolicy", "Max");
        Json.Default(up, "policies", new JsonArray
        {
            (JsonNode)new JsonObject { ["type"] = "Pods", ["value"] = 4L, ["periodSeconds"] = 15L },
            (JsonNode)new JsonObject { ["type"] = "Percent", ["value"] = 100L, ["periodSeconds"] = 15L },
        });
        JsonObject down = Json.Ensure(behavior, "scaleDown");
        Json.Default(down, "selectPolicy", "Max");
        Json.Default(down, "policies", new JsonArray { (JsonNode)new JsonObject { ["type"] = "Percent", ["value"] = 100L, ["periodSeconds"] = 15L } });
    }

    public static void NetworkPolicy(JsonObject json)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        foreach (string direction in new[] { "ingress", "egress" })
        {
            foreach (JsonObject rule in Json.Objects(spec, direction))
            {
                foreach (JsonObject port in Json.Objects(rule, "ports"))
                {
                    Json.Default(port, "protocol", "TCP");
                }
            }
        }

        if (Json.IsEmpty(spec["policyTypes"]))
        {
            spec["policyTypes"] = Json.IsEmpty(spec["egress"]) ? Json.Strings("Ingress") : Json.Strings("Ingress", "Egress");
        }
    }

    public static void IngressClass(JsonObject json)
    {
        if (Json.Object(json, "spec", "parameters") is { } parameters)
        {
            Json.Default(parameters, "scope", "Cluster");
        }
    }

    public static void Binding(JsonObject json)
    {
        foreach (JsonObject subject in Json.Objects(json, "subjects"))
        {
            if (Json.Text(subject, "kind") is "User" or "Group")
            {
                Json.DefaultText(subject, "apiGroup", RbacGroup);
            }
        }

        Json.DefaultText(Json.Ensure(json, "roleRef"), "apiGroup", RbacGroup);
    }

    public static void Webhooks(JsonObject json)
    {
        bool mutating = Json.Text(json, "kind").StartsWith("Mutating", StringComparison.Ordinal);
        foreach (JsonObject hook in Json.Objects(json, "webhooks"))
        {
            Json.Default(hook, "failurePolicy", "Fail");
            Json.Default(hook, "matchPolicy", "Equivalent");
            Json.Default(hook, "namespaceSelector", new JsonObject());
            Json.Default(hook, "objectSelector", new JsonObject());
            Json.Default(hook, "timeoutSeconds", 10L);
            if (mutating)
            {
                Json.Default(hook, "reinvocationPolicy", "Never");
            }

            foreach (JsonObject rule in Json.Objects(hook, "rules"))
            {
                Json.Default(rule, "scope", "*");
            }

            if (Json.Object(hook, "clientConfig", "service") is { } service)
            {
                Json.Default(service, "port", 443L);
            }
        }
    }

    public static void AdmissionPolicy(JsonObject json)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        Json.Default(spec, "failurePolicy", "Fail");
        MatchResources(Json.Object(spec, "matchConstraints"));
    }

    public static void AdmissionPolicyBinding(JsonObject json) => MatchResources(Json.Object(json, "spec", "matchResources"));

    private static void MatchResources(JsonObject? match)
    {
        if (match is null)
        {
            return;
        }

        Json.Default(match, "matchPolicy", "Equivalent");
        Json.Default(match, "namespaceSelector", new JsonObject());
        Json.Default(match, "objectSelector", new JsonObject());
        foreach (JsonObject rule in Json.Objects(match, "resourceRules").Concat(Json.Objects(match, "excludeResourceRules")))
        {
            Json.Default(rule, "scope", "*");
        }
    }

    public static void PriorityClass(JsonObject json) => Json.Default(json, "preemptionPolicy", "PreemptLowerPriority");

    public static void CsiDriver(JsonObject json)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        Json.Default(spec, "attachRequired", true);
        Json.Default(spec, "podInfoOnMount", false);
        Json.Default(spec, "storageCapacity", false);
        Json.Default(spec, "fsGroupPolicy", "ReadWriteOnceWithFSType");
        Json.Default(spec, "volumeLifecycleModes", Json.Strings("Persistent"));
        Json.Default(spec, "requiresRepublish", false);
        Json.Default(spec, "seLinuxMount", false);
    }

    public static void CustomResourceDefinition(JsonObject json)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        JsonObject names = Json.Ensure(spec, "names");
        string kind = Json.Text(names, "kind");
        Json.DefaultText(names, "singular", kind.ToLowerInvariant());
        if (kind.Length > 0)
        {
            Json.DefaultText(names, "listKind", kind + "List");
        }

        foreach (JsonObject version in Json.Objects(spec, "versions"))
        {
            DropEmpty(Json.Object(version, "schema", "openAPIV3Schema"), 0);
        }

        Json.Default(spec, "conversion", new JsonObject { ["strategy"] = "None" });
        if (Json.Object(spec, "conversion", "webhook", "clientConfig", "service") is { } service)
        {
            Json.Default(service, "port", 443L);
        }
    }

    /// <summary>Empty parts of a schema do not print.</summary>
    private static void DropEmpty(JsonObject? schema, int depth)
    {
        if (schema is null || depth > 100)
        {
            return;
        }

        foreach ((string name, JsonNode? value) in schema.ToArray())
        {
            bool empty = name switch
            {
                "properties" or "patternProperties" or "definitions" or "dependencies" or "required" or "enum" or "allOf" or "anyOf" or "oneOf" or "x-kubernetes-list-map-keys" or "x-kubernetes-validations" => Json.IsEmpty(value),
                "exclusiveMaximum" or "exclusiveMinimum" or "uniqueItems" or "nullable" or "x-kubernetes-embedded-resource" or "x-kubernetes-int-or-string" => !Json.Bool(schema, name),
                "type" or "format" or "title" or "description" or "pattern" => Json.Text(schema, name).Length == 0,
                _ => value is null,
            };
            if (empty)
            {
                schema.Remove(name);
            }
        }

        foreach (string list in new[] { "allOf", "anyOf", "oneOf" })
        {
            foreach (JsonObject part in Json.Objects(schema, list))
            {
                DropEmpty(part, depth + 1);
            }
        }

        foreach (JsonNode? property in (Json.Object(schema, "properties") ?? []).Select(p => p.Value))
        {
            DropEmpty(property as JsonObject, depth + 1);
        }

        foreach (string name in new[] { "items", "additionalProperties", "not" })
        {
            DropEmpty(Json.Object(schema, name), depth + 1);
        }
    }
}
