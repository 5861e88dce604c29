using System.Globalization;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>A label selector, from a query's text or from an object's <c>selector</c>.</summary>
internal sealed class LabelSelector
{
    private readonly List<Requirement> _requirements = [];

    private sealed record Requirement(string Key, string Operator, string[] Values);

    public static LabelSelector Everything { get; } = new();

    public bool IsEmpty => _requirements.Count == 0;

    /// <summary>From <c>matchLabels</c> and <c>matchExpressions</c>. A missing selector selects nothing: test for null before.</summary>
    public static LabelSelector From(JsonObject selector)
    {
        var result = new LabelSelector();
        foreach ((string key, JsonNode? value) in Json.Object(selector, "matchLabels") ?? [])
        {
            result._requirements.Add(new Requirement(key, "=", [(string?)value ?? ""]));
        }

        foreach (JsonObject expression in Json.Objects(selector, "matchExpressions"))
        {
            string op = Json.Text(expression, "operator") switch { "In" => "in", "NotIn" => "notin", "Exists" => "exists", _ => "!" };
            result._requirements.Add(new Requirement(Json.Text(expression, "key"), op, [.. Json.StringItems(expression, "values")]));
        }

        return result;
    }

    /// <summary>From a plain map of labels, as Services and replication controllers have it.</summary>
    public static LabelSelector FromMap(JsonObject map)
    {
        var result = new LabelSelector();
        foreach ((string key, JsonNode? value) in map)
        {
            result._requirements.Add(new Requirement(key, "=", [(string?)value ?? ""]));
        }

        return result;
    }

