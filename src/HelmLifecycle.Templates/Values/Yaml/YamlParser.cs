namespace HelmLifecycle.Templates;

/// <summary>What the parser reports.</summary>
internal enum YamlEventKind : byte
{
    StreamEnd,
    DocumentStart,
    DocumentEnd,
    Alias,
    Scalar,
    SequenceStart,
    SequenceEnd,
    MappingStart,
    MappingEnd,
}

/// <summary>Turns the tokens of one text into events, by libyaml's grammar as ported to Go. Errors carry go-yaml's words.</summary>
internal sealed partial class YamlParser
{
    private const string CoreTagPrefix = "tag:yaml.org,2002:";

    private enum State : byte
    {
        ImplicitDocumentStart,
        DocumentStart,
        DocumentContent,
        DocumentEnd,
        BlockNode,
        BlockSequenceFirst,
        BlockSequence,
        IndentlessSequence,
        BlockMappingFirst,
        BlockMappingKey,
        BlockMappingValue,
        FlowSequenceFirst,
        FlowSequence,
        FlowSequencePairKey,
        FlowSequencePairValue,
        FlowSequencePairEnd,
        FlowMappingFirst,
        FlowMappingKey,
        FlowMappingValue,
        FlowMappingEmptyValue,
        End,
    }

    private readonly YamlScanner _scanner;
    private State _state = State.ImplicitDocumentStart;
    private State[] _states = new State[16];
    private int _stateCount;
    private readonly List<(string Handle, string Prefix)> _tagDirectives = [];

    public YamlParser(string text) => _scanner = new YamlScanner(text);

    /// <summary>The kind of the event read last.</summary>
    public YamlEventKind Kind { get; private set; }

    /// <summary>Text of a scalar, or the name that an alias stands for.</summary>
    public string Text { get; private set; } = "";

    /// <summary>The tag, written out; empty when there is none.</summary>
    public string Tag { get; private set; } = "";

    /// <summary>The anchor, or null.</summary>
    public string? Anchor { get; private set; }

    /// <summary>Whether a scalar may be anything its text looks like.</summary>
    public bool Implicit { get; private set; }

    /// <summary>Where the event starts.</summary>
    public YamlMark Start { get; private set; }

    /// <summary>Reads the next event.</summary>
    /// <exception cref="YamlSyntaxError">The text is no YAML.</exception>
    public YamlEventKind Read()
    {
        switch (_state)
        {
            case State.ImplicitDocumentStart: ParseDocumentStart(true); break;
            case State.DocumentStart: ParseDocumentStart(false); break;
            case State.DocumentContent: ParseDocumentContent(); break;
            case State.DocumentEnd: ParseDocumentEnd(); break;
            case State.BlockNode: ParseNode(true, false); break;
            case State.BlockSequenceFirst: _scanner.Peek(); _scanner.Skip(); ParseBlockSequence(); break;
            case State.BlockSequence: ParseBlockSequence(); break;
            case State.IndentlessSequence: ParseIndentlessSequence(); break;
            case State.BlockMappingFirst: _scanner.Peek(); _scanner.Skip(); ParseBlockMappingKey(); break;
            case State.BlockMappingKey: ParseBlockMappingKey(); break;
            case State.BlockMappingValue: ParseBlockMappingValue(); break;
            case State.FlowSequenceFirst: _scanner.Peek(); _scanner.Skip(); ParseFlowSequence(true); break;
            case State.FlowSequence: ParseFlowSequence(false); break;
            case State.FlowSequencePairKey: ParseFlowSequencePairKey(); break;
            case State.FlowSequencePairValue: ParseFlowSequencePairValue(); break;
            case State.FlowSequencePairEnd: Emit(YamlEventKind.MappingEnd, _scanner.Peek().Start); _state = State.FlowSequence; break;
            case State.FlowMappingFirst: _scanner.Peek(); _scanner.Skip(); ParseFlowMappingKey(true); break;
            case State.FlowMappingKey: ParseFlowMappingKey(false); break;
            case State.FlowMappingValue: ParseFlowMappingValue(); break;
            case State.FlowMappingEmptyValue: EmitEmpty(_scanner.Peek().Start, State.FlowMappingKey); break;
            default: Emit(YamlEventKind.StreamEnd, Start); break;
        }

        return Kind;
    }

    private void Emit(YamlEventKind kind, YamlMark start)
    {
        Kind = kind;
        Start = start;
        Text = "";
        Tag = "";
        Anchor = null;
        Implicit = false;
    }

    private void EmitEmpty(YamlMark start, State next)
    {
        Emit(YamlEventKind.Scalar, start);
        Implicit = true;
        _state = next;
    }

