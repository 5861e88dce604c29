namespace HelmLifecycle.EmbeddedCluster;

/// <summary>
/// Reads the compact tables of the API's types (see <c>Tables/</c>). A line is <c>Name: field type, field type, ...</c>; an indented line continues it.
/// <c>Name~</c> is a struct that apply owns as one. Types: <c>str int32 int64 bool float qty ios time microtime bytes any</c>, a struct's name,
/// <c>[T]</c> (atomic list), <c>[T|a,b]</c> (list merged by keys), <c>[T|set]</c>, <c>{T}</c> (map), <c>{T}~</c> (atomic map).
/// <c>*T</c> is a pointer: an explicit zero is kept. <c>!T</c> always prints. Structs by value always print, as Go does.
/// </summary>
internal sealed class SchemaTable
{
    private readonly Dictionary<string, StructType> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly SchemaTable[] _fallbacks;
    private readonly string _openApiPrefix;
    private readonly string _goPackage;

    public SchemaTable(string openApiPrefix, string text, params SchemaTable[] fallbacks)
    {
        _openApiPrefix = openApiPrefix;
        _goPackage = openApiPrefix[(openApiPrefix.LastIndexOf('.') + 1)..];
        _fallbacks = fallbacks;
        string? name = null;
        foreach (string line in text.Split('\n'))
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line[0] == ' ')
            {
                _texts[name!] += " " + line.Trim();
                continue;
            }

            int colon = line.IndexOf(':', StringComparison.Ordinal);
            name = line[..colon];
            _texts[name] = line[(colon + 1)..].Trim();
        }
    }

    /// <summary>The struct with this name, here or in the tables this one builds on.</summary>
    public StructType Get(string name)
    {
        return TryGet(name) ?? throw new InvalidOperationException("No type " + name + " in the table of " + _openApiPrefix);
    }

    private StructType? TryGet(string name)
    {
        lock (_types)
        {
            if (_types.TryGetValue(name, out StructType? known))
            {
                return known;
            }

            bool atomic = false;
            if (!_texts.TryGetValue(name, out string? text))
            {
                atomic = _texts.TryGetValue(name + "~", out text);
                if (!atomic)
                {
                    return _fallbacks.Select(f => f.TryGet(name)).FirstOrDefault(t => t is not null);
                }
            }

            var made = new StructType(name, _openApiPrefix + "." + name) { IsAtomic = atomic };
            _types[name] = made;
            made.Fields = [.. SplitFields(text!).Select(ReadField)];
            return made;
        }
    }

    private static IEnumerable<string> SplitFields(string text)
    {
        int depth = 0, start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            char c = i < text.Length ? text[i] : ',';
            depth += c is '[' or '{' ? 1 : c is ']' or '}' ? -1 : 0;
            if (c == ',' && depth == 0)
            {
                string field = text[start..i].Trim();
                if (field.Length > 0)
                {
                    yield return field;
                }

                start = i + 1;
            }
        }
    }

    private SchemaField ReadField(string text)
    {
        int space = text.IndexOf(' ', StringComparison.Ordinal);
        string name = text[..space];
        string type = text[(space + 1)..].Trim();
        bool always = type[0] == '!';
        type = always ? type[1..] : type;
        bool pointer = type[0] == '*';
        type = pointer ? type[1..] : type;
        return new SchemaField(name, ReadType(type), pointer, always);
    }

    private FieldType ReadType(string text)
    {
        switch (text[0])
        {
            case '[':
                {
                    string inner = text[1..^1];
                    int bar = inner.LastIndexOf('|');
                    string[] keys = bar < 0 ? [] : inner[(bar + 1)..].Split(',');
                    FieldType element = ReadType(bar < 0 ? inner : inner[..bar]);
                    bool set = keys is ["set"];
                    return new FieldType { Kind = FieldKind.List, GoName = "[]" + element.GoName, Element = element, ListKeys = set ? [] : keys, IsSet = set };
                }

            case '{':
                {
                    bool atomic = text[^1] == '~';
                    FieldType element = ReadType(text[1..(atomic ? ^2 : ^1)]);
                    return new FieldType { Kind = FieldKind.Map, GoName = "map[string]" + element.GoName, Element = element, IsAtomicMap = atomic };
                }

            default:
                return text switch
                {
                    "str" => Scalar(FieldKind.String, "string"),
                    "int32" => Scalar(FieldKind.Int32, "int32"),
                    "int64" => Scalar(FieldKind.Int64, "int64"),
                    "bool" => Scalar(FieldKind.Bool, "bool"),
                    "float" => Scalar(FieldKind.Float, "float64"),
                    "qty" => Scalar(FieldKind.Quantity, "resource.Quantity"),
                    "ios" => Scalar(FieldKind.IntOrString, "intstr.IntOrString"),
                    "time" => Scalar(FieldKind.Time, "v1.Time"),
                    "microtime" => Scalar(FieldKind.MicroTime, "v1.MicroTime"),
                    "bytes" => Scalar(FieldKind.Bytes, "[]uint8"),
                    "any" => Scalar(FieldKind.Any, "runtime.RawExtension"),
                    _ => new FieldType { Kind = FieldKind.Struct, GoName = _goPackage + "." + text, Struct = Get(text) },
                };
        }
    }

    private static FieldType Scalar(FieldKind kind, string goName) => new() { Kind = kind, GoName = goName };
}
