using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Whether a pod may run on a node, as far as names, labels and taints decide it.</summary>
internal static class NodeFit
{
    /// <summary><c>nodeSelector</c> and the required node affinity.</summary>
    public static bool MatchesSelectors(JsonNode? podSpec, JsonNode node)
    {
        foreach ((string key, JsonNode? value) in podSpec.Map("nodeSelector") ?? [])
        {
            if (node.Label(key) != value.Text())
            {
                return false;
            }
        }

        return podSpec.At("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution") is not { } required || MatchesTerms(required, node);
    }

    /// <summary>A node selector: one of its terms must hold whole.</summary>
    public static bool MatchesTerms(JsonNode? selector, JsonNode node)
    {
        foreach (JsonNode term in selector.Items("nodeSelectorTerms"))
        {
            bool hasExpressions = term.At("matchExpressions") is JsonArray { Count: > 0 };
            bool hasFields = term.At("matchFields") is JsonArray { Count: > 0 };
            var fields = new JsonObject { ["metadata.name"] = node.Name() };
            if ((hasExpressions || hasFields)
                && LabelQuery.FromExpressions(term.Items("matchExpressions")).Matches(node.Labels())
                && LabelQuery.FromExpressions(term.Items("matchFields")).Matches(fields))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The first taint with one of these effects that the pod does not tolerate, or null.</summary>
    public static JsonNode? UntoleratedTaint(JsonNode? podSpec, JsonNode node, params ReadOnlySpan<string> effects)
    {
        IEnumerable<JsonNode> taints = node.Items("spec", "taints");
        if (node.Flag("spec", "unschedulable"))
        {
            taints = taints.Append(new JsonObject { ["key"] = "node.kubernetes.io/unschedulable", ["effect"] = "NoSchedule" });
        }

        foreach (JsonNode taint in taints)
        {
            if (effects.Contains(taint.Text("effect") ?? "") && !podSpec.Items("tolerations").Any(t => Tolerates(t, taint)))
            {
                return taint;
            }
        }

        return null;
    }

    private static bool Tolerates(JsonNode toleration, JsonNode taint)
    {
        if (toleration.Text("effect") is { Length: > 0 } effect && effect != taint.Text("effect"))
        {
            return false;
        }

        if (toleration.Text("key") is { Length: > 0 } key && key != taint.Text("key"))
        {
            return false;
        }

        return toleration.Text("operator") == "Exists" || (toleration.Text("key") is { Length: > 0 } && (toleration.Text("value") ?? "") == (taint.Text("value") ?? ""));
    }
}
