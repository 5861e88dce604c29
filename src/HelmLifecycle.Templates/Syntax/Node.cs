namespace HelmLifecycle.Templates;

/// <summary>A part of a parsed template. It knows its place and can write itself as source, which error messages show.</summary>
internal abstract class Node(int position)
{
    /// <summary>Where it starts in the text of its file, in chars.</summary>
    internal int Position { get; } = position;

    /// <summary>Writes it in Go's normal form.</summary>
    internal abstract void WriteSource(TextBuffer buffer);

    public override string ToString()
    {
        var buffer = new TextBuffer();
        WriteSource(buffer);
        return buffer.ToString();
    }
}

/// <summary>A text that was parsed: what positions refer to.</summary>
/// <param name="Name">The name in error messages.</param>
/// <param name="Text">The whole text.</param>
internal sealed record TemplateText(string Name, string Text)
{
    /// <summary>The line of a position, from 1, and its column in bytes, from 0.</summary>
    internal (int Line, int Column) Locate(int position)
    {
        ReadOnlySpan<char> before = Text.AsSpan(0, Math.Min(position, Text.Length));
        int line = 1 + before.Count('\n');
        return (line, GoString.ByteCount(before[(before.LastIndexOf('\n') + 1)..]));
    }
}

/// <summary>A named template: a file, or a <c>define</c> or <c>block</c> in one.</summary>
internal sealed class Template(string name, TemplateText source, ListNode root)
{
    internal string Name { get; } = name;

    internal TemplateText Source { get; } = source;

    internal ListNode Root { get; } = root;

    /// <summary>Whether there is nothing in it but white space; such a definition replaces no other.</summary>
    internal bool IsEmpty { get; } = root.IsEmpty;

    /// <summary>Its output, when that is one text whatever the data; else null.</summary>
    internal string? StaticText { get; } = root.Nodes switch
    {
        [] => "",
        [TextNode text] => text.Text,
        _ => null,
    };
}
