namespace HelmLifecycle.Templates;

/// <summary>What a node of a parsed expression stands for.</summary>
internal enum RegexOp : byte
{
    Empty,
    Literal,
    Set,
    AnyCharNotNewline,
    AnyChar,
    BeginLine,
    EndLine,
    BeginText,
    EndText,
    WordBoundary,
    NoWordBoundary,
    Capture,
    Star,
    Plus,
    Quest,
    Repeat,
    Concat,
    Alternate,
    /// <summary>On the parser's stack only: an open parenthesis.</summary>
    LeftParen,
    /// <summary>On the parser's stack only: a vertical bar.</summary>
    VerticalBar,
}

/// <summary>The flags of <c>(?ismU)</c>, as the parser carries them along.</summary>
[Flags]
internal enum RegexFlags : byte
{
    None = 0,
    FoldCase = 1,
    DotNewline = 2,
    MultiLine = 4,
    NonGreedy = 8,
}

/// <summary>A node of a parsed expression.</summary>
internal sealed class RegexNode(RegexOp op)
{
    public RegexOp Op { get; set; } = op;
    public RegexFlags Flags { get; set; }
    /// <summary>A literal's character.</summary>
    public int Rune { get; set; }
    public CharSet? Set { get; set; }
    public int Min { get; set; }
    /// <summary>The upper bound of a repetition; -1 for none.</summary>
    public int Max { get; set; }
    /// <summary>The number of a capturing group; 0 for a group that does not capture.</summary>
    public int Capture { get; set; }
    public string? Name { get; set; }
    public List<RegexNode> Children { get; } = [];
    /// <summary>The height of the tree below, 1 for a leaf.</summary>
    public int Height { get; set; } = 1;
    /// <summary>How many instructions it will take, as Go reckons.</summary>
    public long Size { get; set; } = 1;
}
