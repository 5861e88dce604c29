namespace HelmLifecycle.Conformance;

/// <summary>
/// The public charts and their recorded answers. They are others' work and so not in this repository: they lie in the folder that the environment
/// variable CONFORMANCE_DIR names, or in <c>../shared/conformance</c> beside the repository.
/// </summary>
public static class PublicCharts
{
    /// <summary>The folder; null when it is not there.</summary>
    public static string? Folder { get; } = Find();

    public static TheoryData<string> Recorded()
    {
        var charts = new TheoryData<string>();
        // A theory without data would fail even when it is skipped.
        if (Folder is null)
            charts.Add("none");
        string[] files = Folder is null ? [] : Directory.GetFiles(Folder, "*.json.gz");
        foreach (string file in files.Order())
            charts.Add(Path.GetFileName(file)[..^".json.gz".Length]);
        return charts;
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("CONFORMANCE_DIR") is { Length: > 0 } named)
            return Existing(named);
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "HelmLifecycle.sln")))
                return Existing(Path.Combine(folder.FullName, "..", "shared", "conformance"));
        }

        return null;
    }

    private static string? Existing(string root) => Path.Combine(root, "charts") is var charts && Directory.Exists(charts) ? charts : null;
}

/// <summary>A theory over public charts, skipped where they are not.</summary>
public sealed class PublicChartsTheoryAttribute : TheoryAttribute
{
    public PublicChartsTheoryAttribute()
    {
        if (PublicCharts.Folder is null)
            Skip = "The recorded public charts are not here: set CONFORMANCE_DIR to the folder that holds charts/.";
    }
}
