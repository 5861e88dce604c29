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
    public static Task<Chart> LoadAsync(string path, ChartLoadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<Chart>(cancellationToken);
        try
        {
            // Local files are read here and now: there is no other kind of reading below .NET's asynchronous one either, only a thread to do it on.
            return Task.FromResult(Load(path, options ?? ChartLoadOptions.Default, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<Chart>(cancellationToken);
        }
        catch (Exception e)
        {
            return Task.FromException<Chart>(e);
        }
    }

    /// <summary>Loads a packed chart (<c>.tgz</c>) from a stream.</summary>
    /// <exception cref="ChartException">It is not a valid chart.</exception>
    public static async Task<Chart> LoadArchiveAsync(Stream archive, ChartLoadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(archive);
        options ??= ChartLoadOptions.Default;
        byte[] data = await BoundedReader.ReadAsync(archive, options.MaxChartBytes, cancellationToken).ConfigureAwait(false)
            ?? throw new ChartException($"chart is larger than the maximum size {options.MaxChartBytes}");
        return LoadArchive(data, options);
    }

    /// <summary>Loads a packed chart (<c>.tgz</c>) from memory, which must not change: the chart's files are not copied.</summary>
    /// <exception cref="ChartException">It is not a valid chart.</exception>
    public static Chart LoadArchive(ReadOnlyMemory<byte> archive, ChartLoadOptions? options = null) =>
        new ChartAssembler(options ?? ChartLoadOptions.Default).LoadArchive(archive);

    /// <summary>Makes a chart of files in memory, named by their paths inside the chart.</summary>
    /// <exception cref="ChartException">They make no valid chart.</exception>
    public static Chart Load(IEnumerable<ChartFile> files, ChartLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        return new ChartAssembler(options ?? ChartLoadOptions.Default).Assemble([.. files]);
    }

    private static Chart Load(string path, ChartLoadOptions options, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
            return Load(FolderReader.Read(path, options, cancellationToken), options);
        byte[] archive = Read(path, options);
        if (!ArchiveReader.IsGzip(archive))
        {
            throw new ChartException(path.EndsWith(".yml", StringComparison.Ordinal) || path.EndsWith(".yaml", StringComparison.Ordinal)
                ? $"file '{path}' seems to be a YAML file, but expected a gzipped archive"
                : $"file '{path}' does not appear to be a gzipped archive; got '{ContentType.Detect(archive)}'");
        }

        return new ChartAssembler(options).LoadArchive(archive);
    }

    private static byte[] Read(string path, ChartLoadOptions options)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true } file && file.Length > options.MaxChartBytes)
                throw new ChartException($"chart is larger than the maximum size {options.MaxChartBytes}");
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ChartException($"stat {path}: no such file or directory", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ChartException($"cannot read {path}: {e.Message}", e);
        }
    }
}
