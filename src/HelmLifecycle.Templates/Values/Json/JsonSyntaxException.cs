namespace HelmLifecycle.Templates;

/// <summary>
/// A text is no JSON, or a value cannot be written as JSON. The message is that of Go's <c>encoding/json</c>, such as
/// <c>invalid character 'x' looking for beginning of value</c>.
/// </summary>
public sealed class JsonSyntaxException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">Go's message.</param>
    /// <param name="line">The line at which reading stopped, from 1; 0 when unknown.</param>
    /// <param name="column">The column at which reading stopped, in characters, from 1; 0 when unknown.</param>
    public JsonSyntaxException(string message, int line = 0, int column = 0)
        : base(message)
    {
        Line = line;
        Column = column;
    }

    /// <summary>The line at which reading stopped, from 1; 0 when unknown.</summary>
    public int Line { get; }

    /// <summary>The column at which reading stopped, in characters, from 1; 0 when unknown.</summary>
    public int Column { get; }
}
