using System.Globalization;
using System.Text;

namespace HelmLifecycle.Charts;

/// <summary>Text as Go's <c>%q</c> writes it, for error messages.</summary>
internal static class GoQuote
{
    internal static string String(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (Rune rune in text.EnumerateRunes())
            Append(quoted, rune, '"');
        return quoted.Append('"').ToString();
    }

    /// <summary>A slice of runes: <c>['a' 'b']</c>.</summary>
    internal static string Runes(string text)
    {
        var quoted = new StringBuilder("[");
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (quoted.Length > 1)
                quoted.Append(' ');
            quoted.Append('\'');
            Append(quoted, rune, '\'');
            quoted.Append('\'');
        }

        return quoted.Append(']').ToString();
    }

    private static void Append(StringBuilder quoted, Rune rune, char quote)
    {
        if (rune.Value == quote || rune.Value == '\\')
            quoted.Append('\\').Append(rune);
        else if (IsPrintable(rune))
            quoted.Append(rune);
        else
            quoted.Append(Escape(rune.Value));
    }

    private static string Escape(int value) => value switch
    {
        '\a' => @"\a",
        '\b' => @"\b",
        '\f' => @"\f",
        '\n' => @"\n",
        '\r' => @"\r",
        '\t' => @"\t",
        '\v' => @"\v",
        < ' ' or 0x7f => $@"\x{value:x2}",
        < 0x10000 => $@"\u{value:x4}",
        _ => $@"\U{value:x8}",
    };

    /// <summary>Go's <c>unicode.IsPrint</c>: letters, marks, numbers, punctuation, symbols and the space U+0020.</summary>
    internal static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator);
}
