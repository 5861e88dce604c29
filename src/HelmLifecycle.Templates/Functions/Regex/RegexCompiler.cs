using System.Runtime.CompilerServices;

namespace HelmLifecycle.Templates;

/// <summary>Compiles a parsed expression to a program, in the manner of Thompson: a fragment has loose ends that the next one ties.</summary>
internal sealed class RegexCompiler
{
    private readonly List<RegexInstruction> _code = [];

    /// <summary>A piece of program. A loose end is an instruction times two, plus one when it is the second way of an Alt.</summary>
    private readonly record struct Fragment(int Start, List<int> Ends, bool CanBeEmpty);

    public static RegexProgram Compile(RegexNode node, int groups)
    {
        var compiler = new RegexCompiler();
        compiler.Emit(RegexCode.Fail);
        Fragment body;
        try
        {
            body = compiler.Build(node);
        }
        catch (InsufficientExecutionStackException e)
        {
            throw new FormatException("error parsing regexp: expression nests too deeply", e);
        }

        int match = compiler.Emit(RegexCode.Match);
        compiler.Tie(body.Ends, match);
        var program = new RegexProgram { Code = compiler._code.ToArray(), Start = body.Start, Slots = 2 * groups };
        program.Analyze();
        return program;
    }

    private int Emit(RegexCode code, int argument = 0, CharSet? set = null)
    {
        _code.Add(new RegexInstruction { Code = code, Argument = argument, Set = set });
        return _code.Count - 1;
    }

