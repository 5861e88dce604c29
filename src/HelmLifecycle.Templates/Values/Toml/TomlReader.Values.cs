using System.Globalization;
using System.Text;

namespace HelmLifecycle.Templates;

internal sealed partial class TomlReader
{
    private object ReadValue()
    {
        if (AtEnd)
            throw EndError("unexpected EOF; expected value");
        char c = Current;
        switch (c)
        {
            case '[':
                return ReadArray();
            case '{':
                return ReadInlineTable();
            case '"':
                return GoValue.String(StartsWith("\"\"\"") ? ReadMultilineString() : ReadString());
            case '\'':
                return GoValue.String(StartsWith("'''") ? ReadMultilineRawString() : ReadRawString());
            case '.':
                throw Error("floats must start with a digit, not '.'");
            case '+' or '-' or (>= '0' and <= '9'):
                return ReadNumberOrDate();
        }

        if (StartsWith("inf") || StartsWith("nan"))
        {
            double value = c == 'i' ? double.PositiveInfinity : double.NaN;
            _pos += 3;
            return GoValue.Float(value);
        }

        if (!char.IsLetter(c))
            throw ErrorAfterCharacter($"expected value but found {Shown} instead");
        int from = _pos;
        while (!AtEnd && char.IsLetter(Current))
            _pos++;
        string word = _text[from.._pos];
        return word switch
        {
            "true" => GoValue.True,
            "false" => GoValue.False,
            _ => throw Error($"expected value but found {Strconv.Quote(word)} instead"),
        };
    }

    private bool StartsWith(string text) => string.CompareOrdinal(_text, _pos, text, 0, text.Length) == 0;

    private void Enter()
    {
        if (++_depth > MaxDepth)
            throw Error("values nested too deeply");
        _pos++;
    }

    private void SkipBlanksAndComments()
    {
        while (!AtEnd && Current is ' ' or '\t' or '\n' or '\r' or '#')
        {
            if (Current == '#')
                SkipComment();
            else
                Next();
        }
    }

    private List<object> ReadArray()
    {
        Enter();
        var items = new List<object>();
        while (true)
        {
            SkipBlanksAndComments();
            if (Current == ']')
                break;
            if (Current == ',')
                throw Error("unexpected comma");
            items.Add(ReadValue());
            SkipBlanksAndComments();
            if (Current == ']')
                break;
            if (AtEnd)
                throw EndError("expected a comma (',') or array terminator (']'), but got end of file");
            if (Current != ',')
                throw Error($"expected a comma (',') or array terminator (']'), but got '{char.ConvertFromUtf32(CodePoint())}'");
            _pos++;
        }

        _pos++;
        _depth--;
        return items;
    }

    private Table ReadInlineTable()
    {
        Enter();
        var table = new Table();
        string[] context = _context;
        string key = _key;
        _context = key.Length > 0 ? [.. context, key] : context;
        _key = "";
        while (true)
        {
            SkipBlanks();
            RefuseLineBreak();
            if (Current == '}')
                break;
            if (Current == ',')
                throw Error("unexpected comma");
            _key = ReadKeyValue(table);
            SkipBlanks();
            RefuseLineBreak();
            if (Current == '}')
                break;
            if (AtEnd)
                throw EndError("expected a comma or an inline table terminator '}', but got end of file instead");
            if (Current != ',')
                throw Error($"expected a comma or an inline table terminator '}}', but got '{char.ConvertFromUtf32(CodePoint())}' instead");
            _pos++;
            SkipBlanks();
            if (Current == '}')
                throw Error("trailing comma not allowed in inline tables");
        }

        _pos++;
        _depth--;
        _context = context;
        _key = key;
        return table;
    }

    private void RefuseLineBreak()
    {
        if (!AtEnd && Current is '\n' or '\r')
            throw Error("newlines not allowed within inline tables");
    }

    private string ReadString()
    {
        _pos++;
        int from = _pos;
        var text = new StringBuilder();
        while (true)
        {
            if (AtEnd)
                throw EndError("unexpected EOF; expected '\"'");
            if (Current is '\n' or '\r')
                throw Error("strings cannot contain newlines");
            char c = Next();
            if (c == '"')
                return text.ToString();
            if (c == '\\')
                ReadEscape(text, from);
            else
                text.Append(c);
        }
    }

    private string ReadRawString()
    {
        _pos++;
        int from = _pos;
        while (true)
        {
            if (AtEnd)
                throw EndError("unexpected EOF; expected \"'\"");
            if (Current is '\n' or '\r')
                throw Error("strings cannot contain newlines");
            if (Next() == '\'')
                return _text[from..(_pos - 1)];
        }
    }

