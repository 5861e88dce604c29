using System.Globalization;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes;

/// <summary>One entry of <c>status.conditions</c>.</summary>
internal sealed record ObjectCondition(string Type, string Status, string Reason, string Message)
{
    public bool IsTrue => Status == "True";
    public bool IsFalse => Status == "False";
}

/// <summary>Reads the fields that readiness rules look at, with the defaults of the Go code they follow.</summary>
internal static class ReadinessFields
{
    public static JsonNode? At(this KubernetesObject o, params ReadOnlySpan<string> path)
    {
        JsonNode? at = o.Json;
        foreach (string key in path) at = (at as JsonObject)?[key];
        return at;
    }

    public static long Int(this KubernetesObject o, long otherwise, params ReadOnlySpan<string> path) => JsonText.AsLong(o.At(path)) ?? otherwise;

    public static string Str(this KubernetesObject o, string otherwise, params ReadOnlySpan<string> path) =>
        o.At(path) is JsonValue v && v.TryGetValue(out string? s) ? s : otherwise;

    public static bool Flag(this KubernetesObject o, params ReadOnlySpan<string> path) => o.At(path) is JsonValue v && v.TryGetValue(out bool b) && b;

    public static IEnumerable<JsonObject> Items(this KubernetesObject o, params ReadOnlySpan<string> path) =>
        (o.At(path) as JsonArray ?? []).OfType<JsonObject>();

    public static IEnumerable<ObjectCondition> Conditions(this KubernetesObject o)
    {
        return o.Items("status", "conditions")
            .Select(c => new ObjectCondition(Text(c, "type"), Text(c, "status"), Text(c, "reason"), Text(c, "message")));

        static string Text(JsonObject condition, string key) => KubernetesObject.Text(condition, key) ?? "";
    }

    public static bool HasCondition(this KubernetesObject o, string type) => o.Conditions().Any(c => c.Type == type && c.IsTrue);

    public static bool GenerationObserved(this KubernetesObject o) => o.Int(0, "status", "observedGeneration") == o.Generation;

    /// <summary>A number, or a percentage of a total (apimachinery's GetScaledValueFromIntOrPercent); null if it is neither.</summary>
    public static long? Scaled(JsonNode? value, long total, bool roundUp)
    {
        if (JsonText.AsLong(value) is long number) return number;
        if (value is not JsonValue v || !v.TryGetValue(out string? text) || !text.EndsWith('%')) return null;
        if (!long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long percent)) return null;
        decimal exact = percent * (decimal)total / 100;
        return (long)(roundUp ? Math.Ceiling(exact) : Math.Floor(exact));
    }

    public static ReadinessStatus Current(string message) => new(ResourceStatus.Current, "", message);

    public static ReadinessStatus InProgress(string reason, string message) => new(ResourceStatus.InProgress, reason, message);

    public static ReadinessStatus Failed(string reason, string message) => new(ResourceStatus.Failed, reason, message);
}
