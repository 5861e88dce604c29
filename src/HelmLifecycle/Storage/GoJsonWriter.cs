using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HelmLifecycle.Templates;

namespace HelmLifecycle;

/// <summary>Writes JSON with the bytes of Go's encoding/json: no white space, &lt; &gt; &amp; U+2028 U+2029 escaped, everything else as it is.</summary>
internal sealed class GoJsonWriter
{
    private readonly ArrayBufferWriter<byte> _out = new(4096);
    private bool _first = true;

    public ReadOnlyMemory<byte> Written => _out.WrittenMemory;

    public void BeginObject() => Begin((byte)'{');

    public void EndObject() => End((byte)'}');

    public void BeginArray() => Begin((byte)'[');

    public void EndArray() => End((byte)']');

    /// <summary>Writes a key; the value must follow.</summary>
    public void Key(string key)
    {
        Comma();
        Text(key);
        Byte((byte)':');
        _first = true;
    }

    public void String(string value)
    {
        Comma();
        Text(value);
    }

    public void Int(long value)
    {
        Comma();
        Ascii(value.ToString(CultureInfo.InvariantCulture));
    }

    public void Null()
    {
        Comma();
        Ascii("null");
    }

    public void Base64(ReadOnlySpan<byte> bytes)
    {
        Comma();
        Byte((byte)'"');
        var span = _out.GetSpan(System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(bytes.Length));
        System.Buffers.Text.Base64.EncodeToUtf8(bytes, span, out _, out int written);
        _out.Advance(written);
        Byte((byte)'"');
    }

    /// <summary>Writes JSON text that Go (or this writer) made.</summary>
    public void Raw(string json)
    {
        Comma();
        Ascii(json);
    }

    public void Node(JsonNode? node)
    {
        switch (node)
        {
            case null:
                Null();
                break;
            case JsonObject o:
                BeginObject();
                foreach (var (key, value) in o)
                {
                    Key(key);
                    Node(value);
                }

                EndObject();
                break;
            case JsonArray a:
                BeginArray();
                foreach (var item in a) Node(item);
                EndArray();
                break;
            case JsonValue v when v.GetValueKind() == JsonValueKind.String:
                String(v.GetValue<string>());
                break;
            default:
                Raw(node.ToJsonString());
                break;
        }
    }

    public void Value(GoValue value) => Raw(HelmJson.Write(value));

    private void Begin(byte b)
    {
        Comma();
        Byte(b);
        _first = true;
    }

    private void End(byte b)
    {
        Byte(b);
        _first = false;
    }

    private void Comma()
    {
        if (!_first) Byte((byte)',');
        _first = false;
    }

    private void Text(string text)
    {
        Byte((byte)'"');
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c >= ' ' && c is not ('"' or '\\' or '<' or '>' or '&' or '\u2028' or '\u2029') && !char.IsSurrogate(c)) continue;
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
                continue;
            }

            Utf8(text.AsSpan(start, i - start));
            Ascii(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\b' => "\\b",
                '\f' => "\\f",
                _ when char.IsSurrogate(c) => "\\ufffd",
                _ => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
            });
            start = i + 1;
        }

        Utf8(text.AsSpan(start));
        Byte((byte)'"');
    }

    private void Ascii(string text) => Utf8(text);

    private void Utf8(ReadOnlySpan<char> text)
    {
        var span = _out.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        _out.Advance(Encoding.UTF8.GetBytes(text, span));
    }

    private void Byte(byte b)
    {
        _out.GetSpan(1)[0] = b;
        _out.Advance(1);
    }
}
