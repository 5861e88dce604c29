namespace HelmLifecycle.Templates;

/// <summary>
/// Cuts a template into tokens. As in Go, it is a row of small state functions, each of which reads on from where the last one
/// stopped and makes at most one token.
/// </summary>
internal sealed partial class Lexer
{
    private const string Left = "{{";
    private const string Right = "}}";
    private const int TrimMarkerLength = 2;
    private const int EndOfText = -1;

    private readonly string _input;
    private int _end;
    private int _position;
    private int _start;
    private int _line = 1;
    private int _startLine = 1;
    private int _parentheses;
    private bool _insideAction;
    private Token _token;

    internal Lexer(string input)
    {
        _input = input;
        _end = input.Length;
    }

    /// <summary>The next token. After an error the text counts as ended.</summary>
    internal Token Next()
    {
        _token = new Token(TokenKind.EndOfFile, _position, 0, _startLine);
        State state = _insideAction ? State.InsideAction : State.Text;
        while (state != State.Done)
        {
            state = state switch
            {
                State.Text => LexText(),
                State.LeftDelimiter => LexLeftDelimiter(),
                State.Comment => LexComment(),
                State.RightDelimiter => LexRightDelimiter(),
                State.InsideAction => LexInsideAction(),
                State.Space => LexSpace(),
                State.Identifier => LexIdentifier(),
                State.Field => LexFieldOrVariable(TokenKind.Field),
                State.Variable => LexFieldOrVariable(TokenKind.Variable),
                State.Char => LexQuoted('\'', TokenKind.CharConstant, "unterminated character constant"),
                State.Quote => LexQuoted('"', TokenKind.String, "unterminated quoted string"),
                State.RawQuote => LexRawQuote(),
                _ => LexNumber(),
            };
        }

        return _token;
    }

    private enum State : byte
    {
        Done,
        Text,
        LeftDelimiter,
        Comment,
        RightDelimiter,
        InsideAction,
        Space,
        Identifier,
        Field,
        Variable,
        Char,
        Quote,
        RawQuote,
        Number,
    }

    private ReadOnlySpan<char> Rest => _input.AsSpan(_position, _end - _position);

    private State LexText()
    {
        int x = Rest.IndexOf(Left, StringComparison.Ordinal);
        if (x >= 0)
        {
            if (x > 0)
            {
                int delimiter = _position + x;
                int trimmed = HasLeftTrimMarker(delimiter + Left.Length) ? delimiter - TrimmedEnd(_start, delimiter) : 0;
                _position = delimiter - trimmed;
                CountLines(_start, _position);
                Token text = ThisToken(TokenKind.Text);
                _position = delimiter;
                Ignore();
                if (text.Length > 0)
                {
                    _token = text;
                    return State.Done;
                }
            }

            return State.LeftDelimiter;
        }

        _position = _end;
        if (_position > _start)
        {
            CountLines(_start, _position);
            return Emit(TokenKind.Text);
        }

        return Emit(TokenKind.EndOfFile);
    }

    private State LexLeftDelimiter()
    {
        _position += Left.Length;
        int marker = HasLeftTrimMarker(_position) ? TrimMarkerLength : 0;
        if (_input.AsSpan(_position + marker, _end - _position - marker).StartsWith("/*", StringComparison.Ordinal))
        {
            _position += marker;
            Ignore();
            return State.Comment;
        }

        _token = ThisToken(TokenKind.LeftDelimiter);
        _insideAction = true;
        _position += marker;
        Ignore();
        _parentheses = 0;
        return State.Done;
    }

    private State LexComment()
    {
        _position += 2;
        int x = Rest.IndexOf("*/", StringComparison.Ordinal);
        if (x < 0)
            return Error("unclosed comment");
        _position += x + 2;
        if (!AtRightDelimiter(out bool trim))
            return Error("comment ends before closing delimiter");
        CountLines(_start, _position);
        ThisToken(TokenKind.Text);
        if (trim)
            _position += TrimMarkerLength;
        _position += Right.Length;
        if (trim)
            SkipSpaces();
        Ignore();
        return State.Text;
    }

    private State LexRightDelimiter()
    {
        AtRightDelimiter(out bool trim);
        if (trim)
        {
            _position += TrimMarkerLength;
            Ignore();
        }

        _position += Right.Length;
        _token = ThisToken(TokenKind.RightDelimiter);
        if (trim)
        {
            SkipSpaces();
            Ignore();
        }

        _insideAction = false;
        return State.Done;
    }