    private void SkipFirstLineBreak()
    {
        if (StartsWith("\r\n"))
            _pos++;
        if (Current == '\n')
            Next();
    }

    private string ReadMultilineRawString()
    {
        _pos += 3;
        SkipFirstLineBreak();
        int from = _pos;
        while (true)
        {
            if (AtEnd)
                throw EndError("unexpected EOF; expected \"'''\"");
            if (!StartsWith("'''"))
            {
                Next();
                continue;
            }

            int length = CloseMultiline('\'', "unexpected \"''''''\"");
            return _text[from..(_pos - length)];
        }
    }

    // Up to two quotes may stand right before the closing three. Returns how many close.
    private int CloseMultiline(char quote, string tooMany)
    {
        int count = 0;
        while (Current == quote && count < 6)
        {
            _pos++;
            count++;
        }

        if (count == 6)
            throw Error(tooMany);
        return 3;
    }

    private string ReadMultilineString()
    {
        _pos += 3;
        int start = _pos;
        SkipFirstLineBreak();
        var text = new StringBuilder();
        while (true)
        {
            if (AtEnd)
                throw EndError("unexpected EOF; expected '\"\"\"'");
            if (StartsWith("\"\"\""))
            {
                int from = _pos;
                CloseMultiline('"', "unexpected '\"\"\"\"\"\"'");
                return text.Append('"', _pos - from - 3).ToString();
            }

            char c = Next();
            if (c == '\\' && EndsLine())
            {
                while (!AtEnd && Current is ' ' or '\t' or '\n' or '\r')
                    Next();
            }
            else if (c == '\\')
            {
                ReadEscape(text, start);
            }
            else
            {
                text.Append(c);
            }
        }
    }

    // Whether nothing but blanks stands between here and the end of the line.
    private bool EndsLine()
    {
        int at = _pos;
        while (at < _text.Length && _text[at] is ' ' or '\t' or '\r')
            at++;
        return at < _text.Length && _text[at] == '\n';
    }

    private void ReadEscape(StringBuilder text, int start)
    {
        if (AtEnd)
            throw EndError("invalid escape in string '\\\0'");
        char c = Next();
        switch (c)
        {
            case 'b': text.Append('\b'); return;
            case 't': text.Append('\t'); return;
            case 'n': text.Append('\n'); return;
            case 'f': text.Append('\f'); return;
            case 'r': text.Append('\r'); return;
            case '"' or '\\': text.Append(c); return;
            case ' ' or '\t': throw Error($"invalid escape: '\\{c}'");
            case 'u' or 'U': break;
            default: throw Error($"invalid escape in string '\\{c}'");
        }

        int digits = c == 'u' ? 4 : 8;
        int from = _pos;
        for (int i = 0; i < digits; i++)
        {
            if (AtEnd || !char.IsAsciiHexDigit(Current))
            {
                // Go shows the string from its beginning.
                ReadOnlySpan<char> read = _text.AsSpan(start, Math.Min(_pos + 1, _text.Length) - start);
                throw ErrorAfterCharacter($"expected {(digits == 4 ? "four" : "eight")} hexadecimal digits after '\\{c}', but got {Strconv.Quote(read)} instead");
            }


            _pos++;
        }

        string hex = _text[from.._pos];
        long code = long.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        if (code > 0x10FFFF || !Rune.IsValid((int)code))
            throw Error($"Escaped character '\\u{hex}' is not valid UTF-8.");
        text.Append(new Rune((int)code).ToString());
    }

    private GoValue ReadNumberOrDate()
    {
        int from = _pos;
        if (Current is '+' or '-')
        {
            _pos++;
            if (StartsWith("inf") || StartsWith("nan"))
            {
                double special = Current == 'n' ? double.NaN : _text[from] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
                _pos += 3;
                return GoValue.Float(special);
            }

            if (Current == '.')
                throw Error("floats must start with a digit, not '.'");
            if (!char.IsAsciiDigit(Current))
                throw ErrorAfterCharacter($"expected a digit but got {Shown}");
            if (Current == '0' && _pos + 1 < _text.Length && _text[_pos + 1] is 'b' or 'o' or 'x')
                throw Error($"cannot use sign with non-decimal numbers: '{_text.AsSpan(from, _pos + 2 - from)}'");
        }
        else if (Current == '0' && _pos + 1 < _text.Length && _text[_pos + 1] is 'b' or 'o' or 'x')
        {
            return ReadBasedInteger();
        }

        bool isFloat = false;
        while (!AtEnd)
        {
            char c = Current;
            if (c is '-' or ':' && !isFloat && char.IsAsciiDigit(_text[from]))
                return ReadDate(from);
            if (c is '.' or 'e' or 'E')
                isFloat = true;
            else if (!(char.IsAsciiDigit(c) || c == '_' || (isFloat && c is '+' or '-')))
                break;
            _pos++;
        }

        string text = _text[from.._pos];
        return isFloat ? ParseFloat(text) : ParseInteger(text, text, 10);
    }

