namespace HelmLifecycle.Charts;

/// <summary>Cuts rendered files into documents.</summary>
public static class ManifestSplitter
{
    /// <summary>
    /// Cuts a text at its <c>---</c> lines. Documents are trimmed; those of nothing but white space are left out.
    /// </summary>
    public static IReadOnlyList<string> Split(string text) => throw new NotImplementedException();

    /// <summary>Cuts a stored manifest into documents and reads their heads; the path is that of the <c># Source:</c> line.</summary>
    /// <exception cref="ManifestException">A document is no YAML.</exception>
    public static IReadOnlyList<ManifestDocument> Read(string manifest) => throw new NotImplementedException();
}