    private void Push(State state)
    {
        if (_stateCount == _states.Length)
            Array.Resize(ref _states, _states.Length * 2);
        _states[_stateCount++] = state;
    }

    private void Pop() => _state = _states[--_stateCount];

    private void End(YamlEventKind kind, bool consume)
    {
        Emit(kind, _scanner.Peek().Start);
        Pop();
        if (consume)
            _scanner.Skip();
    }

    private static YamlSyntaxError Error(string problem, YamlMark mark, YamlMark context = default) =>
        new(problem, mark, mark.Line != 0 ? mark.Line : context.Line);

    private void ParseDocumentStart(bool isFirst)
    {
        if (!isFirst)
        {
            while (_scanner.Peek().Kind == YamlTokenKind.DocumentEnd)
                _scanner.Skip();
        }

        YamlTokenKind kind = _scanner.Peek().Kind;
        YamlMark start = _scanner.Peek().Start;
        if (kind == YamlTokenKind.StreamEnd)
        {
            _state = State.End;
            Emit(YamlEventKind.StreamEnd, start);
            return;
        }

        ProcessDirectives();
        Push(State.DocumentEnd);
        if (isFirst && kind is not (YamlTokenKind.VersionDirective or YamlTokenKind.TagDirective or YamlTokenKind.DocumentStart))
        {
            _state = State.BlockNode;
        }
        else
        {
            if (_scanner.Peek().Kind != YamlTokenKind.DocumentStart)
                throw Error("did not find expected <document start>", _scanner.Peek().Start);
            _scanner.Skip();
            _state = State.DocumentContent;
        }

        Emit(YamlEventKind.DocumentStart, start);
    }

    private void ProcessDirectives()
    {
        bool versionSeen = false;
        while (true)
        {
            YamlToken token = _scanner.Peek();
            if (token.Kind == YamlTokenKind.VersionDirective)
            {
                if (versionSeen)
                    throw Error("found duplicate %YAML directive", token.Start);
                if (token.Text != "1.1")
                    throw Error("found incompatible YAML document", token.Start);
                versionSeen = true;
            }
            else if (token.Kind == YamlTokenKind.TagDirective)
            {
                foreach ((string handle, _) in _tagDirectives)
                {
                    if (handle == token.Text)
                        throw Error("found duplicate %TAG directive", token.Start);
                }

                _tagDirectives.Add((token.Text!, token.Suffix!));
            }
            else
            {
                return;
            }

            _scanner.Skip();
        }
    }

    private void ParseDocumentContent()
    {
        if (_scanner.Peek().Kind is YamlTokenKind.VersionDirective or YamlTokenKind.TagDirective or YamlTokenKind.DocumentStart
            or YamlTokenKind.DocumentEnd or YamlTokenKind.StreamEnd)
        {
            Pop();
            EmitEmpty(_scanner.Peek().Start, _state);
        }
        else
        {
            ParseNode(true, false);
        }
    }

    private void ParseDocumentEnd()
    {
        Emit(YamlEventKind.DocumentEnd, _scanner.Peek().Start);
        if (_scanner.Peek().Kind == YamlTokenKind.DocumentEnd)
            _scanner.Skip();
        _tagDirectives.Clear();
        _state = State.DocumentStart;
    }

    private void ParseNode(bool block, bool indentlessSequence)
    {
        YamlToken token = _scanner.Peek();
        YamlMark start = token.Start;
        if (token.Kind == YamlTokenKind.Alias)
        {
            Pop();
            Emit(YamlEventKind.Alias, start);
            Text = token.Text!;
            _scanner.Skip();
            return;
        }

        string? anchor = null;
        string tag = "";
        if (token.Kind is YamlTokenKind.Anchor or YamlTokenKind.Tag)
        {
            YamlTokenKind first = token.Kind;
            YamlToken tagToken = default;
            for (int i = 0; i < 2; i++)
            {
                if (token.Kind == YamlTokenKind.Anchor && (i == 0 || first == YamlTokenKind.Tag))
                    anchor = token.Text;
                else if (token.Kind == YamlTokenKind.Tag && (i == 0 || first == YamlTokenKind.Anchor))
                    tagToken = token;
                else
                    break;
                _scanner.Skip();
                token = _scanner.Peek();
            }

            if (tagToken.Kind == YamlTokenKind.Tag)
                tag = ResolveTag(tagToken, start);
        }

        YamlEventKind kind;
        switch (token.Kind)
        {
            case YamlTokenKind.BlockEntry when indentlessSequence:
                kind = YamlEventKind.SequenceStart;
                _state = State.IndentlessSequence;
                break;
            case YamlTokenKind.Scalar:
                Emit(YamlEventKind.Scalar, start);
                Text = token.Text!;
                Anchor = anchor;
                Tag = tag;
                Implicit = (token.Plain && tag.Length == 0) || tag == "!";
                Pop();
                _scanner.Skip();
                return;
            case YamlTokenKind.FlowSequenceStart:
                kind = YamlEventKind.SequenceStart;
                _state = State.FlowSequenceFirst;
                break;
            case YamlTokenKind.FlowMappingStart:
                kind = YamlEventKind.MappingStart;
                _state = State.FlowMappingFirst;
                break;
            case YamlTokenKind.BlockSequenceStart when block:
                kind = YamlEventKind.SequenceStart;
                _state = State.BlockSequenceFirst;
                break;
            case YamlTokenKind.BlockMappingStart when block:
                kind = YamlEventKind.MappingStart;
                _state = State.BlockMappingFirst;
                break;
            default:
                if (anchor is null && tag.Length == 0)
                    throw Error("did not find expected node content", token.Start, start);
                Pop();
                Emit(YamlEventKind.Scalar, start);
                Anchor = anchor;
                Tag = tag;
                Implicit = tag.Length == 0;
                return;
        }

        Emit(kind, start);
        Anchor = anchor;
    }

