namespace HelmLifecycle.Templates;

/// <summary>
/// Runs a program over all its states at once, character by character: linear in the text whatever the expression. Each state
/// carries its own positions; the order of the states is the order of preference.
/// </summary>
internal sealed class PikeMatcher
{
    private readonly RegexProgram _program;
    private readonly string _text;
    private readonly int _slots;
    private readonly Action<long>? _charge;
    private readonly Stack<(int Pc, int Slot, int Old)> _open = new();
    private readonly int[] _current;
    private StateList _now;
    private StateList _next;
    private long _steps;

    private PikeMatcher(RegexProgram program, string text, int slots, Action<long>? charge)
    {
        _program = program;
        _text = text;
        _slots = slots;
        _charge = charge;
        _current = new int[slots];
        _now = new StateList(program.Code.Length, slots);
        _next = new StateList(program.Code.Length, slots);
    }

    /// <summary>The states alive at one place, each once, in order of preference.</summary>
    private sealed class StateList(int size, int slots)
    {
        private readonly int[] _sparse = new int[size];
        public readonly int[] Pc = new int[size];
        // Rows of slots, by index in Pc; grown as needed, since few states are alive at once.
        public int[] Positions = new int[Math.Min(size, 16) * slots];
        public int Count;

        public bool Contains(int pc)
        {
            int at = _sparse[pc];
            return at < Count && Pc[at] == pc;
        }

        public void Add(int pc)
        {
            _sparse[pc] = Count;
            Pc[Count++] = pc;
            if (Count * slots > Positions.Length)
                Array.Resize(ref Positions, Math.Min(Positions.Length * 2, size * slots));
        }
    }

    /// <summary>Finds the leftmost match from a place on.</summary>
    /// <param name="program">The expression.</param>
    /// <param name="text">The text.</param>
    /// <param name="position">Where to begin.</param>
    /// <param name="slots">Filled with the positions; as many as are wanted, at least two.</param>
    /// <param name="charge">Told now and then how much work was done; may throw to end it.</param>
    public static bool Find(RegexProgram program, string text, int position, Span<int> slots, Action<long>? charge)
    {
        if (program.IsAnchored && position != 0)
            return false;
        return new PikeMatcher(program, text, slots.Length, charge).Run(position, slots);
    }

    private bool Run(int position, Span<int> result)
    {
        bool matched = false;
        while (true)
        {
            if (_now.Count == 0)
            {
                if (matched || (_program.IsAnchored && position != 0))
                    break;
                if (!_program.IsAnchored)
                {
                    position = _program.NextStart(_text, position);
                    if (position < 0)
                        break;
                }
            }

            if (!matched && (position == 0 || !_program.IsAnchored))
            {
                _current.AsSpan().Fill(-1);
                _current[0] = position;
                Follow(_now, _program.Start, position);
            }

            int width = 1;
            int rune = position < _text.Length ? GoRune.At(_text, position, out width) : -1;
            matched |= Step(rune, position, position + width, result);
            (_now, _next) = (_next, _now);
            _next.Count = 0;
            if (position >= _text.Length)
                break;
            position += width;
        }

        return matched;
    }

    // Moves every state over one character; a match ends those that are less preferred.
    private bool Step(int rune, int position, int next, Span<int> result)
    {
        Charge(_now.Count);
        for (int s = 0; s < _now.Count; s++)
        {
            int pc = _now.Pc[s];
            ref RegexInstruction i = ref _program.Code[pc];
            if (i.Code == RegexCode.Match)
            {
                _now.Positions.AsSpan(s * _slots, _slots).CopyTo(result);
                result[1] = position;
                return true;
            }

            if (i.Code < RegexCode.Rune || rune < 0 || !BacktrackMatcher.Accepts(i, rune))
                continue;
            _now.Positions.AsSpan(s * _slots, _slots).CopyTo(_current);
            Follow(_next, i.Out, next);
        }

        return false;
    }

    private void Charge(int steps)
    {
        _steps += steps + 1;
        if (_steps < 1 << 16)
            return;
        // A step of the matcher is far less work than a step of a render.
        _charge?.Invoke(_steps / 16);
        _steps = 0;
    }

    // Adds a state and all that follow from it without taking a character.
    private void Follow(StateList list, int start, int position)
    {
        _open.Push((start, -1, 0));
        while (_open.TryPop(out (int Pc, int Slot, int Old) item))
        {
            if (item.Slot >= 0)
            {
                _current[item.Slot] = item.Old;
                continue;
            }

            int pc = item.Pc;
            while (!list.Contains(pc))
            {
                list.Add(pc);
                ref RegexInstruction i = ref _program.Code[pc];
                if (i.Code == RegexCode.Alt)
                {
                    _open.Push((i.Argument, -1, 0));
                }
                else if (i.Code == RegexCode.Capture)
                {
                    if (i.Argument < _slots)
                    {
                        _open.Push((0, i.Argument, _current[i.Argument]));
                        _current[i.Argument] = position;
                    }
                }
                else if (i.Code == RegexCode.EmptyWidth)
                {
                    if (!RegexProgram.Holds((EmptyWidth)i.Argument, _text, position))
                        break;
                }
                else if (i.Code != RegexCode.Nop)
                {
                    if (i.Code != RegexCode.Fail)
                        _current.CopyTo(list.Positions, (list.Count - 1) * _slots);
                    break;
                }

                pc = i.Out;
            }
        }
    }
}
