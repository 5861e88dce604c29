using System.Numerics;

namespace HelmLifecycle.Templates;

/// <summary>A part of a pipeline that has a value.</summary>
internal abstract partial class OperandNode(int position) : Node(position);

/// <summary><c>.</c></summary>
internal sealed partial class DotNode(int position) : OperandNode(position)
{
    internal override void WriteSource(TextBuffer buffer) => buffer.Append('.');
}

/// <summary><c>nil</c></summary>
internal sealed partial class NilNode(int position) : OperandNode(position)
{
    internal override void WriteSource(TextBuffer buffer) => buffer.Append("nil");
}

/// <summary><c>true</c> or <c>false</c></summary>
internal sealed partial class BoolNode(int position, bool value) : OperandNode(position)
{
    internal bool Value { get; } = value;

    internal override void WriteSource(TextBuffer buffer) => buffer.Append(Value ? "true" : "false");
}

/// <summary>A string literal.</summary>
internal sealed partial class StringNode(int position, string quoted, string text) : OperandNode(position)
{
    internal string Text { get; } = text;

    internal override void WriteSource(TextBuffer buffer) => buffer.Append(quoted);
}

/// <summary>A number or character literal. It is all the kinds of number that it can be without loss.</summary>
internal sealed partial class NumberNode(int position, string text) : OperandNode(position)
{
    internal string Text { get; } = text;

    internal bool IsInt { get; init; }

    internal bool IsUint { get; init; }

    internal bool IsFloat { get; init; }

    internal bool IsComplex { get; init; }

    internal long Int { get; init; }

    internal ulong Uint { get; init; }

    internal double Float { get; init; }

    internal Complex Complex { get; init; }

    internal override void WriteSource(TextBuffer buffer) => buffer.Append(Text);
}

/// <summary><c>.A.B</c></summary>
internal sealed partial class FieldNode(int position, string[] names) : OperandNode(position)
{
    internal string[] Names { get; } = names;

    internal override void WriteSource(TextBuffer buffer) => WriteNames(buffer, Names);

    internal static void WriteNames(TextBuffer buffer, string[] names)
    {
        foreach (string name in names)
        {
            buffer.Append('.');
            buffer.Append(name);
        }
    }
}

/// <summary><c>$x</c> or <c>$x.A.B</c></summary>
internal sealed partial class VariableNode(int position, string name, string[] names) : OperandNode(position)
{
    internal string Name { get; } = name;

    internal string[] Names { get; } = names;

    internal override void WriteSource(TextBuffer buffer)
    {
        buffer.Append(Name);
        FieldNode.WriteNames(buffer, Names);
    }
}

/// <summary><c>(pipeline).A.B</c> or <c>function.A.B</c></summary>
internal sealed partial class ChainNode(int position, OperandNode start, string[] names) : OperandNode(position)
{
    internal OperandNode Start { get; } = start;

    internal string[] Names { get; } = names;

    internal override void WriteSource(TextBuffer buffer)
    {
        CommandNode.WriteOperand(buffer, Start);
        FieldNode.WriteNames(buffer, Names);
    }
}

/// <summary>The name of a function.</summary>
internal sealed partial class IdentifierNode(int position, GoFunction function) : OperandNode(position)
{
    internal GoFunction Function { get; } = function;

    internal override void WriteSource(TextBuffer buffer) => buffer.Append(Function.Name);
}

/// <summary>Commands joined by <c>|</c>, with the variables that take the result.</summary>
internal sealed partial class PipeNode(int position, VariableNode[] declared, bool isAssignment, CommandNode[] commands)
    : OperandNode(position)
{
    internal VariableNode[] Declared { get; } = declared;

    internal bool IsAssignment { get; } = isAssignment;

    internal CommandNode[] Commands { get; } = commands;

    internal override void WriteSource(TextBuffer buffer)
    {
        for (int i = 0; i < Declared.Length; i++)
        {
            if (i > 0)
                buffer.Append(", ");
            Declared[i].WriteSource(buffer);
        }

        if (Declared.Length > 0)
            buffer.Append(IsAssignment ? " = " : " := ");
        for (int i = 0; i < Commands.Length; i++)
        {
            if (i > 0)
                buffer.Append(" | ");
            Commands[i].WriteSource(buffer);
        }
    }
}

/// <summary>Operands in a row: a function with its arguments, or one value.</summary>
internal sealed partial class CommandNode(int position, OperandNode[] operands) : Node(position)
{
    internal OperandNode[] Operands { get; } = operands;

    internal override void WriteSource(TextBuffer buffer)
    {
        for (int i = 0; i < Operands.Length; i++)
        {
            if (i > 0)
                buffer.Append(' ');
            WriteOperand(buffer, Operands[i]);
        }
    }

    internal static void WriteOperand(TextBuffer buffer, OperandNode operand)
    {
        if (operand is not PipeNode)
        {
            operand.WriteSource(buffer);
            return;
        }

        buffer.Append('(');
        operand.WriteSource(buffer);
        buffer.Append(')');
    }
}
