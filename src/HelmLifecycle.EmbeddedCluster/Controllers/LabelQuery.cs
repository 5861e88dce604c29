using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>A label selector of an object: <c>matchLabels</c> and <c>matchExpressions</c>, or the plain map of Services and ReplicationControllers.</summary>
internal sealed class LabelQuery
{
    private readonly List<(string Key, string Operator, string[] Values)> _terms = [];

    /// <summary>Whether it selects everything (it has no terms).</summary>
    public bool IsEmpty => _terms.Count == 0;

    /// <summary>A <c>LabelSelector</c>; null selects nothing.</summary>
    public static LabelQuery? From(JsonNode? selector)
    {
        if (selector is not JsonObject)
        {
            return null;
        }

        LabelQuery query = FromMap(selector.Map("matchLabels")) ?? new LabelQuery();
        foreach (JsonNode term in selector.Items("matchExpressions"))
        {
            query._terms.Add((term.Text("key") ?? "", term.Text("operator") ?? "", [.. term.Items("values").Select(v => v.Text() ?? "")]));
        }

        return query;
    }

    /// <summary>A plain map of labels; null selects nothing.</summary>
    public static LabelQuery? FromMap(JsonNode? map)
    {
        if (map is not JsonObject labels)
        {
            return null;
        }

        var query = new LabelQuery();
        foreach ((string key, JsonNode? value) in labels)
        {
            query._terms.Add((key, "In", [value.Text() ?? ""]));
        }

        return query;
    }

    public bool Matches(JsonObject? labels)
    {
        foreach ((string key, string op, string[] values) in _terms)
        {
            string? value = labels.Text(key);
            bool holds = op switch
            {
                "In" => value is not null && Array.IndexOf(values, value) >= 0,
                "NotIn" => value is null || Array.IndexOf(values, value) < 0,
                "Exists" => value is not null,
                "DoesNotExist" => value is null,
                "Gt" => Compare(value, values) > 0,
                "Lt" => Compare(value, values) is < 0 and > int.MinValue,
                _ => false,
            };
            if (!holds)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>One term of a node selector, which has the same shape.</summary>
    public static LabelQuery FromExpressions(IEnumerable<JsonNode> expressions)
    {
        var query = new LabelQuery();
        foreach (JsonNode term in expressions)
        {
            query._terms.Add((term.Text("key") ?? "", term.Text("operator") ?? "", [.. term.Items("values").Select(v => v.Text() ?? "")]));
        }

        return query;
    }

    private static int Compare(string? value, string[] values) =>
        values.Length == 1 && long.TryParse(value, out long left) && long.TryParse(values[0], out long right) ? left.CompareTo(right) : int.MinValue;
}
