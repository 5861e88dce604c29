using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes;

/// <summary>
/// Reading, writing and comparing JSON the way Kubernetes does: bounded depth, duplicate keys tolerated (the last wins), numbers by
/// value.
/// </summary>
internal static class JsonText
{
    private const int MaxDepth = 1000;
    private static readonly JsonDocumentOptions ReadOptions = new() { MaxDepth = MaxDepth };
    private static readonly JsonWriterOptions WriteOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = MaxDepth + 16,
        SkipValidation = true,
    };

    /// <exception cref="FormatException">The text is no JSON.</exception>
    public static JsonNode? Parse(string json) => Parse(Encoding.UTF8.GetBytes(json));

    /// <exception cref="FormatException">The bytes are no JSON.</exception>
    public static JsonNode? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, ReadOptions);
            return ToNode(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new FormatException("Not a JSON document: " + e.Message, e);
        }
    }

    /// <summary>Builds nodes eagerly, so that a repeated key cannot throw later (JsonObject is lazy about that).</summary>
    public static JsonNode? ToNode(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var o = new JsonObject();
                foreach (JsonProperty property in element.EnumerateObject()) o[property.Name] = ToNode(property.Value);
                return o;
            case JsonValueKind.Array:
                var a = new JsonArray();
                foreach (JsonElement item in element.EnumerateArray()) a.Add(ToNode(item));
                return a;
            case JsonValueKind.String: return JsonValue.Create(element.GetString());
            case JsonValueKind.True: return JsonValue.Create(true);
            case JsonValueKind.False: return JsonValue.Create(false);
            case JsonValueKind.Number:
                return element.TryGetInt64(out long whole) ? JsonValue.Create(whole) : JsonValue.Create(element.GetDouble());
            default: return null;
        }
    }

    public static string Write(JsonNode? node) => Encoding.UTF8.GetString(WriteBytes(node));

    public static byte[] WriteBytes(JsonNode? node)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        try
        {
            using var writer = new Utf8JsonWriter(buffer, WriteOptions);
            if (node is null) writer.WriteNullValue();
            else node.WriteTo(writer);
        }
        catch (InvalidOperationException e)
        {
            throw new KubernetesException("The object cannot be written as JSON; it is nested too deeply.", e);
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The value as a whole number, whatever .NET number type the node was made of; null if it is none.</summary>
    public static long? AsLong(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.Number
        ? value.TryGetValue(out long l) ? l
        : value.TryGetValue(out int i) ? i
        : AsDouble(value) is double d && d == Math.Floor(d) && Math.Abs(d) < 9.2e18 ? (long)d : null
        : null;

    public static double? AsDouble(JsonNode? node)
    {
        if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.Number) return null;
        if (value.TryGetValue(out double d)) return d;
        if (value.TryGetValue(out long l)) return l;
        if (value.TryGetValue(out int i)) return i;
        return double.TryParse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture, out d) ? d : null;
    }
}
