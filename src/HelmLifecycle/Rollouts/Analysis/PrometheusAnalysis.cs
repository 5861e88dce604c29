using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HelmLifecycle;

/// <summary>
/// Asks Prometheus (or what speaks its query API) and compares the value with thresholds. Of several series each must hold. Between the thresholds of
/// success and failure lies what is inconclusive.
/// </summary>
public sealed class PrometheusAnalysis : IRolloutAnalysis
{
    private const int LargestAnswer = 1 << 22;
    private readonly HttpClient _client;
    private readonly Uri _address;
    private readonly Func<AnalysisContext, string> _query;

    /// <summary>Asks a fixed query.</summary>
    /// <param name="name">The name shown.</param>
    /// <param name="client">Asks; not disposed here. Authentication is its matter.</param>
    /// <param name="address">Where Prometheus is, such as <c>http://prometheus:9090/</c>.</param>
    /// <param name="query">PromQL whose answer is a scalar or a vector.</param>
    public PrometheusAnalysis(string name, HttpClient client, Uri address, string query)
        : this(name, client, address, _ => query) => ArgumentNullException.ThrowIfNull(query);

    /// <summary>Asks a query made for the rollout.</summary>
    /// <param name="name">The name shown.</param>
    /// <param name="client">Asks; not disposed here. Authentication is its matter.</param>
    /// <param name="address">Where Prometheus is, such as <c>http://prometheus:9090/</c>.</param>
    /// <param name="query">Makes PromQL whose answer is a scalar or a vector.</param>
    public PrometheusAnalysis(string name, HttpClient client, Uri address, Func<AnalysisContext, string> query)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(query);
        Name = name;
        _client = client;
        _address = address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
        _query = query;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>The least value that is well; null for none.</summary>
    public double? Min { get; init; }

    /// <summary>The greatest value that is well; null for none.</summary>
    public double? Max { get; init; }

    /// <summary>A value below <see cref="Min"/> but not below this is inconclusive; null: it fails.</summary>
    public double? FailBelow { get; init; }

    /// <summary>A value above <see cref="Max"/> but not above this is inconclusive; null: it fails.</summary>
    public double? FailAbove { get; init; }

    /// <summary>What it means when there is no value, or one that is no number, as with a rate while nobody asks. Default: inconclusive.</summary>
    public AnalysisOutcome WhenEmpty { get; init; } = AnalysisOutcome.Inconclusive;

    /// <summary>When to give up. Default: 10 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public async Task<AnalysisResult> RunAsync(AnalysisContext context, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var deadline = new CancellationTokenSource(Timeout, context.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        JsonNode? answer;
        try
        {
            using var response = await _client
                .GetAsync(new Uri(_address, "api/v1/query?query=" + Uri.EscapeDataString(_query(context))), HttpCompletionOption.ResponseHeadersRead, both.Token).ConfigureAwait(false);
            await response.Content.LoadIntoBufferAsync(LargestAnswer, both.Token).ConfigureAwait(false);
            answer = JsonNode.Parse(await response.Content.ReadAsByteArrayAsync(both.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return AnalysisResult.Error($"Prometheus did not answer in {Timeout.TotalSeconds:0.###} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            return AnalysisResult.Error($"Prometheus could not be asked: {e.Message}");
        }

        return Text(answer, "status") == "success" ? Judge(Values((answer as JsonObject)?["data"])) : AnalysisResult.Error($"Prometheus refused: {Text(answer, "error") ?? "no answer of its query API"}");
    }

    private AnalysisResult Judge(List<(string Series, double Value)>? values)
    {
        if (values is null) return AnalysisResult.Error("the query gives neither a scalar nor a vector");
        AnalysisResult? worst = null;
        foreach (var (series, value) in values)
        {
            var result = Judge(series, value);
            if (worst is null || result.Outcome > worst.Outcome) worst = result;
        }

        return worst ?? new AnalysisResult(WhenEmpty, "no value");
    }

    private AnalysisResult Judge(string series, double value)
    {
        string found = (series.Length == 0 ? "" : series + " ") + Number(value);
        if (double.IsNaN(value)) return new AnalysisResult(WhenEmpty, found);
        if (value < Min) return new AnalysisResult(value >= FailBelow ? AnalysisOutcome.Inconclusive : AnalysisOutcome.Failed, $"{found} is below {Number(Min.Value)}");
        if (value > Max) return new AnalysisResult(value <= FailAbove ? AnalysisOutcome.Inconclusive : AnalysisOutcome.Failed, $"{found} is above {Number(Max.Value)}");
        return AnalysisResult.Successful(found);
    }

    // {"resultType":"vector","result":[{"metric":{…},"value":[1435781451.781,"1"]}]}; a scalar is the pair alone.
    private static List<(string Series, double Value)>? Values(JsonNode? data)
    {
        if ((data as JsonObject)?["result"] is not JsonArray result) return null;
        switch (Text(data, "resultType"))
        {
            case "scalar":
                return Value(result) is { } scalar ? [("", scalar)] : null;
            case "vector":
                var values = new List<(string, double)>();
                foreach (var item in result)
                {
                    if (item is not JsonObject series || Value(series["value"] as JsonArray) is not { } value) return null;
                    string labels = series["metric"] is JsonObject { Count: > 0 } metric && result.Count > 1
                        ? "{" + string.Join(", ", metric.Select(l => $"{l.Key}=\"{l.Value}\"")) + "}"
                        : "";
                    values.Add((labels, value));
                }

                return values;
            default:
                return null;
        }
    }

    private static double? Value(JsonArray? pair)
    {
        if (pair is not [_, JsonValue value] || value.GetValueKind() != JsonValueKind.String) return null;
        return value.GetValue<string>() switch
        {
            "NaN" => double.NaN,
            "+Inf" or "Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            var text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null,
        };
    }

    private static string? Text(JsonNode? node, string key) =>
        node is JsonObject o && o[key] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
