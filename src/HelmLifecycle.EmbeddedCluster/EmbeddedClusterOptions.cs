namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Which clock a cluster lives by.</summary>
public enum TimeMode
{
    /// <summary>Time jumps to the next thing due as soon as nothing is left to do; waits cost no real time and runs are repeatable.</summary>
    Virtual,

    /// <summary>The time of <see cref="EmbeddedClusterOptions.TimeProvider"/> (the system's, when none is given).</summary>
    Real,

    /// <summary>Virtual time that passes only by <see cref="VirtualTime.AdvanceAsync"/>.</summary>
    Manual,

    /// <summary>Virtual time that passes evenly, <see cref="EmbeddedClusterOptions.TimeScale"/> times as fast as real time: for showing things at human speed.</summary>
    Scaled,
}

/// <summary>How an <see cref="EmbeddedCluster"/> is made. Every option has a default that suits unit tests.</summary>
public sealed record EmbeddedClusterOptions
{
    /// <summary>The clock. Default: <see cref="TimeMode.Virtual"/>.</summary>
    public TimeMode Time { get; init; } = TimeMode.Virtual;

    /// <summary>The clock of <see cref="TimeMode.Real"/>. Default: <see cref="TimeProvider.System"/>.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where virtual time starts. Default: 2025-01-01 00:00 UTC.</summary>
    public DateTimeOffset VirtualTimeStart { get; init; } = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Virtual seconds per real second in <see cref="TimeMode.Scaled"/>. Default: 1.</summary>
    public double TimeScale { get; init; } = 1;

    /// <summary>Names of the simulated nodes. Default: <c>node-0</c> and <c>node-1</c>.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = ["node-0", "node-1"];

    /// <summary>From scheduled to running and ready. Default: 300 milliseconds.</summary>
    public TimeSpan PodStartDelay { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>From asked to end until gone. Default: 300 milliseconds.</summary>
    public TimeSpan PodStopDelay { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Whether every Ingress is given an address, as an ingress controller would. Default: false, as in a cluster without one.</summary>
    public bool AssignIngressAddresses { get; init; }

    /// <summary>Whether controllers, scheduler and kubelet run. Without them objects are only stored. Default: true.</summary>
    public bool RunControllers { get; init; } = true;

    /// <summary>How many changes per resource the watch history keeps before older watches are answered with 410 Gone. Default: 4096.</summary>
    public int WatchHistory { get; init; } = 4096;

    /// <summary>Seed of everything random (uids, generated names, tokens), or null for a new one each time. Default: null.</summary>
    public int? RandomSeed { get; init; }
}
