using System.Text;

namespace HelmLifecycle.Charts;

/// <summary>Go's <c>path.Clean</c> and <c>filepath.Match</c>.</summary>
internal static class GoPath
{
    /// <summary>The shortest name of a path: without <c>.</c>, <c>a/..</c> and double slashes; <c>.</c> for nothing.</summary>
    internal static string Clean(string path)
    {
        bool rooted = path.StartsWith('/');
        var parts = new List<string>();
        foreach (string part in path.Split('/'))
        {
            switch (part)
            {
                case "" or ".":
                    break;
                case ".." when parts.Count > 0 && parts[^1] != "..":
                    parts.RemoveAt(parts.Count - 1);
                    break;
                case "..":
                    if (!rooted)
                        parts.Add(part);
                    break;
                default:
                    parts.Add(part);
                    break;
            }
        }

        string clean = string.Join('/', parts);
        return rooted ? "/" + clean : clean.Length == 0 ? "." : clean;
    }

    /// <summary>The last part of a path.</summary>
    internal static string Base(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>Whether a pattern is well formed for <see cref="IsMatch(string, string)"/>.</summary>
    internal static bool IsPattern(string pattern)
    {
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\' && ++i == pattern.Length)
                return false;
            if (pattern[i] == '[' && !TrySkipClass(pattern, ref i))
                return false;
        }

        return true;
    }

    /// <summary>
    /// Whether a name matches a pattern: <c>*</c> and <c>?</c> stay inside a part, <c>[a-z]</c>, <c>[^a-z]</c>, and <c>\</c> makes the next character plain.
    /// </summary>
    internal static bool IsMatch(string pattern, string name) => IsMatch(pattern.AsSpan(), name.AsSpan());

    private static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        // The last star seen, and how much of the name it has taken: enough to go back to, since a later star makes an earlier one settled.
        int p = 0, n = 0, star = -1, taken = 0;
        while (n < name.Length || p < pattern.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                taken = n;
                continue;
            }

            if (p < pattern.Length && n < name.Length && MatchOne(pattern, ref p, name, ref n))
                continue;
            if (star < 0 || taken >= name.Length || name[taken] == '/')
                return false;
            taken++;
            n = taken;
            p = star + 1;
        }

        return true;
    }

    private static bool MatchOne(ReadOnlySpan<char> pattern, ref int p, ReadOnlySpan<char> name, ref int n)
    {
        Rune.DecodeFromUtf16(name[n..], out Rune c, out int width);
        int at = p;
        bool matches;
        switch (pattern[at])
        {
            case '?':
                matches = c.Value != '/';
                at++;
                break;
            case '[':
                matches = c.Value != '/' && MatchClass(pattern, ref at, c);
                break;
            default:
                if (pattern[at] == '\\' && at + 1 < pattern.Length)
                    at++;
                Rune.DecodeFromUtf16(pattern[at..], out Rune literal, out int length);
                matches = literal == c;
                at += length;
                break;
        }

        if (!matches)
            return false;
        p = at;
        n += width;
        return true;
    }

    private static bool MatchClass(ReadOnlySpan<char> pattern, ref int at, Rune c)
    {
        at++;
        bool negated = at < pattern.Length && pattern[at] == '^';
        if (negated)
            at++;
        bool matches = false;
        for (bool first = true; at < pattern.Length && (first || pattern[at] != ']'); first = false)
        {
            Rune low = NextInClass(pattern, ref at), high = low;
            if (at < pattern.Length && pattern[at] == '-')
            {
                at++;
                high = NextInClass(pattern, ref at);
            }

            matches |= low <= c && c <= high;
        }

        at++;
        return matches != negated;
    }

    private static Rune NextInClass(ReadOnlySpan<char> pattern, ref int at)
    {
        if (at < pattern.Length && pattern[at] == '\\')
            at++;
        if (at >= pattern.Length)
            return default;
        Rune.DecodeFromUtf16(pattern[at..], out Rune rune, out int length);
        at += length;
        return rune;
    }

    // A class: at least one range, neither end of which may be a plain '-' or ']'.
    private static bool TrySkipClass(string pattern, ref int i)
    {
        int at = i + 1;
        if (at < pattern.Length && pattern[at] == '^')
            at++;
        for (bool first = true; ; first = false)
        {
            if (at >= pattern.Length)
                return false;
            if (pattern[at] == ']' && !first)
                break;
            if (!TrySkipClassMember(pattern, ref at))
                return false;
            if (at < pattern.Length && pattern[at] == '-')
            {
                at++;
                if (!TrySkipClassMember(pattern, ref at))
                    return false;
            }
        }

        i = at;
        return true;
    }

    private static bool TrySkipClassMember(string pattern, ref int at)
    {
        if (at >= pattern.Length || pattern[at] is '-' or ']')
            return false;
        if (pattern[at] == '\\')
            at++;
        return ++at < pattern.Length;
    }
}
