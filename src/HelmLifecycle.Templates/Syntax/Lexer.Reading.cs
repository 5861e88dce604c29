using System.Globalization;
using System.Text;

namespace HelmLifecycle.Templates;

internal sealed partial class Lexer
{
    private bool Accept(ReadOnlySpan<char> valid)
    {
        if (_position >= _end || !valid.Contains(_input[_position]))
            return false;
        _position++;
        return true;
    }

    private void AcceptRun(ReadOnlySpan<char> valid)
    {
        while (Accept(valid))
        {
        }
    }

    // Reads letters and digits; gives the character that stopped it.
    private int ReadWhileAlphanumeric()
    {
        while (true)
        {
            int rune = Peek();
            if (!IsAlphanumeric(rune))
                return rune;
            _position += rune > 0xFFFF ? 2 : 1;
        }
    }

    private bool AtTerminator()
    {
        if (_position >= _end)
            return true;
        char c = _input[_position];
        return IsSpace(c) || c is '.' or ',' or '|' or ':' or ')' or '(' || StartsAt(_position, Right);
    }

    private bool AtRightDelimiter(out bool trim)
    {
        trim = HasRightTrimMarker(_position) && StartsAt(_position + TrimMarkerLength, Right);
        return trim || StartsAt(_position, Right);
    }

    private bool StartsAt(int position, string text) =>
        position <= _end && _input.AsSpan(position, _end - position).StartsWith(text, StringComparison.Ordinal);

    private bool HasLeftTrimMarker(int position) =>
        position + 1 < _end && _input[position] == '-' && IsSpace(_input[position + 1]);

    private bool HasRightTrimMarker(int position) =>
        position + 1 < _end && IsSpace(_input[position]) && _input[position + 1] == '-';

    private int TrimmedEnd(int start, int end)
    {
        while (end > start && IsSpace(_input[end - 1]))
            end--;
        return end;
    }

    private void SkipSpaces()
    {
        while (_position < _end && IsSpace(_input[_position]))
            _position++;
    }

    private int Peek()
    {
        if (_position >= _end)
            return EndOfText;
        char c = _input[_position];
        return char.IsHighSurrogate(c) && _position + 1 < _end && char.IsLowSurrogate(_input[_position + 1])
            ? char.ConvertToUtf32(c, _input[_position + 1])
            : char.IsSurrogate(c) ? 0xFFFD : c;
    }

    private int Read()
    {
        int rune = Peek();
        if (rune == EndOfText)
            return rune;
        _position += rune > 0xFFFF ? 2 : 1;
        if (rune == '\n')
            _line++;
        return rune;
    }

    private void Unread(int chars)
    {
        _position -= chars;
        if (_input[_position] == '\n')
            _line--;
    }

    private void CountLines(int start, int end) => _line += _input.AsSpan(start, end - start).Count('\n');

    private void Ignore()
    {
        CountLines(_start, _position);
        _start = _position;
        _startLine = _line;
    }

    private Token ThisToken(TokenKind kind)
    {
        var token = new Token(kind, _start, _position - _start, _startLine);
        _start = _position;
        _startLine = _line;
        return token;
    }

    private State Emit(TokenKind kind)
    {
        _token = ThisToken(kind);
        return State.Done;
    }

    private State Error(string message)
    {
        _token = new Token(TokenKind.Error, _start, 0, _startLine, message);
        _start = 0;
        _position = 0;
        _end = 0;
        return State.Done;
    }

    private static bool IsSpace(char c) => c is ' ' or '\t' or '\r' or '\n';

    private static bool IsAlphanumeric(int rune)
    {
        if (rune < 0x80)
            return rune is >= 0 && (char.IsAsciiLetterOrDigit((char)rune) || rune == '_');
        if (!Rune.IsValid(rune))
            return false;
        return Rune.GetUnicodeCategory(new Rune(rune)) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter
            or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
            or UnicodeCategory.DecimalDigitNumber;
    }

    // Go's %#U.
    private static string Describe(int rune)
    {
        string number = "U+" + rune.ToString("X4", CultureInfo.InvariantCulture);
        return Strconv.IsPrint(rune) ? number + " '" + char.ConvertFromUtf32(rune) + "'" : number;
    }
}
