using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HelmLifecycle;

/// <summary>What happened to a field.</summary>
public enum FieldChangeKind
{
    /// <summary>It was not there before.</summary>
    Added,
    /// <summary>It has another value.</summary>
    Changed,
    /// <summary>It is not there any more.</summary>
    Removed,
}

/// <summary>One field that differs between two objects or two values trees.</summary>
/// <param name="Path">Where: <c>spec.template.spec.containers[nginx].image</c>, <c>metadata.labels["app.kubernetes.io/name"]</c>.</param>
/// <param name="Kind">What happened to it.</param>
/// <param name="Old">The value before as JSON; null when there was none. Secret values are masked.</param>
/// <param name="New">The value after as JSON; null when there is none. Secret values are masked.</param>
public sealed record FieldChange(string Path, FieldChangeKind Kind, string? Old, string? New)
{
    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        FieldChangeKind.Added => $"+ {Path}: {New}",
        FieldChangeKind.Removed => $"- {Path}: {Old}",
        _ => $"~ {Path}: {Old} -> {New}",
    };
}

/// <summary>
/// Compares two JSON trees field by field. Items of lists of maps are told apart by their <c>name</c> (or another key that Kubernetes
/// uses), so that an item put in front does not change all that follow.
/// </summary>
internal static class FieldDiff
{
    private static readonly string[] s_keys = ["name", "mountPath", "containerPort", "port", "key", "ip", "topologyKey", "type", "host", "path"];
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IReadOnlyList<FieldChange> Compare(JsonNode? before, JsonNode? after)
    {
        var changes = new List<FieldChange>();
        Compare("", before, after, changes);
        return changes;
    }

    private static void Compare(string path, JsonNode? before, JsonNode? after, List<FieldChange> changes)
    {
        if (JsonNode.DeepEquals(before, after))
            return;
        switch (before, after)
        {
            case (JsonObject a, JsonObject b):
                foreach (string key in a.Select(p => p.Key).Union(b.Select(p => p.Key), StringComparer.Ordinal).Order(StringComparer.Ordinal))
                    Member(Join(path, key), a.ContainsKey(key), a[key], b.ContainsKey(key), b[key], changes);
                break;
            case (JsonArray a, JsonArray b) when KeyOf(a, b) is { } key:
                IEnumerable<string> names = a.Concat(b).Select(i => Text(i![key])).Distinct(StringComparer.Ordinal);
                foreach (string name in names)
                {
                    JsonNode? x = a.FirstOrDefault(i => Text(i![key]) == name), y = b.FirstOrDefault(i => Text(i![key]) == name);
                    Member($"{path}[{name}]", x is not null, x, y is not null, y, changes);
                }

                break;
            case (JsonArray a, JsonArray b):
                for (int i = 0; i < Math.Max(a.Count, b.Count); i++)
                    Member($"{path}[{i}]", i < a.Count, i < a.Count ? a[i] : null, i < b.Count, i < b.Count ? b[i] : null, changes);
                break;
            default:
                changes.Add(new FieldChange(path, FieldChangeKind.Changed, Text(before), Text(after)));
                break;
        }
    }

    private static void Member(string path, bool had, JsonNode? before, bool has, JsonNode? after, List<FieldChange> changes)
    {
        if (had && has)
            Compare(path, before, after, changes);
        else if (has)
            changes.Add(new FieldChange(path, FieldChangeKind.Added, null, Text(after)));
        else if (had)
            changes.Add(new FieldChange(path, FieldChangeKind.Removed, Text(before), null));
    }

    private static string? KeyOf(JsonArray a, JsonArray b)
    {
        foreach (string key in s_keys)
        {
            if (Names(a, key) && Names(b, key))
                return key;
        }

        return null;
    }

    private static bool Names(JsonArray list, string key)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonNode? item in list)
        {
            if (item is not JsonObject map || map[key] is not JsonValue value || !seen.Add(Text(value)))
                return false;
        }

        return true;
    }

    private static string Join(string path, string key)
    {
        if (key.AsSpan().IndexOfAny("./[] \"") >= 0)
            return new StringBuilder(path).Append("[\"").Append(key).Append("\"]").ToString();
        return path.Length == 0 ? key : path + "." + key;
    }

    internal static string Text(JsonNode? node) => node switch
    {
        null => "null",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => (string)value!,
        _ => node.ToJsonString(s_plain),
    };
}
