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

    /// <summary>
    /// A connection as kubectl and Helm would make it: by kubeconfig, or by the pod's service account when there is no kubeconfig and
    /// this is a pod.
    /// </summary>
    /// <param name="options">Which kubeconfig and context; null for the usual ones.</param>
    /// <param name="ct">Stops the call.</param>
    /// <exception cref="ConnectionConfigurationException">The configuration is unusable, or there is none.</exception>
    public static async Task<ClusterConnection> FromDefaultAsync(KubeConfigOptions? options = null, CancellationToken ct = default)
    {
        KubeConfig config = await KubeConfig.LoadAsync(options, ct).ConfigureAwait(false);
        if (config.IsEmpty && options?.Context is null && IsInCluster) return FromInCluster(options?.TimeProvider);
        return ConnectionBuilder.FromTarget(Target(config, options), options?.TimeProvider ?? TimeProvider.System);
    }

    /// <summary>
    /// A connection by kubeconfig: certificates, tokens, token files, name and password, credential plug-ins, proxies and impersonation
    /// as kubectl.
    /// </summary>
    /// <param name="options">Which files and context; null for the usual ones.</param>
    /// <param name="ct">Stops the call.</param>
    /// <exception cref="ConnectionConfigurationException">The configuration is unusable, or there is none.</exception>
    public static async Task<ClusterConnection> FromKubeConfigAsync(KubeConfigOptions? options = null, CancellationToken ct = default) =>
        FromKubeConfig(await KubeConfig.LoadAsync(options, ct).ConfigureAwait(false), options);

    /// <summary>A connection by a kubeconfig that is already read.</summary>
    /// <param name="config">The kubeconfig.</param>
    /// <param name="options">Context and namespace; null for the current ones.</param>
    /// <exception cref="ConnectionConfigurationException">The configuration is unusable.</exception>
    public static ClusterConnection FromKubeConfig(KubeConfig config, KubeConfigOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        return ConnectionBuilder.FromTarget(Target(config, options), options?.TimeProvider ?? TimeProvider.System);
    }

    private static KubeTarget Target(KubeConfig config, KubeConfigOptions? options)
    {
        KubeTarget target = config.Resolve(options?.Context, options?.Namespace);
        return options?.Overrides?.ApplyTo(target) ?? target;
    }

    /// <summary>Whether this process runs in a pod that can reach its API.</summary>
    public static bool IsInCluster => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST"))
        && !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT"));

    /// <summary>A connection by the pod's service account; its token is read again every minute.</summary>
    /// <param name="time">The clock of the token's reload; null for the system's.</param>
    /// <exception cref="ConnectionConfigurationException">This is no pod, or its service account is not mounted.</exception>
    public static ClusterConnection FromInCluster(TimeProvider? time = null)
    {
        if (!IsInCluster)
            throw new ConnectionConfigurationException(
                "unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be defined");
        return ConnectionBuilder.FromServiceAccount(
            Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST")!, Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT")!,
            "/var/run/secrets/kubernetes.io/serviceaccount", time ?? TimeProvider.System);
    }

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
        var client = new HttpClient(handler, disposeHandler)
        {
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = System.Net.HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrHigher,
        };
        return new ClusterConnection(client, baseAddress, defaultNamespace, client);
    }

    /// <summary>Ends the connection; an HTTP client that was lent stays open.</summary>
    public ValueTask DisposeAsync()
    {
        _owned?.Dispose();
        return ValueTask.CompletedTask;
    }
}
