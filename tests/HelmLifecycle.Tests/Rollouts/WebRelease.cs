using HelmLifecycle.Charts;
using HelmLifecycle.EmbeddedCluster;
using HelmLifecycle.Kubernetes;
using Cluster = HelmLifecycle.EmbeddedCluster.EmbeddedCluster;

namespace HelmLifecycle.Tests.Rollouts;

/// <summary>A release with a Deployment of three pods behind a Service, in a cluster of its own with virtual time.</summary>
internal sealed class WebRelease : IAsyncDisposable
{
    public const string Name = "web";
    public const string Namespace = "shop";
    public static readonly GroupVersionKind Deployment = GroupVersionKind.From("apps/v1", "Deployment");
    public static readonly GroupVersionKind Pod = GroupVersionKind.From("v1", "Pod");

    private const string ChartYaml = "apiVersion: v2\nname: web\nversion: 1.0.0\n";
    private const string Values = "version: v1\nreplicas: 3\nstrategy: {}\n";
    private const string DefaultTemplate = """
        apiVersion: v1
        kind: Service
        metadata:
          name: web
        spec:
          selector: {app: web}
          ports: [{name: http, port: 80, targetPort: 8080}]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
        spec:
          replicas: {{ .Values.replicas }}
          strategy: {{ toJson .Values.strategy }}
          selector: {matchLabels: {app: web}}
          template:
            metadata:
              labels: {app: web, version: {{ .Values.version | quote }}}
            spec:
              terminationGracePeriodSeconds: 2
              containers:
              - name: web
                image: web:{{ .Values.version }}
                ports: [{containerPort: 8080}]
        """;

    private WebRelease(Cluster cluster)
    {
        Cluster = cluster;
        Releases = ReleaseClient.Create(o => o.UseCluster(cluster.Client).InNamespace(Namespace));
    }

    public Cluster Cluster { get; }

    public ReleaseClient Releases { get; }

    public string? Template { get; private init; }

    public static async Task<WebRelease> InstallAsync(string? template = null, Func<WebRelease, Task>? before = null)
    {
        var web = new WebRelease(await Cluster.StartAsync(new EmbeddedClusterOptions { PodStartDelay = TimeSpan.FromSeconds(1) })) { Template = template };
        if (before is not null) await before(web);
        await web.Releases.Install(Name).Chart(Chart(template)).CreateNamespace().Wait(TimeSpan.FromMinutes(5)).RunAsync();
        return web;
    }

    public static Chart Chart(string? template = null) => ChartLoader.Load(
    [
        new ChartFile("Chart.yaml", ChartYaml),
        new ChartFile("values.yaml", Values),
        new ChartFile("templates/web.yaml", template ?? DefaultTemplate),
    ]);

    public UpgradeBuilder Upgrade(IRolloutStrategy strategy, string? template = null) =>
        Releases.Upgrade(Name).Chart(Chart(template ?? Template)).Set("version=v2").Rollout(strategy).Timeout(TimeSpan.FromMinutes(2));

    public AnalysisContext Context(string version = "v1") => new()
    {
        Cluster = Cluster.Client,
        Namespace = Namespace,
        Target = new Release { Name = Name, Namespace = Namespace, Revision = 1, Info = new ReleaseInfo { LastDeployed = Cluster.Time.GetUtcNow() - TimeSpan.FromMinutes(1), Status = ReleaseStatus.PendingUpgrade, Description = version } },
        StableService = Name,
        CanaryService = Name,
        Workloads = [new ObjectReference(Deployment, Namespace, Name)],
        Time = Cluster.Time,
    };

    public async Task<IReadOnlyList<KubernetesObject>> PodsAsync() => (await Cluster.Client.ListAsync(Pod, Namespace)).Items;

    public async ValueTask DisposeAsync() => await Cluster.DisposeAsync();
}

/// <summary>Keeps what it is told, in order.</summary>
internal sealed class Log<T> : IProgress<T>
{
    private readonly List<T> _items = [];

    public IReadOnlyList<T> Items
    {
        get
        {
            lock (_items) return [.. _items];
        }
    }

    public void Report(T value)
    {
        lock (_items) _items.Add(value);
    }
}
