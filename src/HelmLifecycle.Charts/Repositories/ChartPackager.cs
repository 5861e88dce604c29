using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using HelmLifecycle.Templates;

namespace HelmLifecycle.Charts;

/// <summary>Settings of <see cref="ChartPackager"/>.</summary>
public sealed record ChartPackageOptions
{
    /// <summary>Writes another version into the package's Chart.yaml. Helm's <c>--version</c>.</summary>
    public string? Version { get; init; }

    /// <summary>Writes another application version into the package's Chart.yaml. Helm's <c>--app-version</c>.</summary>
    public string? AppVersion { get; init; }

    /// <summary>The time stamp of every file in the package. Fixed by default, so that one chart always makes the same bytes.</summary>
    public DateTimeOffset ModificationTime { get; init; } = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
}

/// <summary>Packs a chart into the <c>.tgz</c> that Helm loads: what <c>helm package</c> does. The same chart always gives the same bytes.</summary>
public static class ChartPackager
{
    /// <summary>The file name of a chart's package: <c>NAME-VERSION.tgz</c>.</summary>
    public static string FileName(ChartMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return $"{metadata.Name}-{metadata.Version}.tgz";
    }

    /// <summary>Packs a chart.</summary>
    /// <exception cref="ChartException">The chart, or the version asked for, is not valid.</exception>
    public static byte[] Pack(Chart chart, ChartPackageOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(chart);
        options ??= new ChartPackageOptions();
        ChartMetadata metadata = chart.Metadata;
        if (options.Version is { } version)
        {
            if (!SemanticVersion.TryParse(version, out _))
                throw new ChartException($"validation: chart.metadata.version \"{version}\" is invalid");
            metadata = metadata with { Version = version };
        }

        if (options.AppVersion is { } appVersion)
            metadata = metadata with { AppVersion = appVersion };

        using var archive = new MemoryStream();
        using (var gzip = new GZipStream(archive, CompressionLevel.SmallestSize, leaveOpen: true))
        using (var tar = new TarWriter(gzip, TarEntryFormat.Pax))
            Write(tar, chart, metadata, "", options.ModificationTime);
        return archive.ToArray();
    }

    /// <summary>Packs a chart into a folder.</summary>
    /// <returns>The path of the package.</returns>
    public static async Task<string> PackAsync(Chart chart, string folder, ChartPackageOptions? options = null, CancellationToken cancellationToken = default)
    {
        byte[] archive = Pack(chart, options);
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, $"{chart.Name}-{options?.Version ?? chart.Metadata.Version}.tgz");
        string temporary = path + "." + Path.GetRandomFileName();
        await File.WriteAllBytesAsync(temporary, archive, cancellationToken).ConfigureAwait(false);
        File.Move(temporary, path, overwrite: true);
        return path;
    }

    // Helm's order: Chart.yaml, the lock, values, schema, templates, other files, subcharts.
    private static void Write(TarWriter tar, Chart chart, ChartMetadata metadata, string parent, DateTimeOffset time)
    {
        string folder = parent + chart.Name + "/";
        var written = new HashSet<string>(StringComparer.Ordinal);
        void Add(string name, ReadOnlyMemory<byte> data)
        {
            if (!written.Add(name))
                return;
            string path = folder + name;
            TarEntry entry = Encoding.UTF8.GetByteCount(path) <= 100 && Ascii.IsValid(path)
                ? new UstarTarEntry(TarEntryType.RegularFile, path)
                : new PaxTarEntry(TarEntryType.RegularFile, path);
            entry.Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
            entry.ModificationTime = time;
            entry.DataStream = new MemoryStream(data.ToArray(), writable: false);
            tar.WriteEntry(entry);
        }

        Add("Chart.yaml", Encoding.UTF8.GetBytes(HelmYaml.WriteJson(metadata.ToJson())));
        foreach (string name in (ReadOnlySpan<string>)["Chart.lock", "values.yaml", "values.schema.json"])
        {
            if (chart.Raw.FirstOrDefault(f => f.Name == name) is { } file)
                Add(name, file.Data);
        }

        foreach (ChartFile file in chart.Templates)
            Add(file.Name, file.Data);
        foreach (ChartFile file in chart.Files)
            Add(file.Name, file.Data);
        foreach (Chart dependency in chart.Dependencies)
            Write(tar, dependency, dependency.Metadata, folder + "charts/", time);
    }
}