    private State LexInsideAction()
    {
        if (AtRightDelimiter(out _))
            return _parentheses == 0 ? State.RightDelimiter : Error("unclosed left paren");
        int rune = Read();
        switch (rune)
        {
            case EndOfText:
                return Error("unclosed action");
            case ' ' or '\t' or '\r' or '\n':
                Unread(1);
                return State.Space;
            case '=':
                return Emit(TokenKind.Assign);
            case ':':
                return Read() == '=' ? Emit(TokenKind.Declare) : Error("expected :=");
            case '|':
                return Emit(TokenKind.Pipe);
            case '"':
                return State.Quote;
            case '`':
                return State.RawQuote;
            case '$':
                return State.Variable;
            case '\'':
                return State.Char;
            case '.':
                if (_position < _end && !char.IsAsciiDigit(_input[_position]))
                    return State.Field;
                Unread(1);
                return State.Number;
            case '+' or '-' or (>= '0' and <= '9'):
                Unread(1);
                return State.Number;
            case '(':
                _parentheses++;
                return Emit(TokenKind.LeftParenthesis);
            case ')':
                _parentheses--;
                return _parentheses < 0 ? Error("unexpected right paren") : Emit(TokenKind.RightParenthesis);
            default:
                if (IsAlphanumeric(rune))
                {
                    _position = _start;
                    return State.Identifier;
                }

                return rune is < 0x80 and >= ' ' and not 0x7f
                    ? Emit(TokenKind.Char)
                    : Error("unrecognized character in action: " + Describe(rune));
        }
    }

    private State LexSpace()
    {
        int count = 0;
        while (_position < _end && IsSpace(_input[_position]))
        {
            if (_input[_position] == '\n')
                _line++;
            _position++;
            count++;
        }

        // A closing delimiter with a trim mark begins with a space.
        int last = _position - 1;
        if (HasRightTrimMarker(last) && StartsAt(last + TrimMarkerLength, Right))
        {
            Unread(1);
            if (count == 1)
                return State.RightDelimiter;
        }

        return Emit(TokenKind.Space);
    }

    private State LexIdentifier()
    {
        int rune = ReadWhileAlphanumeric();
        if (!AtTerminator())
            return Error("bad character " + Describe(rune));
        ReadOnlySpan<char> word = _input.AsSpan(_start, _position - _start);
        return Emit(word switch
        {
            "block" => TokenKind.Block,
            "break" => TokenKind.Break,
            "continue" => TokenKind.Continue,
            "define" => TokenKind.Define,
            "else" => TokenKind.Else,
            "end" => TokenKind.End,
            "if" => TokenKind.If,
            "range" => TokenKind.Range,
            "nil" => TokenKind.Nil,
            "template" => TokenKind.Template,
            "with" => TokenKind.With,
            "true" or "false" => TokenKind.Bool,
            _ => TokenKind.Identifier,
        });
    }

    private State LexFieldOrVariable(TokenKind kind)
    {
        if (AtTerminator())
            return Emit(kind == TokenKind.Variable ? TokenKind.Variable : TokenKind.Dot);
        int rune = ReadWhileAlphanumeric();
        return AtTerminator() ? Emit(kind) : Error("bad character " + Describe(rune));
    }

    private State LexQuoted(char quote, TokenKind kind, string unterminated)
    {
        while (true)
        {
            int rune = Read();
            if (rune == '\\')
            {
                rune = Read();
                if (rune is not (EndOfText or '\n'))
                    continue;
            }

            if (rune is EndOfText or '\n')
                return Error(unterminated);
            if (rune == quote)
                return Emit(kind);
        }
    }

    private State LexRawQuote()
    {
        while (true)
        {
            int rune = Read();
            if (rune == EndOfText)
                return Error("unterminated raw quoted string");
            if (rune == '`')
                return Emit(TokenKind.RawString);
        }
    }

    private State LexNumber()
    {
        if (!ScanNumber())
            return Error("bad number syntax: " + Strconv.Quote(_input.AsSpan(_start, _position - _start)));
        if (_position < _end && _input[_position] is '+' or '-')
        {
            if (!ScanNumber() || _input[_position - 1] != 'i')
                return Error("bad number syntax: " + Strconv.Quote(_input.AsSpan(_start, _position - _start)));
            return Emit(TokenKind.Complex);
        }

        return Emit(TokenKind.Number);
    }

    private bool ScanNumber()
    {
        Accept("+-");
        ReadOnlySpan<char> digits = "0123456789_";
        if (Accept("0"))
        {
            if (Accept("xX"))
                digits = "0123456789abcdefABCDEF_";
            else if (Accept("oO"))
                digits = "01234567_";
            else if (Accept("bB"))
                digits = "01_";
        }

        AcceptRun(digits);
        if (Accept("."))
            AcceptRun(digits);
        if (digits.Length == 11 && Accept("eE"))
        {
            Accept("+-");
            AcceptRun("0123456789_");
        }

        if (digits.Length == 23 && Accept("pP"))
        {
            Accept("+-");
            AcceptRun("0123456789_");
        }

        Accept("i");
        int rune = Peek();
        if (!IsAlphanumeric(rune))
            return true;
        Read();
        return false;
    }
}
