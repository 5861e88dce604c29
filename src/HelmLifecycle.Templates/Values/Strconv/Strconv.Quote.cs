using System.Globalization;
using System.Text;

namespace HelmLifecycle.Templates;

/// <summary>Go's text forms of strings, characters and numbers, as its package strconv reads and writes them.</summary>
internal static partial class Strconv
{
    private const string LowerHex = "0123456789abcdef";

    /// <summary>A quoted Go string literal: <c>%q</c>.</summary>
    internal static string Quote(ReadOnlySpan<char> text)
    {
        var buffer = new TextBuffer(text.Length + 16);
        AppendQuoted(buffer, text, '"', false);
        return buffer.ToString();
    }

    /// <summary>Appends a quoted Go literal.</summary>
    internal static void AppendQuoted(TextBuffer buffer, ReadOnlySpan<char> text, char quote, bool asciiOnly)
    {
        buffer.Append(quote);
        while (!text.IsEmpty)
        {
            int plain = 0;
            while (plain < text.Length && text[plain] is >= ' ' and < '\x7f' and not '\\' && text[plain] != quote)
                plain++;
            buffer.Append(text[..plain]);
            text = text[plain..];
            if (text.IsEmpty)
                break;
            int rune = DecodeRune(text, out int width, out byte invalid);
            if (rune < 0)
                AppendHexByte(buffer, invalid);
            else
                AppendEscapedRune(buffer, rune, text[..width], quote, asciiOnly);
            text = text[width..];
        }

        buffer.Append(quote);
    }

    /// <summary>Appends a character literal in single quotes.</summary>
    internal static void AppendQuotedRune(TextBuffer buffer, long rune, bool asciiOnly)
    {
        int valid = Rune.IsValid((int)Math.Clamp(rune, int.MinValue, int.MaxValue)) ? (int)rune : 0xFFFD;
        Span<char> chars = stackalloc char[2];
        int width = new Rune(valid).EncodeToUtf16(chars);
        buffer.Append('\'');
        AppendEscapedRune(buffer, valid, chars[..width], '\'', asciiOnly);
        buffer.Append('\'');
    }

    /// <summary>Whether text may stand in back quotes: no control characters but the tab, no back quote, no bad bytes.</summary>
    internal static bool CanBackquote(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (c is < ' ' and not '\t' or '`' or '\x7f' or '\uFEFF')
                return false;
        }

