using System.Text.Json;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>
/// One stored state of an object, immutable: UTF-8 JSON in the storage version, which begins with <c>kind</c> and <c>apiVersion</c>,
/// so that a list can leave those two out by starting behind <see cref="HeadLength"/>.
/// </summary>
internal sealed class StoredObject
{
    private WeakReference<JsonObject>? _view;
    private LabelView? _labels;

    public StoredObject(string? ns, string name, string uid, long revision, byte[] utf8, int headLength)
    {
        Namespace = ns ?? "";
        Name = name;
        Uid = uid;
        Revision = revision;
        Utf8 = utf8;
        HeadLength = headLength;
    }

    /// <summary>The namespace, or "" for a cluster-scoped object.</summary>
    public string Namespace { get; }

    public string Name { get; }

    public string Uid { get; }

    /// <summary>The resourceVersion.</summary>
    public long Revision { get; }

    public byte[] Utf8 { get; }

    /// <summary>Number of bytes of <c>{"kind":"..","apiVersion":"..",</c>.</summary>
    public int HeadLength { get; }

    public string StoreKey => Key(Namespace, Name);

    /// <summary>A fresh copy that the caller may change.</summary>
    public JsonObject ToJson() => (JsonObject)JsonNode.Parse(Utf8)!;

    /// <summary>A shared parsed view. It must never be changed; take <see cref="ToJson"/> for that.</summary>
    public JsonObject View
    {
        get
        {
            if (_view is { } weak && weak.TryGetTarget(out JsonObject? view))
            {
                return view;
            }

            view = ToJson();
            _view = new WeakReference<JsonObject>(view);
            return view;
        }
    }

    /// <summary>The bytes of <c>metadata</c>, which is all that a list of heads sends.</summary>
    public ReadOnlySpan<byte> Metadata => Member(Utf8, "metadata"u8);

    /// <summary>A shared view of the labels, null when there are none. It is kept, since lists select by it and the rest need not be read for that.</summary>
    public JsonNode? Labels => (_labels ??= new LabelView(Member(Metadata, "labels"u8))).Json;

    /// <summary>The order of keys is etcd's: by bytes of <c>namespace/name</c>.</summary>
    public static string Key(string? ns, string name) => string.IsNullOrEmpty(ns) ? name : ns + "/" + name;

    /// <summary>Stores <paramref name="json"/> as of <paramref name="revision"/>, writing the resourceVersion into it.</summary>
    public static StoredObject From(JsonObject json, long revision)
    {
        JsonObject metadata = (JsonObject)json["metadata"]!;
        metadata["resourceVersion"] = revision.ToString(System.Globalization.CultureInfo.InvariantCulture);
        byte[] utf8 = ObjectEncoding.Encode(json, out int head);
        return new StoredObject((string?)metadata["namespace"], (string)metadata["name"]!, (string?)metadata["uid"] ?? "", revision, utf8, head);
    }

    private static ReadOnlySpan<byte> Member(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool found = reader.ValueTextEquals(name);
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (found)
                return json[start..(int)reader.BytesConsumed];
        }

        return [];
    }

    private sealed class LabelView(ReadOnlySpan<byte> utf8)
    {
        public JsonNode? Json { get; } = utf8.IsEmpty ? null : JsonNode.Parse(utf8);
    }
}

/// <summary>Writes objects as the API does: <c>kind</c> and <c>apiVersion</c> first, no indentation.</summary>
internal static class ObjectEncoding
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static byte[] Encode(JsonObject json, out int headLength)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer, s_options);
        writer.WriteStartObject();
        writer.WriteString("kind", (string?)json["kind"] ?? "");
        writer.WriteString("apiVersion", (string?)json["apiVersion"] ?? "");
        writer.Flush();
        headLength = buffer.WrittenCount + 1;
        foreach ((string name, JsonNode? value) in json)
        {
            if (name is "kind" or "apiVersion")
            {
                continue;
            }

            writer.WritePropertyName(name);
            Write(writer, value);
        }

        writer.WriteEndObject();
        writer.Flush();
        headLength = Math.Min(headLength, buffer.WrittenCount);
        return buffer.WrittenSpan.ToArray();
    }

    public static byte[] Encode(JsonNode? node)
    {
        if (node is JsonObject json && json.ContainsKey("kind") && json.ContainsKey("apiVersion"))
        {
            return Encode(json, out _);
        }

        var buffer = new System.Buffers.ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer, s_options);
        Write(writer, node);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, JsonNode? node)
    {
        if (node is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            node.WriteTo(writer);
        }
    }
}
