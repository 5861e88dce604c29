using HelmLifecycle.Charts;
using HelmLifecycle.EmbeddedCluster;
using HelmLifecycle.Kubernetes;
using HelmLifecycle.Storage.Sql;

namespace HelmLifecycle.Cli;

/// <summary>One run of the program: its streams, its surroundings, and what is made only when a command needs it.</summary>
internal sealed class Session(TextWriter output, TextWriter error, TextReader input, Func<string, string?> environment) : IAsyncDisposable
{
    private readonly List<Func<ValueTask>> _cleanup = [];
    private KubernetesClient? _cluster;
    private EmbeddedCluster.EmbeddedCluster? _embedded;

    public TextWriter Out { get; } = output;

    public TextWriter Error { get; } = error;

    public TextReader In { get; } = input;

    public GlobalFlags Flags { get; set; } = null!;

    /// <summary>A cluster given from outside; for tests.</summary>
    public KubernetesClient? GivenCluster { get; init; }

    public bool IsTerminal { get; init; }

    public string? Variable(string name) => environment(name) is { Length: > 0 } value ? value : null;

    public void Warn(string text) => Error.Write($"WARNING: {text}\n");

    /// <summary>The namespace: the flag, else HELM_NAMESPACE, else the kubeconfig's.</summary>
    public async Task<string> NamespaceAsync(CancellationToken ct) =>
        Flags.Namespace.Value is { Length: > 0 } ns ? ns : Variable("HELM_NAMESPACE") ?? (await ClusterAsync(ct).ConfigureAwait(false)).DefaultNamespace;

    /// <summary>The namespace for a command that needs no cluster.</summary>
    public string LocalNamespace => Flags.Namespace.Value is { Length: > 0 } ns ? ns : Variable("HELM_NAMESPACE") ?? "default";

    public async Task<KubernetesClient> ClusterAsync(CancellationToken ct)
    {
        if (GivenCluster is not null)
            return GivenCluster;
        if (_cluster is not null)
            return _cluster;
        if (Flags.Embedded.IsGiven)
            return _cluster = await EmbeddedAsync(ct).ConfigureAwait(false);
        try
        {
            ClusterConnection connection = await ClusterConnection.FromKubeConfigAsync(Flags.ToKubeConfig(this), ct).ConfigureAwait(false);
            _cleanup.Add(connection.DisposeAsync);
            return _cluster = new KubernetesClient(connection, new KubernetesClientOptions { UserAgent = "hlc/0.1" });
        }
        catch (ConnectionConfigurationException e)
        {
            throw new ClusterUnreachableException($"kubernetes cluster unreachable: {e.Message}", e);
        }
    }

    /// <summary>A client for releases; <paramref name="allNamespaces"/> is for <c>list -A</c>.</summary>
    public async Task<ReleaseClient> ReleasesAsync(CancellationToken ct)
    {
        KubernetesClient cluster = await ClusterAsync(ct).ConfigureAwait(false);
        string ns = await NamespaceAsync(ct).ConfigureAwait(false);
        return ReleaseClient.Create(o => Configure(o, cluster, ns));
    }

    /// <summary>A client for what needs no cluster: <c>template</c>.</summary>
    public ReleaseClient LocalReleases() => ReleaseClient.Create(o =>
    {
        o.InNamespace(LocalNamespace).UseMemoryStore();
        o.Charts = new CliChartResolver(this);
    });

    public ChartSourceOptions ChartSources => new()
    {
        RepositoryFile = Flags.RepositoryConfig.Value is { Length: > 0 } file ? file : RepositoryFile.DefaultPath,
        RepositoryCache = Flags.RepositoryCache.Value is { Length: > 0 } folder ? folder : RepositoryFile.DefaultCacheFolder,
        Registry = new RegistryClientOptions { Credentials = Credentials },
    };

    public RegistryCredentials Credentials =>
        Flags.RegistryConfig.Value is { Length: > 0 } file ? new RegistryCredentials(file) : RegistryCredentials.Default();

    public async ValueTask DisposeAsync()
    {
        if (_embedded is not null)
        {
            if (Flags.Embedded.Value is { Length: > 0 } file && file != GlobalFlags.InMemory)
                await EmbeddedSnapshot.SaveAsync(_embedded, file).ConfigureAwait(false);
            await _embedded.DisposeAsync().ConfigureAwait(false);
        }

        foreach (Func<ValueTask> clean in Enumerable.Reverse(_cleanup))
            await clean().ConfigureAwait(false);
    }

    private async Task<KubernetesClient> EmbeddedAsync(CancellationToken ct)
    {
        _embedded = Flags.Embedded.Value == GlobalFlags.InMemory
            ? await EmbeddedCluster.EmbeddedCluster.StartAsync(EmbeddedSnapshot.Options, ct).ConfigureAwait(false)
            : await EmbeddedSnapshot.LoadAsync(Flags.Embedded.Value, ct).ConfigureAwait(false);
        return _embedded.Client;
    }

    private void Configure(ReleaseClientOptions options, KubernetesClient cluster, string ns)
    {
        options.UseCluster(cluster).InNamespace(ns);
        options.Charts = new CliChartResolver(this);
        if (int.TryParse(Variable("HELM_MAX_HISTORY"), out int max))
            options.MaxHistory = max;
        switch (Variable("HELM_DRIVER"))
        {
            case null or "secret" or "secrets":
                break;
            case "configmap" or "configmaps":
                options.UseStore(new ConfigMapRevisionStore(cluster));
                break;
            case "memory":
                options.UseMemoryStore();
                break;
            case "file":
                options.UseFileStore(Variable("HELM_DRIVER_FILE_FOLDER") ?? Path.Combine(HelmFolders.Configuration, "releases"));
                break;
            case "sql":
                var store = new PostgresRevisionStore(
                    Variable("HELM_DRIVER_SQL_CONNECTION_STRING") ?? throw new UsageException("HELM_DRIVER_SQL_CONNECTION_STRING is not set"));
                _cleanup.Add(store.DisposeAsync);
                options.UseStore(store);
                break;
            case { } unknown:
                throw new UsageException($"unknown driver {unknown}");
        }
    }
}
