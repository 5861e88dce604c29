using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Timeout;

namespace HelmLifecycle.Kubernetes;

/// <summary>
/// A client of the Kubernetes API over unstructured objects. Thread-safe; made once and kept. Kinds are looked up by discovery, so that
/// built-in and custom ones are alike. Refusals are <see cref="KubernetesApiException"/>, an API that cannot be reached
/// <see cref="ClusterUnreachableException"/>, an unknown kind <see cref="NoMatchException"/>.
/// </summary>
public sealed partial class KubernetesClient : IDisposable
{
    private const long LargestAnswer = 1L << 29;
    private readonly ClusterConnection _connection;
    private readonly KubernetesClientOptions _options;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;
    private readonly TokenBucket? _bucket;
    private readonly CancellationTokenSource _disposed = new();

    /// <summary>A client over a connection. The connection is not disposed with the client.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="options">Options; null for the defaults.</param>
    public KubernetesClient(ClusterConnection connection, KubernetesClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        _connection = connection;
        _options = options ?? new KubernetesClientOptions();
        _logger = _options.LoggerFactory.CreateLogger("HelmLifecycle.Kubernetes");
        _pipeline = _options.ResiliencePipeline ?? KubernetesResilience.Create(_options.Resilience, _options.TimeProvider, _logger);
        _bucket = _options.RateLimit is { } limit ? new TokenBucket(limit, _options.TimeProvider) : null;
        Discovery = new ServerDiscovery(this, _logger);
    }

    /// <summary>The kinds that the API serves.</summary>
    public IDiscovery Discovery { get; }

    /// <summary>The connection.</summary>
    public ClusterConnection Connection => _connection;

    /// <summary>The options.</summary>
    public KubernetesClientOptions Options => _options;

    /// <summary>The clock.</summary>
    public TimeProvider Time => _options.TimeProvider;

    /// <summary>The namespace of the connection's context, <c>default</c> if it names none.</summary>
    public string DefaultNamespace => _connection.DefaultNamespace;

    /// <summary>Ends the client: requests without an answer yet are cancelled, further ones refused. The connection stays open.</summary>
    public void Dispose() => _disposed.Cancel();

    /// <summary>The resource of a kind.</summary>
    /// <param name="gvk">The kind.</param>
    /// <param name="ct">Stops the call.</param>
    /// <exception cref="NoMatchException">The API does not serve the kind.</exception>
    public async Task<ApiResource> ResourceForAsync(GroupVersionKind gvk, CancellationToken ct = default) =>
        await Discovery.FindAsync(gvk, ct).ConfigureAwait(false) ?? throw new NoMatchException(gvk);

    /// <summary>The server's version.</summary>
    /// <param name="ct">Stops the call.</param>
    public Task<ServerVersion> VersionAsync(CancellationToken ct = default) => Discovery.VersionAsync(ct);

    /// <summary>Sends any request and returns the answer when its status is a success; the caller disposes it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="ct">Stops the call.</param>
    /// <exception cref="KubernetesApiException">The API refused.</exception>
    /// <exception cref="ClusterUnreachableException">The API could not be reached.</exception>
    public async Task<HttpResponseMessage> SendAsync(KubernetesRequest request, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
        HttpResponseMessage response = await SendThroughPipelineAsync(request, ct).ConfigureAwait(false);
        ReportWarnings(request, response);
        if (response.IsSuccessStatusCode) return response;
        using (response)
        {
            byte[] body = await response.Content.ReadAsByteArrayAsync(ct).ConfigureAwait(false);
            KubernetesApiException e = KubernetesApiException.From((int)response.StatusCode, body, request.Method.Method, request.Path);
            throw e.RetryAfter is null && KubernetesResilience.RetryAfter(response, Time) is { } wait
                ? new KubernetesApiException(e.StatusCode, e.Reason, e.Message, e.Status) { RetryAfter = wait }
                : e;
        }
    }

    /// <summary>Sends any request and reads the answer as JSON; null for an empty answer.</summary>
    /// <param name="request">The request.</param>
    /// <param name="ct">Stops the call.</param>
    /// <exception cref="KubernetesApiException">The API refused.</exception>
    /// <exception cref="ClusterUnreachableException">The API could not be reached.</exception>
    public async Task<JsonNode?> SendJsonAsync(KubernetesRequest request, CancellationToken ct = default)
    {
        using HttpResponseMessage response = await SendAsync(request, ct).ConfigureAwait(false);
        byte[] body = await response.Content.ReadAsByteArrayAsync(ct).ConfigureAwait(false);
        if (body.Length == 0) return null;
        try
        {
            return JsonText.Parse(body);
        }
        catch (FormatException e)
        {
            throw new KubernetesException($"The answer of {request.Method} {request.Path} is not JSON.", e);
        }
    }

