using System.Buffers;

namespace HelmLifecycle.Templates;

/// <summary>
/// Runs a program by backtracking, but never goes twice through the same instruction at the same place: so its time is bounded by the
/// product of program and text. Quick on small texts; takes a bit of memory for each such pair.
/// </summary>
internal ref struct BacktrackMatcher
{
    private const int MaxBits = 256 * 1024;

    private readonly RegexProgram _program;
    private readonly string _text;
    private readonly int _origin;
    private readonly int _width;
    private readonly Span<int> _slots;
    private readonly uint[] _visited;
    private Job[] _jobs;
    private int _jobCount;

    private BacktrackMatcher(RegexProgram program, string text, int origin, Span<int> slots)
    {
        _program = program;
        _text = text;
        _origin = origin;
        _width = text.Length - origin + 1;
        _slots = slots;
        int words = (program.Code.Length * _width + 31) / 32;
        _visited = ArrayPool<uint>.Shared.Rent(words);
        Array.Clear(_visited, 0, words);
        _jobs = ArrayPool<Job>.Shared.Rent(64);
    }

    /// <summary>An alternative yet to be tried; or, with a slot, a position to be put back.</summary>
    private struct Job
    {
        public int Pc;
        public int Position;
        public int Slot;
    }

    /// <summary>Whether text and program are small enough.</summary>
    public static bool Suits(RegexProgram program, int length) => program.Code.Length <= 500 && (length + 1L) * program.Code.Length <= MaxBits;

    /// <summary>Finds the leftmost match from a place on.</summary>
    /// <param name="program">The expression.</param>
    /// <param name="text">The text.</param>
    /// <param name="position">Where to begin.</param>
    /// <param name="slots">Filled with the positions; as many as are wanted, at least two.</param>
    public static bool Find(RegexProgram program, string text, int position, Span<int> slots)
    {
        var matcher = new BacktrackMatcher(program, text, position, slots);
        try
        {
            if (program.IsAnchored)
                return position == 0 && matcher.TryAt(0);
            for (; position <= text.Length; position++)
            {
                position = program.NextStart(text, position);
                if (position < 0)
                    return false;
                if (matcher.TryAt(position))
                    return true;
                if (position < text.Length && char.IsHighSurrogate(text[position]))
                    position++;
            }

            return false;
        }
        finally
        {
            ArrayPool<uint>.Shared.Return(matcher._visited);
            ArrayPool<Job>.Shared.Return(matcher._jobs);
        }
    }

    private void PushJob(int pc, int position, int slot = -1)
    {
        if (_jobCount == _jobs.Length)
        {
            Job[] larger = ArrayPool<Job>.Shared.Rent(_jobs.Length * 2);
            _jobs.AsSpan().CopyTo(larger);
            ArrayPool<Job>.Shared.Return(_jobs);
            _jobs = larger;
        }

        _jobs[_jobCount++] = new Job { Pc = pc, Position = position, Slot = slot };
    }

    private bool TryAt(int start)
    {
        _slots.Fill(-1);
        _slots[0] = start;
        _jobCount = 0;
        PushJob(_program.Start, start);
        while (_jobCount > 0)
        {
            Job job = _jobs[--_jobCount];
            if (job.Slot >= 0)
                _slots[job.Slot] = job.Position;
            else if (Run(job.Pc, job.Position))
                return true;
        }

        return false;
    }

    private bool Run(int pc, int position)
    {
        RegexInstruction[] code = _program.Code;
        while (true)
        {
            int bit = pc * _width + position - _origin;
            ref uint word = ref _visited[bit >> 5];
            if ((word & 1u << bit) != 0)
                return false;
            word |= 1u << bit;
            ref RegexInstruction i = ref code[pc];
            switch (i.Code)
            {
                case RegexCode.Alt:
                    PushJob(i.Argument, position);
                    break;
                case RegexCode.Capture:
                    if (i.Argument < _slots.Length)
                    {
                        PushJob(0, _slots[i.Argument], i.Argument);
                        _slots[i.Argument] = position;
                    }

                    break;
                case RegexCode.EmptyWidth:
                    if (!RegexProgram.Holds((EmptyWidth)i.Argument, _text, position))
                        return false;
                    break;
                case RegexCode.Nop:
                    break;
                case RegexCode.Match:
                    _slots[1] = position;
                    return true;
                case RegexCode.Fail:
                    return false;
                default:
                    if (position == _text.Length)
                        return false;
                    int rune = GoRune.At(_text, position, out int width);
                    if (!Accepts(i, rune))
                        return false;
                    position += width;
                    break;
            }

            pc = i.Out;
        }
    }

    /// <summary>Whether an instruction that takes a character takes this one.</summary>
    internal static bool Accepts(in RegexInstruction i, int rune) => i.Code switch
    {
        RegexCode.Rune => i.Argument == rune,
        RegexCode.Set => i.Set!.Contains(rune),
        RegexCode.Any => true,
        _ => rune != '\n',
    };
}
