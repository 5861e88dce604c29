namespace HelmLifecycle.Templates;

internal sealed partial class Parser
{
    private StatementNode Action()
    {
        Token token = NextNonSpace();
        switch (token.Kind)
        {
            case TokenKind.Block:
                return Block();
            case TokenKind.Break or TokenKind.Continue:
                return LoopControl(token);
            case TokenKind.Else:
                return Else();
            case TokenKind.End:
                return new ListEndNode(Expect(TokenKind.RightDelimiter, "end").Position, false);
            case TokenKind.If:
                return If();
            case TokenKind.Range:
                (PipeNode pipe, ListNode list, ListNode? elseList) = Control("range");
                return new RangeNode(pipe.Position, pipe, list, elseList);
            case TokenKind.Template:
                return Template();
            case TokenKind.With:
                return With();
        }

        Back();
        int position = Peek().Position;
        // The variables it declares live on until the end of the list.
        return new ActionNode(position, Pipeline("command", TokenKind.RightDelimiter));
    }

    private IfNode If()
    {
        (PipeNode pipe, ListNode list, ListNode? elseList) = Control("if");
        return new IfNode(pipe.Position, pipe, list, elseList);
    }

    private WithNode With()
    {
        (PipeNode pipe, ListNode list, ListNode? elseList) = Control("with");
        return new WithNode(pipe.Position, pipe, list, elseList);
    }

    private (PipeNode Pipe, ListNode List, ListNode? ElseList) Control(string keyword)
    {
        int variables = _variables.Count;
        PipeNode pipe = Pipeline(keyword, TokenKind.RightDelimiter);
        if (keyword == "range")
            _rangeDepth++;
        (ListNode list, ListEndNode end) = ItemList();
        if (keyword == "range")
            _rangeDepth--;
        ListNode? elseList = null;
        if (end.IsElse)
        {
            // "else if" and "else with" are an else whose list is one if or with, whose end ends both.
            if (keyword == "if" && Peek().Kind == TokenKind.If)
            {
                Next();
                elseList = new ListNode(end.Position, [If()]);
            }
            else if (keyword == "with" && Peek().Kind == TokenKind.With)
            {
                Next();
                elseList = new ListNode(end.Position, [With()]);
            }
            else
            {
                (elseList, end) = ItemList();
                if (end.IsElse)
                    throw Fail("expected end; found " + end);
            }
        }

        _variables.RemoveRange(variables, _variables.Count - variables);
        return (pipe, list, elseList);
    }

    private ListEndNode Else()
    {
        Token next = PeekNonSpace();
        if (next.Kind is not (TokenKind.If or TokenKind.With))
            next = Expect(TokenKind.RightDelimiter, "else");
        return new ListEndNode(next.Position, true);
    }

    private LoopControlNode LoopControl(Token keyword)
    {
        string source = keyword.Kind == TokenKind.Break ? "{{break}}" : "{{continue}}";
        Token token = NextNonSpace();
        if (token.Kind != TokenKind.RightDelimiter)
            throw Unexpected(token, source);
        if (_rangeDepth == 0)
            throw Fail(source + " outside {{range}}");
        return new LoopControlNode(keyword.Position, keyword.Kind == TokenKind.Break);
    }

    private TemplateNode Block()
    {
        const string context = "block clause";
        Token token = NextNonSpace();
        string name = TemplateName(token, context);
        PipeNode pipe = Pipeline(context, TokenKind.RightDelimiter);
        var block = new Parser(name, this);
        (ListNode root, ListEndNode end) = block.ItemList();
        if (end.IsElse)
            throw Fail($"unexpected {end} in {context}");
        block.Add(root);
        return new TemplateNode(token.Position, name, pipe);
    }

    private TemplateNode Template()
    {
        const string context = "template clause";
        Token token = NextNonSpace();
        string name = TemplateName(token, context);
        PipeNode? pipe = null;
        if (NextNonSpace().Kind != TokenKind.RightDelimiter)
        {
            Back();
            pipe = Pipeline(context, TokenKind.RightDelimiter);
        }

        return new TemplateNode(token.Position, name, pipe);
    }

    private string TemplateName(Token token, string context) => token.Kind is TokenKind.String or TokenKind.RawString
        ? Strconv.Unquote(token.In(Text)) ?? throw Fail("invalid syntax")
        : throw Unexpected(token, context);
}
