namespace HelmLifecycle.Templates;

/// <summary>Hyphen ranges: <c>1.2 - 1.4</c> stands for <c>&gt;= 1.2, &lt;= 1.4</c>.</summary>
internal static class HyphenRange
{
    /// <summary>Rewrites every hyphen range of a constraint into two conditions.</summary>
    public static string Rewrite(string text)
    {
        if (!text.Contains('-'))
            return text;
        string result = text;
        int at = 0;
        while (at < text.Length)
        {
            if (!TryMatch(text, at, out int end, out string from, out string to))
            {
                at++;
                continue;
            }

            // The library replaces the first place where the matched text stands.
            string matched = text[at..end];
            int place = result.IndexOf(matched, StringComparison.Ordinal);
            result = string.Concat(result.AsSpan(0, place), $">= {from}, <= {to} ", result.AsSpan(place + matched.Length));
            at = end;
        }

        return result;
    }

    private static bool TryMatch(string text, int start, out int end, out string from, out string to)
    {
        from = to = "";
        end = start;
        SkipSpace(text, ref end);
        if (PartialVersion.Read(text, end) is not { } low)
            return false;
        end += low.Length;
        if (!SkipSpace(text, ref end) || end >= text.Length || text[end++] != '-' || !SkipSpace(text, ref end)
            || PartialVersion.Read(text, end) is not { } high)
            return false;
        end += high.Length;
        SkipSpace(text, ref end);
        from = low.Text;
        to = high.Text;
        return true;
    }

    private static bool SkipSpace(string text, ref int at)
    {
        int start = at;
        while (at < text.Length && VersionConstraint.IsSpace(text[at]))
            at++;
        return at > start;
    }
}
