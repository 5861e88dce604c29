namespace HelmLifecycle.Templates;

/// <summary>A part of a template that writes output.</summary>
internal abstract partial class StatementNode(int position) : Node(position)
{
    /// <summary>Whether it is nothing but white space.</summary>
    internal virtual bool IsEmpty => false;
}

/// <summary>Statements in a row.</summary>
internal sealed partial class ListNode(int position, StatementNode[] nodes) : StatementNode(position)
{
    internal StatementNode[] Nodes { get; } = nodes;

    internal override bool IsEmpty => Array.TrueForAll(Nodes, node => node.IsEmpty);

    internal override void WriteSource(TextBuffer buffer)
    {
        foreach (StatementNode node in Nodes)
            node.WriteSource(buffer);
    }
}

/// <summary>Text between actions.</summary>
internal sealed partial class TextNode(int position, string text) : StatementNode(position)
{
    internal string Text { get; } = text;

    internal override bool IsEmpty => string.IsNullOrWhiteSpace(Text);

    internal override void WriteSource(TextBuffer buffer) => buffer.Append(Text);
}

/// <summary><c>{{ pipeline }}</c></summary>
internal sealed partial class ActionNode(int position, PipeNode pipe) : StatementNode(position)
{
    internal PipeNode Pipe { get; } = pipe;

    internal override void WriteSource(TextBuffer buffer)
    {
        buffer.Append("{{");
        Pipe.WriteSource(buffer);
        buffer.Append("}}");
    }
}

/// <summary><c>if</c>, <c>with</c> and <c>range</c> have a pipeline and one or two lists.</summary>
internal abstract partial class BranchNode(int position, PipeNode pipe, ListNode list, ListNode? elseList) : StatementNode(position)
{
    internal PipeNode Pipe { get; } = pipe;

    internal ListNode List { get; } = list;

    internal ListNode? ElseList { get; } = elseList;

    protected abstract string Keyword { get; }

    internal override void WriteSource(TextBuffer buffer)
    {
        buffer.Append("{{");
        buffer.Append(Keyword);
        buffer.Append(' ');
        Pipe.WriteSource(buffer);
        buffer.Append("}}");
        List.WriteSource(buffer);
        if (ElseList is not null)
        {
            buffer.Append("{{else}}");
            ElseList.WriteSource(buffer);
        }

        buffer.Append("{{end}}");
    }
}

/// <summary><c>{{ if }}</c></summary>
internal sealed partial class IfNode(int position, PipeNode pipe, ListNode list, ListNode? elseList)
    : BranchNode(position, pipe, list, elseList)
{
    protected override string Keyword => "if";
}

/// <summary><c>{{ with }}</c></summary>
internal sealed partial class WithNode(int position, PipeNode pipe, ListNode list, ListNode? elseList)
    : BranchNode(position, pipe, list, elseList)
{
    protected override string Keyword => "with";
}

/// <summary><c>{{ range }}</c></summary>
internal sealed partial class RangeNode(int position, PipeNode pipe, ListNode list, ListNode? elseList)
    : BranchNode(position, pipe, list, elseList)
{
    protected override string Keyword => "range";
}

/// <summary><c>{{ template "name" pipeline }}</c>; a <c>block</c> is one too.</summary>
internal sealed partial class TemplateNode(int position, string name, PipeNode? pipe) : StatementNode(position)
{
    internal string Name { get; } = name;

    internal PipeNode? Pipe { get; } = pipe;

    internal override void WriteSource(TextBuffer buffer)
    {
        buffer.Append("{{template ");
        Strconv.AppendQuoted(buffer, Name, '"', false);
        if (Pipe is not null)
        {
            buffer.Append(' ');
            Pipe.WriteSource(buffer);
        }

        buffer.Append("}}");
    }
}

/// <summary><c>{{ break }}</c> or <c>{{ continue }}</c></summary>
internal sealed partial class LoopControlNode(int position, bool isBreak) : StatementNode(position)
{
    internal bool IsBreak { get; } = isBreak;

    internal override void WriteSource(TextBuffer buffer) => buffer.Append(IsBreak ? "{{break}}" : "{{continue}}");
}

/// <summary><c>{{ end }}</c> or <c>{{ else }}</c>: ends a list while parsing, and is no part of the tree.</summary>
internal sealed partial class ListEndNode(int position, bool isElse) : StatementNode(position)
{
    internal bool IsElse { get; } = isElse;

    internal override void WriteSource(TextBuffer buffer) => buffer.Append(IsElse ? "{{else}}" : "{{end}}");
}
