using System.Globalization;
using System.Text;

namespace HelmLifecycle.Templates;

/// <summary>Writes values as BurntSushi/toml 1.5 does.</summary>
internal sealed class TomlWriter
{
    private const int MaxDepth = 1000;

    // Maps that share their entries can be written without end.
    private const int MaxTables = 1_000_000;

    private readonly StringBuilder _to = new();
    private int _tables;

    public static string Write(GoValue value)
    {
        var writer = new TomlWriter();
        writer.Encode([], Unwrap(value));
        return writer._to.ToString();
    }

    // An object counts as the text or the value that it writes of itself.
    private static GoValue Unwrap(GoValue value) =>
        value.AsObject is { } o && o.GoType.Name != "time.Time" ? YamlReader.ReadTyped(o.MarshalJson()) : value;

    private static bool IsNil(GoValue value) =>
        value.IsNil || ReferenceEquals(value.AsMap, GoMap.NilMap) || value.AsList is { IsNil: true };

    private void Encode(string[] key, GoValue value)
    {
        switch (value.Kind)
        {
            case GoKind.List when IsTableArray(value.AsList!, key.Length):
                WriteTables(key, value.AsList!);
                break;
            case GoKind.Map:
                WriteTable(key, value.AsMap!);
                break;
            case GoKind.Nil:
                break;
            case GoKind.Func or GoKind.Complex:
                throw new TomlException($"unsupported type for key '{Join(key)}': {(value.Kind == GoKind.Func ? "func" : "complex128")}");
            default:
                WriteKeyValue(key, value, false);
                break;
        }
    }

    private static bool IsTable(GoValue value, int depth) =>
        value.Kind == GoKind.Map || (value.AsList is { } list && IsTableArray(list, depth));

    private static bool IsTableArray(GoList list, int depth)
    {
        CheckDepth(depth);
        if (list.Count == 0 || list.Type == GoType.Bytes)
            return false;
        bool tables = true;
        foreach (GoValue item in list.Span)
        {
            if (IsNil(item))
                throw new TomlException("toml: cannot encode array with nil element");
            GoValue inner = Unwrap(item);
            // Looked at for nils inside, too.
            if (inner.AsList is { } nested)
                IsTableArray(nested, depth + 1);
            tables &= inner.Kind == GoKind.Map;
        }

        return tables;
    }

    private static void CheckDepth(int depth)
    {
        if (depth > MaxDepth)
            throw new TomlException("toml: values nested too deeply");
    }

    private void NewLine()
    {
        if (_to.Length > 0)
            _to.Append('\n');
    }

    private void Indent(string[] key)
    {
        for (int i = 1; i < key.Length; i++)
            _to.Append("  ");
    }

    private void WriteTables(string[] key, GoList list)
    {
        if (key.Length == 0)
            throw new TomlException("toml: top-level values must be Go maps or structs");
        foreach (GoValue item in list.Span)
        {
            NewLine();
            Indent(key);
            _to.Append("[[").Append(Join(key)).Append("]]");
            NewLine();
            WriteMap(key, Unwrap(item).AsMap!, false);
        }
    }

    private void WriteTable(string[] key, GoMap map)
    {
        if (key.Length == 1)
            NewLine();
        if (key.Length > 0)
        {
            Indent(key);
            _to.Append('[').Append(Join(key)).Append(']');
            NewLine();
        }

        WriteMap(key, map, false);
    }

    private void WriteMap(string[] key, GoMap map, bool inline, int depth = 0)
    {
        CheckDepth(key.Length + depth);
        if (++_tables > MaxTables)
            throw new TemplateLimitException(TextBuffer.TooLong);
        var direct = new List<KeyValuePair<string, GoValue>>();
        var tables = new List<KeyValuePair<string, GoValue>>();
        foreach ((string name, GoValue value) in map)
        {
            GoValue inner = Unwrap(value);
            (!IsNil(inner) && IsTable(inner, depth) ? tables : direct).Add(new(name, inner));
        }

        if (inline)
            _to.Append('{');
        WriteEntries(key, direct, inline, tables.Count > 0, depth);
        WriteEntries(key, tables, inline, false, depth);
        if (inline)
            _to.Append('}');
    }