    private void Tie(List<int> ends, int target)
    {
        Span<RegexInstruction> code = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_code);
        foreach (int end in ends)
        {
            if ((end & 1) == 0)
                code[end >> 1].Out = target;
            else
                code[end >> 1].Argument = target;
        }
    }

    private Fragment Single(RegexCode code, int argument = 0, CharSet? set = null, bool canBeEmpty = false)
    {
        int at = Emit(code, argument, set);
        return new Fragment(at, [at << 1], canBeEmpty);
    }

    private Fragment Build(RegexNode node)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        bool lazy = (node.Flags & RegexFlags.NonGreedy) != 0;
        switch (node.Op)
        {
            case RegexOp.Empty:
                return Single(RegexCode.Nop, canBeEmpty: true);
            case RegexOp.Literal:
                return Literal(node);
            case RegexOp.Set:
                return node.Set!.Count == 0 ? Fail() : Single(RegexCode.Set, set: node.Set.Freeze());
            case RegexOp.AnyChar:
                return Single(RegexCode.Any);
            case RegexOp.AnyCharNotNewline:
                return Single(RegexCode.AnyNotNewline);
            case RegexOp.BeginLine:
                return Empty(EmptyWidth.BeginLine);
            case RegexOp.EndLine:
                return Empty(EmptyWidth.EndLine);
            case RegexOp.BeginText:
                return Empty(EmptyWidth.BeginText);
            case RegexOp.EndText:
                return Empty(EmptyWidth.EndText);
            case RegexOp.WordBoundary:
                return Empty(EmptyWidth.WordBoundary);
            case RegexOp.NoWordBoundary:
                return Empty(EmptyWidth.NoWordBoundary);
            case RegexOp.Capture:
                Fragment open = Single(RegexCode.Capture, 2 * node.Capture, canBeEmpty: true);
                Fragment body = Build(node.Children[0]);
                Fragment close = Single(RegexCode.Capture, 2 * node.Capture + 1, canBeEmpty: true);
                return Cat(Cat(open, body), close);
            case RegexOp.Star:
                return Star(Build(node.Children[0]), lazy);
            case RegexOp.Plus:
                return Plus(Build(node.Children[0]), lazy);
            case RegexOp.Quest:
                return Quest(Build(node.Children[0]), lazy);
            case RegexOp.Repeat:
                return Repeat(node, lazy);
            case RegexOp.Concat:
                Fragment all = Build(node.Children[0]);
                for (int i = 1; i < node.Children.Count; i++)
                    all = Cat(all, Build(node.Children[i]));
                return all;
            default:
                return Alternate(node);
        }
    }

    private static Fragment Fail() => new(0, [], false);

    private Fragment Empty(EmptyWidth condition) => Single(RegexCode.EmptyWidth, (int)condition, canBeEmpty: true);

    private Fragment Literal(RegexNode node)
    {
        int rune = node.Rune;
        if ((node.Flags & RegexFlags.FoldCase) == 0 || GoRune.SimpleFold(rune) == rune)
            return Single(RegexCode.Rune, rune);
        var set = new CharSet();
        set.AddFolded(rune, rune);
        return Single(RegexCode.Set, set: set.Freeze());
    }

    private Fragment Cat(Fragment a, Fragment b)
    {
        // What cannot match makes the whole unable to match.
        if (a.Start == 0 || b.Start == 0)
            return Fail();
        Tie(a.Ends, b.Start);
        return new Fragment(a.Start, b.Ends, a.CanBeEmpty && b.CanBeEmpty);
    }

    private Fragment Alternate(RegexNode node)
    {
        Fragment all = Build(node.Children[^1]);
        for (int i = node.Children.Count - 2; i >= 0; i--)
        {
            Fragment first = Build(node.Children[i]);
            if (first.Start == 0)
                continue;
            if (all.Start == 0)
            {
                all = first;
                continue;
            }

            int alt = Emit(RegexCode.Alt, all.Start);
            Tie([alt << 1], first.Start);
            all.Ends.AddRange(first.Ends);
            all = new Fragment(alt, all.Ends, first.CanBeEmpty || all.CanBeEmpty);
        }

        return all;
    }

    private Fragment Quest(Fragment body, bool lazy)
    {
        int alt = Emit(RegexCode.Alt);
        Tie([(alt << 1) + (lazy ? 1 : 0)], body.Start);
        body.Ends.Add((alt << 1) + (lazy ? 0 : 1));
        return new Fragment(alt, body.Ends, true);
    }

    // The instruction that goes back for one more or leaves.
    private Fragment Loop(Fragment body, bool lazy)
    {
        int alt = Emit(RegexCode.Alt);
        Tie([(alt << 1) + (lazy ? 1 : 0)], body.Start);
        Tie(body.Ends, alt);
        return new Fragment(alt, [(alt << 1) + (lazy ? 0 : 1)], true);
    }

    private Fragment Plus(Fragment body, bool lazy) => new(body.Start, Loop(body, lazy).Ends, body.CanBeEmpty);

    // When the body can match nothing, x* must be (x+)?, or the order of preference would be lost.
    private Fragment Star(Fragment body, bool lazy) => body.CanBeEmpty ? Quest(Plus(body, lazy), lazy) : Loop(body, lazy);

    // x{2,5} is xx(x(x(x)?)?)?, and x{2,} is xx+.
    private Fragment Repeat(RegexNode node, bool lazy)
    {
        RegexNode child = node.Children[0];
        if (child.Op == RegexOp.Empty || node.Max == 0)
            return Single(RegexCode.Nop, canBeEmpty: true);
        if (node.Max < 0 && node.Min == 0)
            return Star(Build(child), lazy);
        Fragment? all = null;
        int plain = node.Max < 0 ? node.Min - 1 : node.Min;
        for (int i = 0; i < plain; i++)
            all = all is null ? Build(child) : Cat(all.Value, Build(child));
        if (node.Max < 0)
        {
            Fragment last = Plus(Build(child), lazy);
            return all is null ? last : Cat(all.Value, last);
        }

        Fragment? optional = null;
        for (int i = node.Min; i < node.Max; i++)
        {
            Fragment one = Build(child);
            optional = Quest(optional is null ? one : Cat(one, optional.Value), lazy);
        }

        return all is null ? optional!.Value : optional is null ? all.Value : Cat(all.Value, optional.Value);
    }
}
