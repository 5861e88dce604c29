using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Polly;

namespace HelmLifecycle.Kubernetes;

/// <summary>
/// A client of the Kubernetes API over unstructured objects. Thread-safe; made once and kept. Kinds are looked up by discovery, so that built-in and
/// custom ones are alike. Refusals are <see cref="KubernetesApiException"/>, an API that cannot be reached <see cref="ClusterUnreachableException"/>,
/// an unknown kind <see cref="NoMatchException"/>.
/// </summary>
public sealed partial class KubernetesClient : IDisposable
{
    private readonly ClusterConnection _connection;
    private readonly KubernetesClientOptions _options;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    /// <summary>A client over a connection. The connection is not disposed with the client.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="options">Options; null for the defaults.</param>
    public KubernetesClient(ClusterConnection connection, KubernetesClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        _connection = connection;
        _options = options ?? new KubernetesClientOptions();
        _logger = _options.LoggerFactory.CreateLogger("HelmLifecycle.Kubernetes");
        _pipeline = _options.ResiliencePipeline ?? ResiliencePipeline<HttpResponseMessage>.Empty;
        Discovery = new ServerDiscovery(this);
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

    /// <summary>Ends the client; the connection stays open.</summary>
    public void Dispose()
    {
    }

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
        throw new NotSupportedException();
    }

    /// <summary>Sends any request and reads the answer as JSON; null for an empty answer.</summary>
    /// <param name="request">The request.</param>
    /// <param name="ct">Stops the call.</param>
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
}
