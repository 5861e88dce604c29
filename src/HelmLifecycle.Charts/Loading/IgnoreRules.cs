namespace HelmLifecycle.Charts;

/// <summary>The rules of <c>.helmignore</c>, with Helm's own way with <c>!</c>: a file that such a rule does not match is ignored at once.</summary>
internal sealed class IgnoreRules
{
    private readonly List<Rule> _rules = [];

    /// <summary>Reads rules, and adds the built-in one: dot files in <c>templates/</c>.</summary>
    /// <exception cref="ChartException">A rule is not well formed.</exception>
    internal static IgnoreRules Parse(string text)
    {
        var rules = new IgnoreRules();
        foreach (string line in text.TrimStart('\ufeff').Split('\n'))
            rules.Add(line);
        rules.Add("templates/.?*");
        return rules;
    }

    /// <summary>Whether a file or folder is ignored.</summary>
    /// <param name="path">Its path inside the chart.</param>
    /// <param name="isFolder">Whether it is a folder.</param>
    internal bool Ignores(string path, bool isFolder)
    {
        foreach (Rule rule in _rules)
        {
            if (rule.FoldersOnly && !isFolder)
            {
                if (rule.Negated)
                    return true;
                continue;
            }

            if (rule.Matches(path) != rule.Negated)
                return true;
        }

        return false;
    }

    private void Add(string line)
    {
        string rule = GoText.Trim(line).ToString();
        if (rule.Length == 0 || rule[0] == '#')
            return;
        if (rule.Contains("**", StringComparison.Ordinal))
            throw new ChartException("double-star (**) syntax is not supported");
        if (!GoPath.IsPattern(rule))
            throw new ChartException("syntax error in pattern");
        bool negated = rule[0] == '!';
        if (negated)
            rule = rule[1..];
        bool foldersOnly = rule.EndsWith('/');
        if (foldersOnly)
            rule = rule[..^1];
        bool whole = rule.Contains('/', StringComparison.Ordinal);
        _rules.Add(new Rule(rule.StartsWith('/') ? rule[1..] : rule, negated, foldersOnly, whole));
    }

    private sealed record Rule(string Pattern, bool Negated, bool FoldersOnly, bool WholePath)
    {
        internal bool Matches(string path) => GoPath.IsMatch(Pattern, WholePath ? path : GoPath.Base(path));
    }
}
