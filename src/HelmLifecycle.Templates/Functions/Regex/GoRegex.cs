namespace HelmLifecycle.Templates;

/// <summary>A regular expression with the syntax and meaning of Go's <c>regexp</c> package (RE2).</summary>
public sealed class GoRegex
{
    /// <summary>Compiles an expression.</summary>
    /// <exception cref="FormatException">The pattern is not valid; the message is Go's, <c>error parsing regexp: ...</c>.</exception>
    public static GoRegex Compile(string pattern) => throw new NotSupportedException("being written");

    /// <summary>Whether the text holds a match.</summary>
    public bool IsMatch(string text) => throw new NotSupportedException("being written");
}
