namespace HelmLifecycle.Charts;

/// <summary>A chart, rendered.</summary>
public sealed record RenderedChart
{
    private GoMap? _values;

    /// <summary>The manifest as Helm stores it: each document under <c>---</c> and <c># Source: path</c>, in install order, without hooks.</summary>
    public required string Manifest { get; init; }

    /// <summary>The hooks, in install order of their kinds; for one event sort them by <see cref="Hook.ForEvent"/>.</summary>
    public IReadOnlyList<Hook> Hooks { get; init; } = [];

    /// <summary>The notes; empty when the chart has none.</summary>
    public string Notes { get; init; } = "";

    /// <summary>The coalesced values that the templates saw (before the templates changed them, if they did).</summary>
    public GoMap Values
    {
        get => _values ??= ValuesSource?.Invoke() ?? [];
        init => _values = value;
    }

    /// <summary>The chart with its dependencies processed and its values as Helm stores them in the release.</summary>
    public required Chart Chart { get; init; }

    /// <summary>The custom resource definitions of <c>crds/</c> of the chart and its enabled dependencies.</summary>
    public IReadOnlyList<CrdFile> Crds { get; init; } = [];

    /// <summary>The text of every rendered template by its path, notes and whitespace-only ones included; partials (<c>_*</c>) are not rendered.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    // The values that were rendered may have been changed by templates: they are made again when someone asks.
    internal Func<GoMap>? ValuesSource { get; init; }

    /// <summary>The documents of the manifest, in its order.</summary>
    public IReadOnlyList<ManifestDocument> Documents { get; init; } = [];
}
