using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Rules of HorizontalPodAutoscaler.</summary>
internal static class AutoscalerRules
{
    private static readonly Dictionary<string, string> s_sources = new(StringComparer.Ordinal)
    {
        ["Object"] = "object",
        ["External"] = "external",
        ["Pods"] = "pods",
        ["Resource"] = "resource",
        ["ContainerResource"] = "containerResource",
    };

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

        Reference(Json.Ensure(spec, "scaleTargetRef"), "spec.scaleTargetRef", errors);
        int index = 0;
        foreach (JsonObject metric in Json.Objects(spec, "metrics"))
        {
            Metric(metric, $"spec.metrics[{index++}]", errors);
        }

        foreach (string side in new[] { "scaleUp", "scaleDown" })
        {
            if (Json.Object(spec, "behavior", side) is { } rules)
            {
                Behavior(rules, "spec.behavior." + side, errors);
            }
        }
    }

    private static void Reference(JsonObject reference, string path, FieldErrors errors)
    {
        foreach (string field in new[] { "kind", "name" })
        {
            string value = Json.Text(reference, field);
            if (value.Length == 0)
            {
                errors.Required(path + "." + field);
            }

            foreach (string error in value.Length == 0 ? [] : MetadataRules.PathSegmentErrors(value))
            {
                errors.InvalidText(path + "." + field, value, error);
            }
        }
    }

    private static void Metric(JsonObject metric, string path, FieldErrors errors)
    {
        string type = Json.Text(metric, "type");
        if (type.Length == 0)
        {
            errors.Required(path + ".type", "must specify a metric source type");
        }

        if (!s_sources.TryGetValue(type, out string? field))
        {
            errors.NotSupported(path + ".type", GoText.Quote(type), [.. s_sources.Keys.Order(StringComparer.Ordinal)]);
            return;
        }

        string[] given = [.. s_sources.Values.Where(f => metric[f] is JsonObject)];
        if (given.Length > 0)
        {
            Source(given[0], (JsonObject)metric[given[0]]!, path + "." + given[0], errors);
        }

        if (!given.Contains(field))
        {
            errors.Required(path + "." + field, "must populate information for the given metric source");
        }

        foreach (string other in given.Length == 1 ? [] : given.Where(g => g != field))
        {
            errors.Forbidden(path + "." + other, "must populate the given metric source only");
        }
    }

    private static void Source(string kind, JsonObject source, string path, FieldErrors errors)
    {
        JsonObject target = Json.Ensure(source, "target");
        bool hasValue = target["value"] is not null, hasAverage = target["averageValue"] is not null, hasUtilization = target["averageUtilization"] is not null;
        switch (kind)
        {
            case "resource" or "containerResource":
                if (Json.Text(source, "name").Length == 0)
                {
                    errors.Required(path + ".name", "must specify a resource name");
                }

                if (kind == "containerResource" && Json.Text(source, "container").Length == 0)
                {
                    errors.Required(path + ".container", "must specify a container");
                }

                Target(target, path + ".target", errors);
                if (!hasUtilization && !hasAverage)
                {
                    errors.Required(path + ".target.averageUtilization", "must set either a target raw value or a target utilization");
                }

                if (hasUtilization && hasAverage)
                {
                    errors.Forbidden(path + ".target.averageValue", "may not set both a target raw value and a target utilization");
                }

                break;
            case "pods":
                Identifier(source, path, errors);
                Target(target, path + ".target", errors);
                if (!hasAverage)
                {
                    errors.Required(path + ".target.averageValue", "must specify a positive target averageValue");
                }

                break;
            case "object":
                Reference(Json.Ensure(source, "describedObject"), path + ".describedObject", errors);
                Identifier(source, path, errors);
                Target(target, path + ".target", errors);
                if (!hasValue && !hasAverage)
                {
                    errors.Required(path + ".target.averageValue", "must set either a target value or averageValue");
                }

                break;
            default:
                Identifier(source, path, errors);
                Target(target, path + ".target", errors);
                if (!hasValue && !hasAverage)
                {
                    errors.Required(path + ".target.averageValue", "must set either a target value for metric or a per-pod target");
                }

                if (hasValue && hasAverage)
                {
                    errors.Forbidden(path + ".target.value", "may not set both a target value for metric and a per-pod target");
                }

                break;
        }
    }

    private static void Identifier(JsonObject source, string path, FieldErrors errors)
    {
        string name = Json.Text(source, "metric", "name");
        if (name.Length == 0)
        {
            errors.Required(path + ".metric.name", "must specify a metric name");
        }

        foreach (string error in name.Length == 0 ? [] : MetadataRules.PathSegmentErrors(name))
        {
            errors.InvalidText(path + ".metric.name", name, error);
        }
    }

    private static void Target(JsonObject target, string path, FieldErrors errors)
    {
        string type = Json.Text(target, "type");
        if (type.Length == 0)
        {
            errors.Required(path + ".type", "must specify a metric target type");
        }

        if (type is not ("Utilization" or "Value" or "AverageValue"))
        {
            errors.InvalidText(path + ".type", type, "must be either Utilization, Value, or AverageValue");
        }

        foreach (string field in new[] { "value", "averageValue" })
        {
            if (Quantity.TryParse(Json.String(target, field), out Quantity amount) && (amount.IsZero || amount.IsNegative))
            {
                errors.Invalid(path + "." + field, $"resource.Quantity{{s:{GoText.Quote(amount.ToString())}}}", "must be positive");
            }
        }

        if (Json.Long(target, "averageUtilization") is < 1 and { } utilization)
        {
            errors.Invalid(path + ".averageUtilization", Json.Number(utilization), "must be greater than 0");
        }
    }

    private static void Behavior(JsonObject rules, string path, FieldErrors errors)
    {
        switch (Json.Long(rules, "stabilizationWindowSeconds"))
        {
            case < 0 and { } seconds:
                errors.Invalid(path + ".stabilizationWindowSeconds", Json.Number(seconds), "must be greater than or equal to zero");
                break;
            case > 3600 and { } seconds:
                errors.Invalid(path + ".stabilizationWindowSeconds", Json.Number(seconds), "must be less than or equal to 3600");
                break;
        }

        SelectorRules.OneOf(Json.Text(rules, "selectPolicy"), path + ".selectPolicy", errors, false, "Disabled", "Max", "Min");
        if (Json.IsEmpty(rules["policies"]))
        {
            errors.Required(path + ".policies", "must specify at least one Policy");
        }

        int index = 0;
        foreach (JsonObject policy in Json.Objects(rules, "policies"))
        {
            string at = $"{path}.policies[{index++}]";
            string type = Json.Text(policy, "type");
            if (type is not ("Pods" or "Percent"))
            {
                errors.NotSupported(at + ".type", GoText.Quote(type), "Percent", "Pods");
            }

            foreach (string field in new[] { "value", "periodSeconds" })
            {
                if ((Json.Long(policy, field) ?? 0) is <= 0 and var number)
                {
                    errors.Invalid(at + "." + field, Json.Number(number), "must be greater than zero");
                }
            }

            if (Json.Long(policy, "periodSeconds") is > 1800 and { } period)
            {
                errors.Invalid(at + ".periodSeconds", Json.Number(period), "must be less than or equal to 1800");
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