        return !GoString.HasInvalidBytes(text);
    }

    /// <summary>Go's <c>unicode.IsPrint</c>.</summary>
    internal static bool IsPrint(int rune)
    {
        if (rune < 0x7f)
            return rune >= ' ';
        if (!Rune.IsValid(rune))
            return false;
        return Rune.GetUnicodeCategory(new Rune(rune)) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.DecimalDigitNumber
                or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber or UnicodeCategory.ConnectorPunctuation
                or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation
                or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation
                or UnicodeCategory.OtherPunctuation or UnicodeCategory.MathSymbol or UnicodeCategory.CurrencySymbol
                or UnicodeCategory.ModifierSymbol or UnicodeCategory.OtherSymbol => true,
            _ => false,
        };
    }

    /// <summary>
    /// The first character of a text, and how many chars it takes; -1 and the byte when it is a byte that is no UTF-8.
    /// </summary>
    internal static int DecodeRune(ReadOnlySpan<char> text, out int width, out byte invalid)
    {
        invalid = 0;
        width = 1;
        char c = text[0];
        if (!char.IsSurrogate(c))
            return c;
        if (text.Length > 1 && char.IsSurrogatePair(c, text[1]))
        {
            width = 2;
            return char.ConvertToUtf32(c, text[1]);
        }

        if (c is >= '\uDC00' and <= '\uDCFF')
        {
            invalid = (byte)(c - '\uDC00');
            return -1;
        }

        return 0xFFFD;
    }

    private static void AppendHexByte(TextBuffer buffer, byte value)
    {
        buffer.Append("\\x");
        buffer.Append(LowerHex[value >> 4]);
        buffer.Append(LowerHex[value & 15]);
    }

    private static void AppendEscapedRune(TextBuffer buffer, int rune, ReadOnlySpan<char> chars, char quote, bool asciiOnly)
    {
        if (rune == quote || rune == '\\')
        {
            buffer.Append('\\');
            buffer.Append((char)rune);
            return;
        }

        if (asciiOnly ? rune < 0x80 && IsPrint(rune) : IsPrint(rune))
        {
            buffer.Append(chars);
            return;
        }

        switch (rune)
        {
            case '\a': buffer.Append("\\a"); break;
            case '\b': buffer.Append("\\b"); break;
            case '\f': buffer.Append("\\f"); break;
            case '\n': buffer.Append("\\n"); break;
            case '\r': buffer.Append("\\r"); break;
            case '\t': buffer.Append("\\t"); break;
            case '\v': buffer.Append("\\v"); break;
            case < ' ' or 0x7f:
                AppendHexByte(buffer, (byte)rune);
                break;
            case < 0x10000:
                buffer.Append("\\u");
                AppendHex(buffer, rune, 4);
                break;
            default:
                buffer.Append("\\U");
                AppendHex(buffer, rune, 8);
                break;
        }
    }

    private static void AppendHex(TextBuffer buffer, int value, int digits)
    {
        for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
            buffer.Append(LowerHex[(value >> shift) & 15]);
    }

    /// <summary>Reads a Go string literal with its quotes; null when it is none.</summary>
    internal static string? Unquote(ReadOnlySpan<char> literal)
    {
        if (literal.Length < 2 || literal[0] != literal[^1])
            return null;
        char quote = literal[0];
        ReadOnlySpan<char> body = literal[1..^1];
        if (quote == '`')
        {
            if (body.Contains('`'))
                return null;
            return body.Contains('\r') ? body.ToString().Replace("\r", "", StringComparison.Ordinal) : body.ToString();
        }

        if (quote != '"' || body.Contains('\n'))
            return null;
        if (body.IndexOfAny('\\', '"') < 0)
            return body.ToString();
        var text = new TextBuffer(body.Length);
        bool bytes = false;
        while (!body.IsEmpty)
        {
            if (body[0] == quote || !UnquoteChar(ref body, quote, out int rune, out bool isByte))
                return null;
            if (isByte && rune >= 0x80)
            {
                text.Append((char)('\uDC00' + rune));
                bytes = true;
            }
            else
            {
                text.AppendRune(rune);
            }
        }

        return bytes ? GoString.Normalize(text.ToString()) : text.ToString();
    }

    /// <summary>Reads one character of a literal, escaped or not.</summary>
    internal static bool UnquoteChar(ref ReadOnlySpan<char> text, char quote, out int rune, out bool isByte)
    {
        rune = 0;
        isByte = false;
        if (text.IsEmpty || text[0] == quote)
            return false;
        if (text[0] != '\\')
        {
            rune = DecodeRune(text, out int width, out byte invalid);
            if (rune < 0)
            {
                rune = invalid;
                isByte = true;
            }

            text = text[width..];
            return true;
        }

        if (text.Length < 2)
            return false;
        char escape = text[1];
        text = text[2..];
        switch (escape)
        {
            case 'a': rune = '\a'; return true;
            case 'b': rune = '\b'; return true;
            case 'f': rune = '\f'; return true;
            case 'n': rune = '\n'; return true;
            case 'r': rune = '\r'; return true;
            case 't': rune = '\t'; return true;
            case 'v': rune = '\v'; return true;
            case '\\': rune = '\\'; return true;
            case '\'' or '"':
                rune = escape;
                return escape == quote;
            case 'x':
                isByte = true;
                return ReadHex(ref text, 2, out rune);
            case 'u':
                return ReadHex(ref text, 4, out rune) && Rune.IsValid(rune);
            case 'U':
                return ReadHex(ref text, 8, out rune) && Rune.IsValid(rune);
            case >= '0' and <= '7':
                if (text.Length < 2 || text[0] is < '0' or > '7' || text[1] is < '0' or > '7')
                    return false;
                rune = ((escape - '0') * 64) + ((text[0] - '0') * 8) + (text[1] - '0');
                text = text[2..];
                isByte = true;
                return rune <= 255;
            default:
                return false;
        }
    }

    private static bool ReadHex(ref ReadOnlySpan<char> text, int digits, out int value)
    {
        value = 0;
        if (text.Length < digits || !int.TryParse(text[..digits], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value))
            return false;
        text = text[digits..];
        return true;
    }
}
