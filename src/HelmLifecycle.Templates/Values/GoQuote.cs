using System.Globalization;
using System.Text;

namespace HelmLifecycle.Templates;

/// <summary>Go's <c>strconv.Quote</c>, that is <c>%q</c> of a string.</summary>
internal static class GoQuote
{
    /// <summary>The quoted text.</summary>
    public static string Quote(string text)
    {
        var to = new StringBuilder(text.Length + 2);
        Append(to, text);
        return to.ToString();
    }

    /// <summary>Appends the quoted text.</summary>
    public static void Append(StringBuilder to, ReadOnlySpan<char> text)
    {
        to.Append('"');
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out Rune rune, out int used) != System.Buffers.OperationStatus.Done)
            {
                if (text[0] is >= '\uDC00' and <= '\uDCFF')
                    to.Append(CultureInfo.InvariantCulture, $"\\x{text[0] - 0xDC00:x2}");
                else
                    to.Append('\uFFFD');
            }
            else
            {
                Append(to, rune);
            }

            text = text[used..];
        }

        to.Append('"');
    }

    private static void Append(StringBuilder to, Rune rune)
    {
        switch (rune.Value)
        {
            case '"': to.Append("\\\""); return;
            case '\\': to.Append("\\\\"); return;
            case '\a': to.Append("\\a"); return;
            case '\b': to.Append("\\b"); return;
            case '\f': to.Append("\\f"); return;
            case '\n': to.Append("\\n"); return;
            case '\r': to.Append("\\r"); return;
            case '\t': to.Append("\\t"); return;
            case '\v': to.Append("\\v"); return;
        }

        if (IsPrintable(rune))
            to.Append(rune.ToString());
        else if (rune.Value is < ' ' or 0x7F)
            to.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}");
        else if (rune.Value < 0x10000)
            to.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
        else
            to.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}");
    }

    /// <summary>Go's <c>unicode.IsPrint</c>.</summary>
    public static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator);
}
