using System.Numerics;

namespace HelmLifecycle.Templates;

/// <summary>Reads number and character literals. A literal has no type until something asks for one.</summary>
internal static class NumberLiteral
{
    /// <summary>Reads a literal.</summary>
    /// <returns>The node, or null and the text of Go's error.</returns>
    internal static NumberNode? Parse(int position, ReadOnlySpan<char> literal, TokenKind kind, out string error)
    {
        error = "";
        string text = literal.ToString();
        if (kind == TokenKind.CharConstant)
            return ParseChar(position, text, out error);
        if (kind == TokenKind.Complex)
            return ParseComplex(position, text, out error);
        if (text[^1] == 'i' && Strconv.TryParseFloat(text.AsSpan(0, text.Length - 1), out double imaginary))
            return OfComplex(position, text, new Complex(0, imaginary));

        bool isUint = Strconv.TryParseUint(text, out ulong u);
        bool isInt = Strconv.TryParseInt(text, out long i);
        if (isInt || isUint)
        {
            return new NumberNode(position, text)
            {
                IsInt = isInt,
                Int = i,
                IsUint = isUint || (isInt && i == 0),
                Uint = u,
                IsFloat = true,
                Float = isInt ? i : u,
            };
        }

        if (!Strconv.TryParseFloat(text, out double f))
        {
            error = "illegal number syntax: " + Strconv.Quote(text);
            return null;
        }

        if (text.AsSpan().IndexOfAny(".eEpP") < 0)
        {
            error = "integer overflow: " + Strconv.Quote(text);
            return null;
        }

        return new NumberNode(position, text)
        {
            IsFloat = true,
            Float = f,
            IsInt = IsInteger(f),
            Int = IsInteger(f) ? (long)f : 0,
            IsUint = IsUnsigned(f),
            Uint = IsUnsigned(f) ? (ulong)f : 0,
        };
    }

    private static NumberNode? ParseChar(int position, string text, out string error)
    {
        error = "";
        ReadOnlySpan<char> rest = text.AsSpan(1);
        if (!Strconv.UnquoteChar(ref rest, '\'', out int rune, out _))
        {
            error = "invalid syntax";
            return null;
        }

        if (rest is not "'")
        {
            error = "malformed character constant: " + text;
            return null;
        }

        return new NumberNode(position, text)
        {
            IsInt = true,
            Int = rune,
            IsUint = true,
            Uint = (ulong)rune,
            IsFloat = true,
            Float = rune,
        };
    }

    private static NumberNode? ParseComplex(int position, string text, out string error)
    {
        error = "";
        int sign = text.LastIndexOfAny(['+', '-']);
        while (sign > 0 && text[sign - 1] is 'e' or 'E' or 'p' or 'P')
            sign = text.LastIndexOfAny(['+', '-'], sign - 1);
        if (sign > 0 && Strconv.TryParseFloat(text.AsSpan(0, sign), out double real)
            && Strconv.TryParseFloat(text.AsSpan(sign, text.Length - sign - 1), out double imaginary))
            return OfComplex(position, text, new Complex(real, imaginary));
        error = "syntax error scanning complex number";
        return null;
    }

    private static NumberNode OfComplex(int position, string text, Complex value)
    {
        bool real = value.Imaginary == 0;
        return new NumberNode(position, text)
        {
            IsComplex = true,
            Complex = value,
            IsFloat = real,
            Float = real ? value.Real : 0,
            IsInt = real && IsInteger(value.Real),
            Int = real && IsInteger(value.Real) ? (long)value.Real : 0,
            IsUint = real && IsUnsigned(value.Real),
            Uint = real && IsUnsigned(value.Real) ? (ulong)value.Real : 0,
        };
    }

    private static bool IsInteger(double value) => value >= long.MinValue && value < long.MaxValue && Math.Truncate(value) == value;

    private static bool IsUnsigned(double value) => value >= 0 && value < ulong.MaxValue && Math.Truncate(value) == value;
}
