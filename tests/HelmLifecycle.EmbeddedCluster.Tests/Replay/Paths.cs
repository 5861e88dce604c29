using System.Globalization;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster.Tests;

/// <summary>Paths into answers, as placeholders and <c>until</c> write them: dots, list indexes, <c>[type=Ready]</c>, <c>['a.b/c']</c>, <c>#</c> for the length.</summary>
internal static class Paths
{
    public static (bool Found, JsonNode? Value) Find(JsonNode? node, string path)
    {
        foreach (string part in Split(path))
        {
            if (part == "#")
            {
                return (true, node is JsonArray all ? all.Count : node is JsonObject map ? map.Count : 0);
            }

            if (part.StartsWith("[", StringComparison.Ordinal) && part.Contains('=', StringComparison.Ordinal))
            {
                string[] halves = part[1..^1].Split('=', 2);
                node = (node as JsonArray)?.FirstOrDefault(i => i?[halves[0]]?.ToString() == halves[1]);
            }
            else if (node is JsonArray list)
            {
                node = int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < list.Count ? list[index] : null;
            }
            else
            {
                node = node is JsonObject json && json.TryGetPropertyValue(part, out JsonNode? value) ? value : null;
            }

            if (node is null)
            {
                return (false, null);
            }
        }

        return (true, node);
    }

    private static IEnumerable<string> Split(string path)
    {
        int at = 0;
        while (at < path.Length)
        {
            if (path[at] == '.')
            {
                at++;
                continue;
            }

            if (path[at] == '[')
            {
                int end = path.IndexOf(']', at);
                string inner = path[(at + 1)..end];
                yield return inner.StartsWith('\'') ? inner.Trim('\'') : path[at..(end + 1)];
                at = end + 1;
                continue;
            }

            int next = at;
            while (next < path.Length && path[next] is not ('.' or '['))
            {
                next++;
            }

            yield return path[at..next];
            at = next;
        }
    }

    /// <summary>Removes what a JSON pointer names.</summary>
    public static void Remove(JsonNode? root, IEnumerable<string> parts)
    {
        string[] all = [.. parts];
        JsonNode? at = root;
        foreach (string part in all[..^1])
        {
            at = at is JsonArray list && int.TryParse(part, out int i) && i < list.Count ? list[i] : (at as JsonObject)?[part];
        }

        if (at is JsonObject json)
        {
            json.Remove(all[^1]);
        }
        else if (at is JsonArray array && int.TryParse(all[^1], out int index) && index < array.Count)
        {
            array[index] = null;
        }
    }
}
