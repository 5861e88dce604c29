using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using HelmLifecycle.Charts;
using HelmLifecycle.Kubernetes;
using HelmLifecycle.Storage.Sql;
using Cluster = HelmLifecycle.EmbeddedCluster.EmbeddedCluster;

namespace HelmLifecycle.Benchmarks;

/// <summary>
/// What <c>helm list</c> does, over 1,000 releases with 10 revisions each. PostgreSQL is measured when <c>HELMLIFECYCLE_POSTGRES</c> holds the address of an empty database.
/// </summary>
[Config(typeof(OneProcess))]
[MemoryDiagnoser]
public class ListBenchmarks
{
    private const int Releases = 1000;
    private const int Revisions = 10;
    private static readonly string? s_postgres = Environment.GetEnvironmentVariable("HELMLIFECYCLE_POSTGRES");

    private static readonly Chart s_chart = ChartLoader.Load(
    [
        new ChartFile("Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\nappVersion: \"2.0\"\n"),
        new ChartFile("values.yaml", "replicas: 1\nimage: web\n"),
        new ChartFile("templates/web.yaml", string.Concat(Enumerable.Range(0, 200).Select(i => $"# line {i}: {{{{ .Values.replicas }}}} of {{{{ .Values.image }}}}\n"))),
    ]);

    private readonly List<IAsyncDisposable> _open = [];
    private string? _file;
    private ReleaseClient _client = null!;

    /// <summary>The stores that are measured.</summary>
    public static IEnumerable<string> Stores => s_postgres is null ? ["secrets", "sqlite"] : ["secrets", "sqlite", "postgres"];

    /// <summary>Where the revisions are.</summary>
    [ParamsSource(nameof(Stores))]
    public string Store { get; set; } = "";

    /// <summary>Fills the store. The runner does not wait for a setup that returns a task.</summary>
    [GlobalSetup]
    public void Fill() => FillAsync().GetAwaiter().GetResult();

    private async Task FillAsync()
    {
        IRevisionStore store;
        KubernetesClient? cluster = null;
        switch (Store)
        {
            case "secrets":
                var embedded = await Cluster.StartAsync();
                _open.Add(embedded);
                cluster = embedded.Client;
                store = new SecretRevisionStore(cluster);
                break;
            case "sqlite":
                _file = Path.Combine(Path.GetTempPath(), $"helmlifecycle-lists-{Guid.NewGuid():n}.db");
                var sqlite = new SqliteRevisionStore(_file);
                _open.Add(sqlite);
                store = sqlite;
                break;
            default:
                var postgres = new PostgresRevisionStore(s_postgres!);
                _open.Add(postgres);
                store = postgres;
                break;
        }

        for (int i = 0; i < Releases; i++)
        {
            for (int revision = 1; revision <= Revisions; revision++)
            {
                await store.CreateAsync(new Release
                {
                    Name = $"release-{i}",
                    Namespace = "default",
                    Revision = revision,
                    Chart = s_chart,
                    Manifest = string.Concat(Enumerable.Repeat($"---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: release-{i}\n", 20)),
                    Info = new ReleaseInfo { Status = revision == Revisions ? ReleaseStatus.Deployed : ReleaseStatus.Superseded, Description = "Upgrade complete" },
                });
            }
        }

        _client = ReleaseClient.Create(o => (cluster is null ? o : o.UseCluster(cluster)).InNamespace("default").UseStore(store));
    }

    /// <summary>Closes and deletes the store.</summary>
    [GlobalCleanup]
    public async Task CloseAsync()
    {
        foreach (IAsyncDisposable open in _open)
            await open.DisposeAsync();
        if (_file is not null)
            File.Delete(_file);
    }

    /// <summary>All releases, as <c>helm list</c> shows them.</summary>
    [Benchmark]
    public async Task<int> ListAsync()
    {
        IReadOnlyList<Release> found = await _client.ListAsync(new ReleaseFilter { Max = 0 });
        return found.Count == Releases ? found.Count : throw new InvalidOperationException($"{found.Count} releases were listed");
    }

    private sealed class OneProcess : ManualConfig
    {
        public OneProcess() => AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithStrategy(RunStrategy.Monitoring).WithWarmupCount(3).WithIterationCount(10));
    }
}
