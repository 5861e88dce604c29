using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HelmLifecycle.EmbeddedCluster.Tests;

/// <summary>
/// Compares an answer with a recorded one whose variable parts are placeholders (<c>&lt;uid&gt;</c>, <c>&lt;time&gt;</c>, ...): each stands for the values its rule allows. Hash parts
/// of names may differ, one to one.
/// </summary>
internal sealed partial class Comparer(IReadOnlyList<string> hashes)
{
    private static readonly Dictionary<string, string> s_patterns = new(StringComparer.Ordinal)
    {
        ["<uid>"] = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        ["<rv>"] = "[0-9]+",
        ["<time>"] = @"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?Z",
        ["<gen>"] = "[a-z0-9]{4,16}",
        ["<ip>"] = @"10\.96\.[0-9]+\.[0-9]+",
        ["<podIP>"] = @"[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+",
        ["<lbIP>"] = @"[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+",
        ["<nodePort>"] = "3[0-2][0-9]{3}",
        ["<continue>"] = "[A-Za-z0-9_=-]+",
        ["<jwt>"] = @"[A-Za-z0-9_.=+/-]+",
        ["<pem>"] = "(?s:.+)",
        ["<node>"] = "[a-z0-9.-]+",
        ["<zone>"] = "[a-z0-9.-]*",
        ["<age>"] = "[0-9a-z<>]+",
        ["<text>"] = "(?s:.*)",
        ["<ptr>"] = "(?:0x)?[0-9a-f]+",
        ["<object>"] = "(?s:.*)",
        ["<diff>"] = "(?s:.*)",
        ["<host>"] = ".*",
    };

    private static readonly JsonSerializerOptions s_plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<string, string> _hashes = new(StringComparer.Ordinal);

    [GeneratedRegex("<[a-zA-Z]+>")]
    private static partial Regex Token();

    /// <summary>Values of Go structs, file positions and pointers in texts: need not be alike.</summary>
    [GeneratedRegex(@"\b(?:core|apps|batch|networking|policy|rbac|autoscaling|apiextensions|v1|v2|resource|intstr|storage|admissionregistration)\.[A-Z]\w*(?:\{|\()|\.go:\d+|<ptr>|\[\]string\{|map\[string\]")]
    private static partial Regex GoDump();

    public static bool HasGoDump(string text) => GoDump().IsMatch(text) && !text.StartsWith("<", StringComparison.Ordinal);

    /// <summary>The differences, at most a few.</summary>
    public List<string> Compare(JsonNode? expected, JsonNode? actual)
    {
        var differences = new List<string>();
        Compare(expected, actual, "", differences);
        return differences;
    }

    private void Compare(JsonNode? expected, JsonNode? actual, string path, List<string> differences)
    {
        if (differences.Count > 12)
        {
            return;
        }

        switch (expected)
        {
            case JsonObject json when actual is JsonObject other:
                CompareObjects(json, other, path, differences);
                break;
            case JsonArray list when actual is JsonArray others:
                if (list.Count != others.Count)
                {
                    differences.Add($"{path}: {list.Count} items expected, {others.Count} found: {Short(expected)} / {Short(actual)}");
                    return;
                }

                for (int i = 0; i < list.Count; i++)
                {
                    Compare(list[i], others[i], $"{path}/{i.ToString(CultureInfo.InvariantCulture)}", differences);
                }

                break;
            default:
                if (!SameScalar(expected, actual))
                {
                    differences.Add($"{path}: {Short(expected)} expected, {Short(actual)} found");
                }

                break;
        }
    }

    private void CompareObjects(JsonObject expected, JsonObject actual, string path, List<string> differences)
    {
        if (MapWalks.Any(expected))
        {
            (expected, actual) = (MapWalks.Sorted(expected), MapWalks.Sorted(actual));
        }

        bool dump = expected["message"] is JsonValue text && text.TryGetValue(out string? message) && HasGoDump(message!);
        foreach ((string name, JsonNode? value) in expected)
        {
            if (name == "message" && dump)
            {
                continue;
            }

            KeyValuePair<string, JsonNode?>? match = actual.TryGetPropertyValue(name, out JsonNode? found)
                ? new(name, found)
                : actual.Cast<KeyValuePair<string, JsonNode?>?>().FirstOrDefault(p => SameText(name, p!.Value.Key));
            if (match is null)
            {
                differences.Add($"{path}/{name}: missing, expected {Short(value)}");
            }
            else
            {
                Compare(value, match.Value.Value, path + "/" + name, differences);
            }
        }

        foreach ((string name, JsonNode? value) in actual)
        {
            if (!expected.ContainsKey(name) && !expected.Any(p => SameText(p.Key, name)))
            {
                differences.Add($"{path}/{name}: not expected, found {Short(value)}");
            }
        }
    }

    private bool SameScalar(JsonNode? expected, JsonNode? actual)
    {
        if (expected is null || actual is null)
        {
            return expected is null && actual is null;
        }

        if (expected is JsonValue value && value.TryGetValue(out string? text))
        {
            string found = actual is JsonValue other && other.TryGetValue(out string? s) ? s! : actual.ToJsonString();
            return (actual.GetValueKind() == JsonValueKind.String || text!.StartsWith('<')) && SameText(text!, found);
        }

        return JsonNode.DeepEquals(expected, actual) || expected.ToJsonString() == actual.ToJsonString();
    }

    /// <summary>A recorded text with placeholders and hashes against one of ours.</summary>
    public bool SameText(string expected, string actual)
    {
        if (expected == actual && !hashes.Any(h => expected.Contains(h, StringComparison.Ordinal)))
        {
            return true;
        }

        var pattern = new StringBuilder(@"\A");
        var groups = new List<string>();
        int at = 0;
        while (at < expected.Length)
        {
            string? hash = hashes.FirstOrDefault(h => string.CompareOrdinal(expected, at, h, 0, h.Length) == 0);
            if (hash is not null)
            {
                pattern.Append(_hashes.TryGetValue(hash, out string? known) ? Regex.Escape(known) : "([a-z0-9]+)");
                if (known is null)
                {
                    groups.Add(hash);
                }

                at += hash.Length;
                continue;
            }

            Match token = Token().Match(expected, at);
            if (token.Success && token.Index == at && s_patterns.TryGetValue(token.Value, out string? allowed))
            {
                pattern.Append("(?:").Append(allowed).Append(')');
                at += token.Length;
                continue;
            }

            pattern.Append(Regex.Escape(expected[at].ToString()));
            at++;
        }

        Match match = Regex.Match(actual, pattern.Append(@"\z").ToString(), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        if (!match.Success)
        {
            return false;
        }

        for (int i = 0; i < groups.Count; i++)
        {
            string found = match.Groups[i + 1].Value;
            if (_hashes.TryGetValue(groups[i], out string? already) ? already != found : _hashes.ContainsValue(found))
            {
                return false;
            }

            _hashes[groups[i]] = found;
        }

        return true;
    }

    private static string Short(JsonNode? node)
    {
        string text = node?.ToJsonString(s_plain) ?? "null";
        return text.Length > 400 ? text[..400] + "..." : text;
    }
}
