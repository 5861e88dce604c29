using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>
/// The part of CEL that validation rules of CRDs mostly use: fields, has(), size(), comparisons, boolean logic, arithmetic, in, conditionals, and the common
/// string and list functions. A rule outside of it is not enforced.
/// </summary>
internal sealed partial class CelExpression
{
    private const int MaxDepth = 64;
    private static readonly Regex s_token = new(@"\G\s*(?:(?<num>\d+(?:\.\d+)?u?)|(?<str>r?'(?:[^'\\]|\\.)*'|r?""(?:[^""\\]|\\.)*"")|(?<id>[A-Za-z_]\w*)|(?<op>\|\||&&|==|!=|<=|>=|[-+*/%!<>?:().,\[\]{}]))", RegexOptions.CultureInvariant);

    private readonly List<(string Kind, string Text)> _tokens = [];
    private readonly Dictionary<string, object?> _scope = new(StringComparer.Ordinal);
    private int _at;
    private int _depth;

    private CelExpression(string text, JsonNode? self, JsonNode? old)
    {
        _scope["self"] = self;
        _scope["oldSelf"] = old;
        int at = 0;
        text = text.Trim();
        while (at < text.Length)
        {
            Match match = s_token.Match(text, at);
            if (!match.Success)
            {
                throw new NotSupportedException("token");
            }

            string kind = match.Groups["num"].Success ? "num" : match.Groups["str"].Success ? "str" : match.Groups["id"].Success ? "id" : "op";
            _tokens.Add((kind, match.Groups[kind].Value));
            at = match.Index + match.Length;
        }
    }

