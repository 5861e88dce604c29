using System.Text.Json;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Charts;

/// <summary>
/// Reads a JSON object as Go reads one into a struct: keys by their exact name or else by any case, null leaving a field empty, and the first value of a
/// wrong type an error in Go's words. Numbers and truth values become text where a text is wanted, as <c>sigs.k8s.io/yaml</c> makes them.
/// </summary>
internal sealed class GoStruct
{
    private readonly JsonObject _json;
    private readonly string _name;
    private readonly string _path;

    /// <param name="json">The object.</param>
    /// <param name="name">The name of the Go struct, for errors.</param>
    /// <param name="path">The path to it with a final dot, for errors; empty at the top.</param>
    internal GoStruct(JsonObject json, string name, string path = "")
    {
        _json = json;
        _name = name;
        _path = path;
    }

    /// <summary>Reads a text into a top-level struct; nothing and <c>null</c> give null.</summary>
    internal static GoStruct? Read(JsonNode? node, string goType, string name) => node switch
    {
        null => null,
        JsonObject json => new GoStruct(json, name),
        _ => throw new ChartException($"error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {TypeOf(node)} into Go value of type {goType}"),
    };

    internal string Text(string key, string fallback = "") => Find(key) switch
    {
        null => fallback,
        JsonValue value => TextOf(value),
        var node => throw WrongType(node, key, "string"),
    };

    internal bool Bool(string key, bool fallback = false) => Find(key) switch
    {
        null => fallback,
        JsonValue value when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => value.GetValueKind() == JsonValueKind.True,
        var node => throw WrongType(node, key, "bool"),
    };

    internal List<string>? Texts(string key) =>
        Items(key, "[]string")?.ConvertAll(item => item switch
        {
            null => "",
            JsonValue value => TextOf(value),
            _ => throw WrongType(item, key, "string"),
        });

    internal SortedDictionary<string, string>? TextMap(string key)
    {
        JsonNode? node = Find(key);
        if (node is null)
            return null;
        if (node is not JsonObject json)
            throw WrongType(node, key, "map[string]string");
        var map = new SortedDictionary<string, string>(GoString.Comparer);
        foreach ((string name, JsonNode? item) in json)
            map[name] = item is null ? "" : item is JsonValue value ? TextOf(value) : throw WrongType(item, key, "string");
        return map;
    }

    /// <summary>The structs of a list; null for the items that are null.</summary>
    internal List<GoStruct?>? Structs(string key, string goType, string name) =>
        Items(key, $"[]*{goType}")?.ConvertAll(item => item switch
        {
            null => null,
            JsonObject json => new GoStruct(json, name, $"{_path}{key}."),
            _ => throw WrongType(item, key, goType),
        });

    internal GoStruct? Struct(string key, string goType, string name) => Find(key) switch
    {
        null => null,
        JsonObject json => new GoStruct(json, name, $"{_path}{key}."),
        var node => throw WrongType(node, key, goType),
    };

    internal List<JsonNode?>? Items(string key, string goType) => Find(key) switch
    {
        null => null,
        JsonArray items => [.. items],
        var node => throw WrongType(node, key, goType),
    };

    internal JsonNode? Find(string key)
    {
        if (_json.TryGetPropertyValue(key, out JsonNode? node))
            return node;
        foreach ((string name, JsonNode? value) in _json)
        {
            if (string.Equals(name, key, StringComparison.OrdinalIgnoreCase))
                node = value;
        }

        return node;
    }

    private ChartException WrongType(JsonNode node, string key, string goType) =>
        new($"error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {TypeOf(node)} into Go struct field {_name}.{_path}{key} of type {goType}");

    private static string TypeOf(JsonNode node) => node switch
    {
        JsonObject => "object",
        JsonArray => "array",
        _ => node.GetValueKind() switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.Number => "number",
            _ => "bool",
        },
    };

    internal static string TextOf(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ when value.TryGetValue(out long whole) => whole.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ when value.TryGetValue(out ulong large) => large.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => GoNumber.ToText(value.GetValue<double>()),
    };
}
