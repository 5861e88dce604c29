namespace HelmLifecycle.Conformance;

/// <summary>
/// General rules by which an answer may differ from Helm's, because Helm's text names an internal of Go that has no meaning here. Each has
/// its reason. There are none so far: every recorded text is met to the letter.
/// </summary>
internal static class KnownMappings;
