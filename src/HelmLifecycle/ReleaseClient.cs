using HelmLifecycle.Charts;
using HelmLifecycle.Kubernetes;
using HelmLifecycle.Templates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HelmLifecycle;

/// <summary>
/// Helm's release lifecycle. A verb returns a builder; a builder ends in <c>RunAsync</c>, <c>PlanAsync</c> or <c>StreamAsync</c>. The client holds no state
/// between calls and may be used from many threads at once.
/// </summary>
public sealed partial class ReleaseClient
{
    /// <summary>Makes a client from options, which are read now and not kept.</summary>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public ReleaseClient(ReleaseClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Cluster = options.Cluster;
        Time = options.Time ?? options.Cluster?.Time ?? TimeProvider.System;
        Store = options.Store ?? (options.Cluster is null ? new MemoryRevisionStore() : new SecretRevisionStore(options.Cluster));
        Namespace = options.Namespace ?? options.Cluster?.DefaultNamespace ?? "default";
        Generation = options.Generation;
        ValuesMerger = options.ValuesMerger ?? new HelmValuesMerger();
        ValuesDecryptors = options.ValuesDecryptors;
        Renderer = options.Renderer ?? new HelmRenderer(options.Generation == HelmGeneration.Helm3 ? SchemaValidator.Helm3 : null);
        Rollout = options.Rollout ?? RollingApply.Instance;
        Charts = options.Charts;
        MaxHistory = options.MaxHistory;
        GracePeriod = options.GracePeriod;
        DescribeFailures = options.DescribeFailures;
        Lease = options.Lease;
        if (Lease is not null)
        {
            Leases = Lease.Store ?? (Store as ILeasedRevisionStore)?.Leases
                ?? throw new ArgumentException("The store of revisions keeps no leases: set LeaseOptions.Store.", nameof(options));
            if (Lease.Expiry < TimeSpan.FromSeconds(1)) throw new ArgumentException("LeaseOptions.Expiry is less than a second.", nameof(options));
        }

        Logger = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger("HelmLifecycle");
    }

    private ReleaseClient(ReleaseClient other, string ns)
    {
        Cluster = other.Cluster;
        Time = other.Time;
        Store = other.Store;
        Namespace = ns;
        Generation = other.Generation;
        ValuesMerger = other.ValuesMerger;
        ValuesDecryptors = other.ValuesDecryptors;
        Renderer = other.Renderer;
        Rollout = other.Rollout;
        Charts = other.Charts;
        MaxHistory = other.MaxHistory;
        GracePeriod = other.GracePeriod;
        DescribeFailures = other.DescribeFailures;
        Lease = other.Lease;
        Leases = other.Leases;
        Logger = other.Logger;
    }

    /// <summary>The namespace of releases when an action names none.</summary>
    public string Namespace { get; }

    /// <summary>Where revisions are kept.</summary>
    public IRevisionStore Store { get; }

    /// <summary>Whose behaviour is followed where the generations of Helm differ.</summary>
    public HelmGeneration Generation { get; }

    /// <summary>The cluster; null for a client that only renders.</summary>
    public KubernetesClient? Cluster { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    internal IValuesMerger ValuesMerger { get; }

    internal IReadOnlyList<IValuesDecryptor> ValuesDecryptors { get; }

    internal ITemplateRenderer Renderer { get; }

    internal IRolloutStrategy Rollout { get; }

    internal IChartResolver? Charts { get; }

    internal int MaxHistory { get; }

    internal TimeSpan GracePeriod { get; }

    internal bool DescribeFailures { get; }

    internal LeaseOptions? Lease { get; }

    internal ILeaseStore? Leases { get; }

    internal ILogger Logger { get; }

    internal WaitMode DefaultWait => Generation == HelmGeneration.Helm3 ? WaitMode.Legacy : WaitMode.Watcher;

    /// <summary>Makes a client.</summary>
    /// <param name="configure">Sets the options.</param>
    public static ReleaseClient Create(Action<ReleaseClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new ReleaseClientOptions();
        configure(options);
        return new ReleaseClient(options);
    }

    /// <summary>The same client in another namespace.</summary>
    public ReleaseClient InNamespace(string ns) => new(this, ns);

    /// <summary>An install (<c>helm install</c>).</summary>
    /// <param name="name">The release's name; empty when one is to be generated.</param>
    public InstallBuilder Install(string name = "") => new(this, new InstallOptions { Name = name });

    /// <summary>An upgrade (<c>helm upgrade</c>).</summary>
    public UpgradeBuilder Upgrade(string name) => new(this, new UpgradeOptions { Name = name });

    /// <summary>A rollback (<c>helm rollback</c>).</summary>
    public RollbackBuilder Rollback(string name) => new(this, new RollbackOptions { Name = name });

    /// <summary>An uninstall (<c>helm uninstall</c>).</summary>
    public UninstallBuilder Uninstall(string name) => new(this, new UninstallOptions { Name = name });

    /// <summary>A test (<c>helm test</c>).</summary>
    public TestBuilder Test(string name) => new(this, new TestOptions { Name = name });

    /// <summary>A rendering without a release (<c>helm template</c>).</summary>
    public TemplateBuilder Template(string name = "release-name") => new(this, new TemplateOptions { Name = name });
}
