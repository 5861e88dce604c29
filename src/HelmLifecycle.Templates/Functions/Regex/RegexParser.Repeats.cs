using System.Globalization;

namespace HelmLifecycle.Templates;

/// <summary>Repetitions.</summary>
internal sealed partial class RegexParser
{
    private int Repeat(RegexOp op, int min, int max, int before, int after, int lastRepeat)
    {
        RegexFlags flags = _flags;
        if (after < _whole.Length && _whole[after] == '?')
        {
            after++;
            flags ^= RegexFlags.NonGreedy;
        }

        if (lastRepeat >= 0)
            throw Error("invalid nested repetition operator", _whole.AsSpan(lastRepeat, after - lastRepeat));
        if (_stack.Count == 0 || _stack[^1].Op >= RegexOp.LeftParen)
            throw Error("missing argument to repetition operator", _whole.AsSpan(before, after - before));
        RegexNode node = New(op);
        RegexNode child = _stack[^1];
        node.Min = min;
        node.Max = max;
        node.Flags = flags;
        node.Children.Add(child);
        node.Height = child.Height + 1;
        node.Size = Math.Max(1, op switch
        {
            RegexOp.Star => 2 + child.Size,
            RegexOp.Plus or RegexOp.Quest => 1 + child.Size,
            _ when max < 0 => min == 0 ? 2 + child.Size : 1 + min * child.Size,
            _ => max * child.Size + (max - min),
        });
        _stack[^1] = node;
        CheckLimits(node);
        if (op == RegexOp.Repeat && (min >= 2 || max >= 2) && !IsValidRepeat(node, MaxRepeat))
            throw Error("invalid repeat count", _whole.AsSpan(before, after - before));
        return after;
    }

    // The product of nested repetitions is bounded too.
    private static bool IsValidRepeat(RegexNode node, int budget)
    {
        var open = new Stack<(RegexNode Node, int Budget)>();
        open.Push((node, budget));
        while (open.TryPop(out (RegexNode Node, int Budget) item))
        {
            int left = item.Budget;
            if (item.Node.Op == RegexOp.Repeat)
            {
                int count = item.Node.Max < 0 ? item.Node.Min : item.Node.Max;
                if (item.Node.Max == 0)
                    continue;
                if (count > left)
                    return false;
                if (count > 0)
                    left /= count;
            }

            foreach (RegexNode child in item.Node.Children)
                open.Push((child, left));
        }

        return true;
    }

    private bool TryParseRepeat(int at, out int min, out int max, out int after)
    {
        min = max = after = 0;
        int next = at + 1;
        if (!TryParseInt(ref next, out min) || next >= _whole.Length)
            return false;
        max = min;
        if (_whole[next] == ',')
        {
            next++;
            if (next >= _whole.Length)
                return false;
            max = -1;
            if (_whole[next] != '}')
            {
                if (!TryParseInt(ref next, out max))
                    return false;
                if (max < 0)
                    min = -1;
            }
        }

        if (next >= _whole.Length || _whole[next] != '}')
            return false;
        after = next + 1;
        return true;
    }

    // A number without leading zeros; -1 when it is too large.
    private bool TryParseInt(ref int at, out int number)
    {
        number = 0;
        int end = at;
        while (end < _whole.Length && char.IsAsciiDigit(_whole[end]))
            end++;
        if (end == at || (end - at > 1 && _whole[at] == '0'))
            return false;
        number = end - at > 9 ? -1 : int.Parse(_whole.AsSpan(at, end - at), NumberStyles.None, CultureInfo.InvariantCulture);
        at = end;
        return true;
    }
}
