using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes;

/// <summary>A JSON object as the patch algorithms need it: without parents, so that parts can be shared and moved.</summary>
internal sealed class PlainMap : OrderedDictionary<string, object?>
{
    public PlainMap() : base(StringComparer.Ordinal)
    {
    }
}

/// <summary>
/// JSON as plain values: <see cref="PlainMap"/>, <c>List&lt;object?&gt;</c>, string, bool, long, double, null; the counterpart of what
/// Go's apimachinery computes on, with its notions of type, equality and printing.
/// </summary>
internal static class PlainJson
{
    private const int MaxDepth = 1000;

    public static object? From(JsonNode? node, int depth = 0)
    {
        if (depth > MaxDepth) throw new PatchException("the document is nested too deeply");
        switch (node)
        {
            case null: return null;
            case JsonObject o:
                var map = new PlainMap();
                foreach ((string key, JsonNode? value) in o) map[key] = From(value, depth + 1);
                return map;
            case JsonArray a:
                var list = new List<object?>(a.Count);
                foreach (JsonNode? item in a) list.Add(From(item, depth + 1));
                return list;
            default:
                return node.GetValueKind() switch
                {
                    JsonValueKind.String => node.GetValue<string>(),
                    JsonValueKind.True => true,
                    JsonValueKind.False => false,
                    JsonValueKind.Number => JsonText.AsLong(node) is long whole ? (object)whole : JsonText.AsDouble(node) ?? double.NaN,
                    _ => null,
                };
        }
    }

    public static PlainMap From(JsonObject o) => (PlainMap)From(o, 0)!;

    /// <summary>Back to nodes; keys sorted as Go writes maps, or left in their order.</summary>
    public static JsonNode? To(object? value, bool sorted = false)
    {
        switch (value)
        {
            case PlainMap map:
                var o = new JsonObject();
                IEnumerable<KeyValuePair<string, object?>> entries = sorted ? map.OrderBy(e => e.Key, StringComparer.Ordinal) : map;
                foreach ((string key, object? item) in entries) o[key] = To(item, sorted);
                return o;
            case List<object?> list:
                var a = new JsonArray();
                foreach (object? item in list) a.Add(To(item, sorted));
                return a;
            case string s: return JsonValue.Create(s);
            case bool b: return JsonValue.Create(b);
            case long l: return JsonValue.Create(l);
            case double d: return JsonValue.Create(d);
            default: return null;
        }
    }

    /// <summary>Go's name of the dynamic type.</summary>
    public static string TypeName(object? value) => value switch
    {
        PlainMap => "map[string]interface {}",
        List<object?> => "[]interface {}",
        string => "string",
        bool => "bool",
        long => "int64",
        double => "float64",
        _ => "%!s(<nil>)",
    };

    public static bool SameType(object? a, object? b) => a is null ? b is null : b is not null && a.GetType() == b.GetType();

    public static bool DeepEquals(object? a, object? b)
    {
        switch (a)
        {
            case PlainMap x:
                if (b is not PlainMap y || x.Count != y.Count) return false;
                foreach ((string key, object? value) in x)
                    if (!y.TryGetValue(key, out object? other) || !DeepEquals(value, other)) return false;
                return true;
            case List<object?> x:
                if (b is not List<object?> l || x.Count != l.Count) return false;
                for (int i = 0; i < x.Count; i++)
                    if (!DeepEquals(x[i], l[i])) return false;
                return true;
            default:
                return Equals(a, b);
        }
    }

    /// <summary>Go's <c>%v</c>.</summary>
    public static string Print(object? value)
    {
        switch (value)
        {
            case null: return "<nil>";
            case string s: return s;
            case bool b: return b ? "true" : "false";
            case long l: return l.ToString(CultureInfo.InvariantCulture);
            case double d: return GoDouble(d);
            case List<object?> list: return "[" + string.Join(' ', list.Select(Print)) + "]";
            case PlainMap map:
                return "map[" + string.Join(' ', map.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => e.Key + ":" + Print(e.Value))) + "]";
            default: return value.ToString() ?? "";
        }
    }

    // %v of a float64 is %g: the shortest form, with an exponent below 1e-4 and from 1e21 on.
    private static string GoDouble(double d)
    {
        if (double.IsNaN(d)) return "NaN";
        if (double.IsInfinity(d)) return d > 0 ? "+Inf" : "-Inf";
        double size = Math.Abs(d);
        if (size is 0 or >= 1e-4 and < 1e21) return d.ToString("0.#################################", CultureInfo.InvariantCulture);
        string e = d.ToString("E16", CultureInfo.InvariantCulture);
        string digits = d.ToString("R", CultureInfo.InvariantCulture);
        int mark = digits.IndexOf('E', StringComparison.Ordinal);
        if (mark < 0) return e;
        var text = new StringBuilder(digits[..mark]).Append('e').Append(digits[mark + 1] == '-' ? '-' : '+');
        string exponent = digits[(mark + 1)..].TrimStart('+', '-');
        return text.Append(exponent.Length < 2 ? "0" + exponent : exponent).ToString();
    }
}
