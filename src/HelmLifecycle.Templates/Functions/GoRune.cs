using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace HelmLifecycle.Templates;

/// <summary>
/// Go's <c>unicode</c> package: the simple case mappings and the classes of characters; and walking a string of
/// <see cref="GoString"/> form by Go's characters.
/// </summary>
internal static class GoRune
{
    /// <summary>What Go decodes a byte to that is not UTF-8.</summary>
    public const int Error = 0xFFFD;

    /// <summary>The character that starts at an index, and how many UTF-16 units it takes. An escaped byte is <see cref="Error"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int At(ReadOnlySpan<char> text, int index, out int width)
    {
        char c = text[index];
        width = 1;
        return char.IsSurrogate(c) ? Surrogate(text, index, ref width) : c;
    }

    private static int Surrogate(ReadOnlySpan<char> text, int index, ref int width)
    {
        if (char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
        {
            width = 2;
            return char.ConvertToUtf32(text[index], text[index + 1]);
        }

        return Error;
    }

    /// <summary>Whether the unit at an index is an escaped byte, not a character.</summary>
    public static bool IsByte(ReadOnlySpan<char> text, int index) =>
        text[index] is >= '\uDC00' and <= '\uDCFF' && (index == 0 || !char.IsHighSurrogate(text[index - 1]));

    /// <summary>Appends a character.</summary>
    public static void AppendRune(this StringBuilder builder, int rune)
    {
        if (rune < 0x10000)
            builder.Append((char)rune);
        else
            builder.Append(char.ConvertFromUtf32(rune));
    }

    public static int ToUpper(int r)
    {
        if (r < 0x80)
            return r is >= 'a' and <= 'z' ? r - 32 : r;
        return r switch
        {
            0x131 => 'I',
            0x17F => 'S',
            0xB5 => 0x39C,
            _ => IsFixed(r) ? r : Rune.ToUpperInvariant(new Rune(r)).Value,
        };
    }

    public static int ToLower(int r)
    {
        if (r < 0x80)
            return r is >= 'A' and <= 'Z' ? r + 32 : r;
        return r switch
        {
            0x130 => 'i',
            0x2126 => 0x3C9,
            0x212A => 'k',
            0x212B => 0xE5,
            0x1E9E => 0xDF,
            _ => IsFixed(r) ? r : Rune.ToLowerInvariant(new Rune(r)).Value,
        };
    }

    // Surrogates, and the letters that got another case with Unicode 16: Go has the tables of Unicode 15.
    private static bool IsFixed(int r) => r is (>= 0xD800 and < 0xE000) or 0x19B or 0x264 or 0x1C89 or 0x1C8A
        or (>= 0xA7CB and <= 0xA7CD) or (>= 0xA7DA and <= 0xA7DC) or (>= 0x10D50 and <= 0x10D85);

    /// <summary>Title case: upper case but for the few characters that have a form of their own.</summary>
    public static int ToTitle(int r) => r switch
    {
        0x1C4 or 0x1C5 or 0x1C6 => 0x1C5,
        0x1C7 or 0x1C8 or 0x1C9 => 0x1C8,
        0x1CA or 0x1CB or 0x1CC => 0x1CB,
        0x1F1 or 0x1F2 or 0x1F3 => 0x1F2,
        (>= 0x10D0 and <= 0x10FA) or (>= 0x10FD and <= 0x10FF) => r,
        _ => ToUpper(r),
    };

    public static bool IsSpace(int r) => r switch
    {
        '\t' or '\n' or '\v' or '\f' or '\r' or ' ' or 0x85 or 0xA0 or 0x1680 or 0x2028 or 0x2029 or 0x202F or 0x205F or 0x3000 => true,
        _ => r is >= 0x2000 and <= 0x200A,
    };

    public static UnicodeCategory Category(int r) => CharUnicodeInfo.GetUnicodeCategory(r);

    public static bool IsUpper(int r) => r < 0x80 ? r is >= 'A' and <= 'Z' : Category(r) == UnicodeCategory.UppercaseLetter;

    public static bool IsLower(int r) => r < 0x80 ? r is >= 'a' and <= 'z' : Category(r) == UnicodeCategory.LowercaseLetter;

    public static bool IsTitle(int r) => Category(r) == UnicodeCategory.TitlecaseLetter;

    public static bool IsLetter(int r) => Category(r) <= UnicodeCategory.OtherLetter;

    public static bool IsDigit(int r) => Category(r) == UnicodeCategory.DecimalDigitNumber;

    public static bool IsNumber(int r) =>
        Category(r) is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    public static bool IsPunctuation(int r) =>
        Category(r) is >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation;

    /// <summary>The next character that is the same but for case; going on, one comes round to the first again.</summary>
    public static int SimpleFold(int r)
    {
        foreach (string orbit in LongOrbits)
        {
            int at = IndexOfRune(orbit, r);
            if (at >= 0)
                return orbit[(at + 1) % orbit.Length];
        }

        if (r is 0x130 or 0x131)
            return r;
        int lower = ToLower(r);
        return lower != r ? lower : ToUpper(r);
    }

    private static int IndexOfRune(string orbit, int r) => r < 0x10000 ? orbit.IndexOf((char)r) : -1;

    // Those with more than an upper and a lower form, or whose forms are not each other's mapping; each in ascending order.
    private static readonly string[] LongOrbits =
    [
        "Kk\u212A", "Ss\u017F", "\u00B5\u039C\u03BC", "\u00C5\u00E5\u212B", "\u00DF\u1E9E", "\u01C4\u01C5\u01C6", "\u01C7\u01C8\u01C9",
        "\u01CA\u01CB\u01CC", "\u01F1\u01F2\u01F3", "\u0345\u0399\u03B9\u1FBE", "\u0392\u03B2\u03D0", "\u0395\u03B5\u03F5",
        "\u0398\u03B8\u03D1\u03F4", "\u039A\u03BA\u03F0", "\u03A0\u03C0\u03D6", "\u03A1\u03C1\u03F1", "\u03A3\u03C2\u03C3",
        "\u03A6\u03C6\u03D5", "\u03A9\u03C9\u2126", "\u0412\u0432\u1C80", "\u0414\u0434\u1C81", "\u041E\u043E\u1C82",
        "\u0421\u0441\u1C83", "\u0422\u0442\u1C84\u1C85", "\u042A\u044A\u1C86", "\u0462\u0463\u1C87", "\u1C88\uA64A\uA64B",
        "\u1E60\u1E61\u1E9B",
    ];
}
