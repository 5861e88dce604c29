using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>A value of the wrong JSON type, in the words of Go's decoder.</summary>
internal sealed class SchemaException(string message) : Exception(message);

/// <summary>
/// Puts a JSON object into the form a built-in kind has after Go decoded and encoded it: known fields only, in the struct's order, empty
/// values dropped or printed as their tags say, quantities and times in canonical form.
/// </summary>
internal sealed class SchemaDecoder
{
    private const int MaxDepth = 64;
    private readonly List<string>? _unknown;
    private readonly List<string> _names = [];
    private readonly List<string> _path = [];

    private SchemaDecoder(List<string>? unknown) => _unknown = unknown;

    /// <summary>Decodes; paths of fields the schema does not know go to <paramref name="unknown"/>.</summary>
    /// <exception cref="SchemaException">A value has the wrong type.</exception>
    public static JsonObject Decode(JsonObject json, StructType type, List<string>? unknown = null)
    {
        return new SchemaDecoder(unknown).ReadStruct(json, type, 0);
    }

    private JsonObject ReadStruct(JsonObject json, StructType type, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new SchemaException("exceeded max depth");
        }

        Dictionary<string, JsonNode?> values = new(json.Count, StringComparer.Ordinal);
        foreach ((string name, JsonNode? value) in json)
        {
            SchemaField? field = type.Field(name);
            if (field is null)
            {
                _unknown?.Add(Path(name));
                continue;
            }

            if (value is null)
            {
                continue;
            }

            _names.Add(name);
            _path.Add(name);
            values[name] = ReadValue(value, field.Type, type.Name, depth + 1);
            _names.RemoveAt(_names.Count - 1);
            _path.RemoveAt(_path.Count - 1);
        }

        var result = new JsonObject();
        foreach (SchemaField field in type.Fields)
        {
            bool present = values.TryGetValue(field.Name, out JsonNode? value);
            if (present && (field.IsPointer || field.IsAlwaysWritten || !IsEmpty(value, field.Type)))
            {
                // Storage does not tell an empty list from none.
                result[field.Name] = value is JsonArray { Count: 0 } && !field.IsPointer ? null : value;
            }
            else if (field.IsAlwaysWritten)
            {
                result[field.Name] = field.IsPointer ? null : Zero(field.Type);
            }
            else if (!field.IsPointer && field.Type.Kind == FieldKind.Struct)
            {
                result[field.Name] = value ?? Zero(field.Type);
            }
            else if (!field.IsPointer && field.Type.Kind == FieldKind.Any && present)
            {
                result[field.Name] = value;
            }
        }

