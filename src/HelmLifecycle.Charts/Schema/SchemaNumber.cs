using System.Globalization;
using System.Numerics;

namespace HelmLifecycle.Charts;

/// <summary>A decimal number, exact, as JSON Schema compares and divides them.</summary>
internal readonly struct SchemaNumber
{
    // Beyond this a power of ten is no number anyone means; it is cut so that a hostile one costs nothing.
    private const int MaxExponent = 5000;

    private readonly BigInteger _digits;
    private readonly int _exponent;

    private SchemaNumber(BigInteger digits, int exponent)
    {
        while (!digits.IsZero && exponent < 0)
        {
            BigInteger shorter = BigInteger.DivRem(digits, 10, out BigInteger rest);
            if (!rest.IsZero)
                break;
            digits = shorter;
            exponent++;
        }

        _digits = digits;
        _exponent = digits.IsZero ? 0 : exponent;
    }

    public static SchemaNumber Of(GoValue value) => value.Kind switch
    {
        GoKind.Int => new(value.IntValue, 0),
        GoKind.Uint => new(unchecked((ulong)value.IntValue), 0),
        _ => Parse(value.FloatValue.ToString("R", CultureInfo.InvariantCulture)),
    };

    public static SchemaNumber Parse(string text)
    {
        int e = text.AsSpan().IndexOfAny('e', 'E');
        ReadOnlySpan<char> mantissa = e < 0 ? text : text.AsSpan(0, e);
        int exponent = 0;
        if (e >= 0 && !int.TryParse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
            exponent = text[e + 1] == '-' ? -MaxExponent : MaxExponent;
        int point = mantissa.IndexOf('.');
        string digits = point < 0 ? mantissa.ToString() : string.Concat(mantissa[..point], mantissa[(point + 1)..]);
        if (point >= 0)
            exponent -= mantissa.Length - point - 1;
        if (digits.Length > MaxExponent || !BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger value))
            return default;
        return new SchemaNumber(value, Math.Clamp(exponent, -MaxExponent, MaxExponent));
    }

    public bool IsInteger => _exponent >= 0;

    public bool IsZero => _digits.IsZero;

    public int CompareTo(SchemaNumber other)
    {
        Align(this, other, out BigInteger a, out BigInteger b);
        return a.CompareTo(b);
    }

    public bool IsMultipleOf(SchemaNumber divisor)
    {
        Align(this, divisor, out BigInteger a, out BigInteger b);
        return b.IsZero || (a % b).IsZero;
    }

    public double ToDouble() =>
        double.Parse(_digits.ToString(CultureInfo.InvariantCulture) + "e" + _exponent.ToString(CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>The number as an int where it is a count; null otherwise.</summary>
    public int? ToCount() => IsInteger && _exponent < 12 && _digits * BigInteger.Pow(10, _exponent) is var n && n >= 0 ? (int)BigInteger.Min(n, int.MaxValue) : null;

    private static void Align(SchemaNumber x, SchemaNumber y, out BigInteger a, out BigInteger b)
    {
        a = x._digits;
        b = y._digits;
        if (x._exponent > y._exponent)
            a *= BigInteger.Pow(10, x._exponent - y._exponent);
        else if (y._exponent > x._exponent)
            b *= BigInteger.Pow(10, y._exponent - x._exponent);
    }
}
