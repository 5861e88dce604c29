using System.Globalization;
using System.Text;

namespace HelmLifecycle.Templates;

/// <summary>What a YAML scalar is once resolved.</summary>
internal enum YamlScalarKind : byte
{
    Null,
    Bool,
    Int,
    Uint,
    Float,
    String,
    /// <summary>A string from <c>!!binary</c>, whose bytes need not be UTF-8.</summary>
    Binary,
}

/// <summary>A value that cannot be decoded; the message has go-yaml's words.</summary>
internal sealed class YamlDecodeError(string message) : Exception(message);

/// <summary>A resolved scalar, by go-yaml 2's rules: YAML 1.1's types, without base 60 and with timestamps left as text.</summary>
internal readonly struct YamlScalar
{
    private const string Core = "tag:yaml.org,2002:";

    private YamlScalar(YamlScalarKind kind, long bits, string text)
    {
        Kind = kind;
        Bits = bits;
        Text = text;
    }

    public YamlScalarKind Kind { get; }

    /// <summary>The truth value, the integer, or the bits of the float.</summary>
    public long Bits { get; }

    /// <summary>The text of a string.</summary>
    public string Text { get; }

    public double Float => BitConverter.Int64BitsToDouble(Bits);

    public static YamlScalar String(string text) => new(YamlScalarKind.String, 0, text);

    private static YamlScalar OfFloat(double value) => new(YamlScalarKind.Float, BitConverter.DoubleToInt64Bits(value), "");

    /// <summary>Resolves a scalar.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="tag">Its tag, empty for none.</param>
    /// <param name="isImplicit">Whether it was written plainly, so that its text decides.</param>
    /// <exception cref="YamlDecodeError">The text does not fit the tag.</exception>
    public static YamlScalar Resolve(string text, string tag, bool isImplicit)
    {
        if (tag.Length == 0)
            return isImplicit && MayBeOther(text) ? ResolvePlain(text, false) : String(text);
        if (!tag.StartsWith(Core, StringComparison.Ordinal))
            return String(text);
        string type = tag[Core.Length..];
        switch (type)
        {
            case "str":
                return String(text);
            case "binary":
                return DecodeBinary(text);
            case "bool" or "int" or "float" or "null":
                break;
            case "timestamp":
                if (IsTimestamp(text))
                    return String(text);
                break;
            default:
                return String(text);
        }

        YamlScalar value = ResolvePlain(text, true);
        string found = value.Kind switch
        {
            YamlScalarKind.Null => "null",
            YamlScalarKind.Bool => "bool",
            YamlScalarKind.Int or YamlScalarKind.Uint => "int",
            YamlScalarKind.Float => "float",
            _ => "str",
        };
        if (found == type)
            return value;
        if (type == "float" && value.Kind == YamlScalarKind.Int)
            return OfFloat(value.Bits);
        throw new YamlDecodeError($"yaml: cannot decode !!{found} `{text}` as a !!{type}");
    }

    /// <summary>Whether a plain scalar of this text would be read as something other than that text as a string.</summary>
    public static bool IsAmbiguous(ReadOnlySpan<char> text)
    {
        if (text.Length == 0)
            return true;
        char first = text[0];
        if (!char.IsAsciiDigit(first) && first is not ('+' or '-' or '.'))
            return text.Length <= 5 && TryWord(text, out _);
        return ResolvePlain(text.ToString(), false).Kind != YamlScalarKind.String || IsTimestamp(text);
    }

    private static bool MayBeOther(string text) =>
        text.Length == 0 || text[0] is (>= '0' and <= '9') or '+' or '-' or '.' or '~' or 'y' or 'Y' or 'n' or 'N' or 't' or 'T' or 'f' or 'F' or 'o' or 'O';

    private static YamlScalar ResolvePlain(string text, bool tagged)
    {
        if (TryWord(text, out YamlScalar word))
            return word;
        if (text.Length == 0)
            return String(text);
        char first = text[0];
        if (first == '.')
            return IsFloat(text) && TryFloat(text, out double value) ? OfFloat(value) : String(text);
        if (!char.IsAsciiDigit(first) && first is not ('+' or '-'))
            return String(text);
        if (!tagged && IsTimestamp(text))
            return String(text);

        string plain = text.Contains('_') ? text.Replace("_", "", StringComparison.Ordinal) : text;
        if (TryInteger(plain, 0, out YamlScalar integer))
            return integer;
        if (IsFloat(plain) && TryFloat(plain, out double number))
            return OfFloat(number);
        // go-yaml's leftover for binary numbers, which takes a sign after the prefix.
        if (plain.StartsWith("0b", StringComparison.Ordinal) && TryInteger(plain.AsSpan(2), 2, out integer))
            return integer;
        return String(text);
    }

    private static bool TryWord(ReadOnlySpan<char> text, out YamlScalar value)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                value = new(YamlScalarKind.Null, 0, "");
                return true;
            case "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON":
                value = new(YamlScalarKind.Bool, 1, "");
                return true;
            case "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF":
                value = new(YamlScalarKind.Bool, 0, "");
                return true;
            case ".nan" or ".NaN" or ".NAN":
                value = OfFloat(double.NaN);
                return true;
            case ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF":
                value = OfFloat(double.PositiveInfinity);
                return true;
            case "-.inf" or "-.Inf" or "-.INF":
                value = OfFloat(double.NegativeInfinity);
                return true;
            default:
                value = default;
                return false;
        }
    }

    // strconv.ParseInt(text, base, 64), and ParseUint after it; base 0 goes by the prefix.
    private static bool TryInteger(ReadOnlySpan<char> text, int numberBase, out YamlScalar value)
    {
        value = default;
        bool signed = text.Length > 0 && text[0] is '+' or '-';
        bool negative = signed && text[0] == '-';
        if (signed)
            text = text[1..];
        if (text.Length == 0)
            return false;
        if (numberBase == 0)
        {
            numberBase = 10;
            if (text[0] == '0')
            {
                char prefix = text.Length >= 3 ? (char)(text[1] | 0x20) : '\0';
                numberBase = prefix switch { 'b' => 2, 'x' => 16, _ => 8 };
                text = prefix is 'b' or 'o' or 'x' ? text[2..] : text[1..];
            }
        }

        ulong number = 0;
        foreach (char c in text)
        {
            int digit = char.IsAsciiHexDigit(c) ? (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10) : 99;
            if (digit >= numberBase)
                return false;
            ulong next = unchecked((number * (ulong)numberBase) + (ulong)digit);
            if (number > ulong.MaxValue / (ulong)numberBase || next < unchecked(number * (ulong)numberBase))
                return false;
            number = next;
        }

        if (negative)
        {
            if (number > 1UL << 63)
                return false;
            value = new(YamlScalarKind.Int, unchecked(-(long)number), "");
        }
        else if (number <= long.MaxValue)
        {
            value = new(YamlScalarKind.Int, (long)number, "");
        }
        else if (!signed)
        {
            value = new(YamlScalarKind.Uint, unchecked((long)number), "");
        }
        else
        {
            return false;
        }

        return true;
    }

    private static bool IsFloat(ReadOnlySpan<char> text)
    {
        int at = text.Length > 0 && text[0] is '+' or '-' ? 1 : 0;
        int whole = Digits(text, ref at);
        if (at < text.Length && text[at] == '.')
        {
            at++;
            if (Digits(text, ref at) == 0 && whole == 0)
                return false;
        }
        else if (whole == 0)
        {
            return false;
        }

        if (at < text.Length && text[at] is 'e' or 'E')
        {
            at++;
            if (at < text.Length && text[at] is '+' or '-')
                at++;
            if (Digits(text, ref at) == 0)
                return false;
        }

        return at == text.Length;
    }

    private static int Digits(ReadOnlySpan<char> text, ref int at)
    {
        int from = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
        return at - from;
    }

    // Out of range is no number to Go.
    private static bool TryFloat(ReadOnlySpan<char> text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    private static YamlScalar DecodeBinary(string text)
    {
        try
        {
            // Go passes over line breaks alone; .NET over other blanks too.
            if (text.AsSpan().IndexOfAny(' ', '\t') < 0)
            {
                byte[] bytes = Convert.FromBase64String(text);
                return new(YamlScalarKind.Binary, 0, GoString.FromBytes(bytes));
            }
        }
        catch (FormatException)
        {
        }

        throw new YamlDecodeError("yaml: !!binary value contains invalid base64 data");
    }

    /// <summary>Whether go-yaml takes the text for a timestamp.</summary>
    public static bool IsTimestamp(ReadOnlySpan<char> text)
    {
        if (text.Length < 8 || text[4] != '-' || !int.TryParse(text[..4], NumberStyles.None, CultureInfo.InvariantCulture, out int year))
            return false;
        ReadOnlySpan<char> rest = text[5..];
        if (!TakeNumber(ref rest, 1, 12, out int month) || !Take(ref rest, '-') || !TakeNumber(ref rest, 1, 31, out int day))
            return false;
        if (day > DaysIn(year, month))
            return false;
        if (rest.Length == 0)
            return true;
        char separator = rest[0];
        if (separator is not ('T' or 't' or ' '))
            return false;
        rest = separator == ' ' ? rest.TrimStart(' ') : rest[1..];
        if (!TakeNumber(ref rest, 0, 23, out _) || !Take(ref rest, ':') || !TakeNumber(ref rest, 0, 59, out _) || !Take(ref rest, ':')
            || !TakeNumber(ref rest, 0, 59, out _))
        {
            return false;
        }

        if (rest.Length >= 2 && rest[0] is '.' or ',' && char.IsAsciiDigit(rest[1]))
        {
            int digits = 1;
            while (digits < rest.Length && char.IsAsciiDigit(rest[digits]))
                digits++;
            rest = rest[digits..];
        }

        if (separator == ' ')
            return rest.Length == 0;
        if (rest is "Z")
            return true;
        return rest.Length == 6 && rest[0] is '+' or '-' && rest[3] == ':'
            && int.TryParse(rest[1..3], NumberStyles.None, CultureInfo.InvariantCulture, out int hours) && hours <= 24
            && int.TryParse(rest[4..6], NumberStyles.None, CultureInfo.InvariantCulture, out int minutes) && minutes <= 60;
    }

    private static int DaysIn(int year, int month) =>
        month == 2 ? (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28) : month is 4 or 6 or 9 or 11 ? 30 : 31;

    private static bool Take(ref ReadOnlySpan<char> text, char c)
    {
        if (text.Length == 0 || text[0] != c)
            return false;
        text = text[1..];
        return true;
    }

    // One or two digits, as Go's time.Parse takes them.
    private static bool TakeNumber(ref ReadOnlySpan<char> text, int least, int most, out int value)
    {
        value = 0;
        int at = 0;
        while (at < 2 && at < text.Length && char.IsAsciiDigit(text[at]))
            value = value * 10 + text[at++] - '0';
        text = text[at..];
        return at > 0 && value >= least && value <= most;
    }

    /// <summary>
    /// The text of a map key in JSON, as sigs.k8s.io/yaml makes it; null for what cannot be one (null, and integers beyond int64).
    /// </summary>
    public string? KeyText() => Kind switch
    {
        YamlScalarKind.String or YamlScalarKind.Binary => HelmJson.ReplaceInvalid(Text),
        YamlScalarKind.Int => Bits.ToString(CultureInfo.InvariantCulture),
        YamlScalarKind.Bool => Bits != 0 ? "true" : "false",
        YamlScalarKind.Float => GoFloat.FormatSingle(Float) switch { "+Inf" => ".inf", "-Inf" => "-.inf", "NaN" => ".nan", var s => s },
        _ => null,
    };

    /// <summary>Go's <c>%#v</c> of the scalar.</summary>
    public void AppendGoSyntax(StringBuilder to)
    {
        switch (Kind)
        {
            case YamlScalarKind.Null: to.Append("interface {}(nil)"); break;
            case YamlScalarKind.Bool: to.Append(Bits != 0 ? "true" : "false"); break;
            case YamlScalarKind.Int: to.Append(Bits.ToString(CultureInfo.InvariantCulture)); break;
            case YamlScalarKind.Uint: to.Append("0x").Append(unchecked((ulong)Bits).ToString("x", CultureInfo.InvariantCulture)); break;
            case YamlScalarKind.Float: to.Append(GoFloat.Format(Float)); break;
            default: to.Append(Strconv.Quote(Text)); break;
        }
    }
}