    /// <summary>The rule's verdict, or null when it cannot be told.</summary>
    public static bool? Evaluate(string rule, JsonNode? self, JsonNode? old)
    {
        try
        {
            var expression = new CelExpression(rule, self, old);
            object? result = expression.Conditional();
            return expression._at == expression._tokens.Count ? result as bool? : null;
        }
        catch (NotSupportedException)
        {
            return null;
        }
        catch (MissingFieldException)
        {
            return false; // an evaluation error fails the rule
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private string Peek => _at < _tokens.Count && _tokens[_at].Kind is "op" or "id" ? _tokens[_at].Text : "";

    private bool Take(string text)
    {
        if (Peek != text)
        {
            return false;
        }

        _at++;
        return true;
    }

    private void Expect(string text)
    {
        if (!Take(text))
        {
            throw new NotSupportedException(text);
        }
    }

    private object? Conditional()
    {
        if (++_depth > MaxDepth)
        {
            throw new NotSupportedException("depth");
        }

        object? condition = Or();
        if (Take("?"))
        {
            object? yes = Lazy(Conditional, condition is true);
            Expect(":");
            object? no = Lazy(Conditional, condition is not true);
            condition = condition is true ? yes : no;
        }

        _depth--;
        return condition;
    }

    /// <summary>Parses both branches, but an error counts only in the one that is taken.</summary>
    private static object? Lazy(Func<object?> parse, bool needed)
    {
        try
        {
            return parse();
        }
        catch (MissingFieldException) when (!needed)
        {
            throw new NotSupportedException("error in a branch not taken");
        }
    }

    private object? Or()
    {
        object? left = Guard(And, out bool failed);
        while (Take("||"))
        {
            object? right = Guard(And, out bool rightFailed);
            if (left is true || right is true)
            {
                left = true;
                failed = false;
            }
            else if (failed || rightFailed)
            {
                failed = true;
            }
            else
            {
                left = Bool(left) || Bool(right);
            }
        }

        return failed ? throw new MissingFieldException() : left;
    }

    private object? And()
    {
        object? left = Guard(Comparison, out bool failed);
        while (Take("&&"))
        {
            object? right = Guard(Comparison, out bool rightFailed);
            if (left is false || right is false)
            {
                left = false;
                failed = false;
            }
            else if (failed || rightFailed)
            {
                failed = true;
            }
            else
            {
                left = Bool(left) && Bool(right);
            }
        }

        return failed ? throw new MissingFieldException() : left;
    }

    /// <summary>Evaluates one operand; a missing field is an error that logic may absorb. The rest of the operand is still parsed.</summary>
    private object? Guard(Func<object?> operand, out bool failed)
    {
        int start = _at;
        try
        {
            failed = false;
            return operand();
        }
        catch (MissingFieldException)
        {
            failed = true;
            _at = start;
            Skip();
            return null;
        }
    }

    /// <summary>Goes to the end of an operand of &amp;&amp; or ||.</summary>
    private void Skip()
    {
        int nesting = 0;
        while (_at < _tokens.Count)
        {
            string text = _tokens[_at].Kind == "op" ? _tokens[_at].Text : "";
            if (nesting == 0 && text is "&&" or "||" or ")" or "]" or "," or "?" or ":")
            {
                if (text is not (")" or "]") || nesting == 0)
                {
                    return;
                }
            }

            nesting += text is "(" or "[" ? 1 : text is ")" or "]" ? -1 : 0;
            _at++;
        }
    }

    private static bool Bool(object? value) => Plain(value) as bool? ?? throw new NotSupportedException("bool");

    private object? Comparison()
    {
        object? left = Sum();
        string op = Peek;
        if (op is not ("==" or "!=" or "<" or "<=" or ">" or ">=" or "in"))
        {
            return left;
        }

        _at++;
        object? right = Sum();
        switch (op)
        {
            case "==":
                return Same(left, right);
            case "!=":
                return !Same(left, right);
            case "in":
                return right switch
                {
                    JsonArray list => list.Any(i => Same(i, left)),
                    List<object?> list => list.Any(i => Same(i, left)),
                    JsonObject map => Plain(left) is string key && map.ContainsKey(key),
                    _ => throw new NotSupportedException("in"),
                };
        }

        int order = (Plain(left), Plain(right)) switch
        {
            (double a, double b) => a.CompareTo(b),
            (string a, string b) => string.CompareOrdinal(a, b),
            _ => throw new NotSupportedException("compare"),
        };
        return op switch { "<" => order < 0, "<=" => order <= 0, ">" => order > 0, _ => order >= 0 };
    }

    private static bool Same(object? a, object? b)
    {
        a = Plain(a);
        b = Plain(b);
        if (a is JsonNode x && b is JsonNode y)
        {
            return JsonNode.DeepEquals(x, y);
        }

        if (a is List<object?> || b is List<object?>)
        {
            object?[] left = [.. Items(a)], right = [.. Items(b)];
            return left.Length == right.Length && left.Zip(right).All(p => Same(p.First, p.Second));
        }

        return Equals(a, b);
    }

    private static IEnumerable<object?> Items(object? value) => value switch
    {
        JsonArray list => list,
        List<object?> list => list,
        JsonObject map => map.Select(p => (object?)p.Key),
        _ => throw new NotSupportedException("list"),
    };

    /// <summary>Scalars as double, string, bool or null; other nodes as they are.</summary>
    private static object? Plain(object? value) => value is not JsonValue scalar ? value : scalar.GetValueKind() switch
    {
        JsonValueKind.String => scalar.GetValue<string>(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => scalar.TryGetValue(out long whole) ? (double)whole : scalar.GetValue<double>(),
    };

    private object? Sum()
    {
        object? left = Product();
        while (Peek is "+" or "-")
        {
            bool plus = Take("+") || !Take("-");
            object? right = Product();
            left = (Plain(left), Plain(right)) switch
            {
                (double a, double b) => plus ? a + b : a - b,
                (string a, string b) when plus => a + b,
                _ => throw new NotSupportedException("+"),
            };
        }

        return left;
    }

    private object? Product()
    {
        object? left = Unary();
        while (Peek is "*" or "/" or "%")
        {
            string op = _tokens[_at++].Text;
            object? right = Unary();
            if (Plain(left) is not double a || Plain(right) is not double b || (b == 0 && op != "*"))
            {
                throw new NotSupportedException(op);
            }

            left = op switch { "*" => a * b, "/" => Math.Truncate(a / b), _ => a % b };
        }

        return left;
    }

    private object? Unary()
    {
        if (Take("!"))
        {
            return !Bool(Unary());
        }

        if (Take("-"))
        {
            return Plain(Unary()) is double number ? -number : throw new NotSupportedException("-");
        }

        return Postfix();
    }

    private object? Postfix()
    {
        object? value = Primary();
        while (true)
        {
            if (Take("."))
            {
                (string kind, string name) = _at < _tokens.Count ? _tokens[_at++] : ("", "");
                if (kind != "id")
                {
                    throw new NotSupportedException(".");
                }

                value = Peek == "(" ? Method(value, name) : Field(value, name);
            }
            else if (Take("["))
            {
                object? index = Plain(Conditional());
                Expect("]");
                value = (value, index) switch
                {
                    (JsonArray list, double i) when i >= 0 && i < list.Count => list[(int)i],
                    (JsonObject map, string key) when map.ContainsKey(key) => map[key],
                    _ => throw new MissingFieldException(),
                };
            }
            else
            {
                return value;
            }
        }
    }

    private static object? Field(object? value, string name)
    {
        // Names that are no identifiers are escaped in rules.
        name = name.Replace("__dash__", "-", StringComparison.Ordinal).Replace("__dot__", ".", StringComparison.Ordinal).Replace("__slash__", "/", StringComparison.Ordinal).Replace("__underscores__", "__", StringComparison.Ordinal);
        return value is JsonObject json && json.TryGetPropertyValue(name, out JsonNode? item) ? item : throw new MissingFieldException();
    }

    private object? Primary()
    {
        if (_at >= _tokens.Count)
        {
            throw new NotSupportedException("end");
        }

        (string kind, string text) = _tokens[_at++];
        switch (kind)
        {
            case "num":
                return double.Parse(text.TrimEnd('u'), CultureInfo.InvariantCulture);
            case "str":
                return text[0] == 'r' ? text[2..^1] : Regex.Unescape(text[1..^1]);
            case "op" when text == "(":
                {
                    object? inner = Conditional();
                    Expect(")");
                    return inner;
                }

            case "op" when text == "[":
                {
                    var list = new List<object?>();
                    while (!Take("]"))
                    {
                        list.Add(Conditional());
                        if (Peek != "]")
                        {
                            Expect(",");
                        }
                    }

                    return list;
                }

            case "id":
                return Identifier(text);
            default:
                throw new NotSupportedException(text);
        }
    }

    private object? Identifier(string text)
    {
        switch (text)
        {
            case "true":
                return true;
            case "false":
                return false;
            case "null":
                return null;
            case "has":
                Expect("(");
                bool has;
                int start = _at;
                try
                {
                    Postfix();
                    has = true;
                }
                catch (MissingFieldException)
                {
                    has = false;
                    _at = start;
                    while (_at < _tokens.Count && _tokens[_at] is not ("op", ")"))
                    {
                        _at++;
                    }
                }

                Expect(")");
                return has;
            case "size":
                {
                    List<object?> arguments = Arguments();
                    return Plain(arguments.FirstOrDefault()) is string s ? (double)s.Length : (double)Items(arguments.FirstOrDefault()).Count();
                }

            case "string":
                {
                    object? value = Plain(Arguments().FirstOrDefault());
                    return value is double number ? number.ToString(CultureInfo.InvariantCulture) : value as string ?? throw new NotSupportedException("string");
                }

            case "int":
                return Plain(Arguments().FirstOrDefault()) is double d ? Math.Truncate(d) : throw new NotSupportedException("int");
            default:
                return _scope.TryGetValue(text, out object? known) ? known : throw new NotSupportedException(text);
        }
    }
}