    private string ResolveTag(YamlToken token, YamlMark start)
    {
        if (token.Text!.Length == 0)
            return token.Suffix!;
        string? prefix = token.Text switch { "!" => "!", "!!" => CoreTagPrefix, _ => null };
        foreach ((string handle, string value) in _tagDirectives)
        {
            if (handle == token.Text)
                prefix = value;
        }

        string tag = prefix is null ? "" : prefix + token.Suffix;
        return tag.Length > 0 ? tag : throw Error("found undefined tag handle", token.Start, start);
    }

    private void ParseBlockSequence()
    {
        ref YamlToken token = ref _scanner.Peek();
        if (token.Kind == YamlTokenKind.BlockEntry)
        {
            YamlMark mark = token.Start;
            _scanner.Skip();
            if (_scanner.Peek().Kind is YamlTokenKind.BlockEntry or YamlTokenKind.BlockEnd)
            {
                EmitEmpty(mark, State.BlockSequence);
                return;
            }

            Push(State.BlockSequence);
            ParseNode(true, false);
        }
        else if (token.Kind == YamlTokenKind.BlockEnd)
        {
            End(YamlEventKind.SequenceEnd, true);
        }
        else
        {
            throw Error("did not find expected '-' indicator", token.Start);
        }
    }

    private void ParseIndentlessSequence()
    {
        ref YamlToken token = ref _scanner.Peek();
        if (token.Kind != YamlTokenKind.BlockEntry)
        {
            End(YamlEventKind.SequenceEnd, false);
            return;
        }

        YamlMark mark = token.Start;
        _scanner.Skip();
        if (_scanner.Peek().Kind is YamlTokenKind.BlockEntry or YamlTokenKind.Key or YamlTokenKind.Value or YamlTokenKind.BlockEnd)
        {
            EmitEmpty(mark, State.IndentlessSequence);
            return;
        }

        Push(State.IndentlessSequence);
        ParseNode(true, false);
    }

    private void ParseBlockMappingKey()
    {
        ref YamlToken token = ref _scanner.Peek();
        if (token.Kind == YamlTokenKind.Key)
        {
            YamlMark mark = token.Start;
            _scanner.Skip();
            if (_scanner.Peek().Kind is YamlTokenKind.Key or YamlTokenKind.Value or YamlTokenKind.BlockEnd)
            {
                EmitEmpty(mark, State.BlockMappingValue);
                return;
            }

            Push(State.BlockMappingValue);
            ParseNode(true, true);
        }
        else if (token.Kind == YamlTokenKind.BlockEnd)
        {
            End(YamlEventKind.MappingEnd, true);
        }
        else
        {
            throw Error("did not find expected key", token.Start);
        }
    }

    private void ParseBlockMappingValue()
    {
        ref YamlToken token = ref _scanner.Peek();
        YamlMark mark = token.Start;
        if (token.Kind != YamlTokenKind.Value)
        {
            EmitEmpty(mark, State.BlockMappingKey);
            return;
        }

        _scanner.Skip();
        if (_scanner.Peek().Kind is YamlTokenKind.Key or YamlTokenKind.Value or YamlTokenKind.BlockEnd)
        {
            EmitEmpty(mark, State.BlockMappingKey);
            return;
        }

        Push(State.BlockMappingKey);
        ParseNode(true, true);
    }
}
