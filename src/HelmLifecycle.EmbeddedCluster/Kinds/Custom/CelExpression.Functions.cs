using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>The functions that are called on a value, and the macros over lists and maps.</summary>
internal sealed partial class CelExpression
{
    private List<object?> Arguments()
    {
        Expect("(");
        var list = new List<object?>();
        while (!Take(")"))
        {
            list.Add(Conditional());
            if (Peek != ")")
            {
                Expect(",");
            }
        }

        return list;
    }

    private object? Method(object? target, string name)
    {
        if (name is "all" or "exists" or "exists_one" or "filter" or "map")
        {
            return Macro(target, name);
        }

        List<object?> arguments = Arguments();
        object? first = arguments.Count > 0 ? Plain(arguments[0]) : null;
        return (Plain(target), name, first) switch
        {
            (string s, "startsWith", string a) => s.StartsWith(a, StringComparison.Ordinal),
            (string s, "endsWith", string a) => s.EndsWith(a, StringComparison.Ordinal),
            (string s, "contains", string a) => s.Contains(a, StringComparison.Ordinal),
            (string s, "matches", string a) => Regex.IsMatch(s, a, RegexOptions.CultureInvariant, TimeSpan.FromMilliseconds(250)),
            (string s, "size", null) => (double)s.Length,
            (string s, "lowerAscii", null) => s.ToLowerInvariant(),
            (string s, "upperAscii", null) => s.ToUpperInvariant(),
            (string s, "trim", null) => s.Trim(),
            (JsonArray or JsonObject or List<object?>, "size", null) => (double)Items(target).Count(),
            _ => throw new NotSupportedException(name),
        };
    }

    private object? Macro(object? target, string name)
    {
        Expect("(");
        (string kind, string variable) = _at < _tokens.Count ? _tokens[_at++] : ("", "");
        if (kind != "id")
        {
            throw new NotSupportedException(name);
        }

        Expect(",");
        int start = _at;
        var results = new List<object?>();
        object?[] items = [.. Items(target)];
        _scope.TryGetValue(variable, out object? shadowed);
        bool had = _scope.ContainsKey(variable);
        foreach (object? item in items)
        {
            _at = start;
            _scope[variable] = item;
            results.Add(Conditional());
        }

        if (items.Length == 0)
        {
            int nesting = 0;
            while (_at < _tokens.Count && !(nesting == 0 && _tokens[_at] is ("op", ")")))
            {
                nesting += _tokens[_at] is ("op", "(" or "[") ? 1 : _tokens[_at] is ("op", ")" or "]") ? -1 : 0;
                _at++;
            }
        }

        if (had)
        {
            _scope[variable] = shadowed;
        }
        else
        {
            _scope.Remove(variable);
        }

        Expect(")");
        return name switch
        {
            "all" => results.TrueForAll(r => Plain(r) is true),
            "exists" => results.Exists(r => Plain(r) is true),
            "exists_one" => results.Count(r => Plain(r) is true) == 1,
            "filter" => items.Where((_, i) => Plain(results[i]) is true).ToList(),
            _ => results,
        };
    }
}
