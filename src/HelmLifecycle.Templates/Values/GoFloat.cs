using System.Globalization;

namespace HelmLifecycle.Templates;

/// <summary>Floating point numbers as Go's <c>strconv</c> writes and reads them.</summary>
internal static class GoFloat
{
    /// <summary>No text made here is longer.</summary>
    public const int MaxLength = 32;

    /// <summary><c>FormatFloat(value, 'g', -1, 64)</c>: the fewest digits; an exponent below 1e-4 and from 1e6 on.</summary>
    public static string Format(double value)
    {
        Span<char> text = stackalloc char[MaxLength];
        return text[..WriteGeneral(value, text)].ToString();
    }

    /// <summary><c>FormatFloat(value, 'g', -1, 32)</c>: as <see cref="Format"/>, in single precision.</summary>
    public static string FormatSingle(double value)
    {
        float single = (float)value;
        if (!float.IsFinite(single))
            return Special(single);
        Span<char> raw = stackalloc char[MaxLength];
        single.TryFormat(raw, out int length, "R", CultureInfo.InvariantCulture);
        Span<char> text = stackalloc char[MaxLength];
        return text[..LayOut(raw[..length], text, static (point, _) => point - 1 is < -4 or >= 6)].ToString();
    }

    /// <summary>Writes what <c>FormatFloat(value, 'g', -1, 64)</c> gives.</summary>
    /// <returns>The length.</returns>
    public static int WriteGeneral(double value, Span<char> destination)
    {
        if (!double.IsFinite(value))
        {
            string special = Special(value);
            special.CopyTo(destination);
            return special.Length;
        }

        Span<char> raw = stackalloc char[MaxLength];
        value.TryFormat(raw, out int length, "R", CultureInfo.InvariantCulture);
        return LayOut(raw[..length], destination, static (point, _) => point - 1 is < -4 or >= 6);
    }

    /// <summary>Writes a finite number as <c>encoding/json</c> does: with an exponent only below 1e-6 and from 1e21 on.</summary>
    /// <returns>The length.</returns>
    public static int WriteJson(double value, Span<char> destination)
    {
        // Most numbers are small and whole.
        if (value == Math.Truncate(value) && Math.Abs(value) < 1e15 && !(value == 0 && double.IsNegative(value)))
        {
            ((long)value).TryFormat(destination, out int written, default, CultureInfo.InvariantCulture);
            return written;
        }

        Span<char> raw = stackalloc char[MaxLength];
        value.TryFormat(raw, out int length, "R", CultureInfo.InvariantCulture);
        double size = Math.Abs(value);
        bool exponent = size != 0 && (size < 1e-6 || size >= 1e21);
        length = LayOut(raw[..length], destination, (_, _) => exponent);
        // encoding/json writes e-09 as e-9.
        if (exponent && length >= 4 && destination[length - 4] == 'e' && destination[length - 3] == '-' && destination[length - 2] == '0')
        {
            destination[length - 2] = destination[length - 1];
            length--;
        }

        return length;
    }

    private static string Special(double value) => double.IsNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";

    // Takes the shortest digits apart that .NET wrote (-123.45 or -1.2345E+21) and puts them together in Go's way.
    private static int LayOut(ReadOnlySpan<char> raw, Span<char> destination, Func<int, int, bool> useExponent)
    {
        Span<char> digits = stackalloc char[MaxLength];
        int count = 0;
        int point = 0;
        bool pointSeen = false;
        int exponent = 0;
        int at = 0;
        int length = 0;
        if (raw[0] == '-')
        {
            destination[length++] = '-';
            at = 1;
        }

        for (; at < raw.Length; at++)
        {
            char c = raw[at];
            if (c == '.')
            {
                pointSeen = true;
            }
            else if (c == 'E')
            {
                exponent = int.Parse(raw[(at + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
                break;
            }
            else
            {
                if (count > 0 || c != '0')
                    digits[count++] = c;
                else if (pointSeen)
                    point--;
                if (!pointSeen && count > 0)
                    point++;
            }
        }

        point += exponent;
        while (count > 0 && digits[count - 1] == '0')
            count--;
        if (count == 0)
        {
            destination[length++] = '0';
            return length;
        }

        if (useExponent(point, count))
        {
            destination[length++] = digits[0];
            if (count > 1)
            {
                destination[length++] = '.';
                digits[1..count].CopyTo(destination[length..]);
                length += count - 1;
            }

            int power = point - 1;
            destination[length++] = 'e';
            destination[length++] = power < 0 ? '-' : '+';
            power = Math.Abs(power);
            if (power < 10)
                destination[length++] = '0';
            power.TryFormat(destination[length..], out int written, default, CultureInfo.InvariantCulture);
            return length + written;
        }

        if (point <= 0)
        {
            destination[length++] = '0';
            destination[length++] = '.';
            destination.Slice(length, -point).Fill('0');
            length -= point;
            digits[..count].CopyTo(destination[length..]);
            return length + count;
        }

        for (int i = 0; i < Math.Max(point, count); i++)
        {
            if (i == point)
                destination[length++] = '.';
            destination[length++] = i < count ? digits[i] : '0';
        }

        return length;
    }
}
