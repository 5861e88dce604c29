using System.Globalization;
using System.Numerics;

namespace HelmLifecycle.Templates;

/// <summary>A decimal number of any size, after shopspring/decimal: what Sprig's <c>addf</c> and its kin reckon with.</summary>
internal readonly struct BigDecimal
{
    private const int DivisionDigits = 16;

    private readonly BigInteger _value;
    private readonly int _exponent;

    private BigDecimal(BigInteger value, int exponent)
    {
        _value = value;
        _exponent = exponent;
    }

    /// <summary>The shortest decimal that reads back as the number.</summary>
    /// <exception cref="GoFunctionException">It is infinite or no number.</exception>
    public static BigDecimal FromDouble(double number)
    {
        if (!double.IsFinite(number))
            throw new GoFunctionException($"Cannot create a Decimal from {(double.IsNaN(number) ? "NaN" : number > 0 ? "+Inf" : "-Inf")}");
        string text = number.ToString("R", CultureInfo.InvariantCulture);
        int e = text.IndexOf('E');
        ReadOnlySpan<char> mantissa = e < 0 ? text : text.AsSpan(0, e);
        int exponent = e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        int point = mantissa.IndexOf('.');
        if (point < 0)
            return new BigDecimal(BigInteger.Parse(mantissa, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture), exponent);
        string digits = string.Concat(mantissa[..point], mantissa[(point + 1)..]);
        return new BigDecimal(
            BigInteger.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture), exponent - (mantissa.Length - point - 1));
    }

    public double ToDouble() =>
        double.Parse(string.Create(CultureInfo.InvariantCulture, $"{_value}E{_exponent}"), NumberStyles.Float, CultureInfo.InvariantCulture);

    public static BigDecimal Add(BigDecimal a, BigDecimal b)
    {
        int exponent = Math.Min(a._exponent, b._exponent);
        return new BigDecimal(a.Scale(exponent) + b.Scale(exponent), exponent);
    }

    public static BigDecimal Subtract(BigDecimal a, BigDecimal b) => Add(a, new BigDecimal(-b._value, b._exponent));

    public static BigDecimal Multiply(BigDecimal a, BigDecimal b) => new(a._value * b._value, a._exponent + b._exponent);

    /// <summary>Divides and rounds half away from zero to 16 digits behind the point.</summary>
    /// <exception cref="GoFunctionException">Division by zero.</exception>
    public static BigDecimal Divide(BigDecimal a, BigDecimal b)
    {
        if (b._value.IsZero)
            throw new GoFunctionException("decimal division by 0");
        int shift = a._exponent - b._exponent + DivisionDigits;
        BigInteger dividend = shift > 0 ? a._value * BigInteger.Pow(10, shift) : a._value;
        BigInteger divisor = shift < 0 ? b._value * BigInteger.Pow(10, -shift) : b._value;
        BigInteger quotient = BigInteger.DivRem(dividend, divisor, out BigInteger rest);
        if (BigInteger.Abs(rest) * 2 >= BigInteger.Abs(divisor))
            quotient += dividend.Sign * divisor.Sign;
        return new BigDecimal(quotient, -DivisionDigits);
    }

    private BigInteger Scale(int exponent) => _value * BigInteger.Pow(10, _exponent - exponent);
}
