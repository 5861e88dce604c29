using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using HelmLifecycle.Templates;

namespace HelmLifecycle.Charts;

/// <summary>One version of a chart in a repository's index.</summary>
public sealed record ChartVersion
{
    /// <summary>The chart's <c>Chart.yaml</c>.</summary>
    public required ChartMetadata Metadata { get; init; }

    /// <summary>Where the archive is: absolute, or relative to the index.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];

    /// <summary>When the entry was made; null when the index does not say.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>The archive's SHA-256 in hex; null when the index does not say.</summary>
    public string? Digest { get; init; }

    /// <summary>Whether the entry is marked as removed.</summary>
    public bool Removed { get; init; }
}

/// <summary>
/// A repository's <c>index.yaml</c>. Reading one is fast: an index as Helm writes it is only cut into its charts, and a chart's
/// versions are decoded when they are asked for. Immutable and safe for concurrent use.
/// </summary>
public sealed class RepositoryIndex
{
    private readonly Dictionary<string, IndexedChart> _entries;
    private readonly ConcurrentDictionary<string, IReadOnlyList<ChartVersion>> _decoded = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ChartVersion?> _newest = new(StringComparer.Ordinal);

    internal RepositoryIndex(Dictionary<string, IndexedChart> entries, DateTimeOffset? generated)
    {
        _entries = entries;
        Generated = generated;
        Names = [.. entries.Keys.Order(GoString.Comparer)];
    }

    /// <summary>When the index was made; null when it does not say.</summary>
    public DateTimeOffset? Generated { get; }

    /// <summary>The names of the charts, sorted.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Reads an index: YAML as Helm writes it, any other YAML, or JSON.</summary>
    /// <param name="data">The text, UTF-8.</param>
    /// <param name="source">What to call the index in messages.</param>
    /// <exception cref="RegistryException">It is no index.</exception>
    public static RepositoryIndex Read(ReadOnlyMemory<byte> data, string source = "index.yaml") => RepositoryIndexReader.Read(data, source);

    /// <summary>The versions of a chart, newest first; none when the index has no such chart.</summary>
    /// <exception cref="RegistryException">The chart's entry is damaged.</exception>
    public IReadOnlyList<ChartVersion> Versions(string name) =>
        _entries.TryGetValue(name, out IndexedChart? chart) ? _decoded.GetOrAdd(name, static (_, c) => c.Decode(), chart) : [];

    /// <summary>The newest version of a chart, which may be a pre-release; null when the index has no such chart. The others are not decoded.</summary>
    /// <exception cref="RegistryException">The chart's entry is damaged.</exception>
    public ChartVersion? Newest(string name)
    {
        if (!_entries.TryGetValue(name, out IndexedChart? chart))
            return null;
        if (_decoded.ContainsKey(name) || chart.DecodeNewest is null)
            return Versions(name) is [var first, ..] ? first : null;
        return _newest.GetOrAdd(name, static (_, c) => c.DecodeNewest!(), chart) ?? (Versions(name) is [var known, ..] ? known : null);
    }

    /// <summary>
    /// Finds the newest version that meets a constraint. Empty means the newest that is no pre-release.
    /// </summary>
    /// <exception cref="RegistryException">There is no such chart or version.</exception>
    public ChartVersion Get(string name, string? constraint = null)
    {
        IReadOnlyList<ChartVersion> versions = Versions(name);
        if (versions.Count == 0)
            throw new RegistryException($"no chart name found: {name}");
        if (constraint is { Length: > 0 } && versions.FirstOrDefault(v => v.Metadata.Version == constraint) is { } exact)
            return exact;
        if (!VersionConstraint.TryParse(string.IsNullOrEmpty(constraint) ? "*" : constraint, out VersionConstraint? range))
            throw new RegistryException($"improper constraint: {constraint}");
        return versions.FirstOrDefault(v => SemanticVersion.TryParse(v.Metadata.Version, out SemanticVersion? version) && range.IsSatisfiedBy(version))
            ?? throw new RegistryException($"no chart version found for {name}-{constraint}");
    }

