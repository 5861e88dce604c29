namespace HelmLifecycle.Charts;

/// <summary>Picks documents as <c>helm template --show-only</c> does.</summary>
public static class ManifestFilter
{
    /// <summary>
    /// The documents whose template matches a pattern: pattern by pattern, each in the documents' order; a document that two patterns match comes twice.
    /// </summary>
    /// <param name="documents">The documents.</param>
    /// <param name="patterns">Patterns such as <c>templates/*.yaml</c> or <c>charts/db/templates/service.yaml</c>: paths without the chart's name.</param>
    /// <exception cref="ChartException">A pattern matches nothing: <c>could not find template X in chart</c>.</exception>
    public static IReadOnlyList<ManifestDocument> ShowOnly(IReadOnlyList<ManifestDocument> documents, params IEnumerable<string> patterns)
    {
        ArgumentNullException.ThrowIfNull(documents);
        ArgumentNullException.ThrowIfNull(patterns);
        var found = new List<ManifestDocument>();
        foreach (string pattern in patterns)
        {
            if (!GoPath.IsPattern(pattern))
                throw new ChartException("syntax error in pattern");
            int before = found.Count;
            found.AddRange(documents.Where(d => GoPath.IsMatch(pattern, InChart(d.Path))));
            if (found.Count == before)
                throw new ChartException($"could not find template {pattern} in chart");
        }

        return found;
    }

    private static string InChart(string path) => path[(path.IndexOf('/', StringComparison.Ordinal) + 1)..];
}
