using System.Buffers;
using System.Globalization;

namespace HelmLifecycle.Templates;

/// <summary>Writes values as Go's <c>encoding/json</c> does.</summary>
internal readonly struct JsonWriter(PooledText to, bool escapeHtml, string? indent)
{
    /// <summary>From here on Go looks for values that hold themselves; nothing real is deeper.</summary>
    public const int MaxDepth = 1000;

    private static readonly SearchValues<char> s_special = SearchValues.Create(Special("<>&"));
    private static readonly SearchValues<char> s_specialButHtml = SearchValues.Create(Special(""));

    private static string Special(string more) =>
        string.Concat(Enumerable.Range(0, 0x20).Select(c => (char)c)) + "\"\\\u2028\u2029" + more
        + string.Concat(Enumerable.Range(0xD800, 0x800).Select(c => (char)c));

    public void Write(GoValue value, int depth = 0)
    {
        switch (value.Kind)
        {
            case GoKind.Nil:
                to.Append("null");
                break;
            case GoKind.Bool:
                to.Append(value.BoolValue ? "true" : "false");
                break;
            case GoKind.Int or GoKind.Uint:
                WriteInteger(to, value);
                break;
            case GoKind.Float:
                WriteFloat(value.FloatValue);
                break;
            case GoKind.String:
                WriteString(value.AsString);
                break;
            case GoKind.Map:
                WriteMap(value.AsMap!, depth);
                break;
            case GoKind.List:
                WriteList(value.AsList!, depth);
                break;
            case GoKind.Object:
                WriteObject(value.AsObject!, depth);
                break;
            default:
                throw new JsonSyntaxException("json: unsupported type: " + value.Type);
        }
    }

    /// <summary>Writes an integer of any width.</summary>
    public static void WriteInteger(PooledText to, GoValue value)
    {
        Span<char> text = stackalloc char[20];
        int length;
        if (value.Kind == GoKind.Int)
            value.IntValue.TryFormat(text, out length, default, CultureInfo.InvariantCulture);
        else
            unchecked((ulong)value.IntValue).TryFormat(text, out length, default, CultureInfo.InvariantCulture);
        to.Append(text[..length]);
    }

    private void WriteFloat(double value)
    {
        if (!double.IsFinite(value))
            throw new JsonSyntaxException("json: unsupported value: " + GoFloat.Format(value));
        Span<char> text = stackalloc char[GoFloat.MaxLength];
        to.Append(text[..GoFloat.WriteJson(value, text)]);
    }

    private static void CheckDepth(GoType type, int depth)
    {
        if (depth > MaxDepth)
            throw new JsonSyntaxException("json: unsupported value: encountered a cycle via " + type);
    }

    private void NewLine(int depth)
    {
        to.Append('\n');
        for (int i = 0; i < depth; i++)
            to.Append(indent);
    }

    private void WriteMap(GoMap map, int depth)
    {
        if (ReferenceEquals(map, GoMap.NilMap))
        {
            to.Append("null");
            return;
        }

        CheckDepth(map.Type, depth);
        to.Append('{');
        bool first = true;
        foreach (string key in map.SortedKeys)
        {
            if (!map.TryGetValue(key, out GoValue value))
                continue;
            if (!first)
                to.Append(',');
            first = false;
            if (indent is not null)
                NewLine(depth + 1);
            WriteString(key);
            to.Append(':');
            if (indent is not null)
                to.Append(' ');
            Write(value, depth + 1);
        }

        if (indent is not null && !first)
            NewLine(depth);
        to.Append('}');
    }

    private void WriteList(GoList list, int depth)
    {
        if (list.TryGetBytes(out ReadOnlyMemory<byte> bytes))
        {
            to.Append('"');
            to.Append(Convert.ToBase64String(bytes.Span));
            to.Append('"');
            return;
        }

        if (list.IsNil)
        {
            to.Append("null");
            return;
        }

        CheckDepth(list.Type, depth);
        to.Append('[');
        for (int i = 0; i < list.Count; i++)
        {
            if (i > 0)
                to.Append(',');
            if (indent is not null)
                NewLine(depth + 1);
            Write(list[i], depth + 1);
        }

        if (indent is not null && list.Count > 0)
            NewLine(depth);
        to.Append(']');
    }

    private void WriteObject(IGoObject value, int depth)
    {
        CheckDepth(value.GoType, depth);
        string json = value.MarshalJson();
        if (indent is null && !escapeHtml)
            to.Append(json);
        else
            Reformat(json, depth);
    }

    // Go compacts, escapes and indents what an object's own MarshalJSON gives.
    private void Reformat(string json, int depth)
    {
        bool quoted = false;
        for (int i = 0; i < json.Length; i++)
        {
            char c = json[i];
            if (quoted)
            {
                if (c == '\\')
                {
                    to.Append(c);
                    to.Append(json[++i]);
                    continue;
                }

                if (c == '"')
                    quoted = false;
                if (escapeHtml && c is '<' or '>' or '&')
                    to.Append(c == '<' ? "\\u003c" : c == '>' ? "\\u003e" : "\\u0026");
                else
                    to.Append(c);
                continue;
            }

            switch (c)
            {
                case '"':
                    quoted = true;
                    to.Append(c);
                    break;
                case ' ' or '\n' or '\r' or '\t':
                    break;
                case '{' or '[' when indent is not null && json[i + 1] is not ('}' or ']'):
                    to.Append(c);
                    NewLine(++depth);
                    break;
                case '}' or ']' when indent is not null && json[i - 1] is not ('{' or '['):
                    NewLine(--depth);
                    to.Append(c);
                    break;
                case ',' when indent is not null:
                    to.Append(c);
                    NewLine(depth);
                    break;
                case ':' when indent is not null:
                    to.Append(": ");
                    break;
                default:
                    to.Append(c);
                    break;
            }
        }
    }

    public void WriteString(ReadOnlySpan<char> text)
    {
        to.Append('"');
        SearchValues<char> special = escapeHtml ? s_special : s_specialButHtml;
        while (true)
        {
            int at = text.IndexOfAny(special);
            if (at < 0)
                break;
            to.Append(text[..at]);
            char c = text[at];
            if (char.IsSurrogate(c))
            {
                if (at + 1 < text.Length && char.IsSurrogatePair(c, text[at + 1]))
                {
                    to.Append(text.Slice(at, 2));
                    at++;
                }
                else
                {
                    to.Append("\\ufffd");
                }
            }
            else
            {
                WriteEscape(c);
            }

            text = text[(at + 1)..];
        }

        to.Append(text);
        to.Append('"');
    }

    private void WriteEscape(char c)
    {
        to.Append('\\');
        switch (c)
        {
            case '"' or '\\': to.Append(c); break;
            case '\b': to.Append('b'); break;
            case '\f': to.Append('f'); break;
            case '\n': to.Append('n'); break;
            case '\r': to.Append('r'); break;
            case '\t': to.Append('t'); break;
            default:
                to.Append('u');
                Span<char> digits = stackalloc char[4];
                ((int)c).TryFormat(digits, out _, "x4", CultureInfo.InvariantCulture);
                to.Append(digits);
                break;
        }
    }
}
