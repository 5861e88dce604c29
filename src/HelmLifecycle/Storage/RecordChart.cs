using System.Text.Json;
using System.Text.Json.Nodes;
using HelmLifecycle.Charts;
using HelmLifecycle.Templates;

namespace HelmLifecycle;

/// <summary>The chart of a record: its JSON, or the chart that JSON is to be made of. What was read is written back byte for byte.</summary>
internal sealed class RecordChart
{
    private readonly ReadOnlyMemory<byte>? _json;
    private readonly Lazy<Chart> _chart;
    private readonly Lazy<ChartMetadata?> _metadata;

    private RecordChart(ReadOnlyMemory<byte>? json, Chart? chart)
    {
        _json = json;
        _chart = chart is not null ? new Lazy<Chart>(chart) : new Lazy<Chart>(Read);
        _metadata = chart is not null ? new Lazy<ChartMetadata?>(chart.Metadata) : new Lazy<ChartMetadata?>(ReadMetadata);
    }

    public static RecordChart Missing { get; } = new(null, null);

    public bool IsMissing => _metadata.Value is null;

    public Chart Chart => _chart.Value;

    public string Label => _metadata.Value is { } m ? $"{m.Name}-{m.Version}" : "MISSING";

    public string AppVersion => _metadata.Value is { } m ? m.AppVersion : "MISSING";

    /// <summary>The JSON as it was read; null when it is to be made of the chart.</summary>
    public ReadOnlyMemory<byte>? Json => _json;

    public static RecordChart From(Chart chart) => new(null, chart);

    public static RecordChart FromJson(ReadOnlyMemory<byte> json) => new(json, null);

    private ChartMetadata? ReadMetadata()
    {
        if (_json is not { } json) return null;
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object
            ? ChartMetadata.FromJson(JsonObject.Create(metadata.Clone())!)
            : null;
    }

    private Chart Read()
    {
        var metadata = _metadata.Value ?? new ChartMetadata();
        if (_json is not { } json) return new Chart { Metadata = metadata };
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new Chart
        {
            Metadata = metadata,
            Lock = root.TryGetProperty("lock", out var l) && l.ValueKind == JsonValueKind.Object ? ChartLock.FromJson(JsonObject.Create(l.Clone())!) : null,
            Templates = Files(root, "templates"),
            Files = Files(root, "files"),
            Values = root.TryGetProperty("values", out var values) && values.ValueKind == JsonValueKind.Object
                ? HelmJson.Read(values.GetRawText()).AsMap : null,
            Schema = root.TryGetProperty("schema", out var schema) && schema.ValueKind == JsonValueKind.String ? schema.GetBytesFromBase64() : default(ReadOnlyMemory<byte>?),
        };
    }

    private static IReadOnlyList<ChartFile> Files(JsonElement chart, string key)
    {
        if (!chart.TryGetProperty(key, out var files) || files.ValueKind != JsonValueKind.Array) return [];
        return [.. files.EnumerateArray().Select(f => new ChartFile(
            f.TryGetProperty("name", out var name) ? name.GetString() ?? "" : "",
            f.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.String ? data.GetBytesFromBase64() : ReadOnlyMemory<byte>.Empty))];
    }
}
