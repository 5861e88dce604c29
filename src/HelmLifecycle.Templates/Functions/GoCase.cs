using System.Text;

namespace HelmLifecycle.Templates;

/// <summary>Changes of case as Go makes them: character by character, by the simple mappings. A byte that is not UTF-8 becomes U+FFFD.</summary>
internal static class GoCase
{
    public static string ToUpper(string text) => Ascii.IsValid(text) ? text.ToUpperInvariant() : Map(text, GoRune.ToUpper);

    public static string ToLower(string text) => Ascii.IsValid(text) ? text.ToLowerInvariant() : Map(text, GoRune.ToLower);

    private static string Map(string text, Func<int, int> mapping)
    {
        var result = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length;)
        {
            result.AppendRune(mapping(GoRune.At(text, i, out int width)));
            i += width;
        }

        return result.ToString();
    }

    /// <summary>The first letter of each word in title case: Go's <c>strings.Title</c>.</summary>
    public static string Title(string text)
    {
        int previous = ' ';
        return Map(text, r =>
        {
            bool start = IsSeparator(previous);
            previous = r;
            return start ? GoRune.ToTitle(r) : r;
        });
    }

    private static bool IsSeparator(int r)
    {
        if (r < 0x80)
            return !char.IsAsciiLetterOrDigit((char)r) && r != '_';
        return !GoRune.IsLetter(r) && !GoRune.IsDigit(r) && GoRune.IsSpace(r);
    }

    /// <summary>The first character of each word between spaces in lower case.</summary>
    public static string Untitle(string text)
    {
        bool start = true;
        return Map(text, r =>
        {
            if (GoRune.IsSpace(r))
            {
                start = true;
                return r;
            }

            if (!start)
                return r;
            start = false;
            return GoRune.ToLower(r);
        });
    }

    /// <summary>Lower for upper and the other way round; a lower letter that begins a word gets title case.</summary>
    public static string Swap(string text)
    {
        bool start = true;
        return Map(text, r =>
        {
            if (GoRune.IsUpper(r) || GoRune.IsTitle(r))
            {
                start = false;
                return GoRune.ToLower(r);
            }

            if (!GoRune.IsLower(r))
            {
                start = GoRune.IsSpace(r);
                return r;
            }

            bool wasStart = start;
            start = false;
            return wasStart ? GoRune.ToTitle(r) : GoRune.ToUpper(r);
        });
    }
}
