using System.Globalization;

namespace HelmLifecycle.Charts;

/// <summary>Floating point numbers as Go writes them with the fewest digits that give the number back.</summary>
internal static class GoNumber
{
    /// <summary><c>%v</c>: an exponent below 1e-4 and from 1e21 on.</summary>
    internal static string Print(double value) => Format(value, value.ToString("E16", CultureInfo.InvariantCulture), value.ToString("R", CultureInfo.InvariantCulture), 21);

    /// <summary><c>strconv.FormatFloat(value, 'g', -1, 32)</c>: how a number becomes the text of a string field in Helm.</summary>
    internal static string ToText(double value)
    {
        float single = (float)value;
        return Format(single, single.ToString("E8", CultureInfo.InvariantCulture), single.ToString("R", CultureInfo.InvariantCulture), 6);
    }

    private static string Format(double value, string scientific, string shortest, int maxExponent)
    {
        if (double.IsNaN(value))
            return "NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "+Inf" : "-Inf";
        if (value == 0)
            return double.IsNegative(value) ? "-0" : "0";
        int exponent = int.Parse(scientific.AsSpan(scientific.IndexOf('E', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string digits = Digits(shortest);
        string sign = value < 0 ? "-" : "";
        if (exponent < -4 || exponent >= maxExponent)
            return $"{sign}{digits[0]}{(digits.Length > 1 ? "." + digits[1..] : "")}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        if (exponent < 0)
            return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        if (digits.Length <= exponent + 1)
            return sign + digits.PadRight(exponent + 1, '0');
        return $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    private static string Digits(string shortest)
    {
        int exponent = shortest.IndexOf('E', StringComparison.Ordinal);
        string mantissa = exponent < 0 ? shortest : shortest[..exponent];
        string digits = mantissa.Replace(".", "", StringComparison.Ordinal).TrimStart('-').TrimStart('0').TrimEnd('0');
        return digits.Length == 0 ? "0" : digits;
    }
}
