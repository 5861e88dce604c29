using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Rules of HorizontalPodAutoscaler.</summary>
internal static class AutoscalerRules
{
    public static void Check(WriteContext context, JsonObject json, FieldErrors errors)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        long? least = Json.Long(spec, "minReplicas");
        long most = Json.Long(spec, "maxReplicas") ?? 0;
        if (least < 1)
        {
            errors.Invalid("spec.minReplicas", Json.Number(least.Value), "must be greater than or equal to 1");
        }

        if (most < 1)
        {
            errors.Invalid("spec.maxReplicas", Json.Number(most), "must be greater than 0");
        }

        if (least is not null && most < least)
        {
            errors.Invalid("spec.maxReplicas", Json.Number(most), "must be greater than or equal to `minReplicas`");
        }

        foreach (string field in new[] { "kind", "name" })
        {
            string value = Json.Text(spec, "scaleTargetRef", field);
            if (value.Length == 0)
            {
                errors.Required("spec.scaleTargetRef." + field);
            }
        }

        int index = 0;
        foreach (JsonObject metric in Json.Objects(spec, "metrics"))
        {
            Metric(metric, $"spec.metrics[{index++}]", errors);
        }
    }

    private static void Metric(JsonObject metric, string path, FieldErrors errors)
    {
        string type = Json.Text(metric, "type");
        if (type.Length == 0)
        {
            errors.Required(path + ".type", "must specify a metric source type");
            return;
        }

        string field = type switch { "Object" => "object", "Pods" => "pods", "Resource" => "resource", "ContainerResource" => "containerResource", "External" => "external", _ => "" };
        if (field.Length == 0)
        {
            errors.NotSupported(path + ".type", GoText.Quote(type), "ContainerResource", "External", "Object", "Pods", "Resource");
            return;
        }

        if (Json.Object(metric, field) is not { } source)
        {
            errors.Required(path + "." + field, "must populate information for the given metric source");
            return;
        }

        if (field is "resource" or "containerResource")
        {
            if (Json.Text(source, "name").Length == 0)
            {
                errors.Required($"{path}.{field}.name", "must specify a resource name");
            }

            JsonObject? target = Json.Object(source, "target");
            if (Json.Text(target, "type").Length == 0)
            {
                errors.Required($"{path}.{field}.target.type", "must specify a metric target type");
            }

            if (Json.Long(target, "averageUtilization") is < 1)
            {
                errors.Invalid($"{path}.{field}.target.averageUtilization", Json.Text(target, "averageUtilization"), "must be greater than 0");
            }

            if (target?["averageUtilization"] is null && target?["averageValue"] is null)
            {
                errors.Required($"{path}.{field}.target.averageUtilization", "must set either a target raw value or a target utilization");
            }
        }
    }
}

/// <summary>Between the versions v1 and v2 of HorizontalPodAutoscaler, as the API converts them.</summary>
internal static class AutoscalerConversion
{
    private const string MetricsAnnotation = "autoscaling.alpha.kubernetes.io/metrics";
    private const string ConditionsAnnotation = "autoscaling.alpha.kubernetes.io/conditions";

    private const string BehaviorAnnotation = "autoscaling.alpha.kubernetes.io/behavior";
    private static readonly string[] s_ruleFields = ["stabilizationWindowSeconds", "selectPolicy", "policies"];

    /// <summary>Behaviour is kept with the names of the internal Go fields.</summary>
    private static JsonObject GoBehavior(JsonObject behavior)
    {
        var result = new JsonObject();
        foreach (string side in new[] { "scaleUp", "scaleDown" })
        {
            if (Json.Object(behavior, side) is not { } rules)
            {
                result[Upper(side)] = null;
                continue;
            }

            var copy = new JsonObject();
            foreach (string field in s_ruleFields)
            {
                copy[Upper(field)] = field == "policies" ? Policies(rules) : rules[field]?.DeepClone();
            }

            result[Upper(side)] = copy;
        }

        return result;
    }

    private static JsonArray Policies(JsonObject rules)
    {
        var list = new JsonArray();
        foreach (JsonObject policy in Json.Objects(rules, "policies"))
        {
            list.Add((JsonNode)new JsonObject { ["Type"] = policy["type"]?.DeepClone(), ["Value"] = policy["value"]?.DeepClone(), ["PeriodSeconds"] = policy["periodSeconds"]?.DeepClone() });
        }

        return list;
    }

