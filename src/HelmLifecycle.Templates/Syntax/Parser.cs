namespace HelmLifecycle.Templates;

/// <summary>
/// Parses one template. A <c>define</c> or <c>block</c> inside is parsed by a parser of its own on the same tokens, with variables of its
/// own. The error texts, and the line they name (that of the last token read), are Go's.
/// </summary>
internal sealed partial class Parser
{
    private readonly TemplateText _source;
    private readonly Lexer _lexer;
    private readonly FunctionTable _functions;
    private readonly Dictionary<string, Template> _found;
    private readonly NamePool _names;
    private readonly List<string> _variables = ["$"];
    private readonly Token[] _tokens = new Token[3];
    private int _peeked;
    private int _actionLine;
    private int _rangeDepth;
    private int _parenthesisDepth;
    private string _name;

    private Parser(string name, Parser parent)
        : this(name, parent._source, parent._lexer, parent._functions, parent._found, parent._names)
    {
    }

    private Parser(
        string name, TemplateText source, Lexer lexer, FunctionTable functions, Dictionary<string, Template> found, NamePool names)
    {
        _name = name;
        _names = names;
        _source = source;
        _lexer = lexer;
        _functions = functions;
        _found = found;
    }

    /// <summary>Parses a text.</summary>
    /// <exception cref="ParseException">It is no template.</exception>
    /// <exception cref="TemplateLimitException">It is nested too deeply.</exception>
    internal static ParsedText Parse(string name, string text, FunctionTable functions)
    {
        if (!text.Contains("{{", StringComparison.Ordinal))
        {
            StatementNode[] nodes = text.Length == 0 ? [] : [new TextNode(0, text)];
            var only = new Template(name, new TemplateText(name, text), new ListNode(0, nodes));
            return new ParsedText(only, [only]);
        }

        return DeepStack.Run(static arguments =>
        {
            (string name, string text, FunctionTable functions) = arguments;
            var found = new Dictionary<string, Template>(StringComparer.Ordinal);
            var parser = new Parser(name, new TemplateText(name, text), new Lexer(text), functions, found, new NamePool());
            return new ParsedText(parser.ParseFile(), [.. found.Values]);
        }, (name, text, functions));
    }

    private string Text => _source.Text;

    private Template ParseFile()
    {
        var nodes = new List<StatementNode>();
        int position = Peek().Position;
        while (Peek().Kind != TokenKind.EndOfFile)
        {
            if (Peek().Kind == TokenKind.LeftDelimiter)
            {
                Token delimiter = Next();
                if (NextNonSpace().Kind == TokenKind.Define)
                {
                    new Parser("definition", this).ParseDefinition();
                    continue;
                }

                Back(delimiter);
            }

            StatementNode node = TextOrAction();
            if (node is ListEndNode)
                throw Fail("unexpected " + node);
            nodes.Add(node);
        }

        return Add(new ListNode(position, nodes.ToArray()));
    }

    private void ParseDefinition()
    {
        const string context = "define clause";
        Token name = NextNonSpace();
        if (name.Kind is not (TokenKind.String or TokenKind.RawString))
            throw Unexpected(name, context);
        _name = Strconv.Unquote(name.In(Text)) ?? throw Fail("invalid syntax");
        Expect(TokenKind.RightDelimiter, context);
        (ListNode root, ListEndNode end) = ItemList();
        if (end.IsElse)
            throw Fail($"unexpected {end} in {context}");
        Add(root);
    }

    // A definition that is empty gives way to one that is not, in either order.
    private Template Add(ListNode root)
    {
        var template = new Template(_name, _source, root);
        if (!_found.TryGetValue(_name, out Template? other) || other.IsEmpty)
            _found[_name] = template;
        else if (!template.IsEmpty)
            throw Fail("template: multiple definition of template " + Strconv.Quote(_name));
        return template;
    }

    private (ListNode List, ListEndNode End) ItemList()
    {
        DeepStack.Check();
        var nodes = new List<StatementNode>();
        int position = PeekNonSpace().Position;
        while (PeekNonSpace().Kind != TokenKind.EndOfFile)
        {
            StatementNode node = TextOrAction();
            if (node is ListEndNode end)
                return (new ListNode(position, nodes.ToArray()), end);
            nodes.Add(node);
        }

        throw Fail("unexpected EOF");
    }

    private StatementNode TextOrAction()
    {
        Token token = NextNonSpace();
        switch (token.Kind)
        {
            case TokenKind.Text:
                string text = token.Length == Text.Length ? Text : Text.Substring(token.Position, token.Length);
                return new TextNode(token.Position, text);
            case TokenKind.LeftDelimiter:
                _actionLine = token.Line;
                StatementNode node = Action();
                _actionLine = 0;
                return node;
            default:
                throw Unexpected(token, "input");
        }
    }

    private Token Next()
    {
        if (_peeked > 0)
            _peeked--;
        else
            _tokens[0] = _lexer.Next();
        return _tokens[_peeked];
    }

    private Token Peek()
    {
        if (_peeked > 0)
            return _tokens[_peeked - 1];
        _peeked = 1;
        return _tokens[0] = _lexer.Next();
    }

    private void Back() => _peeked++;

    private void Back(Token first)
    {
        _tokens[1] = first;
        _peeked = 2;
    }

    private void Back(Token first, Token second)
    {
        _tokens[1] = second;
        _tokens[2] = first;
        _peeked = 3;
    }

    private Token NextNonSpace()
    {
        Token token;
        do
            token = Next();
        while (token.Kind == TokenKind.Space);
        return token;
    }

    private Token PeekNonSpace()
    {
        Token token = NextNonSpace();
        Back();
        return token;
    }

    private Token Expect(TokenKind kind, string context)
    {
        Token token = NextNonSpace();
        return token.Kind == kind ? token : throw Unexpected(token, context);
    }

    private ParseException Unexpected(Token token, string context)
    {
        if (token.Kind != TokenKind.Error)
            return Fail($"unexpected {token.Describe(Text)} in {context}");
        string extra = "";
        if (_actionLine != 0 && _actionLine != token.Line)
        {
            extra = $" in action started at {_source.Name}:{_actionLine}";
            if (token.Message!.EndsWith(" action", StringComparison.Ordinal))
                extra = extra[" in action".Length..];
        }

        return Fail(token.Message + extra);
    }

    private ParseException Fail(string message) => new(_source.Name, _tokens[0].Line, message);
}

/// <summary>What a text held.</summary>
/// <param name="Main">The template of the text itself, whatever is in it.</param>
/// <param name="Named">The templates by name: that of the text, unless a definition of its name took its place, and those it defines.</param>
internal sealed record ParsedText(Template Main, Template[] Named);

/// <summary>Keeps one string for each name of a text.</summary>
internal sealed class NamePool
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal) { "$" };

    internal string this[ReadOnlySpan<char> name]
    {
        get
        {
            var lookup = _names.GetAlternateLookup<ReadOnlySpan<char>>();
            if (!lookup.TryGetValue(name, out string? pooled))
                _names.Add(pooled = name.ToString());
            return pooled;
        }
    }
}
