using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HelmLifecycle.Tests.Replay;

/// <summary>Compares JSON with a recording in which some texts are placeholders such as &lt;time&gt;.</summary>
internal static partial class JsonCompare
{
    /// <summary>The first difference, as path and both sides; null when equal.</summary>
    public static string? Difference(JsonNode? expected, JsonNode? actual, string path = "$")
    {
        switch (expected)
        {
            case null:
                return actual is null ? null : $"{path}: expected null, got {Short(actual)}";
            case JsonObject e when actual is JsonObject a:
                // Which status fields the controllers had written by then is a matter of the moment.
                if (path.Contains(".value[", StringComparison.Ordinal) && e["subresource"]?.ToString() == "status" && e["manager"]?.ToString() == a["manager"]?.ToString()) return null;
                foreach (var (key, value) in e)
                {
                    if (!a.TryGetPropertyValue(key, out var other)) return $"{path}.{key}: missing, expected {Short(value)}";
                    if (Difference(value, other, $"{path}.{key}") is { } d) return d;
                }

                foreach (var (key, value) in a)
                {
                    if (!e.ContainsKey(key)) return $"{path}.{key}: not expected, got {Short(value)}";
                }

                return null;
            case JsonArray e when actual is JsonArray a:
                for (int i = 0; i < Math.Max(e.Count, a.Count); i++)
                {
                    if (i >= e.Count) return $"{path}[{i}]: not expected, got {Short(a[i])}";
                    if (i >= a.Count) return $"{path}[{i}]: missing, expected {Short(e[i])}";
                    if (Difference(e[i], a[i], $"{path}[{i}]") is { } d) return d;
                }

                return null;
            case JsonValue e when e.GetValueKind() == JsonValueKind.String:
                string text = e.GetValue<string>();
                if (path.EndsWith(".info.notes", StringComparison.Ordinal) && actual is JsonValue n && n.TryGetValue(out string? notes) && SameLines(text, notes)) return null;
                if (path.EndsWith(".manifest", StringComparison.Ordinal) && actual is JsonValue m && m.TryGetValue(out string? manifest)
                    && Random().Replace(text, "") == Random().Replace(manifest, "")) return null;
                if (TextMatches(text, actual is JsonValue av && av.TryGetValue(out string? s) ? s : actual?.ToJsonString() ?? "")) return null;
                return actual is JsonValue v && v.GetValueKind() == JsonValueKind.String && v.GetValue<string>() == text
                    ? null : $"{path}: expected {Short(e)}, got {Short(actual)}";
            case JsonValue e when e.GetValueKind() == JsonValueKind.Number && actual is JsonValue a && a.GetValueKind() == JsonValueKind.Number:
                return Number(e) == Number(a) ? null : $"{path}: expected {Short(e)}, got {Short(a)}";
            default:
                return actual is not null && expected.ToJsonString() == actual.ToJsonString() ? null : $"{path}: expected {Short(expected)}, got {Short(actual)}";
        }
    }

    // With subchart notes their order is that of a Go map: any.
    private static bool SameLines(string a, string b) =>
        a.Split('\n').Order(StringComparer.Ordinal).SequenceEqual(b.Split('\n').Order(StringComparer.Ordinal));

    /// <summary>Whether a text fits a recorded one with placeholders.</summary>
    public static bool TextMatches(string recorded, string actual)
    {
        if (recorded == actual) return true;
        // A message that quotes a live object or Go's dump of one is compared up to there.
        foreach (string dump in (string[])["core.PodTemplateSpec{", "Invalid value: \"{\\\""])
        {
            int cut = recorded.IndexOf(dump, StringComparison.Ordinal);
            if (cut > 0 && actual.Length >= cut && TextMatches(recorded[..cut], actual[..cut])) return true;
        }

        if (!Placeholder().IsMatch(recorded)) return false;
        string pattern = Placeholder().Replace(Regex.Escape(recorded).Replace("\\<", "<").Replace("\\>", ">"), "[^\\n]+?");
        return Regex.IsMatch(actual, $"^{pattern}$", RegexOptions.Singleline);
    }

    /// <summary>The JSON with its keys sorted, to order bodies by.</summary>
    public static string Sorted(JsonNode? node) => node switch
    {
        JsonObject o => "{" + string.Join(',', o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => p.Key + ":" + Sorted(p.Value))) + "}",
        JsonArray a => "[" + string.Join(',', a.Select(Sorted)) + "]",
        null => "null",
        _ => node.ToJsonString(),
    };

    public static string Short(JsonNode? node)
    {
        string text = node?.ToJsonString() ?? "null";
        return text.Length > 160 ? text[..160] + "…" : text;
    }

    private static double Number(JsonValue value) => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);

    // What randAlphaNum gave a chart is another text each time, of the same length.
    [GeneratedRegex("(?<=^# )[A-Za-z0-9]{2000}$", RegexOptions.Multiline)]
    private static partial Regex Random();

    [GeneratedRegex("<(time|unix|uid|rv|n|clusterIP|hash|id|allocated|server|lifecycle|home|pid|ptr)>")]
    private static partial Regex Placeholder();
}
