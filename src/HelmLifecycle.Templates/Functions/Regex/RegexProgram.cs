namespace HelmLifecycle.Templates;

internal enum RegexCode : byte
{
    Fail,
    /// <summary>Two ways on; <see cref="RegexInstruction.Out"/> is preferred.</summary>
    Alt,
    /// <summary>Notes the position in the slot <see cref="RegexInstruction.Argument"/>.</summary>
    Capture,
    /// <summary>Goes on if the conditions in <see cref="RegexInstruction.Argument"/>, an <see cref="EmptyWidth"/>, hold.</summary>
    EmptyWidth,
    Match,
    Nop,
    Rune,
    Set,
    Any,
    AnyNotNewline,
}

/// <summary>Conditions on the place between two characters.</summary>
[Flags]
internal enum EmptyWidth
{
    None = 0,
    BeginLine = 1,
    EndLine = 2,
    BeginText = 4,
    EndText = 8,
    WordBoundary = 16,
    NoWordBoundary = 32,
}

internal struct RegexInstruction
{
    public RegexCode Code;
    public int Out;
    public int Argument;
    public CharSet? Set;
}

/// <summary>A compiled expression: what both matchers run.</summary>
internal sealed class RegexProgram
{
    public required RegexInstruction[] Code { get; init; }
    public required int Start { get; init; }
    /// <summary>Slots for positions: two for the match and for each group.</summary>
    public required int Slots { get; init; }
    /// <summary>Whether a match can only start where the text starts.</summary>
    public bool IsAnchored { get; private set; }
    /// <summary>The text every match starts with; may be empty.</summary>
    public string Prefix { get; private set; } = "";
    /// <summary>Whether the expression is <see cref="Prefix"/> and nothing else.</summary>
    public bool IsLiteral { get; private set; }

    // The ASCII characters a match can start with; null when it can be empty or it is not known.
    private bool[]? _first;
    private bool _firstNonAscii;

    /// <summary>Finds out what speeds up searching.</summary>
    public void Analyze()
    {
        int pc = Start;
        var prefix = new System.Text.StringBuilder();
        for (; ; pc = Code[pc].Out)
        {
            ref RegexInstruction i = ref Code[pc];
            if (i.Code is RegexCode.Nop or RegexCode.Capture)
                continue;
            if (i.Code == RegexCode.EmptyWidth && prefix.Length == 0 && (i.Argument & (int)EmptyWidth.BeginText) != 0)
                IsAnchored = true;
            // U+FFFD matches bytes that are not UTF-8 too, which ordinal search would miss.
            if (i.Code != RegexCode.Rune || i.Argument == GoRune.Error || i.Argument is >= 0xD800 and < 0xE000)
                break;
            GoRune.AppendRune(prefix, i.Argument);
        }

        Prefix = prefix.ToString();
        IsLiteral = Code[pc].Code == RegexCode.Match && Slots == 2 && Prefix.Length > 0;
        if (Prefix.Length == 0 && !IsAnchored)
            FindFirst();
    }

    private void FindFirst()
    {
        var first = new bool[128];
        var seen = new bool[Code.Length];
        var open = new Stack<int>();
        open.Push(Start);
        while (open.TryPop(out int pc))
        {
            if (seen[pc])
                continue;
            seen[pc] = true;
            ref RegexInstruction i = ref Code[pc];
            switch (i.Code)
            {
                case RegexCode.Alt:
                    open.Push(i.Out);
                    open.Push(i.Argument);
                    break;
                case RegexCode.Capture or RegexCode.Nop or RegexCode.EmptyWidth:
                    open.Push(i.Out);
                    break;
                case RegexCode.Rune when i.Argument < 128:
                    first[i.Argument] = true;
                    break;
                case RegexCode.Rune:
                    _firstNonAscii = true;
                    break;
                case RegexCode.Set:
                    for (int c = 0; c < 128; c++)
                        first[c] |= i.Set!.Contains(c);
                    _firstNonAscii |= i.Set!.HasNonAscii;
                    break;
                case RegexCode.Fail:
                    break;
                default:
                    return;
            }
        }

        _first = first;
    }

    /// <summary>The first place from <paramref name="position"/> on where a match may start; -1 for none.</summary>
    public int NextStart(string text, int position)
    {
        if (Prefix.Length > 0)
            return position > text.Length ? -1 : text.IndexOf(Prefix, position, StringComparison.Ordinal);
        if (_first is null)
            return position;
        for (; position < text.Length; position++)
        {
            char c = text[position];
            if (c < 128 ? _first[c] : _firstNonAscii && (!char.IsLowSurrogate(c) || GoRune.IsByte(text, position)))
                return position;
        }

        return -1;
    }

    /// <summary>Whether the conditions hold at a place.</summary>
    public static bool Holds(EmptyWidth wanted, string text, int position)
    {
        bool begin = position == 0, end = position == text.Length;
        if ((wanted & EmptyWidth.BeginText) != 0 && !begin)
            return false;
        if ((wanted & EmptyWidth.EndText) != 0 && !end)
            return false;
        if ((wanted & EmptyWidth.BeginLine) != 0 && !begin && text[position - 1] != '\n')
            return false;
        if ((wanted & EmptyWidth.EndLine) != 0 && !end && text[position] != '\n')
            return false;
        if ((wanted & (EmptyWidth.WordBoundary | EmptyWidth.NoWordBoundary)) == 0)
            return true;
        bool boundary = (!begin && IsWord(text[position - 1])) != (!end && IsWord(text[position]));
        return boundary == ((wanted & EmptyWidth.WordBoundary) != 0);
    }

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
