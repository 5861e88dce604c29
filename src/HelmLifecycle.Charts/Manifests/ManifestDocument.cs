namespace HelmLifecycle.Charts;

/// <summary>One document of a rendered manifest, kept as text: Helm does not write it anew.</summary>
/// <param name="Path">The template that it comes from, such as <c>web/templates/service.yaml</c>; empty when unknown.</param>
/// <param name="Text">The text.</param>
/// <param name="Head">What was read of it.</param>
public sealed record ManifestDocument(string Path, string Text, ManifestHead Head);

/// <summary>A rendered document is no YAML, or not that of an object: <c>YAML parse error on web/templates/x.yaml: ...</c>.</summary>
public sealed class ManifestException : Exception
{
    /// <summary>Makes the exception.</summary>
    public ManifestException(string path, Exception inner)
        : base($"YAML parse error on {path}: {inner?.Message}", inner)
    {
        Path = path;
    }

    /// <summary>The template from which the document comes.</summary>
    public string Path { get; }

    /// <summary>Every rendered file, so that the broken one can be shown; empty when unknown.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();
}

/// <summary>What differs between Helm's versions in cutting and ordering manifests.</summary>
public enum ManifestRules
{
    /// <summary>Helm 4.0 and 4.1: webhook configurations are installed last.</summary>
    Helm4,
    /// <summary>Helm 3: webhook configurations are kinds like any unknown one.</summary>
    Helm3,
}
