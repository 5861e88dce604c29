using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Templates;

/// <summary>Builds the values of the template language.</summary>
/// <param name="keepIntegers">Whether integers stay integers; otherwise every number becomes a float64, as through JSON.</param>
internal readonly struct GoValueBuilder(bool keepIntegers) : IYamlBuilder<GoValue>
{
    public GoValue Scalar(YamlScalar scalar) => scalar.Kind switch
    {
        YamlScalarKind.Null => GoValue.Nil,
        YamlScalarKind.Bool => GoValue.Bool(scalar.Bits != 0),
        YamlScalarKind.Int => keepIntegers ? GoValue.Int64(scalar.Bits) : GoValue.Float(scalar.Bits),
        YamlScalarKind.Uint => keepIntegers ? GoValue.Integer(scalar.Bits, GoType.Uint64) : GoValue.Float(unchecked((ulong)scalar.Bits)),
        YamlScalarKind.Float => GoValue.Float(scalar.Float),
        YamlScalarKind.Binary => GoValue.String(HelmJson.ReplaceInvalid(scalar.Text)),
        _ => GoValue.String(scalar.Text),
    };

    public GoValue NewMap() => GoValue.Map(new GoMap());

    public void Put(GoValue map, YamlScalar key, string? text, GoValue value)
    {
        if (text is not null)
            map.AsMap![text] = value;
    }

    public GoValue List(ReadOnlySpan<GoValue> items) => GoValue.List(new GoList(items.ToArray()));

    public bool IsMap(GoValue value) => value.Kind == GoKind.Map;

    public bool IsList(GoValue value) => value.Kind == GoKind.List;

    public ReadOnlySpan<GoValue> Items(GoValue list) => list.AsList!.Span;

    public GoValue Copy(GoValue value)
    {
        if (value.AsMap is { } map)
            return GoValue.Map(map.DeepCopy());
        if (value.AsList is not { } list)
            return value;
        var items = new GoValue[list.Count];
        for (int i = 0; i < items.Length; i++)
            items[i] = Copy(list[i]);
        return GoValue.List(new GoList(items));
    }

    public void Merge(GoValue map, GoValue source)
    {
        GoMap into = map.AsMap!;
        foreach ((string key, GoValue value) in source.AsMap!)
            into[key] = value;
    }
}

/// <summary>Builds JSON nodes; numbers that are whole stay whole, as Kubernetes reads them.</summary>
internal readonly struct JsonNodeBuilder : IYamlBuilder<JsonNode?>
{
    public JsonNode? Scalar(YamlScalar scalar) => scalar.Kind switch
    {
        YamlScalarKind.Null => null,
        YamlScalarKind.Bool => JsonValue.Create(scalar.Bits != 0),
        YamlScalarKind.Int => JsonValue.Create(scalar.Bits),
        YamlScalarKind.Uint => JsonValue.Create(unchecked((ulong)scalar.Bits)),
        YamlScalarKind.Float => Number(scalar.Float),
        YamlScalarKind.Binary => JsonValue.Create(HelmJson.ReplaceInvalid(scalar.Text)),
        _ => JsonValue.Create(scalar.Text),
    };

    private static JsonValue Number(double value)
    {
        // 1e3 goes through JSON as 1000, which is an integer.
        if (value == Math.Truncate(value) && Math.Abs(value) < 9.2e18)
            return JsonValue.Create((long)value);
        return JsonValue.Create(double.IsFinite(value) ? value : 0);
    }

    public JsonNode? NewMap() => new JsonObject();

    public void Put(JsonNode? map, YamlScalar key, string? text, JsonNode? value)
    {
        if (text is not null)
            ((JsonObject)map!)[text] = value;
    }

    public JsonNode? List(ReadOnlySpan<JsonNode?> items) => new JsonArray(items.ToArray());

    public bool IsMap(JsonNode? value) => value is JsonObject;

    public bool IsList(JsonNode? value) => value is JsonArray;

    public ReadOnlySpan<JsonNode?> Items(JsonNode? list) => ((JsonArray)list!).ToArray();

    public JsonNode? Copy(JsonNode? value) => value?.DeepClone();

    public void Merge(JsonNode? map, JsonNode? source)
    {
        foreach ((string key, JsonNode? value) in ((JsonObject)source!).ToArray())
            ((JsonObject)map!)[key] = value?.DeepClone();
    }
}

