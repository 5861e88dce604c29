using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Rules of disruption budgets, priority classes and levels, and webhook configurations.</summary>
internal static class PolicyRules
{
    private const int MaxUserPriority = 1_000_000_000;

    public static void Budget(WriteContext context, JsonObject json, FieldErrors errors)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        if (spec["minAvailable"] is not null && spec["maxUnavailable"] is not null)
        {
            errors.Invalid("spec", "policy.PodDisruptionBudgetSpec{}", "minAvailable and maxUnavailable cannot be both set");
        }

        SelectorRules.IntOrPercent(spec["minAvailable"], "spec.minAvailable", errors);
        WorkloadRules.AtMostAll(spec["minAvailable"], "spec.minAvailable", errors);
        SelectorRules.IntOrPercent(spec["maxUnavailable"], "spec.maxUnavailable", errors);
        WorkloadRules.AtMostAll(spec["maxUnavailable"], "spec.maxUnavailable", errors);
        SelectorRules.Check(Json.Object(spec, "selector"), "spec.selector", errors);
        string policy = Json.Text(spec, "unhealthyPodEvictionPolicy");
        if (policy.Length > 0 && policy is not ("IfHealthyBudget" or "AlwaysAllow"))
        {
            errors.NotSupported("spec.unhealthyPodEvictionPolicy", GoText.Quote(policy), "AlwaysAllow", "IfHealthyBudget");
        }
    }

    public static void PriorityClass(WriteContext context, JsonObject json, FieldErrors errors)
    {
        string name = Json.Text(json, "metadata", "name");
        long value = Json.Long(json, "value") ?? 0;
        if (name.StartsWith("system-", StringComparison.Ordinal))
        {
            if (name is not ("system-node-critical" or "system-cluster-critical"))
            {
                errors.Forbidden("metadata.name", "priority class names with 'system-' prefix are reserved for system use only. error: " + name + " is not a known system priority class");
            }
        }
        else if (value > MaxUserPriority)
        {
            errors.Forbidden("value", "maximum allowed value of a user defined priority is 1000000000");
        }

        string policy = Json.Text(json, "preemptionPolicy");
        if (policy.Length > 0)
        {
            SelectorRules.OneOf(policy, "preemptionPolicy", errors, false, "Never", "PreemptLowerPriority");
        }
    }

    public static void PriorityClassUpdate(WriteContext context, JsonObject json, JsonObject old, FieldErrors errors)
    {
        if (Json.Long(json, "value") != Json.Long(old, "value"))
        {
            errors.Forbidden("value", "may not be changed in an update.");
        }

        SelectorRules.Immutable(json["preemptionPolicy"], old["preemptionPolicy"], "preemptionPolicy", errors);
    }

    public static void PriorityLevel(WriteContext context, JsonObject json, FieldErrors errors)
    {
        const string exempt = "Exempt", limited = "Limited";
        JsonObject spec = Json.Ensure(json, "spec");
        string type = Json.Text(spec, "type");
        if (Json.Text(json, "metadata", "name") == "exempt" != (type == exempt))
        {
            errors.InvalidText("spec.type", type, "type must be 'Exempt' if and only if name is 'exempt'");
        }

        switch (type)
        {
            case exempt when spec["limited"] is not null:
                errors.Forbidden("spec.limited", "must be nil if the type is not Limited");
                break;
            case limited when spec["limited"] is null:
                errors.Required("spec.limited", "must not be empty when type is Limited");
                break;
            case limited when spec["exempt"] is not null:
                errors.Forbidden("spec.exempt", "must be nil if the type is Limited");
                break;
            case exempt or limited:
                break;
            default:
                errors.NotSupported("spec.type", GoText.Quote(type), exempt, limited);
                break;
        }
    }

    public static void Webhooks(WriteContext context, JsonObject json, FieldErrors errors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        int index = 0;
        foreach (JsonObject hook in Json.Objects(json, "webhooks"))
        {
            string path = $"webhooks[{index++}]";
            string name = Json.Text(hook, "name");
            string[] problems = [.. MetadataRules.SubdomainErrors(name)];
            if (name.Length == 0)
            {
                errors.Required(path + ".name");
            }
            else if (problems.Length > 0)
            {
                foreach (string error in problems)
                {
                    errors.InvalidText(path + ".name", name, error);
                }
            }
            else if (name.Split('.').Length < 3)
            {
                errors.InvalidText(path + ".name", name, "should be a domain with at least three segments separated by dots");
            }

            if (!names.Add(name))
            {
                errors.Duplicate(path + ".name", GoText.Quote(name));
            }

            Rules(hook, path, errors);
            SelectorRules.OneOf(Json.Text(hook, "failurePolicy"), path + ".failurePolicy", errors, false, "Fail", "Ignore");
            string effects = Json.Text(hook, "sideEffects");
            if (effects.Length == 0)
            {
                errors.Required(path + ".sideEffects", "must specify one of None, NoneOnDryRun");
            }
            else if (effects is not ("None" or "NoneOnDryRun"))
            {
                errors.NotSupported(path + ".sideEffects", GoText.Quote(effects), "None", "NoneOnDryRun");
            }

            if (Json.Long(hook, "timeoutSeconds") is { } seconds && seconds is < 1 or > 30)
            {
                errors.Invalid(path + ".timeoutSeconds", Json.Number(seconds), "the timeout value must be between 1 and 30 seconds");
            }

            SelectorRules.Check(Json.Object(hook, "namespaceSelector"), path + ".namespaceSelector", errors);
            SelectorRules.Check(Json.Object(hook, "objectSelector"), path + ".objectSelector", errors);
            Client(hook, path, errors);
            Versions(hook, path, errors);
        }
    }

    private static void Rules(JsonObject hook, string path, FieldErrors errors)
    {
        int r = 0;
        foreach (JsonObject rule in Json.Objects(hook, "rules"))
        {
            string at = $"{path}.rules[{r++}]";
            foreach (string list in new[] { "operations", "apiGroups", "apiVersions", "resources" })
            {
                if (Json.IsEmpty(rule[list]))
                {
                    errors.Required($"{at}.{list}");
                }
            }

            int o = 0;
            foreach (string operation in Json.StringItems(rule, "operations"))
            {
                if (operation is not ("*" or "CREATE" or "UPDATE" or "DELETE" or "CONNECT"))
                {
                    errors.NotSupported($"{at}.operations[{o}]", GoText.Quote(operation), "*", "CONNECT", "CREATE", "DELETE", "UPDATE");
                }

                o++;
            }
        }
    }

    private static void Client(JsonObject hook, string path, FieldErrors errors)
    {
        bool url = Json.Get(hook, "clientConfig", "url") is not null;
        JsonObject? service = Json.Object(hook, "clientConfig", "service");
        if (url == service is not null)
        {
            errors.Required(path + ".clientConfig", "exactly one of url or service is required");
        }

        if (service is not null)
        {
            foreach (string field in new[] { "name", "namespace" })
            {
                if (Json.Text(service, field).Length == 0)
                {
                    errors.Required($"{path}.clientConfig.service.{field}", "service " + field + " is required");
                }
            }
        }
    }

    private static void Versions(JsonObject hook, string path, FieldErrors errors)
    {
        string[] versions = [.. Json.StringItems(hook, "admissionReviewVersions")];
        if (versions.Length == 0)
        {
            errors.Required(path + ".admissionReviewVersions", "must specify one of v1, v1beta1");
        }
        else if (!versions.Any(v => v is "v1" or "v1beta1"))
        {
            errors.Invalid(path + ".admissionReviewVersions", GoText.Strings(Json.Strings(versions)), "must include at least one of v1, v1beta1");
        }
    }
}
