using System.Globalization;

namespace HelmLifecycle.Templates;

/// <summary>Go's <c>time.Duration</c>, a number of nanoseconds: its text form and its rounding.</summary>
internal static class GoDuration
{
    public const long Second = 1_000_000_000;
    public const long Minute = 60 * Second;
    public const long Hour = 60 * Minute;

    /// <summary>The Go type of a duration.</summary>
    public static GoType Type { get; } = new("time.Duration", GoKind.Int, "int64") { Methods = FindMethod };

    public static GoValue Of(long nanoseconds) => GoValue.Integer(nanoseconds, Type);

    private static GoFunction? FindMethod(GoValue value, string name)
    {
        long d = value.IntValue;
        return name switch
        {
            "String" => new(name, GoParameters.None, (_, _) => Format(d)),
            "Hours" => new(name, GoParameters.None, (_, _) => (d / Hour) + (double)(d % Hour) / Hour),
            "Minutes" => new(name, GoParameters.None, (_, _) => (d / Minute) + (double)(d % Minute) / Minute),
            "Seconds" => new(name, GoParameters.None, (_, _) => (d / Second) + (double)(d % Second) / Second),
            "Milliseconds" => new(name, GoParameters.None, (_, _) => GoValue.Int64(d / 1_000_000)),
            "Microseconds" => new(name, GoParameters.None, (_, _) => GoValue.Int64(d / 1000)),
            "Nanoseconds" => new(name, GoParameters.None, (_, _) => GoValue.Int64(d)),
            "Abs" => new(name, GoParameters.None, (_, _) => Of(d == long.MinValue ? long.MaxValue : Math.Abs(d))),
            "Round" => new(name, [GoParameter.Int64], (_, a) => Of(Round(d, a[0].IntValue))),
            "Truncate" => new(name, [GoParameter.Int64], (_, a) => Of(a[0].IntValue <= 0 ? d : d - d % a[0].IntValue)),
            _ => null,
        };
    }

    /// <summary>Reads a duration such as <c>1h15m30.5s</c>.</summary>
    /// <returns>Null when it is read; Go's error message otherwise.</returns>
    public static string? Parse(string text, out long nanoseconds)
    {
        nanoseconds = 0;
        ReadOnlySpan<char> rest = text;
        string invalid = "time: invalid duration " + GoLayout.Quote(text);
        bool negative = rest.StartsWith('-');
        if (negative || rest.StartsWith('+'))
            rest = rest[1..];
        if (rest is "0")
            return null;
        if (rest.IsEmpty)
            return invalid;
        UInt128 total = 0;
        while (!rest.IsEmpty)
        {
            int whole = rest.IndexOfAnyExceptInRange('0', '9');
            whole = whole < 0 ? rest.Length : whole;
            if (!TryReadWhole(rest[..whole], out ulong value))
                return invalid;
            rest = rest[whole..];
            ulong fraction = 0;
            double scale = 1;
            int digits = 0;
            if (rest.StartsWith('.'))
                rest = ReadFraction(rest[1..], out fraction, out scale, out digits);
            if (whole == 0 && digits == 0)
                return invalid;
            int end = 0;
            while (end < rest.Length && rest[end] != '.' && !char.IsAsciiDigit(rest[end]))
                end++;
            if (end == 0)
                return "time: missing unit in duration " + GoLayout.Quote(text);
            ulong unit = Unit(rest[..end]);
            if (unit == 0)
                return $"time: unknown unit {GoLayout.Quote(rest[..end].ToString())} in duration {GoLayout.Quote(text)}";
            rest = rest[end..];
            UInt128 part = (UInt128)value * unit;
            if (fraction > 0)
                part += (ulong)(fraction * (unit / scale));
            total += part;
            if (part > 1UL << 63 || total > 1UL << 63)
                return invalid;
        }

        if (!negative && total > long.MaxValue)
            return invalid;
        nanoseconds = negative ? unchecked(-(long)(ulong)total) : (long)total;
        return null;
    }

    private static bool TryReadWhole(ReadOnlySpan<char> digits, out ulong value)
    {
        value = 0;
        foreach (char digit in digits)
        {
            if (value > (1UL << 63) / 10)
                return false;
            value = value * 10 + (uint)(digit - '0');
            if (value > 1UL << 63)
                return false;
        }

        return true;
    }

    private static ReadOnlySpan<char> ReadFraction(ReadOnlySpan<char> rest, out ulong fraction, out double scale, out int digits)
    {
        fraction = 0;
        scale = 1;
        digits = 0;
        bool full = false;
        while (digits < rest.Length && char.IsAsciiDigit(rest[digits]))
        {
            ulong next = fraction * 10 + (uint)(rest[digits] - '0');
            full |= fraction > ((1UL << 63) - 1) / 10 || next > 1UL << 63;
            if (!full)
            {
                fraction = next;
                scale *= 10;
            }

            digits++;
        }

        return rest[digits..];
    }

    private static ulong Unit(ReadOnlySpan<char> name) => name switch
    {
        "ns" => 1,
        "us" or "\u00B5s" or "\u03BCs" => 1000,
        "ms" => 1_000_000,
        "s" => (ulong)Second,
        "m" => (ulong)Minute,
        "h" => (ulong)Hour,
        _ => 0,
    };

    /// <summary>The text form: <c>72h3m0.5s</c>; below a second in smaller units; zero is <c>0s</c>.</summary>
    public static string Format(long nanoseconds)
    {
        if (nanoseconds == 0)
            return "0s";
        ulong u = nanoseconds < 0 ? unchecked((ulong)-nanoseconds) : (ulong)nanoseconds;
        string sign = nanoseconds < 0 ? "-" : "";
        if (u < Second)
        {
            (ulong unit, string name) = u < 1000 ? (1UL, "ns") : u < 1_000_000 ? (1000UL, "\u00B5s") : (1_000_000UL, "ms");
            return sign + WithFraction(u / unit, u % unit, unit) + name;
        }

        ulong seconds = u / Second;
        string text = WithFraction(seconds % 60, u % Second, (ulong)Second) + "s";
        ulong minutes = seconds / 60;
        if (minutes > 0)
            text = string.Create(CultureInfo.InvariantCulture, $"{minutes % 60}m{text}");
        if (minutes >= 60)
            text = string.Create(CultureInfo.InvariantCulture, $"{minutes / 60}h{text}");
        return sign + text;
    }

    private static string WithFraction(ulong whole, ulong fraction, ulong unit)
    {
        if (fraction == 0)
            return whole.ToString(CultureInfo.InvariantCulture);
        int digits = unit switch { 1000 => 3, 1_000_000 => 6, _ => 9 };
        string text = fraction.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0').TrimEnd('0');
        return string.Create(CultureInfo.InvariantCulture, $"{whole}.{text}");
    }

    /// <summary>Rounds to a multiple, half away from zero.</summary>
    public static long Round(long d, long multiple)
    {
        if (multiple <= 0)
            return d;
        long rest = d % multiple;
        if (Int128.Abs(rest) * 2 < multiple)
            return d - rest;
        Int128 rounded = (Int128)d - rest + (d < 0 ? -multiple : multiple);
        return rounded > long.MaxValue ? long.MaxValue : rounded < long.MinValue ? long.MinValue : (long)rounded;
    }

}
