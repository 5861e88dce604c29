using System.Globalization;
using System.Text.Json.Nodes;

namespace HelmLifecycle;

/// <summary>Paths into JSON as field differences write them: <c>a.b[0].c</c>, <c>a[name].c</c>, <c>a["x.y"]</c>.</summary>
internal static class FieldPath
{
    public static JsonNode? Find(JsonNode? node, string path)
    {
        int i = 0;
        while (i < path.Length && node is not null)
        {
            if (path[i] == '.')
            {
                i++;
                continue;
            }

            string part;
            bool bracket = path[i] == '[';
            if (bracket)
            {
                bool quoted = i + 1 < path.Length && path[i + 1] == '"';
                int end = quoted ? path.IndexOf("\"]", i + 2, StringComparison.Ordinal) : path.IndexOf(']', i);
                if (end < 0)
                    throw new FormatException($"\"{path}\" is no path: a bracket is not closed");
                part = path[(i + (quoted ? 2 : 1))..end];
                i = end + (quoted ? 2 : 1);
            }
            else
            {
                int end = path.AsSpan(i).IndexOfAny('.', '[');
                end = end < 0 ? path.Length : i + end;
                part = path[i..end];
                i = end;
            }

            node = node switch
            {
                JsonObject map => map[part],
                JsonArray list when int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int index) => index < list.Count ? list[index] : null,
                JsonArray list => list.FirstOrDefault(item => (item as JsonObject)?["name"] is { } name && FieldDiff.Text(name) == part),
                _ => null,
            };
        }

        return node;
    }
}
