namespace HelmLifecycle.Templates;

/// <summary>What the scanner tells apart.</summary>
internal enum YamlTokenKind : byte
{
    None,
    StreamEnd,
    VersionDirective,
    TagDirective,
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias,
    Anchor,
    Tag,
    Scalar,
}

/// <summary>A place in the text: line and column from 0, and the number of characters before it.</summary>
internal readonly record struct YamlMark(int Line, int Column, int Index);

/// <summary>One token.</summary>
internal struct YamlToken
{
    public YamlTokenKind Kind;
    /// <summary>Whether a scalar stands without quotes and block indicator.</summary>
    public bool Plain;
    /// <summary>The flow level, plus one, at which the token may turn out to start a simple key; 0 when it cannot.</summary>
    public int KeyLevel;
    public YamlMark Start;
    /// <summary>Text of a scalar, name of an anchor or alias, handle of a tag.</summary>
    public string? Text;
    /// <summary>Suffix of a tag, prefix of a tag directive.</summary>
    public string? Suffix;
}

/// <summary>
/// The text breaks go-yaml's scanner or parser. Internal: it becomes a <see cref="YamlException"/> with Helm's words around it.
/// </summary>
internal sealed class YamlSyntaxError(string problem, YamlMark mark, int namedLine) : Exception(problem)
{
    public YamlMark Mark { get; } = mark;

    /// <summary>The line number that go-yaml puts into its message; 0 for none.</summary>
    public int NamedLine { get; } = namedLine;
}
