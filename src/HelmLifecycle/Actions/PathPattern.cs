namespace HelmLifecycle;

/// <summary>Patterns of paths as Go's filepath.Match knows them: <c>*</c> and <c>?</c> within a segment, classes, escapes.</summary>
internal static class PathPattern
{
    /// <summary>Whether the whole path matches. A malformed pattern matches nothing.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> path)
    {
        // The usual two-pointer walk: on a mismatch the last star takes one character more.
        int p = 0, s = 0, starPattern = -1, starPath = 0;
        while (s < path.Length)
        {
            int next = p < pattern.Length ? One(pattern, p, path[s]) : -1;
            if (p < pattern.Length && pattern[p] == '*')
            {
                starPattern = p++;
                starPath = s;
            }
            else if (next >= 0)
            {
                p = next;
                s++;
            }
            else if (starPattern >= 0 && path[starPath] != '/')
            {
                p = starPattern + 1;
                s = ++starPath;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*') p++;
        return p == pattern.Length;
    }

    // Where the pattern goes on after one character; -1 when the character does not match.
    private static int One(ReadOnlySpan<char> pattern, int p, char c)
    {
        switch (pattern[p])
        {
            case '*':
                return -1;
            case '?':
                return c == '/' ? -1 : p + 1;
            case '\\' when p + 1 < pattern.Length:
                return pattern[p + 1] == c ? p + 2 : -1;
            case '[':
                return Class(pattern, p + 1, c);
            default:
                return pattern[p] == c ? p + 1 : -1;
        }
    }

    private static int Class(ReadOnlySpan<char> pattern, int p, char c)
    {
        bool negated = p < pattern.Length && pattern[p] == '^';
        if (negated) p++;
        bool matched = false;
        int first = p;
        while (p < pattern.Length && (pattern[p] != ']' || p == first))
        {
            char low = Char(pattern, ref p);
            char high = low;
            if (p + 1 < pattern.Length && pattern[p] == '-' && pattern[p + 1] != ']')
            {
                p++;
                high = Char(pattern, ref p);
            }

            matched |= low <= c && c <= high;
        }

        return p < pattern.Length && matched != negated && c != '/' ? p + 1 : -1;
    }

    private static char Char(ReadOnlySpan<char> pattern, ref int p)
    {
        if (pattern[p] == '\\' && p + 1 < pattern.Length) p++;
        return pattern[p++];
    }
}
