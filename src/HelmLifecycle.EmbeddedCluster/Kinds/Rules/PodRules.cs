using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Rules of Pod.</summary>
internal static class PodRules
{
    private const string FixedText = "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n";

    public static readonly string[] SelectableFields =
        ["spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork", "status.phase", "status.podIP", "status.podIPs", "status.nominatedNodeName"];

    public static string Field(JsonObject pod, string field) => field switch
    {
        "spec.hostNetwork" => Json.Bool(pod, "spec", "hostNetwork") ? "true" : "false",
        "status.podIPs" => Json.Text(pod, "status", "podIP"),
        _ => Json.Text(pod, field.Split('.')),
    };

    public static void Prepare(WriteContext context, JsonObject pod) =>
        pod["status"] = new JsonObject { ["phase"] = "Pending", ["qosClass"] = Quality(pod) };

    public static void PrepareUpdate(WriteContext context, JsonObject pod, JsonObject old)
    {
        if (Json.Object(pod, "status") is { } status && Json.Text(status, "qosClass").Length == 0)
        {
            status["qosClass"] = Quality(pod);
        }
    }

    /// <summary>Guaranteed when all containers have equal limits and requests of cpu and memory, BestEffort when none has any.</summary>
    public static string Quality(JsonObject pod)
    {
        bool any = false, guaranteed = true;
        foreach (JsonObject container in Json.Objects(pod, "spec", "containers").Concat(Json.Objects(pod, "spec", "initContainers")))
        {
            foreach (string name in new[] { "cpu", "memory" })
            {
                string? limit = Json.String(container, "resources", "limits", name);
                string? request = Json.String(container, "resources", "requests", name);
                bool nonZero(string? q) => Quantity.TryParse(q, out Quantity amount) && !amount.IsZero;
                any |= nonZero(limit) || nonZero(request);
                guaranteed &= nonZero(limit) && (request is null || request == limit);
            }
        }

        return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
    }

    public static void Check(WriteContext context, JsonObject pod, FieldErrors errors) => PodSpecRules.Check(Json.Ensure(pod, "spec"), "spec", errors);

    public static void CheckUpdate(WriteContext context, JsonObject pod, JsonObject old, FieldErrors errors)
    {
        PodSpecRules.Check(Json.Ensure(pod, "spec"), "spec", errors);
        JsonObject probe = (JsonObject)pod["spec"]!.DeepClone();
        JsonObject before = (JsonObject)old["spec"]!.DeepClone();
        Images(probe, before);
        foreach (string field in new[] { "activeDeadlineSeconds" })
        {
            if (before[field] is { } was)
            {
                probe[field] = was.DeepClone();
            }
            else
            {
                probe.Remove(field);
            }
        }

        if (OnlyAdds(Json.Array(pod["spec"], "tolerations"), Json.Array(old["spec"], "tolerations")))
        {
            probe.Remove("tolerations");
            before.Remove("tolerations");
        }

        foreach (string gates in new[] { "schedulingGates" })
        {
            probe.Remove(gates);
            before.Remove(gates);
        }

        bool same = probe.Select(p => p.Key).Union(before.Select(p => p.Key)).All(k => Json.SameOrEmpty(probe[k], before[k]));
        if (!same)
        {
            errors.Forbidden("spec", FixedText + Difference(probe, before));
        }
    }

    private static void Images(JsonObject probe, JsonObject before)
    {
        foreach (string list in new[] { "containers", "initContainers" })
        {
            JsonObject[] mine = [.. Json.Objects(probe, list)];
            JsonObject[] theirs = [.. Json.Objects(before, list)];
            for (int i = 0; i < Math.Min(mine.Length, theirs.Length); i++)
            {
                mine[i]["image"] = theirs[i]["image"]?.DeepClone();
            }
        }
    }

    private static bool OnlyAdds(JsonArray? now, JsonArray? before) =>
        (before ?? []).All(b => (now ?? []).Any(n => Json.Text(n, "key") == Json.Text(b, "key") && Json.Text(n, "operator") == Json.Text(b, "operator") && Json.Text(n, "effect") == Json.Text(b, "effect") && Json.Text(n, "value") == Json.Text(b, "value")));

    private static string Difference(JsonObject now, JsonObject before)
    {
        var lines = new System.Text.StringBuilder("  core.PodSpec{\n");
        foreach (string field in now.Select(p => p.Key).Union(before.Select(p => p.Key)).Where(f => !Json.SameOrEmpty(now[f], before[f])))
        {
            lines.Append("- \t").Append(field).Append(": ").Append(before[field]?.ToJsonString() ?? "nil").Append(",\n");
            lines.Append("+ \t").Append(field).Append(": ").Append(now[field]?.ToJsonString() ?? "nil").Append(",\n");
        }

        return lines.Append("  }\n").ToString();
    }
}
