using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>A node of a structural schema (<c>openAPIV3Schema</c>): pruning, defaulting and validation of custom resources.</summary>
internal sealed partial class CustomSchema
{
    private static readonly TimeSpan s_matchLimit = TimeSpan.FromMilliseconds(250);
    private const int MaxDepth = 128;

    private readonly JsonObject _json;
    private readonly Dictionary<string, CustomSchema> _properties = new(StringComparer.Ordinal);
    private readonly CustomSchema? _items;
    private readonly CustomSchema? _values;
    private readonly List<CustomSchema> _allOf = [];
    private readonly List<CustomSchema> _anyOf = [];
    private readonly List<CustomSchema> _oneOf = [];
    private readonly CustomSchema? _not;
    private readonly string _type;
    private readonly bool _preserve;
    private readonly bool _intOrString;
    private readonly bool _nullable;
    private Regex? _pattern;

    public CustomSchema(JsonObject json, int depth = 0)
    {
        if (depth > MaxDepth)
        {
            throw ApiErrors.BadRequest("the schema is nested too deeply");
        }

        _json = json;
        _type = Json.Text(json, "type");
        _preserve = Json.Bool(json, "x-kubernetes-preserve-unknown-fields");
        _intOrString = Json.Bool(json, "x-kubernetes-int-or-string");
        _nullable = Json.Bool(json, "nullable");
        IsEmbedded = Json.Bool(json, "x-kubernetes-embedded-resource");
        foreach ((string name, JsonNode? value) in Json.Object(json, "properties") ?? [])
        {
            if (value is JsonObject property)
            {
                _properties[name] = new CustomSchema(property, depth + 1);
            }
        }

        _items = Json.Object(json, "items") is { } items ? new CustomSchema(items, depth + 1) : null;
        _values = Json.Object(json, "additionalProperties") is { } values ? new CustomSchema(values, depth + 1) : null;
        AllowsAnyProperty = json["additionalProperties"] is JsonValue flag && flag.GetValueKind() == JsonValueKind.True;
        _allOf.AddRange(Json.Objects(json, "allOf").Select(s => new CustomSchema(s, depth + 1)));
        _anyOf.AddRange(Json.Objects(json, "anyOf").Select(s => new CustomSchema(s, depth + 1)));
        _oneOf.AddRange(Json.Objects(json, "oneOf").Select(s => new CustomSchema(s, depth + 1)));
        _not = Json.Object(json, "not") is { } not ? new CustomSchema(not, depth + 1) : null;
        HasRules = !Json.IsEmpty(json["x-kubernetes-validations"]) || _properties.Values.Any(p => p.HasRules) || _items?.HasRules == true || _values?.HasRules == true;
    }

    /// <summary>Whether there are CEL rules here or below.</summary>
    public bool HasRules { get; }

    public bool IsEmbedded { get; }

    public CustomSchema? Property(string name) => _properties.GetValueOrDefault(name);

    public bool AllowsAnyProperty { get; }

    /// <summary>Drops what the schema does not know, noting the paths.</summary>
    public void Prune(JsonNode? value, string path, List<string>? unknown, bool root = false)
    {
        switch (value)
        {
            case JsonObject json:
                foreach ((string name, JsonNode? item) in json.ToArray())
                {
                    string at = path.Length == 0 ? name : path + "." + name;
                    if ((root || IsEmbedded) && name is "apiVersion" or "kind" or "metadata" && !_properties.ContainsKey(name))
                    {
                        continue;
                    }

                    if (root && name == "metadata")
                    {
                        continue;
                    }

                    if (_properties.TryGetValue(name, out CustomSchema? property))
                    {
                        property.Prune(item, at, unknown);
                    }
                    else if (_values is not null)
                    {
                        _values.Prune(item, at, unknown);
                    }
                    else if (!_preserve && !AllowsAnyProperty)
                    {
                        json.Remove(name);
                        unknown?.Add(at);
                    }
                }

                break;
            case JsonArray list when _items is not null:
                for (int i = 0; i < list.Count; i++)
                {
                    _items.Prune(list[i], $"{path}[{i}]", unknown);
                }

                break;
        }
    }

    /// <summary>Fills in defaults; a null where null is not allowed counts as missing.</summary>
    public void Default(JsonNode? value)
    {
        switch (value)
        {
            case JsonObject json:
                foreach ((string name, CustomSchema property) in _properties)
                {
                    bool present = json.TryGetPropertyValue(name, out JsonNode? item);
                    if (present && item is null && !property._nullable)
                    {
                        if (property._json["default"] is not null)
                        {
                            present = false;
                        }
                        else
                        {
                            continue;
                        }
                    }

                    if (!present && property._json["default"] is { } standard)
                    {
                        json[name] = standard.DeepClone();
                    }

                    property.Default(json[name]);
                }

                foreach ((string name, JsonNode? item) in json.ToArray())
                {
                    if (!_properties.ContainsKey(name))
                    {
                        _values?.Default(item);
                    }
                }

                break;
            case JsonArray list:
                foreach (JsonNode? item in list)
                {
                    _items?.Default(item);
                }

                break;
        }
    }

