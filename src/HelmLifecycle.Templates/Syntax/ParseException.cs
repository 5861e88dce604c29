namespace HelmLifecycle.Templates;

/// <summary>A text is no template. The message is Go's, <c>template: NAME:LINE: ...</c>.</summary>
internal sealed class ParseException(string file, int line, string message) : Exception($"template: {file}:{line}: {message}")
{
    internal string File { get; } = file;

    internal int Line { get; } = line;
}
