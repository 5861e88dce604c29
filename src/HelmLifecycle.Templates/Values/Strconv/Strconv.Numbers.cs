using System.Globalization;
using System.Numerics;

namespace HelmLifecycle.Templates;

internal static partial class Strconv
{
    /// <summary>Reads a signed integer as Go's ParseInt with base 0: prefixes 0x, 0o, 0b, 0 and underscores.</summary>
    /// <returns><see langword="false"/> when it is none, or does not fit into 64 bits.</returns>
    internal static bool TryParseInt(ReadOnlySpan<char> text, out long value)
    {
        value = 0;
        bool negative = false;
        if (!text.IsEmpty && text[0] is '+' or '-')
        {
            negative = text[0] == '-';
            text = text[1..];
        }

        if (!TryParseUint(text, out ulong magnitude) || magnitude > (negative ? 1UL << 63 : long.MaxValue))
            return false;
        value = negative ? unchecked(-(long)magnitude) : (long)magnitude;
        return true;
    }

    /// <summary>Reads an unsigned integer as Go's ParseUint with base 0.</summary>
    internal static bool TryParseUint(ReadOnlySpan<char> text, out ulong value)
    {
        value = 0;
        if (text.IsEmpty)
            return false;
        ReadOnlySpan<char> digits = text;
        uint radix = 10;
        if (digits[0] == '0')
        {
            char prefix = digits.Length > 2 ? char.ToLowerInvariant(digits[1]) : '\0';
            radix = prefix switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 0 };
            if (radix != 0)
            {
                digits = digits[2..];
            }
            else
            {
                radix = 8;
                digits = digits[1..];
            }
        }

        bool underscores = false;
        foreach (char c in digits)
        {
            if (c == '_')
            {
                underscores = true;
                continue;
            }

            int digit = HexDigit(c);
            if (digit < 0 || digit >= radix)
                return false;
            UInt128 next = ((UInt128)value * radix) + (uint)digit;
            if (next > ulong.MaxValue)
                return false;
            value = (ulong)next;
        }

        return !underscores || UnderscoresAreFine(text);
    }

    /// <summary>Reads a floating point number as Go's ParseFloat does; false when it is none or too large.</summary>
    internal static bool TryParseFloat(ReadOnlySpan<char> text, out double value)
    {
        value = 0;
        ReadOnlySpan<char> unsigned = text;
        if (!unsigned.IsEmpty && unsigned[0] is '+' or '-')
            unsigned = unsigned[1..];
        bool negative = text.Length != unsigned.Length && text[0] == '-';
        if (unsigned.IsEmpty)
            return false;
        if (unsigned.Equals("inf", StringComparison.OrdinalIgnoreCase) || unsigned.Equals("infinity", StringComparison.OrdinalIgnoreCase))
        {
            value = negative ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }

        if (unsigned.Equals("nan", StringComparison.OrdinalIgnoreCase))
        {
            value = double.NaN;
            return text.Length == unsigned.Length;
        }

        if (unsigned.Contains('_'))
        {
            if (!UnderscoresAreFine(unsigned))
                return false;
            unsigned = unsigned.ToString().Replace("_", "", StringComparison.Ordinal);
        }

        if (unsigned.Length > 2 && unsigned[0] == '0' && unsigned[1] is 'x' or 'X')
        {
            if (!TryParseHexFloat(unsigned[2..], out value))
                return false;
        }
        else if (!IsDecimalFloat(unsigned)
            || !double.TryParse(unsigned, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value))
        {
            return false;
        }

        if (negative)
            value = -value;
        return !double.IsInfinity(value);
    }

    private static bool IsDecimalFloat(ReadOnlySpan<char> text)
    {
        int i = 0, digits = 0;
        for (; i < text.Length && char.IsAsciiDigit(text[i]); i++)
            digits++;
        if (i < text.Length && text[i] == '.')
        {
            for (i++; i < text.Length && char.IsAsciiDigit(text[i]); i++)
                digits++;
        }

        if (digits == 0)
            return false;
        if (i == text.Length)
            return true;
        if (text[i] is not ('e' or 'E'))
            return false;
        i++;
        if (i < text.Length && text[i] is '+' or '-')
            i++;
        return i < text.Length && !text[i..].ContainsAnyExceptInRange('0', '9');
    }

    private static bool TryParseHexFloat(ReadOnlySpan<char> text, out double value)
    {
        value = 0;
        BigInteger mantissa = BigInteger.Zero;
        long exponent = 0;
        int digits = 0, i = 0;
        bool point = false;
        for (; i < text.Length; i++)
        {
            if (text[i] == '.' && !point)
            {
                point = true;
                continue;
            }

            int digit = HexDigit(text[i]);
            if (digit < 0)
                break;
            digits++;
            if (digits > 4096)
                return false;
            mantissa = (mantissa << 4) + digit;
            if (point)
                exponent -= 4;
        }

        if (digits == 0 || i >= text.Length || text[i] is not ('p' or 'P'))
            return false;
        ReadOnlySpan<char> power = text[(i + 1)..];
        if (!int.TryParse(power, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int p))
            return false;
        exponent += p;
        if (mantissa.IsZero)
            return true;
        // Keep 64 bits and a sticky one, so that the last rounding is that of the conversion.
        long excess = mantissa.GetBitLength() - 64;
        if (excess > 0)
        {
            bool sticky = !(mantissa & ((BigInteger.One << (int)excess) - 1)).IsZero;
            mantissa >>= (int)excess;
            if (sticky)
                mantissa |= 1;
            exponent += excess;
        }

        value = Math.ScaleB((double)(ulong)mantissa, (int)Math.Clamp(exponent, -5000, 5000));
        return !double.IsInfinity(value);
    }

    // Underscores must separate digits, plus one is fine after a base prefix.
    private static bool UnderscoresAreFine(ReadOnlySpan<char> text)
    {
        char last = '^';
        int i = 0;
        if (!text.IsEmpty && text[0] is '+' or '-')
            text = text[1..];
        bool hex = false;
        if (text.Length >= 2 && text[0] == '0' && char.ToLowerInvariant(text[1]) is 'b' or 'o' or 'x')
        {
            i = 2;
            last = '0';
            hex = text[1] is 'x' or 'X';
        }

        for (; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsAsciiDigit(c) || (hex && char.IsAsciiHexDigit(c)))
            {
                last = '0';
            }
            else if (c == '_')
            {
                if (last != '0')
                    return false;
                last = '_';
            }
            else
            {
                if (last == '_')
                    return false;
                last = '!';
            }
        }

        return last != '_';
    }

    private static int HexDigit(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'A' and <= 'F' => c - 'A' + 10,
        >= 'a' and <= 'f' => c - 'a' + 10,
        _ => -1,
    };
}
