using System.Text.Json;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Reading and editing the JSON of API objects without ceremony. A path that leads nowhere reads as null.</summary>
internal static class JsonReading
{
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (string step in path)
        {
            node = node is JsonObject map && map.TryGetPropertyValue(step, out JsonNode? next) ? next : null;
        }

        return node;
    }

    public static string? Text(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    public static long? Number(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        if (node.At(path) is not JsonValue value || value.GetValueKind() != JsonValueKind.Number)
        {
            return null;
        }

        return value.TryGetValue(out long exact) ? exact : value.TryGetValue(out int small) ? small : value.TryGetValue(out double real) ? (long)real : null;
    }

    public static int Int(this JsonNode? node, int fallback, params ReadOnlySpan<string> path) =>
        node.Number(path) is { } number ? (int)Math.Clamp(number, int.MinValue, int.MaxValue) : fallback;

    public static bool Flag(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path) is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    public static JsonObject? Map(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path) as JsonObject;

    public static IEnumerable<JsonNode> Items(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonArray list ? list.OfType<JsonNode>() : [];

    /// <summary>The map at a key, made if there is none.</summary>
    public static JsonObject Section(this JsonObject map, string key)
    {
        if (map[key] is JsonObject section)
        {
            return section;
        }

        section = [];
        map[key] = section;
        return section;
    }

    public static string Name(this JsonNode? o) => o.Text("metadata", "name") ?? "";

    public static string Namespace(this JsonNode? o) => o.Text("metadata", "namespace") ?? "";

    public static string Uid(this JsonNode? o) => o.Text("metadata", "uid") ?? "";

    public static string Kind(this JsonNode? o) => o.Text("kind") ?? "";

    public static int Generation(this JsonNode? o) => o.Int(0, "metadata", "generation");

    public static bool IsDeleting(this JsonNode? o) => o.Text("metadata", "deletionTimestamp") is not null;

    public static JsonObject? Labels(this JsonNode? o) => o.Map("metadata", "labels");

    public static string? Label(this JsonNode? o, string key) => o.Text("metadata", "labels", key);

    public static string? Annotation(this JsonNode? o, string key) => o.Text("metadata", "annotations", key);

    public static void Annotate(this JsonObject o, string key, string? value)
    {
        JsonObject annotations = o.Section("metadata").Section("annotations");
        if (value is null)
        {
            annotations.Remove(key);
        }
        else
        {
            annotations[key] = value;
        }
    }

    public static DateTimeOffset Created(this JsonNode? o) => ClusterClock.Parse(o.Text("metadata", "creationTimestamp")) ?? DateTimeOffset.MinValue;

    /// <summary>The owner that manages an object, or null.</summary>
    public static JsonObject? ControllerRef(this JsonNode? o)
    {
        foreach (JsonNode owner in o.Items("metadata", "ownerReferences"))
        {
            if (owner.Flag("controller"))
            {
                return owner as JsonObject;
            }
        }

        return null;
    }

    public static bool IsControlledBy(this JsonNode? o, string uid) => o.ControllerRef().Text("uid") == uid;

    /// <summary>An owner reference of the managing kind.</summary>
    public static JsonObject OwnerReference(JsonNode owner, bool controller = true) => new()
    {
        ["apiVersion"] = owner.Text("apiVersion"),
        ["kind"] = owner.Kind(),
        ["name"] = owner.Name(),
        ["uid"] = owner.Uid(),
        ["controller"] = controller,
        ["blockOwnerDeletion"] = true,
    };

    /// <summary>A number or a percentage of <paramref name="whole"/>.</summary>
    public static int IntOrPercent(this JsonNode? value, int whole, bool roundUp, int fallback)
    {
        if (value is not JsonValue scalar)
        {
            return fallback;
        }

        if (scalar.GetValueKind() == JsonValueKind.Number)
        {
            return scalar.Int(fallback);
        }

        string text = scalar.Text() ?? "";
        if (!text.EndsWith('%') || !int.TryParse(text.AsSpan(0, text.Length - 1), out int percent))
        {
            return fallback;
        }

        long share = (long)percent * whole;
        return (int)(roundUp ? (share + 99) / 100 : share / 100);
    }

    /// <summary>A number, left out when 0, as Go's <c>omitempty</c> does.</summary>
    public static void SetUnlessZero(this JsonObject map, string key, int value)
    {
        if (value == 0)
        {
            map.Remove(key);
        }
        else
        {
            map[key] = value;
        }
    }

    public static JsonObject Copy(this JsonObject map) => (JsonObject)map.DeepClone();
}
