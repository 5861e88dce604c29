namespace HelmLifecycle.Templates;

/// <summary>A version in a constraint: parts may be missing or be wildcards. Read without checking the numbers.</summary>
internal readonly record struct PartialVersion(string Text, string Major, string Minor, string Patch, string Prerelease)
{
    public int Length => Text.Length;

    /// <summary>Reads as much as makes a version.</summary>
    public static PartialVersion? Read(string text, int start)
    {
        int at = start;
        if (at < text.Length && text[at] == 'v')
            at++;
        int from = at;
        while (at < text.Length && IsPartCharacter(text[at]))
            at++;
        if (at == from)
            return null;
        string major = text[from..at];
        string minor = ReadDotted(text, ref at);
        string patch = minor.Length == 0 ? "" : ReadDotted(text, ref at);
        int label = at;
        SkipLabel(text, ref at, '-');
        string prerelease = text[label..at];
        SkipLabel(text, ref at, '+');
        return new PartialVersion(text[start..at], major, minor, patch, prerelease);
    }

    // The library's character class holds the bar, surely by accident; such a part is no number and no wildcard.
    private static bool IsPartCharacter(char c) => char.IsAsciiDigit(c) || c is 'x' or 'X' or '*' or '|';

    private static string ReadDotted(string text, ref int at)
    {
        int end = at + 1;
        if (at >= text.Length || text[at] != '.')
            return "";
        while (end < text.Length && IsPartCharacter(text[end]))
            end++;
        if (end == at + 1)
            return "";
        string part = text[(at + 1)..end];
        at = end;
        return part;
    }

    private static void SkipLabel(string text, ref int at, char mark)
    {
        if (at >= text.Length || text[at] != mark)
            return;
        int end = at;
        int next = at + 1;
        while (true)
        {
            int from = next;
            while (next < text.Length && (char.IsAsciiLetterOrDigit(text[next]) || text[next] == '-'))
                next++;
            if (next == from)
                break;
            end = next;
            if (next >= text.Length || text[next] != '.')
                break;
            next++;
        }

        at = end;
    }
}
