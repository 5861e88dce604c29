using System.Globalization;
using System.Text;

namespace HelmLifecycle.Charts;

/// <summary>What Go holds to be white space, and how it trims.</summary>
internal static class GoText
{
    /// <summary>Go's <c>unicode.IsSpace</c>.</summary>
    internal static bool IsSpace(char c) => c switch
    {
        ' ' or '\t' or '\n' or '\v' or '\f' or '\r' or '\u0085' or '\u00a0' => true,
        < '\u1680' => false,
        _ => char.GetUnicodeCategory(c) is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator,
    };

    /// <summary>Go's <c>strings.TrimSpace</c>.</summary>
    internal static ReadOnlySpan<char> Trim(ReadOnlySpan<char> text)
    {
        int start = 0, end = text.Length;
        while (start < end && IsSpace(text[start]))
            start++;
        while (end > start && IsSpace(text[end - 1]))
            end--;
        return text[start..end];
    }

    /// <summary>Helm's <c>sanitizeString</c>: white space becomes U+0020, and what cannot be printed goes.</summary>
    internal static string Sanitize(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return text;
        var clean = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.IsBmp && IsSpace((char)rune.Value))
                clean.Append(' ');
            else if (GoQuote.IsPrintable(rune))
                clean.Append(rune.ToString());
        }

        return clean.ToString();
    }
}
