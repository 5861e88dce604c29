using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Checks of the affinity of a pod spec.</summary>
internal static class AffinityRules
{
    private const string Required = "requiredDuringSchedulingIgnoredDuringExecution";
    private const string Preferred = "preferredDuringSchedulingIgnoredDuringExecution";

    public static void Check(JsonObject spec, string path, FieldErrors errors)
    {
        if (Json.Object(spec, "affinity", "nodeAffinity") is { } nodes)
        {
            Nodes(nodes, path + ".nodeAffinity", errors);
        }

        foreach (string kind in new[] { "podAffinity", "podAntiAffinity" })
        {
            if (Json.Object(spec, "affinity", kind) is { } pods)
            {
                Pods(pods, path + "." + kind, errors);
            }
        }
    }

    private static void Nodes(JsonObject affinity, string path, FieldErrors errors)
    {
        if (Json.Object(affinity, Required) is { } required)
        {
            string terms = $"{path}.{Required}.nodeSelectorTerms";
            if (Json.IsEmpty(required["nodeSelectorTerms"]))
            {
                errors.Required(terms, "must have at least one node selector term");
            }

            int t = 0;
            foreach (JsonObject term in Json.Objects(required, "nodeSelectorTerms"))
            {
                Expressions(term, $"{terms}[{t++}]", errors);
            }
        }

        int index = 0;
        foreach (JsonObject term in Json.Objects(affinity, Preferred))
        {
            string at = $"{path}.{Preferred}[{index++}]";
            Weight(term, at, errors);
            Expressions(Json.Ensure(term, "preference"), at + ".preference", errors);
        }
    }

    private static void Expressions(JsonObject term, string path, FieldErrors errors)
    {
        int index = 0;
        foreach (JsonObject expression in Json.Objects(term, "matchExpressions"))
        {
            string at = $"{path}.matchExpressions[{index++}]";
            SelectorRules.CheckOperator(expression, at, orders: true, errors);
            string key = Json.Text(expression, "key");
            foreach (string error in MetadataRules.QualifiedNameErrors(key))
            {
                errors.InvalidText(at + ".key", key, error);
            }
        }
    }

    private static void Pods(JsonObject affinity, string path, FieldErrors errors)
    {
        int index = 0;
        foreach (JsonObject term in Json.Objects(affinity, Required))
        {
            PodTerm(term, $"{path}.{Required}[{index++}]", errors);
        }

        index = 0;
        foreach (JsonObject term in Json.Objects(affinity, Preferred))
        {
            string at = $"{path}.{Preferred}[{index++}]";
            Weight(term, at, errors);
            PodTerm(Json.Ensure(term, "podAffinityTerm"), at + ".podAffinityTerm", errors);
        }
    }

    private static void PodTerm(JsonObject term, string path, FieldErrors errors)
    {
        SelectorRules.Check(Json.Object(term, "labelSelector"), path + ".labelSelector", errors);
        SelectorRules.Check(Json.Object(term, "namespaceSelector"), path + ".namespaceSelector", errors);
        if (Json.Text(term, "topologyKey").Length == 0)
        {
            errors.Required(path + ".topologyKey", "can not be empty");
        }
    }

    private static void Weight(JsonObject term, string path, FieldErrors errors)
    {
        if ((Json.Long(term, "weight") ?? 0) is < 1 or > 100)
        {
            errors.Invalid(path + ".weight", Json.Number(Json.Long(term, "weight") ?? 0), "must be in the range 1-100");
        }
    }
}
