using HelmLifecycle.Charts;
using HelmLifecycle.Kubernetes;
using Microsoft.Extensions.Logging;

namespace HelmLifecycle;

/// <summary>How a <see cref="ReleaseClient"/> is made. Read once, when the client is created.</summary>
public sealed class ReleaseClientOptions
{
    /// <summary>The cluster; null for a client that only renders, or reads a store that needs none.</summary>
    public KubernetesClient? Cluster { get; set; }

    /// <summary>The namespace of releases; null takes the cluster connection's, else <c>default</c>.</summary>
    public string? Namespace { get; set; }

    /// <summary>Where revisions are kept; null is Secrets in the cluster, Helm's default, or memory when there is no cluster.</summary>
    public IRevisionStore? Store { get; set; }

    /// <summary>Whose behaviour is followed where the generations differ. Default: Helm 4.</summary>
    public HelmGeneration Generation { get; set; }

    /// <summary>The clock; null takes the cluster client's.</summary>
    public TimeProvider? Time { get; set; }

    /// <summary>Where logs go; null: nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Merges values; null is Helm's way.</summary>
    public IValuesMerger? ValuesMerger { get; set; }

    /// <summary>Decrypt values files that are encrypted. Default: SOPS and age, by their installed programs; empty for none.</summary>
    public IReadOnlyList<IValuesDecryptor> ValuesDecryptors { get; set; } = EncryptedValues.Default;

    /// <summary>Renders charts; null is Helm's way.</summary>
    public ITemplateRenderer? Renderer { get; set; }

    /// <summary>Brings in new revisions unless an action names another; null is <see cref="RollingApply"/>.</summary>
    public IRolloutStrategy? Rollout { get; set; }

    /// <summary>Finds charts that are named by reference; null knows folders and archives.</summary>
    public IChartResolver? Charts { get; set; }

    /// <summary>How many revisions upgrade and rollback keep when they do not say; 0 keeps all. Default: 10, as Helm.</summary>
    public int MaxHistory { get; set; } = 10;

    /// <summary>How long the final record may take after a cancellation. Default: 10 seconds.</summary>
    public TimeSpan GracePeriod { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Leases keep two processes from working on one release and tell pending records of the dead. Null, the default: none, as Helm.</summary>
    public LeaseOptions? Lease { get; set; }

    /// <summary>Whether the description of a failed revision also says in a sentence why objects are not ready. Default: false, since Helm's does not.</summary>
    public bool DescribeFailures { get; set; }

    /// <summary>Uses a cluster.</summary>
    public ReleaseClientOptions UseCluster(KubernetesClient cluster)
    {
        Cluster = cluster;
        return this;
    }

    /// <summary>Works in a namespace.</summary>
    public ReleaseClientOptions InNamespace(string ns)
    {
        Namespace = ns;
        return this;
    }

    /// <summary>Keeps revisions in a given store.</summary>
    public ReleaseClientOptions UseStore(IRevisionStore store)
    {
        Store = store;
        return this;
    }

    /// <summary>Keeps revisions in memory, for as long as the client lives.</summary>
    public ReleaseClientOptions UseMemoryStore() => UseStore(new MemoryRevisionStore());

    /// <summary>Keeps revisions as files under a folder.</summary>
    public ReleaseClientOptions UseFileStore(string folder) => UseStore(new FileRevisionStore(folder));

    /// <summary>Follows a generation of Helm.</summary>
    public ReleaseClientOptions CompatibleWith(HelmGeneration generation)
    {
        Generation = generation;
        return this;
    }
}

/// <summary>Finds a chart by reference.</summary>
public interface IChartResolver
{
    /// <summary>Loads the chart a reference names.</summary>
    /// <exception cref="ChartException">There is none, or it is broken.</exception>
    Task<Chart> ResolveAsync(ChartSource.Reference reference, bool dependencyUpdate, CancellationToken ct = default);
}
