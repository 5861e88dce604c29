using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HelmLifecycle.EmbeddedCluster;

internal sealed partial class CustomSchema
{
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
}
