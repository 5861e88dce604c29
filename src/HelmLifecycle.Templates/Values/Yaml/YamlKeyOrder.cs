using System.Globalization;
using System.Text;

namespace HelmLifecycle.Templates;

/// <summary>
/// The order in which go-yaml writes the keys of a map: runs of digits by their number, other characters before letters, letters by
/// code point. Version 3 puts letters first where a digit goes before.
/// </summary>
internal sealed class YamlKeyOrder : IComparer<KeyValuePair<string, GoValue>>
{
    private readonly bool _lettersFirstAfterDigit;

    private YamlKeyOrder(bool lettersFirstAfterDigit) => _lettersFirstAfterDigit = lettersFirstAfterDigit;

    public static YamlKeyOrder Version2 { get; } = new(lettersFirstAfterDigit: false);

    public static YamlKeyOrder Version3 { get; } = new(lettersFirstAfterDigit: true);

    public int Compare(KeyValuePair<string, GoValue> x, KeyValuePair<string, GoValue> y) => Compare(x.Key, y.Key);

    private int Compare(string x, string y)
    {
        int at = x.AsSpan().CommonPrefixLength(y);
        if (at == x.Length || at == y.Length)
            return x.Length - y.Length;
        if (at > 0 && char.IsHighSurrogate(x[at - 1]))
            at--;
        int a = CodePoint(x, at);
        int b = CodePoint(y, at);
        bool aLetter = IsLetter(a);
        bool bLetter = IsLetter(b);
        if (aLetter && bLetter)
            return a - b;
        if (aLetter || bLetter)
            return bLetter != (_lettersFirstAfterDigit && at > 0 && IsDigit(x[at - 1])) ? -1 : 1;

        long aNumber = 0;
        long bNumber = 0;
        if (a == '0' || b == '0')
        {
            // Zeros inside a number count; those in front do not.
            for (int i = at - 1; i >= 0 && IsDigit(x[i]); i--)
            {
                if (x[i] != '0')
                {
                    aNumber = bNumber = 1;
                    break;
                }
            }
        }

        int aEnd = ReadDigits(x, at, ref aNumber);
        int bEnd = ReadDigits(y, at, ref bNumber);
        if (aNumber != bNumber)
            return aNumber.CompareTo(bNumber);
        return aEnd != bEnd ? aEnd - bEnd : a - b;
    }

    private static int ReadDigits(string text, int at, ref long number)
    {
        while (at < text.Length && IsDigit(text[at]))
            number = unchecked(number * 10 + (text[at++] - '0'));
        return at;
    }

    private static bool IsDigit(char c) => c < 0x80 ? char.IsAsciiDigit(c) : char.IsDigit(c);

    private static bool IsLetter(int c) =>
        c < 0x80 ? char.IsAsciiLetter((char)c) : Rune.IsValid(c) && Rune.GetUnicodeCategory(new Rune(c)) is <= UnicodeCategory.OtherLetter;

    private static int CodePoint(string text, int at) =>
        at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? char.ConvertToUtf32(text[at], text[at + 1]) : text[at];
}
