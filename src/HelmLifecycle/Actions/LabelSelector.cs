namespace HelmLifecycle;

/// <summary>A label selector in Kubernetes' syntax: <c>a=b, a==b, a!=b, a in (b,c), a notin (b), a, !a</c>, all of which must hold.</summary>
internal sealed class LabelSelector
{
    private readonly List<Func<IReadOnlyDictionary<string, string>, bool>> _requirements = [];

    private LabelSelector()
    {
    }

    public bool Matches(IReadOnlyDictionary<string, string> labels) => _requirements.TrueForAll(r => r(labels));

    /// <exception cref="ReleaseException">The text is no selector.</exception>
    public static LabelSelector Parse(string text)
    {
        var selector = new LabelSelector();
        foreach (string part in Parts(text))
        {
            selector._requirements.Add(Requirement(part.Trim()) ?? throw new ReleaseException($"unable to parse requirement: {Go.Quote(part.Trim())} in selector {Go.Quote(text)}"));
        }

        return selector;
    }

    private static IEnumerable<string> Parts(string text)
    {
        int start = 0, depth = 0;
        for (int i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (text[i] != ',' || depth > 0) continue;
            yield return text[start..i];
            start = i + 1;
        }

        if (start < text.Length) yield return text[start..];
    }

    private static Func<IReadOnlyDictionary<string, string>, bool>? Requirement(string part)
    {
        int open = part.IndexOf('(', StringComparison.Ordinal);
        if (open > 0 && part.EndsWith(')'))
        {
            string[] head = part[..open].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var values = part[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal);
            return head switch
            {
                [var key, "in"] => labels => labels.TryGetValue(key, out string? value) && values.Contains(value),
                [var key, "notin"] => labels => !labels.TryGetValue(key, out string? value) || !values.Contains(value),
                _ => null,
            };
        }

        foreach (string sign in (string[])["!=", "==", "="])
        {
            int at = part.IndexOf(sign, StringComparison.Ordinal);
            if (at <= 0) continue;
            string key = part[..at].Trim(), wanted = part[(at + sign.Length)..].Trim();
            if (!IsWord(key) || wanted.Length > 0 && !IsWord(wanted)) return null;
            return sign == "!="
                ? labels => !labels.TryGetValue(key, out string? value) || value != wanted
                : labels => labels.TryGetValue(key, out string? value) && value == wanted;
        }

        if (part.StartsWith('!') && IsWord(part[1..].Trim())) return labels => !labels.ContainsKey(part[1..].Trim());
        return IsWord(part) ? labels => labels.ContainsKey(part) : null;
    }

    private static bool IsWord(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/');
}
