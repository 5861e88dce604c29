namespace HelmLifecycle.Templates;

/// <summary>
/// Reads an expression in the syntax of Go's <c>regexp.Compile</c>: RE2 with Perl's classes and flags. Works over an explicit stack, as
/// deep nesting must not exhaust the thread's.
/// </summary>
internal sealed partial class RegexParser
{
    private const int MaxHeight = 1000;
    private const int MaxRepeat = 1000;
    // Go allows some ten times more; a chart has no business with such expressions.
    private const long MaxSize = 250_000;
    private const long MaxRanges = 1_000_000;

    private readonly string _whole;
    private readonly List<RegexNode> _stack = [];
    private readonly List<string> _names = [""];
    private RegexFlags _flags;
    private int _captures;
    private int _nodes;
    private long _ranges;

    private RegexParser(string pattern) => _whole = pattern;

    /// <summary>Parses an expression.</summary>
    /// <param name="pattern">The expression.</param>
    /// <param name="names">The names of the groups; the first is the whole match, unnamed groups are empty.</param>
    /// <exception cref="FormatException">It is not valid; the message is Go's.</exception>
    public static RegexNode Parse(string pattern, out string[] names)
    {
        var parser = new RegexParser(pattern);
        RegexNode node = parser.Parse();
        names = parser._names.ToArray();
        return node;
    }

    private static FormatException Error(string what, ReadOnlySpan<char> where) => new($"error parsing regexp: {what}: `{where}`");

    private ReadOnlySpan<char> Rest(int at) => _whole.AsSpan(at);

    private RegexNode Parse()
    {
        int at = 0;
        int lastRepeat = -1;
        while (at < _whole.Length)
        {
            int repeat = -1;
            switch (_whole[at])
            {
                case '(':
                    if (at + 1 < _whole.Length && _whole[at + 1] == '?')
                    {
                        at = ParsePerlFlags(at);
                        break;
                    }

                    OpenGroup("");
                    at++;
                    break;
                case '|':
                    Concat();
                    if (!SwapVerticalBar())
                        Push(New(RegexOp.VerticalBar));
                    at++;
                    break;
                case ')':
                    CloseGroup();
                    at++;
                    break;
                case '^':
                    Push(New((_flags & RegexFlags.MultiLine) == 0 ? RegexOp.BeginText : RegexOp.BeginLine));
                    at++;
                    break;
                case '$':
                    Push(New((_flags & RegexFlags.MultiLine) == 0 ? RegexOp.EndText : RegexOp.EndLine));
                    at++;
                    break;
                case '.':
                    Push(New((_flags & RegexFlags.DotNewline) != 0 ? RegexOp.AnyChar : RegexOp.AnyCharNotNewline));
                    at++;
                    break;
                case '[':
                    at = ParseClass(at);
                    break;
                case '*' or '+' or '?':
                    RegexOp op = _whole[at] switch { '*' => RegexOp.Star, '+' => RegexOp.Plus, _ => RegexOp.Quest };
                    repeat = at;
                    at = Repeat(op, 0, 0, at, at + 1, lastRepeat);
                    break;
                case '{':
                    if (!TryParseRepeat(at, out int min, out int max, out int after))
                    {
                        Literal('{');
                        at++;
                        break;
                    }

                    if (min < 0 || min > MaxRepeat || max > MaxRepeat || (max >= 0 && min > max))
                        throw Error("invalid repeat count", _whole.AsSpan(at, after - at));
                    repeat = at;
                    at = Repeat(RegexOp.Repeat, min, max, at, after, lastRepeat);
                    break;
                case '\\':
                    at = ParseBackslash(at);
                    break;
                default:
                    Literal(NextRune(ref at));
                    break;
            }

            lastRepeat = repeat;
        }

        Concat();
        if (SwapVerticalBar())
            _stack.RemoveAt(_stack.Count - 1);
        Alternate();
        if (_stack.Count != 1)
            throw Error("missing closing )", _whole);
        return _stack[0];
    }

    private int ParseBackslash(int at)
    {
        if (at + 1 < _whole.Length)
        {
            RegexOp? op = _whole[at + 1] switch
            {
                'A' => RegexOp.BeginText,
                'b' => RegexOp.WordBoundary,
                'B' => RegexOp.NoWordBoundary,
                'z' => RegexOp.EndText,
                _ => null,
            };
            if (op is not null)
            {
                Push(New(op.Value));
                return at + 2;
            }

            if (_whole[at + 1] == 'C')
                throw Error("invalid escape sequence", _whole.AsSpan(at, 2));
            if (_whole[at + 1] == 'Q')
                return ParseQuoted(at + 2);
        }

        var set = new CharSet();
        int next = at;
        if (TryParseUnicodeClass(ref next, set) || TryParsePerlClass(ref next, set))
        {
            PushSet(set);
            return next;
        }

        Literal(ParseEscape(ref next));
        return next;
    }

