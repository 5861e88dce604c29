namespace HelmLifecycle.Charts;

/// <summary>Limits and habits of loading.</summary>
public sealed record ChartLoadOptions
{
    /// <summary>The defaults, which are Helm's.</summary>
    public static ChartLoadOptions Default { get; } = new();

    /// <summary>How many bytes all files of a chart may have together, unpacked. 100 MiB by default.</summary>
    public long MaxChartBytes { get; init; } = 100L * 1024 * 1024;

    /// <summary>How many bytes a single file may have. 5 MiB by default.</summary>
    public long MaxFileBytes { get; init; } = 5L * 1024 * 1024;

    /// <summary>How many files a chart may have, subcharts' included. 50,000 by default; Helm has no such limit.</summary>
    public int MaxFiles { get; init; } = 50_000;

    /// <summary>How deep charts may lie in charts. 64 by default; Helm has no such limit.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>
    /// How many times larger an archive may become when unpacked. 1,000 by default, which is about what gzip can do with zeros;
    /// archives under 1 MiB unpacked are not looked at. Helm has no such limit.
    /// </summary>
    public int MaxCompressionRatio { get; init; } = 1000;
}

/// <summary>Loads charts: from a folder, a <c>.tgz</c>, a stream or files in memory, as Helm does.</summary>
public static class ChartLoader
{
    /// <summary>Loads a chart from a folder or a packed chart.</summary>
    /// <exception cref="ChartException">There is none, or it is not a valid chart.</exception>
    public static Task<Chart> LoadAsync(string path, ChartLoadOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Loads a packed chart (<c>.tgz</c>) from a stream.</summary>
    /// <exception cref="ChartException">It is not a valid chart.</exception>
    public static Task<Chart> LoadArchiveAsync(Stream archive, ChartLoadOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Makes a chart of files in memory, named by their paths inside the chart.</summary>
    /// <exception cref="ChartException">They make no valid chart.</exception>
    public static Chart Load(IEnumerable<ChartFile> files, ChartLoadOptions? options = null) =>
        throw new NotImplementedException();
}
