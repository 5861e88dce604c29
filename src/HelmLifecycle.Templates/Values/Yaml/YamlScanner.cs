using System.Text;

namespace HelmLifecycle.Templates;

/// <summary>
/// Turns YAML 1.1 text into tokens by the rules of libyaml as ported to Go (go-yaml 2): what it accepts, where it stops and in
/// which words. YamlDotNet's scanner follows YAML 1.2 in places and has words of its own, so it could not stand in here.
/// </summary>
internal sealed partial class YamlScanner
{
    private const int MaxDepth = 10000;

    private readonly string _text;
    private readonly bool _astral;
    // Where the characters that may be read end: the end of the text, or the start of the piece in which the reader finds a fault.
    private readonly int _end;
    private readonly string? _readerFault;

    private int _pos;
    private int _line;
    // _pos - _lineStart is the column and _pos - _surplus the index, both in characters, not in UTF-16 units.
    private int _lineStart;
    private int _surplus;

    private YamlToken[] _tokens = new YamlToken[16];
    private int _head;
    private int _tail;
    private int _parsed;
    private bool _available;
    private bool _ended;

    private int[] _indents = new int[16];
    private int _indentCount;
    private int _indent = -1;

    private SimpleKey[] _keys = new SimpleKey[8];
    private int _flowLevel;
    private bool _keyAllowed = true;

    private readonly StringBuilder _buffer = new();
    private readonly StringBuilder _breaks = new();

    private struct SimpleKey
    {
        public bool Possible;
        public bool Required;
        public int Number;
        public YamlMark Mark;
    }

    public YamlScanner(string text)
    {
        if (text.Length > 0 && text[0] == '\uFEFF')
            text = text[1..];
        _text = text;
        _end = text.Length;
        _astral = text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF');
        int fault = FirstFault(text);
        if (fault >= 0)
            (_end, _readerFault) = LocateFault(text, fault);
    }

    /// <summary>The next token, which stays next. At the end it is <see cref="YamlTokenKind.StreamEnd"/>.</summary>
    public ref YamlToken Peek()
    {
        if (!_available)
            FetchMore();
        return ref _tokens[_head];
    }

    /// <summary>Passes over the token that <see cref="Peek"/> gave.</summary>
    public void Skip()
    {
        _available = false;
        _parsed++;
        _head++;
        if (_head == _tail)
            _head = _tail = 0;
    }

    private void FetchMore()
    {
        while (true)
        {
            if (_head != _tail)
            {
                int level = _tokens[_head].KeyLevel - 1;
                if (level < 0 || level > _flowLevel || _keys[level].Number != _parsed || !IsValid(ref _keys[level]))
                    break;
            }

            FetchNext();
        }

        _available = true;
    }

    private void Append(YamlTokenKind kind, YamlMark start, string? text = null, string? suffix = null, bool plain = false, int keyLevel = 0)
    {
        if (_tail == _tokens.Length)
            MakeRoom();
        ref YamlToken token = ref _tokens[_tail++];
        token.Kind = kind;
        token.Start = start;
        token.Text = text;
        token.Suffix = suffix;
        token.Plain = plain;
        token.KeyLevel = keyLevel;
    }

    private void MakeRoom()
    {
        if (_head > _tokens.Length / 2)
        {
            Array.Copy(_tokens, _head, _tokens, 0, _tail - _head);
            _tail -= _head;
            _head = 0;
        }
        else
        {
            Array.Resize(ref _tokens, _tokens.Length * 2);
        }
    }

    private void Insert(int number, YamlTokenKind kind, YamlMark start)
    {
        if (_tail == _tokens.Length)
            MakeRoom();
        // Behind what is read already nothing can be put: Go's scanner appends then.
        int at = number < _parsed ? _tail : _head + number - _parsed;
        Array.Copy(_tokens, at, _tokens, at + 1, _tail - at);
        _tail++;
        _tokens[at] = new YamlToken { Kind = kind, Start = start };
    }