    private static string Upper(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    /// <summary>Resource metrics in annotations have the older flat form.</summary>
    private static JsonObject OldMetric(JsonObject metric)
    {
        var copy = (JsonObject)metric.DeepClone();
        if (Json.Object(copy, "resource") is { } resource && Json.Object(resource, "target") is { } target)
        {
            resource.Remove("target");
            if (target["averageUtilization"] is { } utilization)
            {
                resource["targetAverageUtilization"] = utilization.DeepClone();
            }

            if (target["averageValue"] is { } value)
            {
                resource["targetAverageValue"] = value.DeepClone();
            }
        }

        return copy;
    }

    private static JsonObject NewMetric(JsonObject metric)
    {
        var copy = (JsonObject)metric.DeepClone();
        if (Json.Object(copy, "resource") is { } resource && resource["target"] is null)
        {
            var target = new JsonObject { ["type"] = resource["targetAverageValue"] is null ? "Utilization" : "AverageValue" };
            foreach ((string old, string field) in new[] { ("targetAverageUtilization", "averageUtilization"), ("targetAverageValue", "averageValue") })
            {
                if (resource[old] is { } value)
                {
                    target[field] = value.DeepClone();
                    resource.Remove(old);
                }
            }

            resource["target"] = target;
        }

        return copy;
    }

    public static JsonObject Convert(JsonObject json, string version) => version == "v1" ? ToV1(json) : ToV2(json);

    private static JsonObject ToV1(JsonObject json)
    {
        var result = (JsonObject)json.DeepClone();
        JsonObject spec = Json.Ensure(result, "spec");
        JsonArray? metrics = Json.Array(spec, "metrics");
        spec.Remove("metrics");
        if (Json.Object(spec, "behavior") is { } behavior)
        {
            Json.Ensure(Json.Meta(result), "annotations")[BehaviorAnnotation] = GoBehavior(behavior).ToJsonString();
        }

        spec.Remove("behavior");
        var others = new JsonArray();
        foreach (JsonObject metric in metrics?.OfType<JsonObject>() ?? [])
        {
            if (Json.Text(metric, "resource", "name") == "cpu" && Json.Long(metric, "resource", "target", "averageUtilization") is { } utilization && spec["targetCPUUtilizationPercentage"] is null)
            {
                spec["targetCPUUtilizationPercentage"] = utilization;
            }
            else
            {
                others.Add((JsonNode)OldMetric(metric));
            }
        }

        JsonObject status = Json.Ensure(result, "status");
        JsonArray? conditions = Json.Array(status, "conditions");
        if (others.Count > 0)
        {
            Json.Ensure(Json.Meta(result), "annotations")[MetricsAnnotation] = others.ToJsonString();
        }

        if (conditions is { Count: > 0 })
        {
            var short_ = new JsonArray();
            foreach (JsonObject condition in conditions.OfType<JsonObject>())
            {
                short_.Add((JsonNode)new JsonObject
                {
                    ["type"] = condition["type"]?.DeepClone(),
                    ["status"] = condition["status"]?.DeepClone(),
                    ["lastTransitionTime"] = condition["lastTransitionTime"]?.DeepClone(),
                    ["reason"] = condition["reason"]?.DeepClone(),
                    ["message"] = condition["message"]?.DeepClone(),
                });
            }

            Json.Ensure(Json.Meta(result), "annotations")[ConditionsAnnotation] = short_.ToJsonString();
        }

        status.Remove("conditions");
        status.Remove("currentMetrics");
        Json.Default(status, "currentReplicas", 0L);
        Json.Default(status, "desiredReplicas", 0L);
        return result;
    }

    private static void Behavior(JsonObject spec, string? text)
    {
        if (text is null)
        {
            return;
        }

        try
        {
            if (Lower(GoJson.Parse(text)) is JsonObject behavior)
            {
                spec["behavior"] = behavior;
            }
        }
        catch (JsonSyntaxException)
        {
            throw ApiErrors.BadRequest("annotation " + BehaviorAnnotation + " is no JSON");
        }
    }

    private static JsonNode? Lower(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject json:
                var copy = new JsonObject();
                foreach ((string name, JsonNode? value) in json)
                {
                    if (value is not null && name.Length > 0)
                    {
                        copy[char.ToLowerInvariant(name[0]) + name[1..]] = Lower(value);
                    }
                }

                return copy;
            case JsonArray list:
                var items = new JsonArray();
                foreach (JsonNode? item in list)
                {
                    items.Add(Lower(item));
                }

                return items;
            default:
                return node?.DeepClone();
        }
    }

    private static JsonObject ToV2(JsonObject json)
    {
        var result = (JsonObject)json.DeepClone();
        JsonObject spec = Json.Ensure(result, "spec");
        var metrics = new JsonArray();
        if (Json.Long(spec, "targetCPUUtilizationPercentage") is { } utilization)
        {
            metrics.Add((JsonNode)new JsonObject
            {
                ["type"] = "Resource",
                ["resource"] = new JsonObject { ["name"] = "cpu", ["target"] = new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = utilization } },
            });
        }

        spec.Remove("targetCPUUtilizationPercentage");
        if (Json.Object(result, "metadata", "annotations") is { } annotations)
        {
            if (Json.String(annotations, MetricsAnnotation) is { } text)
            {
                try
                {
                    foreach (JsonObject metric in (GoJson.Parse(text) as JsonArray ?? []).OfType<JsonObject>())
                    {
                        metrics.Add((JsonNode)NewMetric(metric));
                    }
                }
                catch (JsonSyntaxException)
                {
                    throw ApiErrors.BadRequest("annotation " + MetricsAnnotation + " is no JSON");
                }
            }

            Behavior(spec, Json.String(annotations, BehaviorAnnotation));
            annotations.Remove(BehaviorAnnotation);
            annotations.Remove(MetricsAnnotation);
            annotations.Remove(ConditionsAnnotation);
            if (annotations.Count == 0)
            {
                Json.Meta(result).Remove("annotations");
            }
        }

        if (metrics.Count > 0)
        {
            spec["metrics"] = metrics;
        }

        JsonObject status = Json.Ensure(result, "status");
        status.Remove("currentCPUUtilizationPercentage");
        Json.Default(status, "currentMetrics", null);
        return result;
    }
}
