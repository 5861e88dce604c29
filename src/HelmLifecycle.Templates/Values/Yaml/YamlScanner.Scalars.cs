using System.Buffers;
using System.Text;

namespace HelmLifecycle.Templates;

internal sealed partial class YamlScanner
{
    private static readonly SearchValues<char> s_breaks = SearchValues.Create("\n\r\u0085\u2028\u2029");
    private static readonly SearchValues<char> s_plainStopsInBlock = SearchValues.Create(" \t:\n\r\u0085\u2028\u2029");
    private static readonly SearchValues<char> s_plainStopsInFlow = SearchValues.Create(" \t:,?[]{}\n\r\u0085\u2028\u2029");
    private static readonly SearchValues<char> s_singleQuotedStops = SearchValues.Create("'\n\r\u0085\u2028\u2029");
    private static readonly SearchValues<char> s_doubleQuotedStops = SearchValues.Create("\"\\\n\r\u0085\u2028\u2029");

    private readonly string?[] _shortTexts = new string?[256];

    /// <summary>A piece of the text. Short ones, most of them keys, come again and again and are shared.</summary>
    private string Piece(int start, int end)
    {
        ReadOnlySpan<char> span = _text.AsSpan(start, end - start);
        if (span.Length is 0 or > 24)
            return span.ToString();
        int hash = (span.Length * 31 + span[0] * 7 + span[^1] * 17 + span[span.Length / 2] * 3) & 0xFF;
        string? known = _shortTexts[hash];
        if (known is not null && span.SequenceEqual(known))
            return known;
        return _shortTexts[hash] = span.ToString();
    }

    private void FetchPlain()
    {
        int keyLevel = SaveKey();
        _keyAllowed = false;
        YamlMark start = Mark;
        int indent = _indent + 1;
        SearchValues<char> stops = _flowLevel > 0 ? s_plainStopsInFlow : s_plainStopsInBlock;
        int pieceStart = _pos;
        int pieceEnd = _pos;
        bool folded = false;
        bool atBreak = false;
        char firstBreak = '\0';
        while (true)
        {
            Need(4);
            char c = At(0);
            if (Column == 0 && AtDocumentIndicator(c))
                break;
            if (c == '#')
                break;

            // Characters up to a blank, a break or an indicator.
            int runStart = _pos;
            int runEnd = PlainRunEnd(stops);
            if (runEnd > runStart)
            {
                if (atBreak)
                {
                    if (!folded)
                    {
                        folded = true;
                        _buffer.Clear();
                    }

                    _buffer.Append(_text, pieceStart, pieceEnd - pieceStart);
                    AppendFold(firstBreak);
                    pieceStart = runStart;
                    atBreak = false;
                }

                AdvanceTo(runEnd);
                pieceEnd = runEnd;
            }

            c = At(0);
            if (!IsBlank(c) && !IsBreak(c))
                break;
            do
            {
                if (IsBlank(c))
                {
                    if (atBreak && c == '\t' && Column < indent)
                        throw Error("found a tab character that violates indentation", start);
                    _pos++;
                }
                else if (!atBreak)
                {
                    atBreak = true;
                    firstBreak = c;
                    _breaks.Clear();
                    SkipBreak();
                }
                else
                {
                    ReadBreak(_breaks);
                }

                c = At(0);
            }
            while (IsBlank(c) || IsBreak(c));
            if (_flowLevel == 0 && Column < indent)
                break;
        }

        string text;
        if (folded)
            text = _buffer.Append(_text, pieceStart, pieceEnd - pieceStart).ToString();
        else
            text = Piece(pieceStart, pieceEnd);
        Append(YamlTokenKind.Scalar, start, text, plain: true, keyLevel: keyLevel);
        if (atBreak)
            _keyAllowed = true;
    }

    private int PlainRunEnd(SearchValues<char> stops)
    {
        int at = _pos;
        while (true)
        {
            int step = _text.AsSpan(at, _end - at).IndexOfAny(stops);
            if (step < 0)
                return _end;
            at += step;
            // A colon ends the scalar only before a blank, a break or the end.
            if (_text[at] != ':')
                return at;
            if (at + 1 >= _end)
            {
                if (_readerFault is not null)
                    return _end;
                return at;
            }

            if (IsBlankOrEnd(_text[at + 1]))
                return at;
            at++;
        }
    }

