namespace HelmLifecycle.Templates;

/// <summary>One document of a YAML stream, as text.</summary>
/// <param name="Text">The text, without the <c>---</c> line before it.</param>
/// <param name="Line">The line of the stream on which the text starts, from 1.</param>
public sealed record YamlDocument(string Text, int Line);