    public bool Matches(JsonNode? labels)
    {
        foreach (Requirement requirement in _requirements)
        {
            string? value = Json.String(labels, requirement.Key);
            bool holds = requirement.Operator switch
            {
                "=" or "==" or "in" => value is not null && requirement.Values.Contains(value),
                "!=" or "notin" => value is null || !requirement.Values.Contains(value),
                "exists" => value is not null,
                "!" => value is null,
                ">" => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long n) && n > Limit(requirement),
                _ => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long m) && m < Limit(requirement),
            };
            if (!holds)
            {
                return false;
            }
        }

        return true;

        static long Limit(Requirement r) => long.Parse(r.Values[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    }

    /// <summary>The text kubectl understands: <c>a=b,c in (d,e),!f</c>.</summary>
    public override string ToString() => string.Join(",", _requirements.Select(r => r.Operator switch
    {
        "in" or "notin" => $"{r.Key} {r.Operator} ({string.Join(",", r.Values.Order(StringComparer.Ordinal))})",
        "exists" => r.Key,
        "!" => "!" + r.Key,
        _ => r.Key + r.Operator + r.Values[0],
    }));

    /// <summary>Parses the query parameter.</summary>
    /// <exception cref="ApiError">400, in the API's words.</exception>
    public static LabelSelector Parse(string text)
    {
        var lexer = new Lexer(text);
        var result = new LabelSelector();
        lexer.Next();
        while (true)
        {
            if (lexer.Token is "")
            {
                if (result._requirements.Count == 0)
                {
                    return result;
                }

                throw Bad("found '', expected: identifier after ','");
            }

            result._requirements.Add(ParseRequirement(lexer));
            if (lexer.Token is "")
            {
                return result;
            }

            if (lexer.Token != ",")
            {
                throw Bad($"found '{lexer.Token}', expected: ',' or 'end of string'");
            }

            lexer.Next();
            if (lexer.Token is "")
            {
                throw Bad("found '', expected: identifier after ','");
            }
        }
    }

    private static ApiError Bad(string message) => ApiErrors.BadRequest("unable to parse requirement: " + message);

    private static Requirement ParseRequirement(Lexer lexer)
    {
        bool negated = lexer.Token == "!";
        if (negated)
        {
            lexer.Next();
        }

        string key = lexer.Token;
        if (!lexer.IsIdentifier)
        {
            throw Bad($"found '{key}', expected: identifier");
        }

        foreach (string error in MetadataRules.QualifiedNameErrors(key))
        {
            throw Bad("<nil>: Invalid value: " + GoText.Quote(key) + ": " + error);
        }

        lexer.Next();
        if (lexer.Token is "" or ",")
        {
            return new Requirement(key, negated ? "!" : "exists", []);
        }

        if (negated)
        {
            throw Bad($"found '{lexer.Token}', expected: ',' or 'end of string'");
        }

        string op = lexer.Token;
        if (op is not ("in" or "notin" or "=" or "==" or "!=" or ">" or "<"))
        {
            throw Bad($"found '{op}', expected: in, notin, =, ==, !=, gt, lt");
        }

        lexer.Next();
        string[] values;
        if (op is "in" or "notin")
        {
            values = ParseValues(lexer);
        }
        else
        {
            if (lexer.Token is "" or ",")
            {
                values = [""];
            }
            else if (lexer.IsIdentifier || lexer.Token is "in" or "notin")
            {
                values = [lexer.Token];
                lexer.Next();
            }
            else
            {
                throw Bad($"found '{lexer.Token}', expected: identifier");
            }
        }

        if (op is ">" or "<" && !long.TryParse(values[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
        {
            throw Bad("values[0]: Invalid value: " + GoText.Quote(values[0]) + ": for 'Gt', 'Lt' operators, the value must be an integer");
        }

        for (int i = 0; i < values.Length; i++)
        {
            foreach (string error in MetadataRules.LabelValueErrors(values[i]))
            {
                throw Bad($"values[{i}][{key}]: Invalid value: " + GoText.Quote(values[i]) + ": " + error);
            }
        }

        return new Requirement(key, op, values);
    }

    private static string[] ParseValues(Lexer lexer)
    {
        if (lexer.Token != "(")
        {
            throw Bad($"found '{lexer.Token}' expected: '('");
        }

        var values = new List<string>();
        bool expectValue = true;
        lexer.Next();
        while (lexer.Token != ")")
        {
            if (lexer.Token == ",")
            {
                if (expectValue)
                {
                    values.Add("");
                }

                expectValue = true;
            }
            else if (lexer.IsIdentifier || lexer.Token is "in" or "notin")
            {
                values.Add(lexer.Token);
                expectValue = false;
            }
            else
            {
                throw Bad($"found '{lexer.Token}', expected: ',', or ')'");
            }

            lexer.Next();
        }

        if (expectValue)
        {
            values.Add("");
        }

        lexer.Next();
        return [.. values.Distinct()];
    }

    private sealed class Lexer(string text)
    {
        private int _at;

        public string Token { get; private set; } = "";

        public bool IsIdentifier => Token.Length > 0 && Token is not ("in" or "notin") && !IsSpecial(Token[0]);

        private static bool IsSpecial(char c) => c is '=' or '!' or '(' or ')' or ',' or '>' or '<';

        public void Next()
        {
            while (_at < text.Length && text[_at] is ' ' or '\t' or '\r' or '\n')
            {
                _at++;
            }

            int start = _at;
            if (_at < text.Length && IsSpecial(text[_at]))
            {
                _at++;
                if (_at < text.Length && text[_at] == '=' && text[start] is '=' or '!')
                {
                    _at++;
                }
            }
            else
            {
                while (_at < text.Length && !IsSpecial(text[_at]) && text[_at] is not (' ' or '\t' or '\r' or '\n'))
                {
                    _at++;
                }
            }

            Token = text[start.._at];
        }
    }
}

/// <summary>A field selector: equalities of a few fields.</summary>
internal sealed class FieldSelector
{
    private readonly List<(string Field, bool Equal, string Value)> _terms = [];

    public bool IsEmpty => _terms.Count == 0;

    public static FieldSelector Parse(string text, ResourceDefinition resource)
    {
        var result = new FieldSelector();
        foreach (string part in Split(text))
        {
            int at = part.IndexOfAny(['=', '!']);
            if (at < 0 || (part[at] == '!' && (at + 1 >= part.Length || part[at + 1] != '=')))
            {
                throw ApiErrors.BadRequest($"invalid selector: '{text}'; can't understand '{part}'");
            }

            bool equal = part[at] == '=';
            int length = equal && at + 1 < part.Length && part[at + 1] == '=' ? 2 : equal ? 1 : 2;
            string field = part[..at];
            if (field is not ("metadata.name" or "metadata.namespace") && !resource.SelectableFields.Contains(field))
            {
                throw Unknown(field, resource);
            }

            result._terms.Add((field, equal, Unescape(part[(at + length)..])));
        }

        return result;
    }

    private static ApiError Unknown(string field, ResourceDefinition resource)
    {
        if (resource.HasOwnFieldLabels)
        {
            return ApiErrors.BadRequest("field label not supported: " + field);
        }

        if (resource.SelectableFields.Length > 0 && !resource.IsCustom)
        {
            return ApiErrors.BadRequest($"field label {GoText.Quote(field)} not supported for {resource.Kind}");
        }

        return ApiErrors.BadRequest($"{GoText.Quote(field)} is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
    }

    private static IEnumerable<string> Split(string text)
    {
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] == '\\')
            {
                i++;
            }
            else if (i >= text.Length || text[i] == ',')
            {
                int end = Math.Min(i, text.Length);
                if (end > start)
                {
                    yield return text[start..end];
                }

                start = i + 1;
            }
        }
    }

    private static string Unescape(string text) => text.Replace("\\,", ",", StringComparison.Ordinal).Replace("\\=", "=", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);

    public bool Matches(JsonObject json, ResourceDefinition resource) => _terms.All(t => resource.FieldValue(json, t.Field) == t.Value == t.Equal);
}
