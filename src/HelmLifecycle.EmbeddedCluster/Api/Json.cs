using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Short ways through JSON trees.</summary>
internal static class Json
{
    public static JsonNode? Get(JsonNode? json, params ReadOnlySpan<string> path)
    {
        foreach (string name in path)
        {
            if (json is not JsonObject map || !map.TryGetPropertyValue(name, out json))
            {
                return null;
            }
        }

        return json;
    }

    public static JsonObject? Object(JsonNode? json, params ReadOnlySpan<string> path) => Get(json, path) as JsonObject;

    public static JsonArray? Array(JsonNode? json, params ReadOnlySpan<string> path) => Get(json, path) as JsonArray;

    public static IEnumerable<JsonObject> Objects(JsonNode? json, params ReadOnlySpan<string> path) => Array(json, path)?.OfType<JsonObject>() ?? [];

    public static string? String(JsonNode? json, params ReadOnlySpan<string> path) =>
        Get(json, path) is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>The value as text; "" when it is missing.</summary>
    public static string Text(JsonNode? json, params ReadOnlySpan<string> path) => Get(json, path) switch
    {
        JsonValue value when value.TryGetValue(out string? text) => text!,
        JsonValue value => value.ToJsonString(),
        null => "",
        var other => other.ToJsonString(),
    };

    public static long? Long(JsonNode? json, params ReadOnlySpan<string> path) => Get(json, path) is JsonValue value ? AsLong(value) : null;

    public static long? AsLong(JsonNode? node)
    {
        if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.Number)
        {
            return null;
        }

        // A number may be held in any of the types that libraries make values from.
        return value.TryGetValue(out long whole) ? whole
            : value.TryGetValue(out int small) ? small
            : double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double real) ? (long)real : null;
    }

    /// <summary>A whole number, or null when it has a fraction or exponent in its text.</summary>
    public static long? WholeNumber(JsonNode node)
    {
        if (node is JsonValue value && value.TryGetValue(out long whole))
        {
            return whole;
        }

        return long.TryParse(node.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long parsed) ? parsed : null;
    }

    public static bool Bool(JsonNode? json, params ReadOnlySpan<string> path) => Get(json, path) is JsonValue value && value.TryGetValue(out bool flag) && flag;

    public static bool Has(JsonNode? json, params ReadOnlySpan<string> path) => Get(json, path) is not null;

    public static bool IsEmpty(JsonNode? node) => node switch
    {
        null => true,
        JsonObject map => map.Count == 0,
        JsonArray list => list.Count == 0,
        _ => false,
    };

    /// <summary>The object at a name, made when missing.</summary>
    public static JsonObject Ensure(JsonObject json, string name)
    {
        if (json[name] is JsonObject there)
        {
            return there;
        }

        var made = new JsonObject();
        json[name] = made;
        return made;
    }

    /// <summary>Sets a value only where there is none.</summary>
    public static void Default(JsonObject json, string name, JsonNode? value)
    {
        if (json[name] is null)
        {
            json[name] = value;
        }
    }

    public static void DefaultText(JsonObject json, string name, string value)
    {
        if (string.IsNullOrEmpty(String(json, name)))
        {
            json[name] = value;
        }
    }

    public static JsonArray Strings(params IEnumerable<string> items)
    {
        var array = new JsonArray();
        foreach (string item in items)
        {
            array.Add((JsonNode)item);
        }

        return array;
    }

    public static IEnumerable<string> StringItems(JsonNode? json, params ReadOnlySpan<string> path) =>
        Array(json, path)?.Select(i => i is JsonValue v && v.TryGetValue(out string? s) ? s! : "") ?? [];

    public static bool Same(JsonNode? a, JsonNode? b) => JsonNode.DeepEquals(a, b);

    /// <summary>Semantic equality as the API's: missing and empty are one.</summary>
    public static bool SameOrEmpty(JsonNode? a, JsonNode? b) => (IsEmpty(a) && IsEmpty(b)) || JsonNode.DeepEquals(a, b);

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static JsonObject Meta(JsonObject json) => Ensure(json, "metadata");
}