    private void FetchNext()
    {
        Need(1);
        SkipToToken();
        UnrollIndent(Column);
        Need(4);
        char c = At(0);
        if (c == '\0')
        {
            FetchStreamEnd();
            return;
        }

        int column = Column;
        if (column == 0)
        {
            if (c == '%')
            {
                FetchDirective();
                return;
            }

            if (AtDocumentIndicator(c))
            {
                FetchDocumentIndicator(c == '-' ? YamlTokenKind.DocumentStart : YamlTokenKind.DocumentEnd);
                return;
            }
        }

        switch (c)
        {
            case '[':
                FetchFlowStart(YamlTokenKind.FlowSequenceStart);
                return;
            case '{':
                FetchFlowStart(YamlTokenKind.FlowMappingStart);
                return;
            case ']':
                FetchFlowEnd(YamlTokenKind.FlowSequenceEnd);
                return;
            case '}':
                FetchFlowEnd(YamlTokenKind.FlowMappingEnd);
                return;
            case ',':
                RemoveKey();
                _keyAllowed = true;
                AppendIndicator(YamlTokenKind.FlowEntry);
                return;
            case '-' when IsBlankOrEnd(At(1)):
                FetchBlockEntry();
                return;
            case '?' when _flowLevel > 0 || IsBlankOrEnd(At(1)):
                FetchKey();
                return;
            case ':' when _flowLevel > 0 || IsBlankOrEnd(At(1)):
                FetchValue();
                return;
            case '*':
                FetchAnchor(YamlTokenKind.Alias);
                return;
            case '&':
                FetchAnchor(YamlTokenKind.Anchor);
                return;
            case '!':
                FetchTag();
                return;
            case '|' when _flowLevel == 0:
                FetchBlockScalar(true);
                return;
            case '>' when _flowLevel == 0:
                FetchBlockScalar(false);
                return;
            case '\'':
                FetchQuoted(true);
                return;
            case '"':
                FetchQuoted(false);
                return;
            case '-':
            case '?' or ':' when _flowLevel == 0:
                FetchPlain();
                return;
            case '#' or '|' or '>' or '%' or '@' or '`' or '?' or ':' or '\t':
                throw Error("found character that cannot start any token");
            default:
                FetchPlain();
                return;
        }
    }

    private bool AtDocumentIndicator(char c) =>
        c is '-' or '.' && At(1) == c && At(2) == c && IsBlankOrEnd(At(3));

    private void SkipToToken()
    {
        while (true)
        {
            char c = At(0);
            while (c == ' ' || (c == '\t' && (_flowLevel > 0 || !_keyAllowed)))
            {
                _pos++;
                c = At(0);
            }

            if (c == '#')
            {
                SkipComment();
                c = At(0);
            }

            if (!IsBreak(c))
                return;
            SkipBreak();
            if (_flowLevel == 0)
                _keyAllowed = true;
        }
    }

    private void SkipComment()
    {
        int length = _text.AsSpan(_pos, _end - _pos).IndexOfAny(s_breaks);
        AdvanceTo(length < 0 ? _end : _pos + length);
    }

    private bool IsValid(ref SimpleKey key)
    {
        if (!key.Possible)
            return false;
        if (key.Mark.Line < _line || key.Mark.Index + 1024 < _pos - _surplus)
        {
            if (key.Required)
                throw Error("could not find expected ':'", key.Mark);
            key.Possible = false;
            return false;
        }

        return true;
    }

    /// <summary>Notes that a simple key may start here.</summary>
    /// <returns>What goes into <see cref="YamlToken.KeyLevel"/> of the token.</returns>
    private int SaveKey()
    {
        if (!_keyAllowed)
            return 0;
        bool required = _flowLevel == 0 && _indent == Column;
        RemoveKey();
        _keys[_flowLevel] = new SimpleKey { Possible = true, Required = required, Number = _parsed + _tail - _head, Mark = Mark };
        return _flowLevel + 1;
    }

    private void RemoveKey()
    {
        ref SimpleKey key = ref _keys[_flowLevel];
        if (!key.Possible)
            return;
        if (key.Required)
            throw Error("could not find expected ':'", key.Mark);
        key.Possible = false;
    }

    // Go's scanner forgets with a flow level the token that the level's last key began at. That is the bracket itself where the level held nothing: "[]" and "{}" are passed on
    // without a look at whether ":" follows, which decides between two errors and refuses them as keys.
    private void ForgetKey(int number)
    {
        if (number >= _parsed)
            _tokens[_head + number - _parsed].KeyLevel = 0;
    }

