namespace HelmLifecycle.EmbeddedCluster;

/// <summary>All that lives behind the API of one cluster: controllers, scheduler and kubelets on their loop, the scripts they follow, and the network between the pods.</summary>
internal sealed class ClusterSimulation : IDisposable
{
    private static readonly TimeSpan s_settleAtMost = TimeSpan.FromMilliseconds(250);

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

    /// <summary>
    /// Waits until the controllers have worked off all that has happened so far, so that what a client reads does not depend on how fast they are; not for long, as a reader must not wait for
    /// a cluster that is always busy.
    /// </summary>
    public async ValueTask SettleAsync(CancellationToken cancellationToken)
    {
        if (_loop is null || _loop.WhenIdleAsync() is not { IsCompleted: false } idle)
        {
            return;
        }

        using (_clock.EnterBusy())
        {
            await Task.WhenAny(idle, Task.Delay(s_settleAtMost, cancellationToken)).ConfigureAwait(false);
        }
    }

    /// <summary>Holds the controllers, see <see cref="ClusterLoop.Hold"/>; null when there are none.</summary>
    public IDisposable? HoldControllers() => _loop?.Hold();

    public VirtualTraffic CreateTraffic(int seed) => new(Network, _clock.Provider, seed);

    public void Dispose() => _loop?.Dispose();
}
