namespace HelmLifecycle.Templates;

/// <summary>
/// A text is no TOML, or a value cannot be written as TOML. The message is that of the TOML library that Helm uses, such as
/// <c>toml: line 1: expected value but found '\n' instead</c>.
/// </summary>
public sealed class TomlException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">The message.</param>
    /// <param name="line">The line at which reading stopped, from 1; 0 when unknown.</param>
    /// <param name="column">The column at which reading stopped, in characters, from 1; 0 when unknown.</param>
    public TomlException(string message, int line = 0, int column = 0)
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
