namespace HelmLifecycle.Kubernetes;

/// <summary>A way to an API server: an HTTP client that authenticates, and the address.</summary>
public sealed class ClusterConnection : IAsyncDisposable
{
    private readonly IDisposable? _owned;

    internal ClusterConnection(HttpClient client, Uri baseAddress, string defaultNamespace, IDisposable? owned)
    {
        HttpClient = client;
        BaseAddress = baseAddress.AbsoluteUri.EndsWith('/') ? baseAddress : new Uri(baseAddress.AbsoluteUri + "/");
        DefaultNamespace = string.IsNullOrEmpty(defaultNamespace) ? "default" : defaultNamespace;
        _owned = owned;
    }

    /// <summary>The HTTP client; its handler adds the credentials.</summary>
    public HttpClient HttpClient { get; }

    /// <summary>The API's address, with a slash at the end.</summary>
    public Uri BaseAddress { get; }

    /// <summary>The namespace of the context, <c>default</c> if it names none.</summary>
    public string DefaultNamespace { get; }

    /// <summary>A connection through an HTTP client of the caller, who keeps and disposes it.</summary>
    /// <param name="client">The client; its credentials are used.</param>
    /// <param name="baseAddress">The API's address.</param>
    /// <param name="defaultNamespace">The namespace to use when none is said.</param>
    public static ClusterConnection From(HttpClient client, Uri baseAddress, string defaultNamespace = "default")
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(baseAddress);
        return new ClusterConnection(client, baseAddress, defaultNamespace, owned: null);
    }

    /// <summary>A connection through a message handler: an API in this process, or one of the caller's own making.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="baseAddress">The API's address.</param>
    /// <param name="defaultNamespace">The namespace to use when none is said.</param>
    /// <param name="disposeHandler">Whether the handler is disposed with the connection.</param>
    public static ClusterConnection From(HttpMessageHandler handler, Uri baseAddress, string defaultNamespace = "default", bool disposeHandler = true)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(baseAddress);
        var client = new HttpClient(handler, disposeHandler) { Timeout = Timeout.InfiniteTimeSpan };
        return new ClusterConnection(client, baseAddress, defaultNamespace, client);
    }

    /// <summary>Ends the connection; an HTTP client that was lent stays open.</summary>
    public ValueTask DisposeAsync()
    {
        _owned?.Dispose();
        return ValueTask.CompletedTask;
    }
}
