using System.Security.Cryptography.X509Certificates;
using System.Text;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>
/// A Kubernetes API inside this process, for unit tests, samples and dry runs. It answers as an API server of Kubernetes 1.30 does (defaults, validation, patches,
/// server-side apply, watches, custom resources), and simulates controllers, nodes and pods; it runs no containers, keeps nothing on disk and secures nothing.
/// <para><b>It is no production cluster and must not be used as one.</b></para>
/// </summary>
/// <remarks>Thread-safe. Several clusters live in one process without knowing of each other. Dispose it to end its timers and listeners.</remarks>
public sealed partial class EmbeddedCluster : IAsyncDisposable
{
    private static readonly Uri s_address = new("http://embedded.cluster.local/");

    private readonly List<LoopbackListener> _listeners = [];
    private readonly Lazy<KubernetesClient> _client;
    private readonly SemaphoreSlim _startingTls = new(1);
    private ClusterConnection? _connection;
    private X509Certificate2? _certificate;
    private LoopbackListener? _tls;
    private bool _disposed;

    private EmbeddedCluster(EmbeddedClusterOptions options, ClusterClock clock, ApiServer server)
    {
        Options = options;
        Clock = clock;
        Server = server;
        _client = new Lazy<KubernetesClient>(() => new KubernetesClient(_connection = Connect(), new KubernetesClientOptions { TimeProvider = Clock.Provider }));
    }

    /// <summary>The options the cluster was made with.</summary>
    public EmbeddedClusterOptions Options { get; }

    /// <summary>The clock the cluster lives by. Give it to your own code under test, so that its waits follow virtual time too.</summary>
    public TimeProvider Time => Clock.Provider;

    /// <summary>The virtual clock, or null with <see cref="TimeMode.Real"/>.</summary>
    public VirtualTime? VirtualTime => Clock.Virtual;

    /// <summary>A client with all rights, without sockets, on the cluster's clock. Made on first use; it belongs to the cluster.</summary>
    public KubernetesClient Client => _client.Value;

    internal ClusterClock Clock { get; }

    internal ApiServer Server { get; }

    /// <summary>What stands before the API: faults on purpose.</summary>
    internal IRequestGate Gate { get; set; } = OpenGate.Instance;

    /// <summary>Starts a cluster; it is ready when the task is done.</summary>
    /// <param name="options">How it is made. Default: virtual time, two nodes, controllers running.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static Task<EmbeddedCluster> StartAsync(EmbeddedClusterOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        options ??= new EmbeddedClusterOptions();
        EmbeddedCluster cluster = Make(options);
        Bootstrap.Fill(cluster.Server);
        cluster.Server.Store.Compact();
        cluster.StartSimulation();
        return Task.FromResult(cluster);
    }

    private static EmbeddedCluster Make(EmbeddedClusterOptions options)
    {
        ClusterClock clock = ClusterClock.Create(options);
        return new EmbeddedCluster(options, clock, new ApiServer(options, clock));
    }

    /// <summary>Starts controllers, scheduler and kubelet.</summary>
    partial void StartSimulation();

    /// <summary>Ends them.</summary>
    partial void StopSimulation();

    /// <summary>A handler that answers requests of an <see cref="HttpClient"/> in memory, with all rights unless a request carries an Authorization header.</summary>
    /// <returns>A new handler; several may be used at once.</returns>
    public HttpMessageHandler CreateHandler()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new InMemoryHandler(Server, Server.Access.AdminToken, Gate);
    }

    /// <summary>A handler for another user, or for nobody in particular.</summary>
    /// <param name="token">A bearer token of <see cref="AddUser"/>; null for anonymous requests.</param>
    public HttpMessageHandler CreateHandler(string? token)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new InMemoryHandler(Server, token, Gate);
    }

    /// <summary>Adds a user without any rights; give it some with roles and bindings, which are enforced.</summary>
    /// <param name="name">User name.</param>
    /// <param name="groups">Groups besides <c>system:authenticated</c>. <c>system:masters</c> may do everything.</param>
    /// <returns>The user's bearer token.</returns>
    public string AddUser(string name, params string[] groups)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(groups);
        return Server.Access.AddUser(name, "2", groups);
    }

    /// <summary>A connection for <see cref="KubernetesClient"/>, without sockets and with all rights. The caller disposes it.</summary>
    /// <param name="defaultNamespace">The namespace for requests that name none. Default: <c>default</c>.</param>
    public ClusterConnection Connect(string defaultNamespace = "default") => ClusterConnection.From(CreateHandler(), s_address, defaultNamespace);

    /// <summary>
    /// Serves the API over plain HTTP on a TCP port of the loopback interface, for programs on this machine. kubectl and Helm send credentials only over TLS: they are served
    /// by <see cref="WriteKubeConfigAsync"/>.
    /// </summary>
    /// <param name="port">The port, or 0 for a free one.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <returns>The address.</returns>
    public async Task<Uri> ListenAsync(int port = 0, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        LoopbackListener listener = await LoopbackListener.StartAsync(Server, Gate, port, null, cancellationToken).ConfigureAwait(false);
        lock (_listeners)
        {
            _listeners.Add(listener);
        }

        return listener.Address;
    }

    /// <summary>
    /// Serves the API over TLS on a free TCP port of the loopback interface, and writes a kubeconfig file with all rights for it, for kubectl, Helm and other programs on this
    /// machine. The certificate is the cluster's own and stands in the file. Further calls lead to the same port.
    /// </summary>
    /// <param name="path">The file to write.</param>
    /// <param name="cancellationToken">Ends the start and the writing.</param>
    public async Task WriteKubeConfigAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ObjectDisposedException.ThrowIf(_disposed, this);
        await _startingTls.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_tls is null)
            {
                _certificate ??= LoopbackCertificate.Create();
                _tls = await LoopbackListener.StartAsync(Server, Gate, 0, _certificate, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _startingTls.Release();
        }

        string text = $$"""
            apiVersion: v1
            kind: Config
            current-context: embedded
            clusters:
            - name: embedded
              cluster:
                server: {{_tls.Address.ToString().TrimEnd('/')}}
                certificate-authority-data: {{Convert.ToBase64String(Encoding.ASCII.GetBytes(_certificate!.ExportCertificatePem()))}}
            users:
            - name: admin
              user:
                token: {{Server.Access.AdminToken}}
            contexts:
            - name: embedded
              context:
                cluster: embedded
                user: admin
                namespace: default

            """;
        await File.WriteAllTextAsync(path, text, new UTF8Encoding(false), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Forgets the history of changes, as etcd's compaction does: older watches and continued lists are answered with 410 Gone.</summary>
    public void ForgetHistory() => Server.Store.Compact();

    /// <summary>Ends the cluster: timers, controllers and listeners. What it held is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        StopSimulation();
        foreach (LoopbackListener listener in _listeners.Concat(_tls is null ? [] : [_tls]))
        {
            await listener.DisposeAsync().ConfigureAwait(false);
        }

        _certificate?.Dispose();
        _startingTls.Dispose();

        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }

        if (_connection is not null)
        {
            await _connection.DisposeAsync().ConfigureAwait(false);
        }

        Clock.Dispose();
    }
}