    // The break that was first and those in _breaks, folded: one line feed is a space, LS and PS stay.
    private void AppendFold(char firstBreak)
    {
        if (firstBreak is '\u2028' or '\u2029')
            _buffer.Append(firstBreak).Append(_breaks);
        else if (_breaks.Length == 0)
            _buffer.Append(' ');
        else
            _buffer.Append(_breaks);
        _breaks.Clear();
    }

    private void FetchQuoted(bool single)
    {
        int keyLevel = SaveKey();
        _keyAllowed = false;
        YamlMark start = Mark;
        _pos++;
        string text = SimpleQuoted(single) ?? FoldedQuoted(single, start);
        _pos++;
        Append(YamlTokenKind.Scalar, start, text, keyLevel: keyLevel);
    }

    // A quoted scalar on one line and without escapes, or null.
    private string? SimpleQuoted(bool single)
    {
        int length = _text.AsSpan(_pos, _end - _pos).IndexOfAny(single ? s_singleQuotedStops : s_doubleQuotedStops);
        if (length < 0)
            return null;
        int end = _pos + length;
        if (_text[end] != (single ? '\'' : '"') || (single && end + 1 < _end && _text[end + 1] == '\''))
            return null;
        string text = Piece(_pos, end);
        AdvanceTo(end);
        return text;
    }

    private string FoldedQuoted(bool single, YamlMark start)
    {
        StringBuilder text = _buffer.Clear();
        char quote = single ? '\'' : '"';
        while (true)
        {
            Need(4);
            char c = At(0);
            if (Column == 0 && AtDocumentIndicator(c))
                throw Error("found unexpected document indicator", start);
            if (c == '\0')
                throw Error("found unexpected end of stream", start);
            bool atBreak = false;
            while (!IsBlankOrEnd(c))
            {
                if (c == quote)
                {
                    if (!single || At(1) != '\'')
                        break;
                    text.Append('\'');
                    _pos += 2;
                }
                else if (c == '\\' && !single)
                {
                    if (IsBreak(At(1)))
                    {
                        _pos++;
                        SkipBreak();
                        atBreak = true;
                        break;
                    }

                    ReadEscape(text, start);
                }
                else
                {
                    int from = _pos;
                    Advance();
                    text.Append(_text, from, _pos - from);
                }

                c = At(0);
            }

            c = At(0);
            if (c == quote)
                return text.ToString();

            int blanksStart = _pos;
            char firstBreak = '\0';
            _breaks.Clear();
            while (true)
            {
                c = At(0);
                if (IsBlank(c))
                {
                    _pos++;
                }
                else if (!IsBreak(c))
                {
                    break;
                }
                else if (!atBreak)
                {
                    atBreak = true;
                    firstBreak = c;
                    SkipBreak();
                }
                else
                {
                    ReadBreak(_breaks);
                }
            }

            if (!atBreak)
            {
                text.Append(_text, blanksStart, _pos - blanksStart);
            }
            else if (firstBreak != '\0')
            {
                AppendFold(firstBreak);
            }
            else
            {
                text.Append(_breaks);
            }
        }
    }

    private void ReadEscape(StringBuilder text, YamlMark start)
    {
        int digits = 0;
        char c = At(1);
        switch (c)
        {
            case '0': text.Append('\0'); break;
            case 'a': text.Append('\a'); break;
            case 'b': text.Append('\b'); break;
            case 't' or '\t': text.Append('\t'); break;
            case 'n': text.Append('\n'); break;
            case 'v': text.Append('\v'); break;
            case 'f': text.Append('\f'); break;
            case 'r': text.Append('\r'); break;
            case 'e': text.Append('\u001B'); break;
            case ' ' or '"' or '\'' or '\\': text.Append(c); break;
            case 'N': text.Append('\u0085'); break;
            case '_': text.Append('\u00A0'); break;
            case 'L': text.Append('\u2028'); break;
            case 'P': text.Append('\u2029'); break;
            case 'x': digits = 2; break;
            case 'u': digits = 4; break;
            case 'U': digits = 8; break;
            default: throw Error("found unknown escape character", start);
        }

        _pos += 2;
        if (digits == 0)
            return;
        long code = 0;
        for (int i = 0; i < digits; i++)
        {
            c = At(i);
            if (!char.IsAsciiHexDigit(c))
                throw Error("did not find expected hexdecimal number", start);
            code = code * 16 + Convert.ToInt32(c.ToString(), 16);
        }

        if (code is >= 0xD800 and <= 0xDFFF or > 0x10FFFF)
            throw Error("found invalid Unicode character escape code", start);
        _pos += digits;
        text.Append(new Rune((int)code).ToString());
    }

