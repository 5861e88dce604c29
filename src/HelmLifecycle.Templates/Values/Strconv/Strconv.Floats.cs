using System.Buffers;
using System.Globalization;
using System.Numerics;

namespace HelmLifecycle.Templates;

internal static partial class Strconv
{
    /// <summary>A floating point number as Go's <c>%v</c> prints it: shortest digits, with an exponent below 1e-4 and from 1e+06 on.</summary>
    internal static string FormatFloat(double value) => FormatFloat(value, 'g', -1);

    /// <summary>Go's <c>strconv.FormatFloat(value, format, precision, 64)</c>.</summary>
    /// <param name="value">The number.</param>
    /// <param name="format">One of e E f F g G b x X.</param>
    /// <param name="precision">Digits after the point (e, f, x) or significant ones (g); -1 for as few as needed.</param>
    internal static string FormatFloat(double value, char format, int precision)
    {
        var buffer = new TextBuffer(32);
        AppendFloat(buffer, value, format, precision);
        return buffer.ToString();
    }

    internal static void AppendFloat(TextBuffer buffer, double value, char format, int precision)
    {
        if (double.IsNaN(value))
        {
            buffer.Append("NaN");
            return;
        }

        if (double.IsInfinity(value))
        {
            buffer.Append(value > 0 ? "+Inf" : "-Inf");
            return;
        }

        switch (format)
        {
            case 'b':
                AppendBinaryExponent(buffer, value);
                return;
            case 'x' or 'X':
                AppendHexFloat(buffer, value, format, precision);
                return;
        }

        if (double.IsNegative(value))
            buffer.Append('-');
        Span<char> shortest = stackalloc char[32];
        scoped ReadOnlySpan<char> digits;
        int point;
        bool isShortest = precision < 0;
        if (isShortest)
        {
            digits = ShortestDigits(Math.Abs(value), shortest, out point);
            precision = format switch
            {
                'e' or 'E' => digits.Length - 1,
                'f' or 'F' => Math.Max(digits.Length - point, 0),
                _ => digits.Length,
            };
        }
        else
        {
            string exact = ExactDigits(Math.Abs(value), out point);
            int keep = format switch
            {
                'e' or 'E' => precision + 1,
                'f' or 'F' => point + precision,
                _ => precision == 0 ? precision = 1 : precision,
            };
            digits = RoundDigits(exact, keep, ref point);
        }

        switch (format)
        {
            case 'e' or 'E':
                AppendExponential(buffer, digits, point, precision, format);
                return;
            case 'f' or 'F':
                AppendFixed(buffer, digits, point, precision);
                return;
        }

        int exponentPrecision = precision;
        if (exponentPrecision > digits.Length && digits.Length >= point)
            exponentPrecision = digits.Length;
        // The exponent form is taken below 1e-4 and from the precision on, which counts as 6 for the shortest form.
        if (isShortest)
            exponentPrecision = 6;
        int exponent = point - 1;
        if (exponent < -4 || exponent >= exponentPrecision)
        {
            precision = Math.Min(precision, digits.Length);
            AppendExponential(buffer, digits, point, precision - 1, format == 'g' ? 'e' : 'E');
            return;
        }

        if (precision > point)
            precision = digits.Length;
        AppendFixed(buffer, digits, point, Math.Max(precision - point, 0));
    }

    private static void AppendExponential(TextBuffer buffer, ReadOnlySpan<char> digits, int point, int precision, char e)
    {
        buffer.Append(digits.IsEmpty ? '0' : digits[0]);
        if (precision > 0)
        {
            buffer.Append('.');
            int given = Math.Min(digits.Length, precision + 1);
            if (given > 1)
                buffer.Append(digits[1..given]);
            buffer.Append('0', precision - Math.Max(given - 1, 0));
        }

        int exponent = digits.IsEmpty || digits[0] == '0' ? 0 : point - 1;
        buffer.Append(e);
        buffer.Append(exponent < 0 ? '-' : '+');
        exponent = Math.Abs(exponent);
        if (exponent < 10)
            buffer.Append('0');
        buffer.Append(exponent);
    }

    private static void AppendFixed(TextBuffer buffer, ReadOnlySpan<char> digits, int point, int precision)
    {
        if (point > 0)
        {
            int whole = Math.Min(digits.Length, point);
            buffer.Append(digits[..whole]);
            buffer.Append('0', point - whole);
        }
        else
        {
            buffer.Append('0');
        }

        if (precision <= 0)
            return;
        buffer.Append('.');
        for (int i = 0; i < precision; i++)
        {
            int at = point + i;
            buffer.Append(at >= 0 && at < digits.Length ? digits[at] : '0');
        }
    }

