using System.Globalization;
using System.Numerics;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>
/// A <c>resource.Quantity</c>: kept in billionths (the API's finest step, rounded up) with the notation it was written in, printed in canonical form.
/// </summary>
internal readonly struct Quantity : IComparable<Quantity>
{
    private const int MaxDigits = 100;
    private static readonly BigInteger s_billion = 1_000_000_000;

    private readonly BigInteger _nano;
    private readonly Notation _notation;

    private Quantity(BigInteger nano, Notation notation)
    {
        _nano = nano;
        _notation = notation;
    }

    private enum Notation
    {
        Decimal,
        Binary,
        Exponent,
    }

    public bool IsZero => _nano.IsZero;

    public bool IsNegative => _nano.Sign < 0;

    public bool IsInteger => (_nano % s_billion).IsZero;

    /// <summary>The value rounded up to whole units, as <c>Quantity.Value()</c> does.</summary>
    public long Value => (long)BigInteger.Min(long.MaxValue, CeilingDivide(_nano, s_billion));

    /// <summary>The value in thousandths, rounded up.</summary>
    public long MilliValue => (long)BigInteger.Min(long.MaxValue, CeilingDivide(_nano, 1_000_000));

    public int CompareTo(Quantity other) => _nano.CompareTo(other._nano);

    public Quantity RoundUpToMilli() => new(CeilingDivide(_nano, 1_000_000) * 1_000_000, _notation);

    public static Quantity operator +(Quantity a, Quantity b) => new(a._nano + b._nano, a._nano.IsZero ? b._notation : a._notation);

    public static Quantity operator -(Quantity a, Quantity b) => new(a._nano - b._nano, a._notation);

    public static bool TryParse(string? text, out Quantity quantity)
    {
        quantity = default;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        int at = 0;
        bool negative = false;
        if (text[0] is '+' or '-')
        {
            negative = text[0] == '-';
            at++;
        }

        int start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        string whole = text[start..at];
        string fraction = "";
        if (at < text.Length && text[at] == '.')
        {
            int from = ++at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
            {
                at++;
            }

            fraction = text[from..at];
        }

        if (whole.Length + fraction.Length is 0 or > MaxDigits)
        {
            return false;
        }

        if (!ReadSuffix(text[at..], out int ten, out int two, out Notation notation))
        {
            return false;
        }

        BigInteger nano = BigInteger.Parse(whole + fraction, CultureInfo.InvariantCulture) << two;
        int exponent = ten - fraction.Length + 9;
        nano = exponent >= 0 ? nano * BigInteger.Pow(10, exponent) : CeilingDivide(nano, BigInteger.Pow(10, -exponent));
        quantity = new Quantity(negative ? -nano : nano, notation);
        return true;
    }

    private static bool ReadSuffix(string suffix, out int ten, out int two, out Notation notation)
    {
        ten = 0;
        two = 0;
        notation = Notation.Decimal;
        switch (suffix)
        {
            case "":
                return true;
            case "n":
                ten = -9;
                return true;
            case "u":
                ten = -6;
                return true;
            case "m":
                ten = -3;
                return true;
            case "k":
                ten = 3;
                return true;
            case "M":
                ten = 6;
                return true;
            case "G":
                ten = 9;
                return true;
            case "T":
                ten = 12;
                return true;
            case "P":
                ten = 15;
                return true;
            case "E":
                ten = 18;
                return true;
        }

        int power = suffix switch { "Ki" => 10, "Mi" => 20, "Gi" => 30, "Ti" => 40, "Pi" => 50, "Ei" => 60, _ => 0 };
        if (power > 0)
        {
            two = power;
            notation = Notation.Binary;
            return true;
        }

        notation = Notation.Exponent;
        return suffix[0] is 'e' or 'E' && int.TryParse(suffix.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out ten) && Math.Abs(ten) < 64;
    }

    /// <summary>Canonical form: no fraction, the largest suffix that leaves a whole number.</summary>
    public override string ToString()
    {
        if (_nano.IsZero)
        {
            return "0";
        }

        if (_notation == Notation.Binary && IsInteger)
        {
            BigInteger units = _nano / s_billion;
            if (BigInteger.Abs(units) >= 1024)
            {
                string[] suffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
                int step = 0;
                while (step < suffixes.Length - 1 && (units % 1024).IsZero)
                {
                    units /= 1024;
                    step++;
                }

                return units.ToString(CultureInfo.InvariantCulture) + suffixes[step];
            }
        }

        BigInteger mantissa = _nano;
        int exponent = -9;
        while (exponent < 18 && (mantissa % 1000).IsZero)
        {
            mantissa /= 1000;
            exponent += 3;
        }

        string digits = mantissa.ToString(CultureInfo.InvariantCulture);
        if (_notation == Notation.Exponent)
        {
            return exponent == 0 ? digits : digits + "e" + exponent.ToString(CultureInfo.InvariantCulture);
        }

        return digits + exponent switch { -9 => "n", -6 => "u", -3 => "m", 3 => "k", 6 => "M", 9 => "G", 12 => "T", 15 => "P", 18 => "E", _ => "" };
    }

    private static BigInteger CeilingDivide(BigInteger value, BigInteger by)
    {
        BigInteger quotient = BigInteger.DivRem(value, by, out BigInteger rest);
        return rest.Sign > 0 ? quotient + 1 : quotient;
    }
}
