using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>A node of a structural schema (<c>openAPIV3Schema</c>): pruning, defaulting and validation of custom resources.</summary>
internal sealed class CustomSchema
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

    public void Validate(JsonNode? value, string path, FieldErrors errors)
    {
        if (value is null)
        {
            if (!_nullable && _type.Length > 0)
            {
                TypeError(path, "null", errors);
            }

            return;
        }

        string actual = TypeOf(value);
        if (!TypeMatches(value, actual))
        {
            TypeError(path, actual, errors);
            return;
        }

        Enumerated(value, path, errors);
        switch (value)
        {
            case JsonObject json:
                ValidateObject(json, path, errors);
                break;
            case JsonArray list:
                ValidateList(list, path, errors);
                break;
            default:
                ValidateScalar(value, path, errors);
                break;
        }

        Combined(value, path, errors);
    }

    private bool TypeMatches(JsonNode value, string actual) =>
        (_intOrString && (actual == "string" || IsWhole(value))) || (!_intOrString && (_type.Length == 0 || _type == actual || (_type == "integer" && IsWhole(value)) || (_type == "number" && actual is "integer" or "number" && _type == "number")));

    private static bool IsWhole(JsonNode value) =>
        value.GetValueKind() == JsonValueKind.Number && (value.AsValue().TryGetValue(out long _) || (value.AsValue().TryGetValue(out double real) && real == Math.Floor(real)));

    private static string TypeOf(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => IsWhole(value) ? "integer" : "number",
    };

    private void TypeError(string path, string actual, FieldErrors errors)
    {
        string wanted = _intOrString ? "integer,string" : _type;
        errors.Add("FieldValueTypeInvalid", path, $"Invalid value: {GoText.Quote(actual)}: {path} in body must be of type {wanted}: {GoText.Quote(actual)}");
    }

    private void Enumerated(JsonNode value, string path, FieldErrors errors)
    {
        if (Json.Array(_json, "enum") is { } allowed && !allowed.Any(a => JsonNode.DeepEquals(a, value)))
        {
            errors.NotSupported(path, Text(value), [.. allowed.Select(a => a is JsonValue v && v.TryGetValue(out string? s) ? s! : a?.ToJsonString() ?? "null")]);
        }
    }

    private static string Text(JsonNode? value) => value is JsonValue v && v.TryGetValue(out string? s) ? GoText.Quote(s!) : value?.ToJsonString() ?? "null";

    private void ValidateObject(JsonObject json, string path, FieldErrors errors)
    {
        foreach (string required in Json.StringItems(_json, "required"))
        {
            if (!json.ContainsKey(required))
            {
                errors.Required(Join(path, required));
            }
        }

        if (Json.Long(_json, "minProperties") is { } least && json.Count < least)
        {
            errors.Invalid(path, Json.Number(json.Count), $"{path} in body should have at least {least} properties");
        }

        if (Json.Long(_json, "maxProperties") is { } most && json.Count > most)
        {
            errors.TooMany(path, json.Count, (int)most);
        }

        foreach ((string name, JsonNode? item) in json)
        {
            if (_properties.TryGetValue(name, out CustomSchema? property))
            {
                property.Validate(item, Join(path, name), errors);
            }
            else
            {
                _values?.Validate(item, Join(path, name), errors);
            }
        }
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : path + "." + name;

    private void ValidateList(JsonArray list, string path, FieldErrors errors)
    {
        if (Json.Long(_json, "minItems") is { } least && list.Count < least)
        {
            errors.Invalid(path, Json.Number(list.Count), $"{path} in body should have at least {least} items");
        }

        if (Json.Long(_json, "maxItems") is { } most && list.Count > most)
        {
            errors.TooMany(path, list.Count, (int)most);
        }

        for (int i = 0; i < list.Count; i++)
        {
            _items?.Validate(list[i], $"{path}[{i}]", errors);
        }
    }

    /// <summary>Sets and maps hold each element once. Checked after everything else.</summary>
    public void CheckDuplicates(JsonNode? value, string path, FieldErrors errors)
    {
        switch (value)
        {
            case JsonObject json:
                foreach ((string name, JsonNode? item) in json)
                {
                    CustomSchema? schema = _properties.GetValueOrDefault(name) ?? _values;
                    schema?.CheckDuplicates(item, Join(path, name), errors);
                }

                break;
            case JsonArray list:
                string kind = Json.Text(_json, "x-kubernetes-list-type");
                var seen = new HashSet<string>(StringComparer.Ordinal);
                for (int i = 0; i < list.Count; i++)
                {
                    string at = $"{path}[{i}]";
                    if (kind == "set" && !seen.Add(list[i]?.ToJsonString() ?? "null"))
                    {
                        errors.Duplicate(at, Text(list[i]));
                    }
                    else if (kind == "map")
                    {
                        string[] keys = [.. Json.StringItems(_json, "x-kubernetes-list-map-keys").Order(StringComparer.Ordinal)];
                        string text = "map[string]interface {}{" + string.Join(", ", keys.Select(k => GoText.Quote(k) + ":" + Text(Json.Get(list[i], k)))) + "}";
                        if (!seen.Add(text))
                        {
                            errors.Duplicate(at, text);
                        }
                    }

                    _items?.CheckDuplicates(list[i], at, errors);
                }

                break;
        }
    }

    private void ValidateScalar(JsonNode value, string path, FieldErrors errors)
    {
        if (value.GetValueKind() == JsonValueKind.String)
        {
            string text = value.GetValue<string>();
            int length = new System.Globalization.StringInfo(text).LengthInTextElements;
            if (Json.Long(_json, "maxLength") is { } most && length > most)
            {
                errors.Add("FieldValueTooLong", path, $"Too long: may not be longer than {most}");
            }

            if (Json.Long(_json, "minLength") is { } least && length < least)
            {
                errors.Invalid(path, GoText.Quote(text), $"{path} in body should be at least {least} chars long");
            }

            if (Json.String(_json, "pattern") is { } pattern && !Matches(pattern, text))
            {
                errors.Invalid(path, GoText.Quote(text), $"{path} in body should match '{pattern}'");
            }

            if (Json.String(_json, "format") is { } format && !CustomFormats.IsValid(format, text))
            {
                errors.Invalid(path, GoText.Quote(text), $"{path} in body must be of type {format}: {GoText.Quote(text)}");
            }
        }
        else if (value.GetValueKind() == JsonValueKind.Number)
        {
            double number = value.AsValue().TryGetValue(out long whole) ? whole : value.GetValue<double>();
            Bound("minimum", number < Limit("minimum"), "exclusiveMinimum", number <= Limit("minimum"), "greater than", value, path, errors);
            Bound("maximum", number > Limit("maximum"), "exclusiveMaximum", number >= Limit("maximum"), "less than", value, path, errors);
            if (Limit("multipleOf") is { } step and > 0 && Math.Abs(number / step - Math.Round(number / step)) > 1e-9)
            {
                errors.Invalid(path, value.ToJsonString(), $"{path} in body should be a multiple of {_json["multipleOf"]!.ToJsonString()}");
            }
        }
    }

    private double? Limit(string name) => _json[name] is JsonValue value ? (value.TryGetValue(out long whole) ? whole : value.TryGetValue(out double real) ? real : null) : null;

    private void Bound(string name, bool broken, string exclusive, bool brokenExclusive, string words, JsonNode value, string path, FieldErrors errors)
    {
        bool strict = Json.Bool(_json, exclusive);
        if (strict ? brokenExclusive : broken)
        {
            errors.Invalid(path, value.ToJsonString(), $"{path} in body should be {words}{(strict ? "" : " or equal to")} {_json[name]!.ToJsonString()}");
        }
    }

    private bool Matches(string pattern, string text)
    {
        try
        {
            _pattern ??= new Regex(pattern, RegexOptions.CultureInvariant, s_matchLimit);
            return _pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
        catch (ArgumentException)
        {
            return true; // a pattern that cannot be read constrains nothing
        }
    }

    private void Combined(JsonNode value, string path, FieldErrors errors)
    {
        foreach (CustomSchema schema in _allOf)
        {
            schema.Validate(value, path, errors);
        }

        bool holds(CustomSchema s)
        {
            var probe = new FieldErrors();
            s.Validate(value, path, probe);
            return !probe.Any;
        }

        if (_anyOf.Count > 0 && !_intOrString && !_anyOf.Any(holds))
        {
            errors.Invalid(path, GoText.Quote(TypeOf(value)), $"{GoText.Quote(path)} must validate at least one schema (anyOf)");
        }

        if (_oneOf.Count > 0 && _oneOf.Count(holds) != 1)
        {
            errors.Invalid(path, GoText.Quote(TypeOf(value)), $"{GoText.Quote(path)} must validate one and only one schema (oneOf). Found {(_oneOf.Any(holds) ? _oneOf.Count(holds) + " valid alternatives" : "none valid")}");
        }

        if (_not is not null && holds(_not))
        {
            errors.Invalid(path, GoText.Quote(TypeOf(value)), $"{GoText.Quote(path)} must not validate the schema (not)");
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
