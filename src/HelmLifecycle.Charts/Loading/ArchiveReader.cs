using System.IO.Compression;

namespace HelmLifecycle.Charts;

/// <summary>Unpacks a packed chart in memory and refuses what has no place in one.</summary>
internal sealed class ArchiveReader
{
    private const int SmallArchive = 1024 * 1024;

    private static ReadOnlySpan<byte> GzipMagic => [0x1f, 0x8b, 0x08];

    private static ReadOnlySpan<byte> ByteOrderMark => [0xef, 0xbb, 0xbf];

    private readonly ChartLoadOptions _options;
    private readonly long _maxBytes;
    private readonly int _maxFiles;

    internal ArchiveReader(ChartLoadOptions options, long maxBytes, int maxFiles)
    {
        _options = options;
        _maxBytes = maxBytes;
        _maxFiles = maxFiles;
    }

    internal static bool IsGzip(ReadOnlySpan<byte> data) => data.StartsWith(GzipMagic);

    /// <summary>Reads the files, named by their paths inside the chart: the first folder is left out, whatever it is called.</summary>
    /// <param name="archive">A <c>.tgz</c>.</param>
    /// <param name="bytes">How many bytes the files have together.</param>
    /// <exception cref="ChartException">It is no archive, or holds what a chart may not hold.</exception>
    internal List<ChartFile> Read(ReadOnlyMemory<byte> archive, out long bytes)
    {
        ReadOnlyMemory<byte> tar = Unzip(archive);
        var files = new List<ChartFile>();
        var seen = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        bytes = 0;
        foreach (TarEntries.Entry entry in TarEntries.Read(tar))
        {
            if (entry.IsFolder)
                continue;
            string name = NameInChart(entry.Name);
            if (entry.IsLink)
                throw new ChartException($"chart illegally contains a link: {GoQuote.String(entry.Name)}");
            if (!entry.IsFile)
                throw new ChartException($"chart illegally contains an irregular file: {GoQuote.String(entry.Name)}");
            bytes += entry.Data.Length;
            if (bytes > _maxBytes)
                throw TooLarge();
            if (entry.Data.Length > _options.MaxFileBytes)
                throw new ChartException($"decompressed chart file {GoQuote.String(entry.Name)} is larger than the maximum file size {_options.MaxFileBytes}");
            if (files.Count >= _maxFiles)
                throw new ChartException($"chart contains more than {_options.MaxFiles} files");
            ReadOnlyMemory<byte> data = WithoutMark(entry.Data);
            if (!seen.TryAdd(name, data))
            {
                if (seen[name].Span.SequenceEqual(data.Span))
                    continue;
                throw new ChartException($"chart illegally contains two different files of one name: {GoQuote.String(entry.Name)}");
            }

            files.Add(new ChartFile(name, data));
        }

        return files.Count > 0 ? files : throw new ChartException("no files in chart archive");
    }

    internal static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> data) => data.Span.StartsWith(ByteOrderMark) ? data[3..] : data;

    private ReadOnlyMemory<byte> Unzip(ReadOnlyMemory<byte> archive)
    {
        if (!IsGzip(archive.Span))
            throw new ChartException(archive.Length == 0 ? "EOF" : "gzip: invalid header");
        // Tar adds a header and padding to every file; names beyond that are no real chart's.
        long limit = Math.Min(_maxBytes + 2048L * _maxFiles, Array.MaxLength);
        if (archive.Length < limit / _options.MaxCompressionRatio)
            limit = Math.Max((long)archive.Length * _options.MaxCompressionRatio, SmallArchive);
        using var source = new GZipStream(new MemoryReadStream(archive), CompressionMode.Decompress);
        int expected = BitConverter.ToInt32(archive.Span[^Math.Min(4, archive.Length)..].ToArray());
        byte[] buffer = new byte[(int)Math.Clamp((long)expected + 1, 4096, Math.Min(limit, 64L * 1024 * 1024) + 1)];
        int length = 0;
        try
        {
            int read;
            while ((read = source.Read(buffer, length, buffer.Length - length)) > 0)
            {
                length += read;
                if (length > limit)
                    throw TooLarge();
                if (length == buffer.Length)
                    Array.Resize(ref buffer, (int)Math.Min(2L * length, limit + 1));
            }
        }
        catch (InvalidDataException e)
        {
            throw new ChartException("gzip: invalid data: " + e.Message, e);
        }

        return buffer.AsMemory(0, length);
    }

    private ChartException TooLarge() => new($"decompressed chart is larger than the maximum size {_options.MaxChartBytes}");

    // Helm's checks, in Helm's order and words.
    private static string NameInChart(string entryName)
    {
        char delimiter = entryName.Contains('\\', StringComparison.Ordinal) ? '\\' : '/';
        int first = entryName.IndexOf(delimiter, StringComparison.Ordinal);
        string name = first < 0 ? "" : entryName[(first + 1)..].Replace(delimiter, '/');
        if (name.StartsWith('/'))
            throw new ChartException("chart illegally contains absolute paths");
        name = GoPath.Clean(name);
        if (name == ".")
            throw new ChartException($"chart illegally contains content outside the base directory: {GoQuote.String(entryName)}");
        if (name.StartsWith("..", StringComparison.Ordinal))
            throw new ChartException("chart illegally references parent directory");
        if (name is [(>= 'a' and <= 'z') or (>= 'A' and <= 'Z'), ':', '/', ..])
            throw new ChartException("chart contains illegally named files");
        if (first >= 0 && entryName.AsSpan(0, first) is "Chart.yaml")
            throw new ChartException("chart yaml not in base directory");
        return name;
    }
}