    private async Task<HttpResponseMessage> SendThroughPipelineAsync(KubernetesRequest request, CancellationToken ct)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, _disposed.Token);
        // Before the pipeline: waiting for one's turn must not count towards the time-outs.
        if (_bucket is not null) await _bucket.TakeAsync(both.Token).ConfigureAwait(false);
        ResilienceContext context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, both.Token);
        context.Properties.Set(KubernetesResilience.RequestKey, request);
        try
        {
            return await _pipeline.ExecuteAsync(
                static (c, state) => new ValueTask<HttpResponseMessage>(state.client.TryAsync(state.request, c.CancellationToken)),
                context, (client: this, request)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutRejectedException
            || e is OperationCanceledException && !ct.IsCancellationRequested && !_disposed.IsCancellationRequested)
        {
            throw new ClusterUnreachableException(
                $"{Prefix(request)}: context deadline exceeded (Client.Timeout exceeded while awaiting headers)", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new ClusterUnreachableException($"{Prefix(request)}: {Cause(e)}", e);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<HttpResponseMessage> TryAsync(KubernetesRequest request, CancellationToken ct)
    {
        using var message = new HttpRequestMessage(request.Method, new Uri(_connection.BaseAddress, request.Path.TrimStart('/')))
        {
            Version = _connection.HttpClient.DefaultRequestVersion,
            VersionPolicy = _connection.HttpClient.DefaultVersionPolicy,
        };
        message.Headers.TryAddWithoutValidation("Accept", request.Accept);
        message.Headers.TryAddWithoutValidation("User-Agent", _options.UserAgent);
        _options.Impersonate?.AddTo(message);
        if (request.Headers is not null)
            foreach ((string name, string value) in request.Headers) message.Headers.TryAddWithoutValidation(name, value);
        if (request.Body is { } body)
        {
            message.Content = new ReadOnlyMemoryContent(body);
            message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(request.ContentType);
        }
        HttpResponseMessage response = await _connection.HttpClient
            .SendAsync(message, HttpCompletionOption.ResponseHeadersRead, ct).ConfigureAwait(false);
        if (request.Streaming && response.IsSuccessStatusCode) return response;
        try
        {
            // Within the try, so that a connection lost in the middle of an answer counts as lost.
            await response.Content.LoadIntoBufferAsync(LargestAnswer, ct).ConfigureAwait(false);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private void ReportWarnings(KubernetesRequest request, HttpResponseMessage response)
    {
        if (!response.Headers.Contains("Warning")) return;
        foreach (WarningHeaderValue warning in response.Headers.Warning)
        {
            if (warning.Code != 299) continue;
            string text = Unquote(warning.Text);
            Log.ApiWarning(_logger, request.Method.Method, request.Path, text);
            _options.OnWarning?.Invoke(new ApiWarning(text, request.Method.Method, request.Path));
        }
    }

    private static string Unquote(string text)
    {
        if (text.Length < 2 || text[0] != '"') return text;
        var plain = new System.Text.StringBuilder(text.Length);
        for (int i = 1; i < text.Length - 1; i++)
        {
            if (text[i] == '\\' && i < text.Length - 2) i++;
            plain.Append(text[i]);
        }
        return plain.ToString();
    }

    // The form of Go's net/http errors, which Helm shows: Get "https://...": dial tcp 10.0.0.1:443: connect: connection refused
    private string Prefix(KubernetesRequest request)
    {
        string method = request.Method.Method;
        return $"{method[..1]}{method[1..].ToLowerInvariant()} \"{new Uri(_connection.BaseAddress, request.Path.TrimStart('/'))}\"";
    }

    private string Cause(Exception e)
    {
        string host = _connection.BaseAddress.Host, address = $"{host}:{_connection.BaseAddress.Port}";
        for (Exception? inner = e; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }: return $"dial tcp {address}: connect: connection refused";
                case SocketException { SocketErrorCode: SocketError.HostNotFound }: return $"dial tcp: lookup {host}: no such host";
                case SocketException { SocketErrorCode: SocketError.TimedOut }: return $"dial tcp {address}: i/o timeout";
                case System.Security.Authentication.AuthenticationException: return "tls: " + inner.Message;
            }
        }
        return e.InnerException is IOException io ? io.Message : e.Message;
    }
}