        return result;
    }

    private static bool IsEmpty(JsonNode? value, FieldType type) => type.Kind switch
    {
        FieldKind.String or FieldKind.Bytes => value!.GetValue<string>().Length == 0,
        FieldKind.Int32 or FieldKind.Int64 => value!.GetValue<long>() == 0,
        FieldKind.Bool => !value!.GetValue<bool>(),
        FieldKind.List => ((JsonArray)value!).Count == 0,
        FieldKind.Map => ((JsonObject)value!).Count == 0,
        _ => value is null,
    };

    /// <summary>What Go prints for a value that was never set and is not omitted.</summary>
    internal static JsonNode? Zero(FieldType type) => type.Kind switch
    {
        FieldKind.String => "",
        FieldKind.Int32 or FieldKind.Int64 or FieldKind.IntOrString => 0L,
        FieldKind.Bool => false,
        FieldKind.Float => 0.0,
        FieldKind.Quantity => "0",
        FieldKind.Struct => new SchemaDecoder(null).ReadStruct([], type.Struct!, 0),
        _ => null,
    };

    private JsonNode? ReadValue(JsonNode value, FieldType type, string owner, int depth)
    {
        switch (type.Kind)
        {
            case FieldKind.String:
                return Expect(value, JsonValueKind.String, type, owner).DeepClone();

            case FieldKind.Bytes:
                {
                    string text = Expect(value, JsonValueKind.String, type, owner).GetValue<string>();
                    return JsonValue.Create(Base64(text));
                }

            case FieldKind.Bool:
                if (value.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False))
                {
                    throw Mismatch(value, type, owner);
                }

                return value.DeepClone();

            case FieldKind.Int32:
            case FieldKind.Int64:
                return ReadInteger(value, type, owner);

            case FieldKind.Float:
                return Expect(value, JsonValueKind.Number, type, owner).DeepClone();

            case FieldKind.Quantity:
                return ReadQuantity(value);

            case FieldKind.IntOrString:
                if (value.GetValueKind() == JsonValueKind.String)
                {
                    return value.DeepClone();
                }

                if (value.GetValueKind() != JsonValueKind.Number)
                {
                    throw new SchemaException("json: cannot unmarshal " + TypeName(value) + " into Go value of type int32");
                }

                return ReadInteger(value, type, null);

            case FieldKind.Time:
            case FieldKind.MicroTime:
                return ReadTime(value, type.Kind == FieldKind.MicroTime);

            case FieldKind.Any:
                return value.DeepClone();

            case FieldKind.Struct:
                if (value is not JsonObject json)
                {
                    throw Mismatch(value, type, owner);
                }

                return ReadStruct(json, type.Struct!, depth);

            case FieldKind.List:
                return ReadList(value, type, owner, depth);

            default:
                return ReadMap(value, type, owner, depth);
        }
    }

    private JsonArray ReadList(JsonNode value, FieldType type, string owner, int depth)
    {
        if (value is not JsonArray array)
        {
            throw Mismatch(value, type, owner);
        }

        var result = new JsonArray();
        string last = _path[^1];
        for (int i = 0; i < array.Count; i++)
        {
            _path[^1] = last + "[" + i.ToString(CultureInfo.InvariantCulture) + "]";
            result.Add(array[i] is { } item ? ReadValue(item, type.Element!, owner, depth + 1) : Zero(type.Element!));
        }

        _path[^1] = last;
        return result;
    }

    private JsonObject ReadMap(JsonNode value, FieldType type, string owner, int depth)
    {
        if (value is not JsonObject map)
        {
            throw Mismatch(value, type, owner);
        }

        var result = new JsonObject();
        foreach ((string key, JsonNode? item) in Sorted(map))
        {
            _path.Add(key);
            result[key] = item is null ? Zero(type.Element!) : ReadValue(item, type.Element!, owner, depth + 1);
            _path.RemoveAt(_path.Count - 1);
        }

        return result;
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Sorted(JsonObject map) => map.Count < 2 ? map : map.OrderBy(p => p.Key, StringComparer.Ordinal);

    private JsonValue ReadInteger(JsonNode value, FieldType type, string? owner)
    {
        JsonNode number = owner is null ? value : Expect(value, JsonValueKind.Number, type, owner);
        if (Json.WholeNumber(number) is { } whole && (type.Kind == FieldKind.Int64 || whole is >= int.MinValue and <= int.MaxValue))
        {
            return JsonValue.Create(whole);
        }

        string text = "number " + number.ToJsonString();
        throw new SchemaException(owner is null ? "json: cannot unmarshal " + text + " into Go value of type int32" : Message(text, type, owner));
    }

    private static JsonValue ReadQuantity(JsonNode value)
    {
        string text = value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
        if (!Quantity.TryParse(text, out Quantity quantity))
        {
            throw new SchemaException("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
        }

        return JsonValue.Create(quantity.ToString());
    }

    private static JsonValue? ReadTime(JsonNode value, bool micro)
    {
        if (value.GetValueKind() != JsonValueKind.String)
        {
            throw new SchemaException("json: cannot unmarshal " + TypeName(value) + " into Go value of type string");
        }

        string text = value.GetValue<string>();
        if (text.Length == 20 && text[^1] == 'Z' && !micro)
        {
            // The usual form needs no rewriting, but must still be a time.
            if (DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _))
            {
                return JsonValue.Create(text);
            }
        }

        if (!text.Contains('T', StringComparison.Ordinal) ||
            !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time))
        {
            string layout = micro ? "2006-01-02T15:04:05.000000Z07:00" : "2006-01-02T15:04:05Z07:00";
            throw new SchemaException("parsing time \"" + text + "\" as \"" + layout + "\": cannot parse \"" + text + "\" as \"2006\"");
        }

        return JsonValue.Create(micro ? ClusterTimestamps.Micro(time) : ClusterTimestamps.Second(time));
    }

    private static string Base64(string text)
    {
        string clean = text.Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);
        Span<byte> buffer = clean.Length <= 4096 ? stackalloc byte[4096] : new byte[clean.Length];
        if (Convert.TryFromBase64String(clean, buffer, out _) && !clean.Contains(' ', StringComparison.Ordinal))
        {
            return clean;
        }

        int bad = 0;
        while (bad < clean.Length && (char.IsAsciiLetterOrDigit(clean[bad]) || clean[bad] is '+' or '/'))
        {
            bad++;
        }

        if (bad == clean.Length)
        {
            bad -= clean.Length % 4;
        }

        throw new SchemaException("illegal base64 data at input byte " + bad.ToString(CultureInfo.InvariantCulture));
    }

    private JsonNode Expect(JsonNode value, JsonValueKind kind, FieldType type, string owner) =>
        value.GetValueKind() == kind ? value : throw Mismatch(value, type, owner);

    private SchemaException Mismatch(JsonNode value, FieldType type, string owner) => new(Message(TypeName(value), type, owner));

    private string Message(string what, FieldType type, string owner) =>
        "json: cannot unmarshal " + what + " into Go struct field " + owner + "." + string.Join('.', _names) + " of type " + type.GoName;

    private static string TypeName(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "bool",
        JsonValueKind.Array => "array",
        _ => "object",
    };

    private string Path(string name) => _path.Count == 0 ? name : string.Join('.', _path) + "." + name;
}

/// <summary>Times as the API prints them.</summary>
internal static class ClusterTimestamps
{
    public static string Second(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Micro(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
