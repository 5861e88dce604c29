using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>
/// Asks by HTTP GET and looks at status, body and latency. A server that does not answer, or not in time, fails the measurement; an API server that refuses
/// to ask for us is an error.
/// </summary>
public sealed record HttpAnalysis : IRolloutAnalysis
{
    private const int LargestBody = 1 << 20;
    private readonly HttpClient? _client;
    private readonly Uri? _address;
    private readonly string _path = "";

    private HttpAnalysis(string name, HttpClient? client, Uri? address)
    {
        Name = name;
        _client = client;
        _address = address;
    }

    private HttpAnalysis(string name, string path)
        : this(name, null, null) => _path = path;

    /// <summary>The name shown. Default: <c>GET</c> and what is asked.</summary>
    public string Name { get; init; }

    /// <summary>The Service asked through the API server; null is the one that only the new version answers.</summary>
    public string? Service { get; init; }

    /// <summary>The Service's port, by name or number; null is the only one.</summary>
    public string? Port { get; init; }

    /// <summary>The status codes that are well. Empty (default): 200 to 399.</summary>
    public IReadOnlyList<int> Statuses { get; init; } = [];

    /// <summary>Text that the body must contain; null for any body.</summary>
    public string? Contains { get; init; }

    /// <summary>A regular expression that must match somewhere in the body; null for any body. Patterns that need backtracking are refused.</summary>
    public string? Matches { get; init; }

    /// <summary>The longest time from the request to the end of the answer, by the context's clock; null for any.</summary>
    public TimeSpan? MaxLatency { get; init; }

    /// <summary>When to give up. Default: 10 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Asks an address.</summary>
    /// <param name="client">Asks; not disposed here.</param>
    /// <param name="address">What is asked.</param>
    public static HttpAnalysis OfUrl(HttpClient client, Uri address)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(address);
        return new HttpAnalysis($"GET {address}", client, address);
    }

    /// <summary>Asks a Service through the API server's proxy, so that it works from outside of the cluster too.</summary>
    /// <param name="path">The path behind the Service. Default: <c>/</c>.</param>
    public static HttpAnalysis OfService(string path = "/")
    {
        ArgumentNullException.ThrowIfNull(path);
        return new HttpAnalysis($"GET {(path.StartsWith('/') ? path : "/" + path)}", path);
    }

    /// <inheritdoc/>
    public async Task<AnalysisResult> RunAsync(AnalysisContext context, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        Uri address = _address ?? ProxyAddress(context);
        using var deadline = new CancellationTokenSource(Timeout, context.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        long began = context.Time.GetTimestamp();
        try
        {
            // Not through the Kubernetes client: its retries would hide what is to be seen here.
            using var response = await (_client ?? context.Cluster.Connection.HttpClient)
                .GetAsync(address, HttpCompletionOption.ResponseHeadersRead, both.Token).ConfigureAwait(false);
            string body = await ReadAsync(response, both.Token).ConfigureAwait(false);
            return Judge((int)response.StatusCode, body, context.Time.GetElapsedTime(began));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return AnalysisResult.Failed($"no answer in {Seconds(Timeout)} from {address}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return AnalysisResult.Failed($"no answer from {address}: {e.Message}");
        }
    }

    private Uri ProxyAddress(AnalysisContext context)
    {
        string service = Service ?? (context.CanaryService.Length > 0 ? context.CanaryService : context.StableService);
        if (service.Length == 0) throw new ReleaseException("The release has no Service to ask.");
        string target = Uri.EscapeDataString(service) + (Port is null ? "" : ":" + Uri.EscapeDataString(Port));
        return new Uri(context.Cluster.Connection.BaseAddress, $"api/v1/namespaces/{Uri.EscapeDataString(context.Namespace)}/services/{target}/proxy/{_path.TrimStart('/')}");
    }

    private AnalysisResult Judge(int status, string body, TimeSpan latency)
    {
        if (_client is null && status is not 503 && body.StartsWith("{\"kind\":\"Status\"", StringComparison.Ordinal)) return AnalysisResult.Error($"the API server answered {status}: {Short(body)}");
        string found = $"status {status} in {Seconds(latency)}";
        if (Statuses.Count == 0 ? status is < 200 or > 399 : !Statuses.Contains(status)) return AnalysisResult.Failed($"{found}: {Short(body)}");
        if (Contains is not null && !body.Contains(Contains, StringComparison.Ordinal)) return AnalysisResult.Failed($"{found}, the body does not contain \"{Contains}\": {Short(body)}");
        if (Matches is not null && !Regex.IsMatch(body, Matches, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant))
            return AnalysisResult.Failed($"{found}, the body does not match \"{Matches}\": {Short(body)}");
        return latency > MaxLatency
            ? AnalysisResult.Failed($"{found}, which is more than {Seconds(MaxLatency.Value)}")
            : AnalysisResult.Successful(found);
    }

    private static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        using var stream = await response.Content.ReadAsStreamAsync(ct).ConfigureAwait(false);
        byte[] buffer = new byte[LargestBody];
        int length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct).ConfigureAwait(false);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    private static string Short(string body)
    {
        string line = body.ReplaceLineEndings(" ").Trim();
        return line.Length > 120 ? line[..120] + "…" : line;
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + " s";
}
