using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>A document that is no JSON, in the words of Go's decoder.</summary>
internal sealed class JsonSyntaxException(string message) : Exception(message);

/// <summary>
/// Reads JSON bodies as Go does: a repeated key is taken (the last one wins) but noted, and syntax errors have Go's texts.
/// </summary>
internal ref struct GoJson
{
    private const int MaxDepth = 512;

    /// <summary>Where a run of plain characters in a string ends.</summary>
    private static readonly SearchValues<char> s_special = SearchValues.Create([.. Enumerable.Range(0, ' ').Select(c => (char)c), '"', '\\']);

    private readonly string _text;
    private readonly List<string>? _duplicates;
    private readonly List<string> _path;
    private int _at;
    private int _depth;

    private GoJson(string text, List<string>? duplicates)
    {
        _text = text;
        _duplicates = duplicates;
        _path = [];
    }

    /// <summary>Parses a document; dotted paths of repeated keys go to <paramref name="duplicates"/>.</summary>
    public static JsonNode? Parse(ReadOnlySpan<byte> utf8, List<string>? duplicates = null) => Parse(Encoding.UTF8.GetString(utf8), duplicates);

    public static JsonNode? Parse(string text, List<string>? duplicates = null)
    {
        var reader = new GoJson(text, duplicates);
        JsonNode? value = reader.ReadValue();
        reader.SkipSpace();
        if (reader._at < text.Length)
        {
            throw reader.Unexpected("after top-level value");
        }

        return value;
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '\t' or '\r' or '\n')
        {
            _at++;
        }
    }

    private readonly JsonSyntaxException Unexpected(string context) => _at >= _text.Length
        ? new JsonSyntaxException("unexpected end of JSON input")
        : new JsonSyntaxException("invalid character " + Quote(_text[_at]) + " " + context);

    private static string Quote(char c) => c switch
    {
        '\'' => "'\\''",
        '"' => "'\"'",
        < ' ' or (>= '\x7f' and < '\xa0') => c switch { '\n' => "'\\n'", '\r' => "'\\r'", '\t' => "'\\t'", _ => "'\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture) + "'" },
        _ => "'" + c + "'",
    };

    private JsonNode? ReadValue()
    {
        SkipSpace();
        if (_at >= _text.Length)
        {
            throw Unexpected("");
        }

        char c = _text[_at];
        switch (c)
        {
            case '{':
                return ReadObject();
            case '[':
                return ReadArray();
            case '"':
                return JsonValue.Create(ReadString());
            case 't':
                Literal("true");
                return JsonValue.Create(true);
            case 'f':
                Literal("false");
                return JsonValue.Create(false);
            case 'n':
                Literal("null");
                return null;
            case '-' or (>= '0' and <= '9'):
                return ReadNumber();
            default:
                throw Unexpected("looking for beginning of value");
        }
    }

    private void Literal(string word)
    {
        for (int i = 0; i < word.Length; i++, _at++)
        {
            if (_at >= _text.Length || _text[_at] != word[i])
            {
                throw Unexpected("in literal " + word + " (expecting '" + word[i] + "')");
            }
        }
    }

    private JsonValue ReadNumber()
    {
        int start = _at;
        if (_text[_at] == '-')
        {
            _at++;
        }

        if (_at < _text.Length && _text[_at] == '0')
        {
            _at++;
        }
        else if (!Digits())
        {
            throw Unexpected("in numeric literal");
        }

        bool integer = true;
        if (_at < _text.Length && _text[_at] == '.')
        {
            integer = false;
            _at++;
            if (!Digits())
            {
                throw Unexpected("after decimal point in numeric literal");
            }
        }

        if (_at < _text.Length && _text[_at] is 'e' or 'E')
        {
            integer = false;
            _at++;
            if (_at < _text.Length && _text[_at] is '+' or '-')
            {
                _at++;
            }

            if (!Digits())
            {
                throw Unexpected("in exponent of numeric literal");
            }
        }

        ReadOnlySpan<char> number = _text.AsSpan(start, _at - start);
        if (integer && long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole))
        {
            return JsonValue.Create(whole);
        }

        double real = double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (double.IsInfinity(real))
        {
            throw new JsonSyntaxException("json: cannot unmarshal number " + number.ToString() + " into Go value of type float64");
        }

        return JsonValue.Create(real);
    }

    private bool Digits()
    {
        int start = _at;
        while (_at < _text.Length && _text[_at] is >= '0' and <= '9')
        {
            _at++;
        }

        return _at > start;
    }

    private void SkipPlain()
    {
        int plain = _text.AsSpan(_at).IndexOfAny(s_special);
        _at = plain < 0 ? _text.Length : _at + plain;
    }

    private string ReadString()
    {
        _at++;
        int start = _at;
        SkipPlain();
        if (_at < _text.Length && _text[_at] == '"')
        {
            return _text[start.._at++];
        }

        var built = new StringBuilder(_text, start, _at - start, Math.Max(16, _at - start + 16));
        while (true)
        {
            if (_at >= _text.Length || _text[_at] < ' ')
            {
                throw Unexpected("in string literal");
            }

            char c = _text[_at++];
            if (c == '"')
            {
                return built.ToString();
            }

            if (c != '\\')
            {
                int from = _at - 1;
                SkipPlain();
                built.Append(_text, from, _at - from);
                continue;
            }

            if (_at >= _text.Length)
            {
                throw Unexpected("");
            }

            char escape = _text[_at];
            switch (escape)
            {
                case '"' or '\\' or '/':
                    built.Append(escape);
                    break;
                case 'b':
                    built.Append('\b');
                    break;
                case 'f':
                    built.Append('\f');
                    break;
                case 'n':
                    built.Append('\n');
                    break;
                case 'r':
                    built.Append('\r');
                    break;
                case 't':
                    built.Append('\t');
                    break;
                case 'u':
                    for (int i = 1; i <= 4; i++)
                    {
                        if (_at + i >= _text.Length || !char.IsAsciiHexDigit(_text[_at + i]))
                        {
                            _at += i;
                            throw Unexpected("in \\u hexadecimal character escape");
                        }
                    }

                    built.Append((char)int.Parse(_text.AsSpan(_at + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                    _at += 4;
                    break;
                default:
                    throw Unexpected("in string escape code");
            }

            _at++;
        }
    }

    private JsonObject ReadObject()
    {
        Enter();
        var json = new JsonObject();
        SkipSpace();
        if (_at < _text.Length && _text[_at] == '}')
        {
            _at++;
            _depth--;
            return json;
        }

        while (true)
        {
            SkipSpace();
            if (_at >= _text.Length || _text[_at] != '"')
            {
                throw Unexpected("looking for beginning of object key string");
            }

            string key = ReadString();
            SkipSpace();
            if (_at >= _text.Length || _text[_at] != ':')
            {
                throw Unexpected("after object key");
            }

            _at++;
            _path.Add(key);
            if (_duplicates is not null && json.ContainsKey(key))
            {
                _duplicates.Add(string.Join('.', _path));
            }

            json[key] = ReadValue();
            _path.RemoveAt(_path.Count - 1);
            SkipSpace();
            if (_at < _text.Length && _text[_at] == ',')
            {
                _at++;
                continue;
            }

            if (_at < _text.Length && _text[_at] == '}')
            {
                _at++;
                _depth--;
                return json;
            }

            throw Unexpected("after object key:value pair");
        }
    }

    private JsonArray ReadArray()
    {
        Enter();
        var array = new JsonArray();
        SkipSpace();
        if (_at < _text.Length && _text[_at] == ']')
        {
            _at++;
            _depth--;
            return array;
        }

        while (true)
        {
            _path.Add("[" + array.Count.ToString(CultureInfo.InvariantCulture) + "]");
            array.Add(ReadValue());
            _path.RemoveAt(_path.Count - 1);
            SkipSpace();
            if (_at < _text.Length && _text[_at] == ',')
            {
                _at++;
                continue;
            }

            if (_at < _text.Length && _text[_at] == ']')
            {
                _at++;
                _depth--;
                return array;
            }

            throw Unexpected("after array element");
        }
    }

    private void Enter()
    {
        _at++;
        if (++_depth > MaxDepth)
        {
            throw new JsonSyntaxException("exceeded max depth");
        }
    }
}