    private void RollIndent(int column, int number, YamlTokenKind kind, YamlMark mark)
    {
        if (_flowLevel > 0 || _indent >= column)
            return;
        if (_indentCount == _indents.Length)
            Array.Resize(ref _indents, _indents.Length * 2);
        _indents[_indentCount++] = _indent;
        _indent = column;
        if (_indentCount > MaxDepth)
            throw Error($"exceeded max depth of {MaxDepth}", _keys[_flowLevel].Mark);
        if (number < 0)
            Append(kind, mark);
        else
            Insert(number, kind, mark);
    }

    private void UnrollIndent(int column)
    {
        if (_flowLevel > 0)
            return;
        while (_indent > column)
        {
            Append(YamlTokenKind.BlockEnd, Mark);
            _indent = _indents[--_indentCount];
        }
    }

    private void AppendIndicator(YamlTokenKind kind, int width = 1, int keyLevel = 0)
    {
        YamlMark start = Mark;
        _pos += width;
        Append(kind, start, keyLevel: keyLevel);
    }

    private void FetchStreamEnd()
    {
        if (_ended)
        {
            Append(YamlTokenKind.StreamEnd, Mark);
            return;
        }

        if (Column != 0)
        {
            _lineStart = _pos;
            _line++;
        }

        UnrollIndent(-1);
        RemoveKey();
        _keyAllowed = false;
        _ended = true;
        Append(YamlTokenKind.StreamEnd, Mark);
    }

    private void FetchDocumentIndicator(YamlTokenKind kind)
    {
        UnrollIndent(-1);
        RemoveKey();
        _keyAllowed = false;
        AppendIndicator(kind, 3);
    }

    private void FetchFlowStart(YamlTokenKind kind)
    {
        int keyLevel = SaveKey();
        _flowLevel++;
        if (_flowLevel == _keys.Length)
            Array.Resize(ref _keys, _keys.Length * 2);
        _keys[_flowLevel] = new SimpleKey { Mark = Mark, Number = _parsed + _tail - _head };
        if (_flowLevel > MaxDepth)
            throw Error($"exceeded max depth of {MaxDepth}");
        _keyAllowed = true;
        AppendIndicator(kind, 1, keyLevel);
    }

    private void FetchFlowEnd(YamlTokenKind kind)
    {
        RemoveKey();
        if (_flowLevel > 0)
            ForgetKey(_keys[_flowLevel--].Number);
        _keyAllowed = false;
        AppendIndicator(kind);
    }

    private void FetchBlockEntry()
    {
        if (_flowLevel == 0)
        {
            if (!_keyAllowed)
                throw Error("block sequence entries are not allowed in this context");
            RollIndent(Column, -1, YamlTokenKind.BlockSequenceStart, Mark);
        }

        RemoveKey();
        _keyAllowed = true;
        AppendIndicator(YamlTokenKind.BlockEntry);
    }

    private void FetchKey()
    {
        if (_flowLevel == 0)
        {
            if (!_keyAllowed)
                throw Error("mapping keys are not allowed in this context");
            RollIndent(Column, -1, YamlTokenKind.BlockMappingStart, Mark);
        }

        RemoveKey();
        _keyAllowed = _flowLevel == 0;
        AppendIndicator(YamlTokenKind.Key);
    }

    private void FetchValue()
    {
        ref SimpleKey key = ref _keys[_flowLevel];
        if (IsValid(ref key))
        {
            Insert(key.Number, YamlTokenKind.Key, key.Mark);
            RollIndent(key.Mark.Column, key.Number, YamlTokenKind.BlockMappingStart, key.Mark);
            key.Possible = false;
            _keyAllowed = false;
        }
        else
        {
            if (_flowLevel == 0)
            {
                if (!_keyAllowed)
                    throw Error("mapping values are not allowed in this context");
                RollIndent(Column, -1, YamlTokenKind.BlockMappingStart, Mark);
            }

            _keyAllowed = _flowLevel == 0;
        }

        AppendIndicator(YamlTokenKind.Value);
    }
}