    // \Q...\E: all in between is literal.
    private int ParseQuoted(int at)
    {
        int end = _whole.IndexOf("\\E", at, StringComparison.Ordinal);
        int stop = end < 0 ? _whole.Length : end;
        while (at < stop)
            Literal(NextRune(ref at, stop));
        return end < 0 ? stop : end + 2;
    }

    private int NextRune(ref int at, int stop = -1)
    {
        if (GoRune.IsByte(_whole, at))
            throw Error("invalid UTF-8", _whole.AsSpan(at, (stop < 0 ? _whole.Length : stop) - at));
        int rune = GoRune.At(_whole, at, out int width);
        at += width;
        return rune;
    }

    private void CheckUtf8(int at, int stop)
    {
        while (at < stop)
            NextRune(ref at, stop);
    }

    private RegexNode New(RegexOp op)
    {
        _nodes++;
        return new RegexNode(op) { Flags = _flags };
    }

    private void Push(RegexNode node)
    {
        _stack.Add(node);
        CheckLimits(node);
    }

    private void PushSet(CharSet set)
    {
        set.Clean();
        _ranges += set.Count;
        int single = set.Single;
        if (single >= 0)
        {
            RegexNode literal = New(RegexOp.Literal);
            literal.Flags &= ~RegexFlags.FoldCase;
            literal.Rune = single;
            Push(literal);
            return;
        }

        RegexNode node = New(RegexOp.Set);
        node.Set = set;
        Push(node);
    }

    private void Literal(int rune)
    {
        RegexNode node = New(RegexOp.Literal);
        node.Rune = rune;
        Push(node);
    }

    private void CheckLimits(RegexNode node)
    {
        if (_ranges > MaxRanges || node.Size > MaxSize)
            throw Error("expression too large", _whole);
        if (_nodes >= MaxHeight && node.Height > MaxHeight)
            throw Error("expression nests too deeply", _whole);
    }

    // Replaces what stands above the topmost bar or parenthesis by its concatenation.
    private void Concat() => Collapse(RegexOp.Concat);

    private void Alternate() => Collapse(RegexOp.Alternate);

    private void Collapse(RegexOp op)
    {
        int start = _stack.Count;
        while (start > 0 && _stack[start - 1].Op < RegexOp.LeftParen)
            start--;
        int count = _stack.Count - start;
        if (count == 1)
            return;
        RegexNode node = New(count == 0 ? RegexOp.Empty : op);
        if (count > 0)
        {
            long size = op == RegexOp.Alternate ? count - 1 : 0;
            foreach (RegexNode child in _stack.GetRange(start, count))
            {
                // A concatenation within a concatenation is one concatenation.
                if (child.Op == op)
                    node.Children.AddRange(child.Children);
                else
                    node.Children.Add(child);
                node.Height = Math.Max(node.Height, child.Op == op ? child.Height : child.Height + 1);
                size += child.Size;
            }

            node.Size = Math.Max(1, size);
            _stack.RemoveRange(start, count);
        }

        Push(node);
    }

    // Puts a vertical bar back on top, so that the alternatives gather below it.
    private bool SwapVerticalBar()
    {
        int n = _stack.Count;
        if (n < 2 || _stack[n - 2].Op != RegexOp.VerticalBar)
            return false;
        (_stack[n - 2], _stack[n - 1]) = (_stack[n - 1], _stack[n - 2]);
        return true;
    }

    private void OpenGroup(string name)
    {
        RegexNode group = New(RegexOp.LeftParen);
        group.Capture = ++_captures;
        group.Name = name;
        _names.Add(name);
        Push(group);
    }

    private void CloseGroup()
    {
        Concat();
        if (SwapVerticalBar())
            _stack.RemoveAt(_stack.Count - 1);
        Alternate();
        int n = _stack.Count;
        if (n < 2 || _stack[n - 2].Op != RegexOp.LeftParen)
            throw Error("unexpected )", _whole);
        RegexNode body = _stack[n - 1], group = _stack[n - 2];
        _stack.RemoveRange(n - 2, 2);
        _flags = group.Flags;
        if (group.Capture == 0)
        {
            Push(body);
            return;
        }

        group.Op = RegexOp.Capture;
        group.Children.Add(body);
        group.Height = body.Height + 1;
        group.Size = body.Size + 2;
        Push(group);
    }
}
