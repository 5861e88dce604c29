namespace HelmLifecycle.EmbeddedCluster;

public sealed partial class EmbeddedCluster
{
    private ClusterSimulation? _simulation;

    /// <summary>Scripts for pods: when they start, are ready, crash, end, and what they write and answer.</summary>
    public PodScripts Pods => Simulation.Scripts;

    /// <summary>Faults on purpose, for the requests of clients.</summary>
    public FaultPlan Faults { get; } = new();

    /// <summary>The last failure inside a controller of this cluster that was no refusal of the API; null when all is well. A bug of the simulation, if ever.</summary>
    public Exception? SimulationFault => Simulation.LastFault;

    private ClusterSimulation Simulation => _simulation ?? throw new InvalidOperationException("The cluster is not started.");

    /// <summary>A generator of requests to the pods of this cluster.</summary>
    /// <param name="seed">The same seed makes the same choices.</param>
    public VirtualTraffic CreateTraffic(int seed = 1) => Simulation.CreateTraffic(seed);

    /// <summary>Keeps the controllers from seeing and doing anything until the returned value is disposed.</summary>
    internal IDisposable? HoldControllers() => Simulation.HoldControllers();

    partial void StartSimulation()
    {
        _simulation = new ClusterSimulation(Server, Clock, Options);
        Gate = new FaultGate(Faults, Clock, _simulation);
        Server.Faults = Faults;
        Server.Network = _simulation.Network;
        Server.PodLogs = (pod, container, _) => _simulation.Network.Logs(pod, container);
    }

    partial void StopSimulation() => _simulation?.Dispose();
}
