using System.Globalization;
using System.Text;

namespace HelmLifecycle.Templates;

/// <summary>Sprig's arithmetic. Integers are 64 bits wide and wrap around; the functions with an f reckon in decimals.</summary>
internal static class MathFunctions
{
    internal static IEnumerable<GoFunction> All =>
    [
        new("int", GoParameters.Any, static (_, a) => GoValue.Int(GoCast.ToInt64(a[0]))),
        new("int64", GoParameters.Any, static (_, a) => Number(GoCast.ToInt64(a[0]))),
        new("float64", GoParameters.Any, static (_, a) => GoCast.ToFloat64(a[0])),
        new("atoi", GoParameters.String, static (_, a) => GoValue.Int(ParseDecimal(a[0].AsString!))),
        new("toDecimal", GoParameters.Any, static (_, a) => Number(ParseOctal(GoText.Print(a[0])))),
        new("add1", GoParameters.Any, static (_, a) => Number(unchecked(GoCast.ToInt64(a[0]) + 1))),
        new("add", GoParameters.Any, true, static (_, a) => Number(Fold(0, a, static (x, y) => unchecked(x + y)))),
        new("sub", GoParameters.AnyAny, static (_, a) => Number(unchecked(GoCast.ToInt64(a[0]) - GoCast.ToInt64(a[1])))),
        new("mul", GoParameters.AnyAny, true,
            static (_, a) => Number(Fold(GoCast.ToInt64(a[0]), a[1..], static (x, y) => unchecked(x * y)))),
        new("div", GoParameters.AnyAny, static (_, a) => Number(Divide(GoCast.ToInt64(a[0]), GoCast.ToInt64(a[1])))),
        new("mod", GoParameters.AnyAny, static (_, a) => Number(Remainder(GoCast.ToInt64(a[0]), GoCast.ToInt64(a[1])))),
        new("max", GoParameters.AnyAny, true, static (_, a) => Number(Fold(GoCast.ToInt64(a[0]), a[1..], Math.Max))),
        new("biggest", GoParameters.AnyAny, true, static (_, a) => Number(Fold(GoCast.ToInt64(a[0]), a[1..], Math.Max))),
        new("min", GoParameters.AnyAny, true, static (_, a) => Number(Fold(GoCast.ToInt64(a[0]), a[1..], Math.Min))),
        new("maxf", GoParameters.AnyAny, true, static (_, a) => FoldFloats(a, Math.Max)),
        new("minf", GoParameters.AnyAny, true, static (_, a) => FoldFloats(a, Math.Min)),
        new("ceil", GoParameters.Any, static (_, a) => Math.Ceiling(GoCast.ToFloat64(a[0]))),
        new("floor", GoParameters.Any, static (_, a) => Math.Floor(GoCast.ToFloat64(a[0]))),
        new("round", [GoParameter.Any, GoParameter.Int, GoParameter.Float64], true,
            static (_, a) => Round(GoCast.ToFloat64(a[0]), a[1].IntValue, a.Length > 2 ? a[2].FloatValue : 0.5)),
        new("add1f", GoParameters.Any, static (_, a) => FoldDecimals(GoCast.ToFloat64(a[0]), [GoValue.Int(1)], BigDecimal.Add)),
        new("addf", GoParameters.Any, true, static (_, a) => FoldDecimals(0, a, BigDecimal.Add)),
        new("subf", GoParameters.AnyAny, true, static (_, a) => FoldDecimals(GoCast.ToFloat64(a[0]), a[1..], BigDecimal.Subtract)),
        new("mulf", GoParameters.AnyAny, true, static (_, a) => FoldDecimals(GoCast.ToFloat64(a[0]), a[1..], BigDecimal.Multiply)),
        new("divf", GoParameters.AnyAny, true, static (_, a) => FoldDecimals(GoCast.ToFloat64(a[0]), a[1..], BigDecimal.Divide)),
        new("seq", GoParameters.Int, true, Sequence),
    ];

    private static GoValue Number(long value) => GoValue.Int64(value);

    private static long Fold(long start, ReadOnlySpan<GoValue> values, Func<long, long, long> operation)
    {
        foreach (GoValue value in values)
            start = operation(start, GoCast.ToInt64(value));
        return start;
    }

    private static GoValue FoldFloats(ReadOnlySpan<GoValue> values, Func<double, double, double> operation)
    {
        double result = GoCast.ToFloat64(values[0]);
        foreach (GoValue value in values[1..])
            result = operation(result, GoCast.ToFloat64(value));
        return result;
    }