    /// <summary>Nulls where neither null nor a default is allowed are dropped.</summary>
    public void DropNulls(JsonNode? value)
    {
        switch (value)
        {
            case JsonObject json:
                foreach ((string name, CustomSchema property) in _properties)
                {
                    if (json.TryGetPropertyValue(name, out JsonNode? item) && item is null && !property._nullable && property._json["default"] is not null)
                    {
                        json.Remove(name);
                    }
                    else
                    {
                        property.DropNulls(item);
                    }
                }

                break;
            case JsonArray list:
                foreach (JsonNode? item in list)
                {
                    _items?.DropNulls(item);
                }

                break;
        }
    }

    /// <summary>CEL rules, evaluated bottom up where the language subset is known.</summary>
    public void CheckRules(JsonNode? value, JsonNode? old, string path, FieldErrors errors)
    {
        if (!HasRules || value is null)
        {
            return;
        }

        foreach (JsonObject rule in Json.Objects(_json, "x-kubernetes-validations"))
        {
            string text = Json.Text(rule, "rule");
            if (text.Contains("oldSelf", StringComparison.Ordinal) && old is null)
            {
                continue;
            }

            if (CelExpression.Evaluate(text, value, old) is false)
            {
                string message = Json.String(rule, "message") ?? "failed rule: " + text;
                string shown = value is JsonObject ? "\"object\"" : value is JsonArray ? "\"array\"" : Text(value);
                errors.Invalid(path, shown, message);
            }
        }

        switch (value)
        {
            case JsonObject json:
                foreach ((string name, JsonNode? item) in json)
                {
                    (_properties.GetValueOrDefault(name) ?? _values)?.CheckRules(item, Json.Get(old, name), Join(path, name), errors);
                }

                break;
            case JsonArray list:
                for (int i = 0; i < list.Count; i++)
                {
                    _items?.CheckRules(list[i], null, $"{path}[{i}]", errors);
                }

                break;
        }
    }

    /// <summary>The merge type for server-side apply.</summary>
    public FieldType ToFieldType(FieldType? metadata, string name)
    {
        if (_type == "array")
        {
            string kind = Json.Text(_json, "x-kubernetes-list-type");
            return new FieldType
            {
                Kind = FieldKind.List,
                GoName = "array",
                Element = _items?.ToFieldType(null, name) ?? Any,
                IsSet = kind == "set",
                ListKeys = kind == "map" ? [.. Json.StringItems(_json, "x-kubernetes-list-map-keys")] : [],
            };
        }

        if (_type == "object" || _properties.Count > 0)
        {
            bool atomic = Json.Text(_json, "x-kubernetes-map-type") == "atomic";
            if (_properties.Count == 0 && _values is not null)
            {
                return new FieldType { Kind = FieldKind.Map, GoName = "object", Element = _values.ToFieldType(null, name), IsAtomicMap = atomic };
            }

            if (_properties.Count == 0 && metadata is null)
            {
                return Any;
            }

            var fields = new List<SchemaField>();
            if (metadata is not null)
            {
                fields.Add(new SchemaField("apiVersion", String, true, false));
                fields.Add(new SchemaField("kind", String, true, false));
                fields.Add(new SchemaField("metadata", metadata, false, false));
            }

            fields.AddRange(_properties.Where(p => fields.All(f => f.Name != p.Key)).Select(p => new SchemaField(p.Key, p.Value.ToFieldType(null, p.Key), true, false)));
            var type = new StructType(name, name) { IsAtomic = atomic, Fields = fields, AllowsUnknown = _preserve || AllowsAnyProperty || _values is not null };
            return new FieldType { Kind = FieldKind.Struct, GoName = "object", Struct = type };
        }

        return _type switch
        {
            "string" when !_intOrString => String,
            "integer" when !_intOrString => new FieldType { Kind = FieldKind.Int64, GoName = "int64" },
            "number" => new FieldType { Kind = FieldKind.Float, GoName = "float64" },
            "boolean" => new FieldType { Kind = FieldKind.Bool, GoName = "bool" },
            _ => Any,
        };
    }

    private static FieldType String { get; } = new() { Kind = FieldKind.String, GoName = "string" };

    private static FieldType Any { get; } = new() { Kind = FieldKind.Any, GoName = "any" };
}
