using System.Text;

namespace HelmLifecycle.Charts;

/// <summary>What a schema found wrong with one value, and what that came from.</summary>
internal sealed class SchemaError(string rule, IReadOnlyList<string> path, string message)
{
    /// <summary>Several errors of one value, shown as if each stood alone.</summary>
    public const string Group = "";

    public string Rule { get; } = rule;

    public IReadOnlyList<string> Path { get; } = path;

    public string Message { get; } = message;

    public IReadOnlyList<SchemaError> Causes { get; init; } = [];

    /// <summary>Whether it only leads to another schema; with a single cause it is passed over.</summary>
    public bool IsReference { get; init; }

    /// <summary>The lines of the message, causes indented below.</summary>
    public void Write(List<(SchemaError Error, string Line)> lines, int depth = 0)
    {
        if (!(IsReference && Causes.Count == 1))
        {
            var line = new StringBuilder().Append(' ', depth * 2).Append("- at ").Append(SchemaText.Quote(SchemaText.Pointer(Path))).Append(": ").Append(Message);
            lines.Add((this, line.ToString()));
            depth++;
        }

        foreach (SchemaError cause in Causes)
            cause.Write(lines, depth);
    }
}
