namespace HelmLifecycle.Conformance;

/// <summary>
/// The public charts and their recorded answers. They are others' work and so not in this repository: they lie in the folder that the environment
/// variable CONFORMANCE_DIR names, or in <c>../shared/conformance</c> beside the repository.
/// </summary>
public static class PublicCharts
{
    /// <summary>The folder; null when it is not there.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>The files of recorded answers; each one's chart lies beside it.</summary>
    public static IReadOnlyList<string> Recorded() => [.. Directory.GetFiles(Folder!, "*.json.gz").Order(StringComparer.Ordinal)];

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

/// <summary>A test on public charts, skipped where they are not.</summary>
public sealed class PublicChartsFactAttribute : FactAttribute
{
    public PublicChartsFactAttribute()
    {
        if (PublicCharts.Folder is null)
            Skip = "The recorded public charts are not here: set CONFORMANCE_DIR to the folder that holds charts/.";
    }
}