    // The fewest digits that read back as the same number; the decimal point stands before digit number `point`.
    private static ReadOnlySpan<char> ShortestDigits(double value, Span<char> buffer, out int point)
    {
        Span<char> text = stackalloc char[32];
        value.TryFormat(text, out int length, "E16", CultureInfo.InvariantCulture);
        if (value == 0)
        {
            buffer[0] = '0';
            point = 1;
            return buffer[..1];
        }

        value.TryFormat(text, out length, "R", CultureInfo.InvariantCulture);
        ReadOnlySpan<char> form = text[..length];
        int exponent = 0;
        int e = form.IndexOf('E');
        if (e >= 0)
        {
            exponent = int.Parse(form[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            form = form[..e];
        }

        int dot = form.IndexOf('.');
        point = (dot < 0 ? form.Length : dot) + exponent;
        int count = 0;
        foreach (char c in form)
        {
            if (c != '.')
                buffer[count++] = c;
        }

        int leading = 0;
        while (leading < count - 1 && buffer[leading] == '0')
            leading++;
        point -= leading;
        while (count > leading + 1 && buffer[count - 1] == '0')
            count--;
        return buffer[leading..count];
    }

    // All digits of the number, of which a double has at most 767 that matter.
    private static string ExactDigits(double value, out int point)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> 52) & 0x7FF);
        long mantissa = bits & 0xFFFFFFFFFFFFF;
        if (exponent == 0)
            exponent++;
        else
            mantissa |= 1L << 52;
        exponent -= 1075;
        if (mantissa == 0)
        {
            point = 0;
            return "";
        }

        string digits;
        if (exponent >= 0)
        {
            digits = ((BigInteger)mantissa << exponent).ToString(CultureInfo.InvariantCulture);
            point = digits.Length;
        }
        else
        {
            digits = (mantissa * BigInteger.Pow(5, -exponent)).ToString(CultureInfo.InvariantCulture);
            point = digits.Length + exponent;
        }

        return digits.TrimEnd('0');
    }

    // Half to even, on exact digits.
    private static ReadOnlySpan<char> RoundDigits(string digits, int keep, ref int point)
    {
        if (keep < 0)
        {
            point = 0;
            return "";
        }

        if (keep >= digits.Length)
            return digits;
        bool up = digits[keep] > '5'
            || (digits[keep] == '5' && (keep + 1 < digits.Length || (keep > 0 && (digits[keep - 1] - '0') % 2 == 1)));
        char[] kept = digits[..keep].ToCharArray();
        int count = keep;
        if (up)
        {
            while (count > 0 && kept[count - 1] == '9')
                count--;
            if (count == 0)
            {
                point++;
                return "1";
            }

            kept[count - 1]++;
        }

        while (count > 0 && kept[count - 1] == '0')
            count--;
        if (count == 0)
            point = 0;
        return kept.AsSpan(0, count);
    }

    private static void AppendBinaryExponent(TextBuffer buffer, double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> 52) & 0x7FF);
        long mantissa = bits & 0xFFFFFFFFFFFFF;
        if (exponent == 0)
            exponent++;
        else
            mantissa |= 1L << 52;
        exponent -= 1075;
        if (bits < 0)
            buffer.Append('-');
        buffer.Append(mantissa);
        buffer.Append('p');
        if (exponent >= 0)
            buffer.Append('+');
        buffer.Append(exponent);
    }

    private static void AppendHexFloat(TextBuffer buffer, double value, char format, int precision)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> 52) & 0x7FF);
        ulong mantissa = (ulong)bits & 0xFFFFFFFFFFFFF;
        if (exponent == 0)
            exponent++;
        else
            mantissa |= 1UL << 52;
        exponent -= 1023;
        if (mantissa == 0)
            exponent = 0;
        // The leading 1 (if any) goes to bit 60.
        mantissa <<= 60 - 52;
        while (mantissa != 0 && (mantissa & (1UL << 60)) == 0)
        {
            mantissa <<= 1;
            exponent--;
        }

        if (precision is >= 0 and < 15)
        {
            int shift = precision * 4;
            ulong extra = (mantissa << shift) & ((1UL << 60) - 1);
            mantissa >>= 60 - shift;
            if ((extra | (mantissa & 1)) > 1UL << 59)
                mantissa++;
            mantissa <<= 60 - shift;
            if ((mantissa & (1UL << 61)) != 0)
            {
                mantissa >>= 1;
                exponent++;
            }
        }

        bool upper = format == 'X';
        if (bits < 0)
            buffer.Append('-');
        buffer.Append(upper ? "0X" : "0x");
        buffer.Append((char)('0' + ((mantissa >> 60) & 1)));
        mantissa <<= 4;
        if ((precision < 0 && mantissa != 0) || precision > 0)
        {
            buffer.Append('.');
            for (int i = 0; precision < 0 ? mantissa != 0 : i < precision; i++)
            {
                char digit = LowerHex[(int)((mantissa >> 60) & 15)];
                buffer.Append(upper ? char.ToUpperInvariant(digit) : digit);
                mantissa <<= 4;
            }
        }

        buffer.Append(upper ? 'P' : 'p');
        buffer.Append(exponent < 0 ? '-' : '+');
        exponent = Math.Abs(exponent);
        if (exponent < 10)
            buffer.Append('0');
        buffer.Append(exponent);
    }
}
