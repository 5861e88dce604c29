namespace HelmLifecycle.Templates;

/// <summary>
/// A text is no YAML that Helm reads, or a value cannot be written as YAML. The message is Helm's, such as
/// <c>error converting YAML to JSON: yaml: line 3: mapping values are not allowed in this context</c>.
/// </summary>
public sealed class YamlException : Exception
{
    /// <summary>Makes the exception.</summary>
    public YamlException(string message, int line = 0, int column = 0)
        : base(message)
    {
        Line = line;
        Column = column;
    }

    /// <summary>Makes the exception.</summary>
    public YamlException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>
    /// The line at which reading stopped, from 1; 0 when unknown. It may differ by one from the number in the message, which
    /// follows go-yaml's own way of counting.
    /// </summary>
    public int Line { get; }

    /// <summary>The column at which reading stopped, in characters, from 1; 0 when unknown.</summary>
    public int Column { get; }
}