    /// <summary>Charts whose name, description or keywords contain the text, ignoring case: the newest version of each.</summary>
    public IEnumerable<(string Name, ChartVersion Newest)> Search(string text)
    {
        foreach (string name in Names)
        {
            if (Newest(name) is not { } newest)
                continue;
            if (name.Contains(text, StringComparison.OrdinalIgnoreCase) ||
                newest.Metadata.Description?.Contains(text, StringComparison.OrdinalIgnoreCase) == true ||
                newest.Metadata.Keywords?.Any(k => k.Contains(text, StringComparison.OrdinalIgnoreCase)) == true)
            {
                yield return (name, newest);
            }
        }
    }

    /// <summary>Makes an index of packed charts: what <c>helm repo index</c> does.</summary>
    /// <param name="archives">File name (relative to the index) and content of each archive.</param>
    /// <param name="baseUrl">What to put before the file names; empty keeps the links relative.</param>
    /// <param name="time">The clock for <c>created</c> and <c>generated</c>.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<RepositoryIndex> BuildAsync(
        IEnumerable<(string FileName, ReadOnlyMemory<byte> Archive)> archives, string baseUrl = "", TimeProvider? time = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(archives);
        DateTimeOffset now = (time ?? TimeProvider.System).GetUtcNow();
        var charts = new Dictionary<string, List<ChartVersion>>(StringComparer.Ordinal);
        foreach ((string file, ReadOnlyMemory<byte> archive) in archives)
        {
            Chart chart = await ChartLoader.LoadArchiveAsync(new MemoryStream(archive.ToArray(), writable: false), cancellationToken: cancellationToken).ConfigureAwait(false);
            if (!charts.TryGetValue(chart.Name, out List<ChartVersion>? versions))
                charts[chart.Name] = versions = [];
            versions.Add(new ChartVersion
            {
                Metadata = chart.Metadata,
                Urls = [baseUrl.Length == 0 ? file : baseUrl.TrimEnd('/') + "/" + file],
                Created = now,
                Digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(archive.Span)),
            });
        }

        return Of(charts, now);
    }

    /// <summary>
    /// The entries of both: what <c>helm repo index --merge</c> does. Where both have a version, this index's entry stays.
    /// </summary>
    public RepositoryIndex Merge(RepositoryIndex other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var charts = new Dictionary<string, List<ChartVersion>>(StringComparer.Ordinal);
        foreach (string name in Names.Union(other.Names, StringComparer.Ordinal))
        {
            List<ChartVersion> versions = [.. Versions(name)];
            versions.AddRange(other.Versions(name).Where(v => !versions.Exists(own => own.Metadata.Version == v.Metadata.Version)));
            charts[name] = versions;
        }

        return Of(charts, Generated);
    }

    /// <summary>Writes the index as Helm does.</summary>
    public string Write()
    {
        var entries = new JsonObject();
        foreach (string name in Names)
            entries[name] = new JsonArray([.. Versions(name).Select(v => (JsonNode)RepositoryIndexReader.Entry(v))]);
        var index = new JsonObject { ["apiVersion"] = "v1", ["entries"] = entries };
        if (Generated is { } generated)
            index["generated"] = RepositoryIndexReader.Time(generated);
        return HelmYaml.WriteJson(index);
    }

    private static RepositoryIndex Of(Dictionary<string, List<ChartVersion>> charts, DateTimeOffset? generated)
    {
        var entries = new Dictionary<string, IndexedChart>(StringComparer.Ordinal);
        foreach ((string name, List<ChartVersion> versions) in charts)
        {
            IReadOnlyList<ChartVersion> sorted = RepositoryIndexReader.Sort(versions);
            entries[name] = new IndexedChart(() => sorted, null);
        }

        return new RepositoryIndex(entries, generated);
    }
}
