namespace HelmLifecycle.Charts;

/// <summary>
/// A chart: what a folder or a <c>.tgz</c> holds, read. It does not change once made and may be used by many threads at once; a
/// render reads it and never writes to it.
/// </summary>
public sealed class Chart
{
    /// <summary>What <c>Chart.yaml</c> says (and, with apiVersion v1, <c>requirements.yaml</c>).</summary>
    public required ChartMetadata Metadata { get; init; }

    /// <summary><c>Chart.lock</c> or <c>requirements.lock</c>; null when there is none. It plays no part in rendering.</summary>
    public ChartLock? Lock { get; init; }

    /// <summary>The files under <c>templates/</c>, in the order in which they were read.</summary>
    public IReadOnlyList<ChartFile> Templates { get; init; } = [];

    /// <summary>All files that are no templates, subcharts, values, schema or <c>Chart.yaml</c>: what <c>.Files</c> shows.</summary>
    public IReadOnlyList<ChartFile> Files { get; init; } = [];

    /// <summary>Every file as it was read, subcharts' files included. Empty for a chart from a stored release.</summary>
    public IReadOnlyList<ChartFile> Raw { get; init; } = [];

    /// <summary>
    /// The values of <c>values.yaml</c>; after dependency processing (see <see cref="DependencyResolver"/>) with the subcharts' defaults and imported
    /// values in them, as Helm stores them. Null when the chart has none. Do not change it.
    /// </summary>
    public GoMap? Values { get; init; }

    /// <summary>The bytes of <c>values.schema.json</c>; null when there is none.</summary>
    public ReadOnlyMemory<byte>? Schema { get; init; }

    /// <summary>
    /// The charts under <c>charts/</c>: as loaded, all of them; after dependency processing, the enabled ones, each under its
    /// alias when it has one.
    /// </summary>
    public IReadOnlyList<Chart> Dependencies { get; init; } = [];

    /// <summary>The name of the chart (after dependency processing, a subchart's alias).</summary>
    public string Name => Metadata.Name;

    /// <summary>Whether the chart only lends templates to others: type <c>library</c>.</summary>
    public bool IsLibrary => string.Equals(Metadata.Type, "library", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The custom resource definitions under <c>crds/</c> of this chart and then of its dependencies. They are applied as they are,
    /// never templated. <see cref="CrdFile.Path"/> starts with the chart's name.
    /// </summary>
    public IReadOnlyList<CrdFile> Crds => CrdFile.Collect(this);

    /// <inheritdoc/>
    public override string ToString() => $"{Name}-{Metadata.Version}";

    /// <summary>The same chart with other metadata, dependencies and perhaps values; the files are shared.</summary>
    internal Chart With(ChartMetadata metadata, IReadOnlyList<Chart> dependencies, GoMap? values = null) => new()
    {
        Metadata = metadata,
        Lock = Lock,
        Templates = Templates,
        Files = Files,
        Raw = Raw,
        Values = values ?? Values,
        Schema = Schema,
        Dependencies = dependencies,
        Cache = Cache,
    };

    // What is worked out from the files once and lives as long as they do: the same for a chart and what dependency processing makes of it.
    internal ChartCache Cache { get; private init; } = new();
}