    private GoValue ReadBasedInteger()
    {
        int from = _pos;
        char prefix = _text[_pos + 1];
        (int numberBase, string name) = prefix switch { 'b' => (2, "a binary"), 'o' => (8, "an octal"), _ => (16, "a hexidecimal") };
        _pos += 2;
        if (AtEnd || !IsDigit(Current, numberBase))
            throw Error($"not {name} number: '{_text[from.._pos]}{Current}'");
        while (!AtEnd && (IsDigit(Current, numberBase) || Current == '_'))
            _pos++;
        string text = _text[from.._pos];
        return ParseInteger(text, text.AsSpan(2), numberBase);
    }

    private static bool IsDigit(char c, int numberBase) =>
        numberBase == 16 ? char.IsAsciiHexDigit(c) : c >= '0' && c < '0' + numberBase;

    private static bool UnderscoresFit(string text)
    {
        bool afterDigit = false;
        foreach (char c in text)
        {
            if (c == '_' && !afterDigit)
                return false;
            afterDigit = char.IsAsciiHexDigit(c);
        }

        return afterDigit;
    }

    private static bool HasLeadingZero(string text) =>
        (text.Length > 1 && text[0] == '0' && text[1] is not ('b' or 'o' or 'x'))
        || (text.Length > 2 && text[0] is '+' or '-' && text[1] == '0');

    private GoValue ParseInteger(string text, ReadOnlySpan<char> digits, int numberBase)
    {
        if (!UnderscoresFit(text))
            throw Error($"Invalid integer {Strconv.Quote(text)}: underscores must be surrounded by digits");
        if (HasLeadingZero(text))
            throw Error($"Invalid integer {Strconv.Quote(text)}: cannot have leading zeroes");
        bool negative = digits[0] == '-';
        ulong value = 0;
        foreach (char c in digits)
        {
            if (!char.IsAsciiHexDigit(c))
                continue;
            ulong digit = (ulong)Convert.ToInt32(c.ToString(), 16);
            if (value > (ulong.MaxValue - digit) / (ulong)numberBase)
                throw Error($"{text} is out of range for int64");
            value = value * (ulong)numberBase + digit;
        }

        if (value > (negative ? 1UL << 63 : long.MaxValue))
            throw Error($"{text} is out of range for int64");
        return GoValue.Int64(negative ? unchecked(-(long)value) : (long)value);
    }

    private GoValue ParseFloat(string text)
    {
        string quoted = Strconv.Quote(text);
        string[] parts = text.Split(['.', 'e', 'E'], StringSplitOptions.RemoveEmptyEntries);
        if (!parts.All(UnderscoresFit))
            throw Error($"Invalid float {quoted}: underscores must be surrounded by digits");
        if (parts.Length > 0 && HasLeadingZero(parts[0]))
            throw Error($"Invalid float {quoted}: cannot have leading zeroes");
        for (int dot = text.IndexOf('.'); dot >= 0; dot = text.IndexOf('.', dot + 1))
        {
            if (dot + 1 >= text.Length || !char.IsAsciiDigit(text[dot + 1]))
                throw Error($"Invalid float {quoted}: '.' must be followed by one or more digits");
        }

        if (!double.TryParse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            throw Error($"Invalid float value: {quoted}");
        return double.IsFinite(value) ? GoValue.Float(value) : throw Error($"{text} is out of range for float64");
    }

    private GoValue ReadDate(int from)
    {
        while (!AtEnd && (char.IsAsciiDigit(Current) || Current is '-' or ':' or 'T' or 't' or ' ' or '.' or 'Z' or 'z' or '+'))
            _pos++;
        string text = _text[from.._pos].TrimEnd();
        string canonical = text.Replace('t', 'T').Replace(' ', 'T').Replace('z', 'Z');
        return TomlTime.Parse(canonical) ?? throw Error($"invalid datetime: {Strconv.Quote(canonical)}");
    }
}
