using System.Text;

namespace HelmLifecycle.Charts;

/// <summary>
/// The patterns of <c>.Files.Glob</c> (gobwas/glob with <c>/</c> as separator): <c>*</c>, <c>**</c>, <c>?</c>, <c>[abc]</c>, <c>[!abc]</c>, <c>[a-z]</c>,
/// <c>{a,b}</c>, <c>\</c>. Matching takes time linear in pattern and name.
/// </summary>
internal sealed class GlobPattern
{
    private enum Op : byte
    {
        Rune,
        NotSeparator,
        Any,
        Class,
        Split,
        Jump,
        Match,
    }

    private readonly record struct Step(Op Op, int A = 0, int B = 0, Func<int, bool>? Class = null);

    private readonly List<Step> _steps = [];
    private readonly Rune[] _pattern;
    private int _at;

    private GlobPattern(string pattern) => _pattern = [.. pattern.EnumerateRunes()];

    /// <summary>Reads a pattern; one that is not well formed matches everything, as in Helm.</summary>
    internal static GlobPattern Parse(string pattern)
    {
        var glob = new GlobPattern(pattern);
        if (!glob.TryReadSequence(0))
        {
            glob._steps.Clear();
            glob.AddStar(Op.Any);
        }

        glob._steps.Add(new Step(Op.Match));
        return glob;
    }

    internal bool IsMatch(string name)
    {
        var now = new HashSet<int>();
        var next = new HashSet<int>();
        Enter(now, 0);
        foreach (Rune rune in name.EnumerateRunes())
        {
            foreach (int at in now)
            {
                Step step = _steps[at];
                bool takes = step.Op switch
                {
                    Op.Rune => rune.Value == step.A,
                    Op.NotSeparator => rune.Value != '/',
                    Op.Any => true,
                    Op.Class => step.Class!(rune.Value),
                    _ => false,
                };
                if (takes)
                    Enter(next, at + 1);
            }

            (now, next) = (next, now);
            next.Clear();
        }

        return now.Contains(_steps.Count - 1);
    }

    private void Enter(HashSet<int> states, int at)
    {
        var open = new Stack<int>([at]);
        while (open.TryPop(out int state))
        {
            if (!states.Add(state))
                continue;
            Step step = _steps[state];
            if (step.Op is Op.Split or Op.Jump)
                open.Push(step.A);
            if (step.Op == Op.Split)
                open.Push(step.B);
        }
    }

    private void AddStar(Op op)
    {
        int start = _steps.Count;
        _steps.Add(new Step(Op.Split, start + 1, start + 3));
        _steps.Add(new Step(op));
        _steps.Add(new Step(Op.Jump, start));
    }

    // Reads up to the end, or inside braces up to a comma or the closing brace.
    private bool TryReadSequence(int depth)
    {
        if (depth > 100)
            return false;
        while (_at < _pattern.Length)
        {
            int c = _pattern[_at].Value;
            if (depth > 0 && c is ',' or '}')
                return true;
            _at++;
            switch (c)
            {
                case '*' when _at < _pattern.Length && _pattern[_at].Value == '*':
                    _at++;
                    AddStar(Op.Any);
                    break;
                case '*':
                    AddStar(Op.NotSeparator);
                    break;
                case '?':
                    _steps.Add(new Step(Op.NotSeparator));
                    break;
                case '[':
                    if (!TryReadClass())
                        return false;
                    break;
                case '{':
                    if (!TryReadAlternatives(depth + 1))
                        return false;
                    break;
                case '\\':
                    if (_at < _pattern.Length)
                        _steps.Add(new Step(Op.Rune, _pattern[_at++].Value));
                    break;
                default:
                    _steps.Add(new Step(Op.Rune, c));
                    break;
            }
        }

        return true;
    }

    private bool TryReadAlternatives(int depth)
    {
        var exits = new List<int>();
        for (bool more = true; more;)
        {
            int split = _steps.Count;
            _steps.Add(default);
            if (!TryReadSequence(depth))
                return false;
            exits.Add(_steps.Count);
            _steps.Add(default);
            // The last alternative's split leads nowhere else.
            more = _at < _pattern.Length && _pattern[_at++].Value == ',';
            _steps[split] = more ? new Step(Op.Split, split + 1, _steps.Count) : new Step(Op.Jump, split + 1);
        }

        foreach (int exit in exits)
            _steps[exit] = new Step(Op.Jump, _steps.Count);
        return true;
    }

    // Either one range (a-z) or a row of characters; never both.
    private bool TryReadClass()
    {
        bool negated = _at < _pattern.Length && _pattern[_at].Value == '!';
        if (negated)
            _at++;
        if (_at + 1 < _pattern.Length && _pattern[_at + 1].Value == '-')
        {
            if (_at + 3 >= _pattern.Length || _pattern[_at + 3].Value != ']')
                return false;
            int low = _pattern[_at].Value, high = _pattern[_at + 2].Value;
            _at += 4;
            _steps.Add(new Step(Op.Class, Class: c => (low <= c && c <= high) != negated));
            return low <= high;
        }

        var members = new HashSet<int>();
        while (_at < _pattern.Length && _pattern[_at].Value != ']')
        {
            if (_pattern[_at].Value == '\\' && _at + 1 < _pattern.Length)
                _at++;
            members.Add(_pattern[_at++].Value);
        }

        if (_at == _pattern.Length || members.Count == 0)
            return false;
        _at++;
        _steps.Add(new Step(Op.Class, Class: c => members.Contains(c) != negated));
        return true;
    }
}
