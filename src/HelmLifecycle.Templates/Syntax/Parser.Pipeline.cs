namespace HelmLifecycle.Templates;

internal sealed partial class Parser
{
    private const int MaxParenthesisDepth = 10_000;

    private PipeNode Pipeline(string context, TokenKind end)
    {
        DeepStack.Check();
        int position = PeekNonSpace().Position;
        VariableNode[] declared = Declarations(context, out bool isAssignment);
        var commands = new List<CommandNode>(2);
        while (true)
        {
            Token token = NextNonSpace();
            if (token.Kind == end)
            {
                CheckPipeline(commands, context);
                return new PipeNode(position, declared, isAssignment, commands.ToArray());
            }

            switch (token.Kind)
            {
                case TokenKind.Bool or TokenKind.CharConstant or TokenKind.Complex or TokenKind.Dot or TokenKind.Field
                    or TokenKind.Identifier or TokenKind.Number or TokenKind.Nil or TokenKind.RawString or TokenKind.String
                    or TokenKind.Variable or TokenKind.LeftParenthesis:
                    Back();
                    commands.Add(Command());
                    break;
                default:
                    throw Unexpected(token, context);
            }
        }
    }

    private VariableNode[] Declarations(string context, out bool isAssignment)
    {
        isAssignment = false;
        VariableNode[] declared = [];
        while (true)
        {
            Token variable = PeekNonSpace();
            if (variable.Kind != TokenKind.Variable)
                return declared;
            Next();
            // In "$x foo" foo must be read to know that $x is no declaration, and so the space between is kept to be put back.
            Token after = Peek();
            Token next = PeekNonSpace();
            bool isComma = next.Kind == TokenKind.Char && next.In(Text) is ",";
            if (next.Kind is not (TokenKind.Assign or TokenKind.Declare) && !isComma)
            {
                if (after.Kind == TokenKind.Space)
                    Back(variable, after);
                else
                    Back(variable);
                return declared;
            }

            NextNonSpace();
            string name = _names[variable.In(Text)];
            declared = [.. declared, new VariableNode(variable.Position, name, [])];
            _variables.Add(name);
            if (!isComma)
            {
                isAssignment = next.Kind == TokenKind.Assign;
                return declared;
            }

            if (context != "range" || declared.Length >= 2)
                throw Fail("too many declarations in " + context);
            if (PeekNonSpace().Kind is not (TokenKind.Variable or TokenKind.RightDelimiter or TokenKind.RightParenthesis))
                throw Fail("range can only initialize variables");
        }
    }

    private void CheckPipeline(List<CommandNode> commands, string context)
    {
        if (commands.Count == 0)
            throw Fail("missing value for " + context);
        for (int i = 1; i < commands.Count; i++)
        {
            if (commands[i].Operands[0] is BoolNode or DotNode or NilNode or NumberNode or StringNode)
                throw Fail($"non executable command in pipeline stage {i + 1}");
        }
    }

    private CommandNode Command()
    {
        int position = PeekNonSpace().Position;
        var operands = new List<OperandNode>(4);
        while (true)
        {
            PeekNonSpace();
            if (Operand() is { } operand)
                operands.Add(operand);
            Token token = Next();
            switch (token.Kind)
            {
                case TokenKind.Space:
                    continue;
                case TokenKind.RightDelimiter or TokenKind.RightParenthesis:
                    Back();
                    break;
                case TokenKind.Pipe:
                    break;
                default:
                    throw Unexpected(token, "operand");
            }

            if (operands.Count == 0)
                throw Fail("empty command");
            return new CommandNode(position, operands.ToArray());
        }
    }

    private OperandNode? Operand()
    {
        OperandNode? node = Term();
        if (node is null || Peek().Kind != TokenKind.Field)
            return node;
        int position = Peek().Position;
        var names = new List<string>();
        while (Peek().Kind == TokenKind.Field)
            names.Add(FieldName(Next()));
        return node switch
        {
            FieldNode field => new FieldNode(position, [.. field.Names, .. names]),
            VariableNode variable => new VariableNode(position, variable.Name, names.ToArray()),
            BoolNode or StringNode or NumberNode or NilNode or DotNode =>
                throw Fail("unexpected . after term " + Strconv.Quote(node.ToString())),
            _ => new ChainNode(position, node, names.ToArray()),
        };
    }

    private OperandNode? Term()
    {
        Token token = NextNonSpace();
        switch (token.Kind)
        {
            case TokenKind.Identifier:
                string name = token.In(Text).ToString();
                if (!_functions.TryGet(name, out GoFunction? function))
                    throw Fail($"function {Strconv.Quote(name)} not defined");
                return new IdentifierNode(token.Position, function);
            case TokenKind.Dot:
                return new DotNode(token.Position);
            case TokenKind.Nil:
                return new NilNode(token.Position);
            case TokenKind.Variable:
                string variable = _names[token.In(Text)];
                if (!_variables.Contains(variable))
                    throw Fail("undefined variable " + Strconv.Quote(variable));
                return new VariableNode(token.Position, variable, []);
            case TokenKind.Field:
                return new FieldNode(token.Position, [FieldName(token)]);
            case TokenKind.Bool:
                return new BoolNode(token.Position, token.Length == 4);
            case TokenKind.CharConstant or TokenKind.Complex or TokenKind.Number:
                return NumberLiteral.Parse(token.Position, token.In(Text), token.Kind, out string error) ?? throw Fail(error);
            case TokenKind.LeftParenthesis:
                if (_parenthesisDepth >= MaxParenthesisDepth)
                    throw Fail("max expression depth exceeded");
                _parenthesisDepth++;
                PipeNode pipe = Pipeline("parenthesized pipeline", TokenKind.RightParenthesis);
                _parenthesisDepth--;
                return pipe;
            case TokenKind.String or TokenKind.RawString:
                string text = Strconv.Unquote(token.In(Text)) ?? throw Fail("invalid syntax");
                return new StringNode(token.Position, token.In(Text).ToString(), text);
        }

        Back();
        return null;
    }

    private string FieldName(Token token) => _names[token.In(Text)[1..]];
}