    private void FetchBlockScalar(bool literal)
    {
        RemoveKey();
        _keyAllowed = true;
        YamlMark start = Mark;
        _pos++;
        (int chomping, int increment) = ReadBlockHeader(start);
        int indent = increment == 0 ? 0 : Math.Max(_indent, 0) + increment;
        StringBuilder text = _buffer.Clear();
        StringBuilder trailing = _breaks.Clear();
        ReadBlockBreaks(ref indent, trailing, start);
        bool leadingBlank = false;
        char leadingBreak = '\0';
        while (Column == indent && At(0) != '\0')
        {
            char c = At(0);
            bool blank = IsBlank(c);
            if (!literal && leadingBreak == '\n' && !leadingBlank && !blank)
            {
                if (trailing.Length == 0)
                    text.Append(' ');
            }
            else if (leadingBreak != '\0')
            {
                text.Append(leadingBreak);
            }

            leadingBreak = '\0';
            text.Append(trailing);
            trailing.Clear();
            leadingBlank = blank;
            int length = _text.AsSpan(_pos, _end - _pos).IndexOfAny(s_breaks);
            int end = length < 0 ? _end : _pos + length;
            text.Append(_text, _pos, end - _pos);
            AdvanceTo(end);
            c = At(0);
            if (IsBreak(c))
            {
                leadingBreak = c is '\u2028' or '\u2029' ? c : '\n';
                SkipBreak();
            }

            ReadBlockBreaks(ref indent, trailing, start);
        }

        if (chomping != -1 && leadingBreak != '\0')
            text.Append(leadingBreak);
        if (chomping == 1)
            text.Append(trailing);
        Append(YamlTokenKind.Scalar, start, text.ToString());
    }

    private (int Chomping, int Increment) ReadBlockHeader(YamlMark start)
    {
        int chomping = ReadChomping();
        int increment = 0;
        if (char.IsAsciiDigit(At(0)))
        {
            if (At(0) == '0')
                throw Error("found an indentation indicator equal to 0", start);
            increment = At(0) - '0';
            _pos++;
            if (chomping == 0)
                chomping = ReadChomping();
        }

        while (IsBlank(At(0)))
            _pos++;
        if (At(0) == '#')
            SkipComment();
        if (!IsBreakOrEnd(At(0)))
            throw Error("did not find expected comment or line break", start);
        SkipBreak();
        return (chomping, increment);
    }

    private int ReadChomping()
    {
        int chomping = At(0) switch { '+' => 1, '-' => -1, _ => 0 };
        if (chomping != 0)
            _pos++;
        return chomping;
    }

    private void ReadBlockBreaks(ref int indent, StringBuilder breaks, YamlMark start)
    {
        int widest = 0;
        while (true)
        {
            while ((indent == 0 || Column < indent) && At(0) == ' ')
                _pos++;
            widest = Math.Max(widest, Column);
            char c = At(0);
            if (c == '\t' && (indent == 0 || Column < indent))
                throw Error("found a tab character where an indentation space is expected", start);
            if (!IsBreak(c))
                break;
            ReadBreak(breaks);
        }

        if (indent == 0)
            indent = Math.Max(Math.Max(widest, _indent + 1), 1);
    }

    private void FetchAnchor(YamlTokenKind kind)
    {
        int keyLevel = SaveKey();
        _keyAllowed = false;
        YamlMark start = Mark;
        _pos++;
        int from = _pos;
        while (IsWord(At(0)))
            _pos++;
        char c = At(0);
        if (_pos == from || !(IsBlankOrEnd(c) || c is '?' or ':' or ',' or ']' or '}' or '%' or '@' or '`'))
            throw Error("did not find expected alphabetic or numeric character", start);
        Append(kind, start, _text[from.._pos], keyLevel: keyLevel);
    }
}
