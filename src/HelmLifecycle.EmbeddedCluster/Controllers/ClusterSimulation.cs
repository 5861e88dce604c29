namespace HelmLifecycle.EmbeddedCluster;

/// <summary>All that lives behind the API of one cluster: controllers, scheduler and kubelets on their loop, the scripts they follow, and the network between the pods.</summary>
internal sealed class ClusterSimulation : IDisposable
{
    private readonly ClusterLoop? _loop;
    private readonly ClusterClock _clock;

    /// <summary>Makes the nodes and starts the loop, unless the options want no controllers.</summary>
    public ClusterSimulation(IClusterApi api, ClusterClock clock, EmbeddedClusterOptions options)
    {
        _clock = clock;
        Scripts = new PodScripts();
        _loop = options.RunControllers ? new ClusterLoop(api, clock, options, Scripts) : null;
        Network = new VirtualNetwork(api.Store, Scripts, _loop?.Files ?? new PodFiles());
    }

    public PodScripts Scripts { get; }

    public VirtualNetwork Network { get; }

    /// <summary>The last failure inside a controller that was no refusal of the API; null when all is well.</summary>
    public Exception? LastFault => _loop?.LastFault;

    public VirtualTraffic CreateTraffic(int seed) => new(Network, _clock.Provider, seed);

    public void Dispose() => _loop?.Dispose();
}
