namespace HelmLifecycle;

/// <summary>How far a rollout is.</summary>
public enum RolloutPhase
{
    /// <summary>On its way through the steps.</summary>
    Progressing,

    /// <summary>Paused, for a time or until somebody promotes.</summary>
    Paused,

    /// <summary>All steps are done; the release's own workloads are rolled to the new version.</summary>
    Promoting,

    /// <summary>On the way back.</summary>
    Aborting,
}

/// <summary>The stored state of a rollout that has begun and not ended.</summary>
public sealed record RolloutState
{
    /// <summary>The strategy's name.</summary>
    public required string Strategy { get; init; }

    /// <summary>The revision that is rolled out.</summary>
    public required int Revision { get; init; }

    /// <summary>The revision it started from.</summary>
    public required int BaseRevision { get; init; }

    /// <summary>The number of the step it is at, from 0.</summary>
    public int Step { get; init; }

    /// <summary>How far it is.</summary>
    public RolloutPhase Phase { get; init; }

    /// <summary>The new version's part of the traffic, in percent.</summary>
    public int Weight { get; init; }

    /// <summary>What is being done, in words.</summary>
    public string Message { get; init; } = "";
}
