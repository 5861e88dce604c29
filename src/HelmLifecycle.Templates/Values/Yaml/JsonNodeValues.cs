using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Templates;

/// <summary>Values of JSON nodes, with integers kept.</summary>
internal static class JsonNodeValues
{
    public static GoValue ToValue(JsonNode? node, int depth)
    {
        if (depth > JsonWriter.MaxDepth)
            throw new YamlException($"error marshaling into JSON: json: nested deeper than {JsonWriter.MaxDepth}");
        switch (node)
        {
            case null:
                return GoValue.Nil;
            case JsonObject o:
                var map = new GoMap(o.Count);
                foreach ((string key, JsonNode? value) in o)
                    map[key] = ToValue(value, depth + 1);
                return GoValue.Map(map);
            case JsonArray a:
                var items = new GoValue[a.Count];
                for (int i = 0; i < items.Length; i++)
                    items[i] = ToValue(a[i], depth + 1);
                return GoValue.List(new GoList(items));
            default:
                return ToScalar((JsonValue)node);
        }
    }

    private static GoValue ToScalar(JsonValue value)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.String:
                return GoValue.String(value.GetValue<string>());
            case JsonValueKind.True:
                return GoValue.True;
            case JsonValueKind.False:
                return GoValue.False;
            case JsonValueKind.Null:
                return GoValue.Nil;
        }

        if (value.TryGetValue(out long whole))
            return GoValue.Int64(whole);
        if (value.TryGetValue(out ulong large))
            return GoValue.Integer(unchecked((long)large), GoType.Uint64);
        return GoValue.Float(double.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture));
    }
}