/// <summary>A value with all its types, for messages that print it in Go's syntax.</summary>
internal sealed class GoSyntaxNode
{
    public YamlScalar Scalar;
    public List<(YamlScalar Key, GoSyntaxNode Value)>? Entries;
    public GoSyntaxNode[]? Items;

    /// <summary>Appends <c>%#v</c> of the value.</summary>
    public void Append(StringBuilder to)
    {
        if (Items is not null)
        {
            to.Append("[]interface {}{");
            for (int i = 0; i < Items.Length; i++)
            {
                if (i > 0)
                    to.Append(", ");
                Items[i].Append(to);
            }

            to.Append('}');
        }
        else if (Entries is not null)
        {
            // fmt prints maps sorted: by type of the key, then by the key.
            to.Append("map[interface {}]interface {}{");
            bool first = true;
            foreach ((YamlScalar key, GoSyntaxNode value) in Entries.Order(KeyOrder.Instance))
            {
                if (!first)
                    to.Append(", ");
                first = false;
                key.AppendGoSyntax(to);
                to.Append(':');
                value.Append(to);
            }

            to.Append('}');
        }
        else
        {
            Scalar.AppendGoSyntax(to);
        }
    }

    private sealed class KeyOrder : IComparer<(YamlScalar Key, GoSyntaxNode Value)>
    {
        public static KeyOrder Instance { get; } = new();

        public int Compare((YamlScalar Key, GoSyntaxNode Value) x, (YamlScalar Key, GoSyntaxNode Value) y)
        {
            int byType = Rank(x.Key).CompareTo(Rank(y.Key));
            if (byType != 0)
                return byType;
            return x.Key.Kind switch
            {
                YamlScalarKind.String or YamlScalarKind.Binary => GoString.Comparer.Compare(x.Key.Text, y.Key.Text),
                YamlScalarKind.Float => x.Key.Float.CompareTo(y.Key.Float),
                YamlScalarKind.Uint => ((ulong)x.Key.Bits).CompareTo((ulong)y.Key.Bits),
                _ => x.Key.Bits.CompareTo(y.Key.Bits),
            };
        }

        // The order of types is that of their addresses in Helm's binary: nil, float64, string, ...
        private static int Rank(YamlScalar key) => key.Kind switch
        {
            YamlScalarKind.Null => 0,
            YamlScalarKind.String or YamlScalarKind.Binary => 1,
            YamlScalarKind.Int => 2,
            YamlScalarKind.Uint => 3,
            YamlScalarKind.Float => 4,
            _ => 5,
        };
    }
}

/// <summary>Builds <see cref="GoSyntaxNode"/>s.</summary>
internal readonly struct GoSyntaxBuilder : IYamlBuilder<GoSyntaxNode>
{
    public GoSyntaxNode Scalar(YamlScalar scalar) => new() { Scalar = scalar };

    public GoSyntaxNode NewMap() => new() { Entries = [] };

    public void Put(GoSyntaxNode map, YamlScalar key, string? text, GoSyntaxNode value)
    {
        int at = map.Entries!.FindIndex(e => e.Key.Kind == key.Kind && e.Key.Bits == key.Bits && e.Key.Text == key.Text);
        if (at >= 0)
            map.Entries[at] = (key, value);
        else
            map.Entries.Add((key, value));
    }

    public GoSyntaxNode List(ReadOnlySpan<GoSyntaxNode> items) => new() { Items = items.ToArray() };

    public bool IsMap(GoSyntaxNode value) => value.Entries is not null;

    public bool IsList(GoSyntaxNode value) => value.Items is not null;

    public ReadOnlySpan<GoSyntaxNode> Items(GoSyntaxNode list) => list.Items;

    // Nothing changes a node's parts, so only the map itself, into which entries may be merged, is made anew.
    public GoSyntaxNode Copy(GoSyntaxNode value) =>
        value.Entries is { } entries ? new GoSyntaxNode { Entries = [.. entries] } : value;

    public void Merge(GoSyntaxNode map, GoSyntaxNode source)
    {
        foreach ((YamlScalar key, GoSyntaxNode value) in source.Entries!)
            Put(map, key, null, value);
    }
}
