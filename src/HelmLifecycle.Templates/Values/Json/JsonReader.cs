using System.Globalization;
using System.Text;

namespace HelmLifecycle.Templates;

/// <summary>Reads JSON as Go's <c>encoding/json</c> does, with its words for what is wrong.</summary>
internal ref struct JsonReader
{
    // Go allows 10,000; what works on values afterwards recurses.
    private const int MaxDepth = 1000;

    private readonly ReadOnlySpan<char> _text;
    private int _pos;
    private int _depth;

    public JsonReader(ReadOnlySpan<char> text) => _text = text;

    /// <summary>How far reading came.</summary>
    public readonly int Position => _pos;

    /// <summary>Reads a value and nothing after it but blanks.</summary>
    public GoValue ReadAll()
    {
        GoValue value = ReadValue();
        SkipBlanks();
        if (_pos < _text.Length)
            throw Invalid("after top-level value");
        return value;
    }

    /// <summary>Reads one value and leaves what follows.</summary>
    public GoValue ReadValue()
    {
        SkipBlanks();
        if (_pos >= _text.Length)
            throw End();
        char c = _text[_pos];
        switch (c)
        {
            case '{':
                return ReadMap();
            case '[':
                return ReadList();
            case '"':
                return GoValue.String(ReadString());
            case 't':
                ReadWord("true");
                return GoValue.True;
            case 'f':
                ReadWord("false");
                return GoValue.False;
            case 'n':
                ReadWord("null");
                return GoValue.Nil;
            case '-' or (>= '0' and <= '9'):
                return GoValue.Float(ReadNumber());
            default:
                throw Invalid("looking for beginning of value");
        }
    }

    private readonly JsonSyntaxException End() => Error("unexpected end of JSON input");

    private readonly JsonSyntaxException Error(string message)
    {
        ReadOnlySpan<char> before = _text[..Math.Min(_pos, _text.Length)];
        return new JsonSyntaxException(message, before.Count('\n') + 1, _pos - (before.LastIndexOf('\n') + 1) + 1);
    }

    private readonly JsonSyntaxException Invalid(string context)
    {
        if (_pos >= _text.Length)
            return End();
        return Error($"invalid character {Quote(_text[_pos..])} {context}");
    }

    // Go looks at bytes: of a character beyond ASCII it names the first byte, as if it were Latin-1.
    private static string Quote(ReadOnlySpan<char> text)
    {
        char c = text[0];
        if (c >= 0x80)
            c = (char)GoString.ToBytes(text[..Math.Min(2, text.Length)].ToString())[0];
        if (c == '\'')
            return "'\\''";
        if (c == '"')
            return "'\"'";
        string quoted = Strconv.Quote(c.ToString());
        return $"'{quoted[1..^1]}'";
    }

    private void SkipBlanks()
    {
        while (_pos < _text.Length && _text[_pos] is ' ' or '\t' or '\r' or '\n')
            _pos++;
    }

    private void ReadWord(string word)
    {
        for (int i = 0; i < word.Length; i++, _pos++)
        {
            if (_pos >= _text.Length)
                throw End();
            if (_text[_pos] != word[i])
                throw Invalid($"in literal {word} (expecting '{word[i]}')");
        }
    }

    private double ReadNumber()
    {
        int from = _pos;
        if (_text[_pos] == '-')
        {
            _pos++;
            if (_pos >= _text.Length || !char.IsAsciiDigit(_text[_pos]))
                throw Invalid("in numeric literal");
        }

        if (_text[_pos] == '0')
            _pos++;
        else
            SkipDigits();
        if (_pos < _text.Length && _text[_pos] == '.')
        {
            _pos++;
            if (_pos >= _text.Length || !char.IsAsciiDigit(_text[_pos]))
                throw Invalid("after decimal point in numeric literal");
            SkipDigits();
        }

        if (_pos < _text.Length && _text[_pos] is 'e' or 'E')
        {
            _pos++;
            if (_pos < _text.Length && _text[_pos] is '+' or '-')
                _pos++;
            if (_pos >= _text.Length || !char.IsAsciiDigit(_text[_pos]))
                throw Invalid("in exponent of numeric literal");
            SkipDigits();
        }

        ReadOnlySpan<char> number = _text[from.._pos];
        double value = double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(value) ? value : throw Error($"json: cannot unmarshal number {number} into Go value of type float64");
    }

    private void SkipDigits()
    {
        while (_pos < _text.Length && char.IsAsciiDigit(_text[_pos]))
            _pos++;
    }

    private void Enter()
    {
        if (++_depth > MaxDepth)
            throw Error("exceeded max depth");
        _pos++;
    }

    private GoValue ReadList()
    {
        Enter();
        var items = new List<GoValue>();
        SkipBlanks();
        if (_pos < _text.Length && _text[_pos] == ']')
        {
            _pos++;
            _depth--;
            return GoValue.List(GoList.Empty);
        }

        while (true)
        {
            items.Add(ReadValue());
            SkipBlanks();
            if (_pos >= _text.Length)
                throw End();
            char c = _text[_pos];
            if (c == ']')
                break;
            if (c != ',')
                throw Invalid("after array element");
            _pos++;
        }

        _pos++;
        _depth--;
        return GoValue.List(new GoList(items.ToArray()));
    }

    private GoValue ReadMap()
    {
        Enter();
        var map = new GoMap();
        SkipBlanks();
        if (_pos < _text.Length && _text[_pos] == '}')
        {
            _pos++;
            _depth--;
            return GoValue.Map(map);
        }

        while (true)
        {
            SkipBlanks();
            if (_pos >= _text.Length || _text[_pos] != '"')
                throw Invalid("looking for beginning of object key string");
            string key = ReadString();
            SkipBlanks();
            if (_pos >= _text.Length || _text[_pos] != ':')
                throw Invalid("after object key");
            _pos++;
            map[key] = ReadValue();
            SkipBlanks();
            if (_pos >= _text.Length)
                throw End();
            char c = _text[_pos];
            if (c == '}')
                break;
            if (c != ',')
                throw Invalid("after object key:value pair");
            _pos++;
        }

        _pos++;
        _depth--;
        return GoValue.Map(map);
    }

    private string ReadString()
    {
        _pos++;
        int from = _pos;
        while (_pos < _text.Length && _text[_pos] is not ('"' or '\\') && _text[_pos] >= ' ')
            _pos++;
        if (_pos < _text.Length && _text[_pos] == '"')
            return HelmJson.ReplaceInvalid(_text[from.._pos++].ToString());
        var value = new StringBuilder();
        value.Append(_text[from.._pos]);
        while (true)
        {
            if (_pos >= _text.Length)
                throw End();
            char c = _text[_pos];
            if (c == '"')
                break;
            if (c < ' ')
                throw Invalid("in string literal");
            _pos++;
            if (c == '\\')
                ReadEscape(value);
            else
                value.Append(c);
        }

        _pos++;
        return HelmJson.ReplaceInvalid(value.ToString());
    }

    private void ReadEscape(StringBuilder value)
    {
        if (_pos >= _text.Length)
            throw End();
        char c = _text[_pos];
        switch (c)
        {
            case '"' or '\\' or '/': value.Append(c); break;
            case 'b': value.Append('\b'); break;
            case 'f': value.Append('\f'); break;
            case 'n': value.Append('\n'); break;
            case 'r': value.Append('\r'); break;
            case 't': value.Append('\t'); break;
            case 'u':
                for (int i = 0; i < 4; i++)
                {
                    _pos++;
                    if (_pos >= _text.Length || !char.IsAsciiHexDigit(_text[_pos]))
                        throw Invalid("in \\u hexadecimal character escape");
                }

                char unit = (char)Convert.ToUInt16(_text[(_pos - 3)..(_pos + 1)].ToString(), 16);
                // A lone surrogate is U+FFFD. The first half waits for the second, which may follow as an escape.
                if (char.IsLowSurrogate(unit) && !(value.Length > 0 && char.IsHighSurrogate(value[^1])))
                    unit = '\uFFFD';
                value.Append(unit);
                break;
            default:
                throw Invalid("in string escape code");
        }

        _pos++;
    }
}