    private static GoValue FoldDecimals(double start, ReadOnlySpan<GoValue> values, Func<BigDecimal, BigDecimal, BigDecimal> operation)
    {
        BigDecimal result = BigDecimal.FromDouble(start);
        foreach (GoValue value in values)
            result = operation(result, BigDecimal.FromDouble(GoCast.ToFloat64(value)));
        return result.ToDouble();
    }

    private static long Divide(long a, long b)
    {
        if (b == 0)
            throw DivideByZero();
        return b == -1 ? unchecked(-a) : a / b;
    }

    private static long Remainder(long a, long b)
    {
        if (b == 0)
            throw DivideByZero();
        return b == -1 ? 0 : a % b;
    }

    private static GoFunctionException DivideByZero() => new("runtime error: integer divide by zero");

    // Go's Atoi, its error dropped: no number is 0, too large a one is the largest.
    internal static long ParseDecimal(string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
            return value;
        ReadOnlySpan<char> digits = text.AsSpan().TrimStart("+-");
        if (digits.IsEmpty || text.Length - digits.Length > 1 || digits.IndexOfAnyExceptInRange('0', '9') >= 0)
            return 0;
        return text[0] == '-' ? long.MinValue : long.MaxValue;
    }

    private static long ParseOctal(string text)
    {
        ReadOnlySpan<char> digits = text;
        bool negative = digits.StartsWith('-');
        if (negative || digits.StartsWith('+'))
            digits = digits[1..];
        if (digits.IsEmpty || digits.IndexOfAnyExceptInRange('0', '7') >= 0)
            return 0;
        UInt128 value = 0;
        foreach (char digit in digits)
        {
            value = value * 8 + (uint)(digit - '0');
            if (value > 1UL << 63)
                return 0;
        }

        if (negative)
            return unchecked(-(long)(ulong)value);
        return value > long.MaxValue ? 0 : (long)value;
    }

    private static double Round(double value, long places, double threshold)
    {
        double power = PowerOfTen(places);
        double digit = power * value;
        double fraction = digit - Math.Truncate(digit);
        return (fraction >= threshold ? Math.Ceiling(digit) : Math.Floor(digit)) / power;
    }

    // As Go's math.Pow computes it, whose last digit differs from the C library's for some exponents.
    private static double PowerOfTen(long places)
    {
        double result = 1;
        int exponent = 0;
        // 10 is 0.625 times two to the fourth.
        double x = 0.625;
        int xExponent = 4;
        for (ulong i = (ulong)Int128.Abs(places); i != 0; i >>= 1)
        {
            if (xExponent > 1 << 12)
            {
                exponent += xExponent;
                break;
            }

            if ((i & 1) == 1)
            {
                result *= x;
                exponent += xExponent;
            }

            x *= x;
            xExponent <<= 1;
            if (x < 0.5)
            {
                x += x;
                xExponent--;
            }
        }

        if (places < 0)
        {
            result = 1 / result;
            exponent = -exponent;
        }

        return Math.ScaleB(result, exponent);
    }

    private static GoValue Sequence(GoCallContext context, ReadOnlySpan<GoValue> a)
    {
        long start = 1, end, step;
        switch (a.Length)
        {
            case 1:
                end = a[0].IntValue;
                step = end < start ? -1 : 1;
                return Numbers(context, start, unchecked(end + step), step);
            case 2:
                (start, end) = (a[0].IntValue, a[1].IntValue);
                step = end < start ? -1 : 1;
                return Numbers(context, start, unchecked(end + step), step);
            case 3:
                (start, step, end) = (a[0].IntValue, a[1].IntValue, a[2].IntValue);
                if (end < start && step > 0)
                    return "";
                return Numbers(context, start, unchecked(end + (end < start ? -1 : 1)), step);
            default:
                return "";
        }
    }

    private static string Numbers(GoCallContext context, long start, long stop, long step)
    {
        long count = ListFunctions.CountIntegers(start, stop, step);
        context.Charge(StringFunctions.SafeLength(count, 2));
        var text = new StringBuilder();
        for (long i = 0; i < count; i++)
        {
            if (i > 0)
                text.Append(' ');
            text.Append(CultureInfo.InvariantCulture, $"{start + i * step}");
        }

        return text.ToString();
    }
}