    private void WriteEntries(string[] key, List<KeyValuePair<string, GoValue>> entries, bool inline, bool more, int depth)
    {
        for (int i = 0; i < entries.Count; i++)
        {
            (string name, GoValue value) = entries[i];
            if (IsNil(value))
                continue;
            if (!inline)
            {
                Encode([.. key, name], value);
                continue;
            }

            WriteKeyValue([name], value, true, depth);
            if (more || i != entries.Count - 1)
                _to.Append(", ");
        }
    }

    private void WriteKeyValue(string[] key, GoValue value, bool inline, int depth = 0)
    {
        if (key.Length == 0)
        {
            WriteElement(value, depth);
            return;
        }

        if (_to.Length > TextBuffer.MaxLength)
            throw new TemplateLimitException(TextBuffer.TooLong);
        Indent(key);
        _to.Append(Quoted(key[^1])).Append(" = ");
        WriteElement(value, depth);
        if (!inline)
            NewLine();
    }

    private void WriteElement(GoValue value, int depth)
    {
        switch (value.Kind)
        {
            case GoKind.String:
                WriteQuoted(value.AsString!);
                break;
            case GoKind.Bool:
                _to.Append(value.BoolValue ? "true" : "false");
                break;
            case GoKind.Int:
                _to.Append(value.IntValue.ToString(CultureInfo.InvariantCulture));
                break;
            case GoKind.Uint:
                _to.Append(unchecked((ulong)value.IntValue).ToString(CultureInfo.InvariantCulture));
                break;
            case GoKind.Float:
                WriteFloat(value.FloatValue);
                break;
            case GoKind.List:
                CheckDepth(depth);
                _to.Append('[');
                GoList list = value.AsList!;
                for (int i = 0; i < list.Count; i++)
                {
                    if (i > 0)
                        _to.Append(", ");
                    WriteElement(Unwrap(list[i]), depth + 1);
                }

                _to.Append(']');
                break;
            case GoKind.Map:
                WriteMap([], value.AsMap!, true, depth + 1);
                break;
            case GoKind.Object:
                _to.Append(value.AsObject is GoTime time && TomlTime.Local(time) is { } local ? local : value.AsObject!.MarshalJson().Trim('"'));
                break;
            default:
                throw new TomlException("unexpected type: " + value.Type);
        }
    }

    private void WriteFloat(double value)
    {
        if (double.IsNaN(value))
        {
            _to.Append("nan");
        }
        else if (double.IsInfinity(value))
        {
            _to.Append(value > 0 ? "inf" : "-inf");
        }
        else
        {
            string text = Strconv.FormatFloat(value, 'f', -1);
            _to.Append(text);
            if (!text.Contains('.'))
                _to.Append(".0");
        }
    }

    private static string Join(string[] key) => string.Join('.', key.Select(Quoted));

    private static string Quoted(string name)
    {
        if (name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
            return name;
        var writer = new TomlWriter();
        writer.WriteQuoted(name);
        return writer._to.ToString();
    }

    private void WriteQuoted(string text)
    {
        _to.Append('"');
        foreach (char c in text)
        {
            switch (c)
            {
                case '"' or '\\': _to.Append('\\').Append(c); break;
                case '\b': _to.Append("\\b"); break;
                case '\t': _to.Append("\\t"); break;
                case '\n': _to.Append("\\n"); break;
                case '\f': _to.Append("\\f"); break;
                case '\r': _to.Append("\\r"); break;
                case < ' ' or '\u007F': _to.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"); break;
                default: _to.Append(c); break;
            }
        }

        _to.Append('"');
    }
}
