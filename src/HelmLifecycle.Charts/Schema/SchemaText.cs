using System.Globalization;
using System.Text;

namespace HelmLifecycle.Charts;

/// <summary>How Helm's schema library writes names, places and numbers into its messages.</summary>
internal static class SchemaText
{
    private const string SuperDigits = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    /// <summary>Go's <c>%q</c> with single quotes around it.</summary>
    public static string Quote(string text)
    {
        var to = new StringBuilder(text.Length + 2).Append('\'');
        foreach (Rune rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '\'': to.Append("\\'"); break;
                case '\\': to.Append("\\\\"); break;
                case '\a': to.Append("\\a"); break;
                case '\b': to.Append("\\b"); break;
                case '\f': to.Append("\\f"); break;
                case '\n': to.Append("\\n"); break;
                case '\r': to.Append("\\r"); break;
                case '\t': to.Append("\\t"); break;
                case '\v': to.Append("\\v"); break;
                default: AppendRune(to, rune); break;
            }
        }

        return to.Append('\'').ToString();
    }

    private static void AppendRune(StringBuilder to, Rune rune)
    {
        bool printable = rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
        if (printable)
            to.Append(rune.ToString());
        else if (rune.Value is < ' ' or 0x7F)
            to.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}");
        else if (rune.Value < 0x10000)
            to.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
        else
            to.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}");
    }

    public static string Join(IEnumerable<string> names) => string.Join(", ", names.Select(Quote));

    /// <summary>A count, in English: 70,000.</summary>
    public static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number, in English as <c>golang.org/x/text</c> writes it: 70,000 or 1.5 × 10⁰⁶ with narrow blanks.</summary>
    public static string Number(double value)
    {
        if (value == 0)
            return "0";
        // A bound such as 1e400.
        if (double.IsInfinity(value))
            return value < 0 ? "-∞" : "∞";
        (string sign, string digits, int power) = Parts(value);
        if (power is < -4 or >= 6)
        {
            string mantissa = digits.Length > 1 ? $"{digits[0]}.{digits[1..]}" : digits;
            string exponent = Math.Abs(power).ToString("00", CultureInfo.InvariantCulture);
            return $"{sign}{mantissa}\u202F×\u202F10{(power < 0 ? "⁻" : "")}{string.Concat(exponent.Select(c => SuperDigits[c - '0']))}";
        }

        if (power < 0)
            return $"{sign}0.{new string('0', -power - 1)}{digits}";
        digits = digits.PadRight(power + 1, '0');
        string whole = int.Parse(digits.AsSpan(0, power + 1), CultureInfo.InvariantCulture).ToString("N0", CultureInfo.InvariantCulture);
        return digits.Length > power + 1 ? $"{sign}{whole}.{digits[(power + 1)..]}" : sign + whole;
    }

    /// <summary>A number as Go prints it: 70000 or 1.5e+06.</summary>
    public static string PlainNumber(double value)
    {
        if (value == 0)
            return "0";
        if (double.IsInfinity(value))
            return value < 0 ? "-Inf" : "+Inf";
        (string sign, string digits, int power) = Parts(value);
        if (power is >= -4 and < 6)
            return value.ToString("0.####################", CultureInfo.InvariantCulture);
        string exponent = Math.Abs(power).ToString("00", CultureInfo.InvariantCulture);
        return $"{sign}{digits[0]}{(digits.Length > 1 ? "." : "")}{digits[1..]}e{(power < 0 ? '-' : '+')}{exponent}";
    }

    // Shortest digits and the power of ten of the first.
    private static (string Sign, string Digits, int Power) Parts(double value)
    {
        string raw = value.ToString("E16", CultureInfo.InvariantCulture);
        string shortest = value.ToString("R", CultureInfo.InvariantCulture);
        int power = int.Parse(raw.AsSpan(raw.IndexOf('E') + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string digits = new([.. shortest.TakeWhile(c => c is not 'E').Where(char.IsAsciiDigit)]);
        return (value < 0 ? "-" : "", digits.TrimStart('0').TrimEnd('0'), power);
    }

    /// <summary>A JSON pointer.</summary>
    public static string Pointer(IEnumerable<string> path) => string.Concat(path.Select(part => "/" + Escape(part)));

    public static string Escape(string part) => part.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
