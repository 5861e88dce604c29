namespace HelmLifecycle.Charts;

/// <summary>A file with custom resource definitions, from the <c>crds/</c> folder of a chart.</summary>
/// <param name="Path">The path with the chart's own in front, such as <c>web/charts/db/crds/table.yaml</c>.</param>
/// <param name="File">The file.</param>
public sealed record CrdFile(string Path, ChartFile File)
{
    internal static IReadOnlyList<CrdFile> Collect(Chart chart)
    {
        var found = new List<CrdFile>();
        Collect(chart, chart.Name, found);
        return found;
    }

    private static void Collect(Chart chart, string path, List<CrdFile> found)
    {
        foreach (ChartFile file in chart.Files)
        {
            if (file.Name.StartsWith("crds/", StringComparison.Ordinal) && HasManifestExtension(file.Name))
                found.Add(new CrdFile($"{path}/{file.Name}", file));
        }

        foreach (Chart dependency in chart.Dependencies)
            Collect(dependency, $"{path}/charts/{dependency.Name}", found);
    }

    private static bool HasManifestExtension(string name) =>
        name.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(".yml", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
}
