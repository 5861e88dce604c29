namespace HelmLifecycle;

/// <summary>How a <see cref="Canary"/> rollout goes.</summary>
public sealed record CanaryOptions
{
    /// <summary>The steps in order. After the last the new version is promoted, whatever its weight.</summary>
    public IReadOnlyList<CanaryStep> Steps { get; init; } = [new(10), new(50), new(100)];

    /// <summary>How often each analysis measures and how much may go wrong. Default: once, nothing.</summary>
    public AnalysisOptions Analysis { get; init; } = AnalysisOptions.Default;

    /// <summary>The only Service to be looked at; null: all Services of the release that select a changed workload. A router splits the traffic of the first.</summary>
    public string? Service { get; init; }

    /// <summary>Who splits the traffic; null: the number of replicas, behind the release's own Service.</summary>
    public ITrafficRouter? Router { get; init; }

    /// <summary>Without router: how many pods may run beyond the workload's replicas while they are moved. Default: 1; 0 only with <see cref="MaxUnavailable"/> above 0.</summary>
    public int MaxSurge { get; init; } = 1;

    /// <summary>Without router: how many of the workload's replicas may be missing while they are moved. Default: 0.</summary>
    public int MaxUnavailable { get; init; }

    /// <summary>The time proxies have to see the last change before pods that get no more traffic are ended. Default: 5 seconds.</summary>
    public TimeSpan RemovalDelay { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>One step of a canary: the traffic is set, then paused, then analysed, then approved.</summary>
/// <param name="Weight">The part of all traffic that the new version gets, in percent: 0 to 100.</param>
public sealed record CanaryStep(int Weight)
{
    /// <summary>How long the weight is held before anything else. Default: not at all.</summary>
    public TimeSpan Pause { get; init; }

    /// <summary>Run in order after the pause.</summary>
    public IReadOnlyList<IRolloutAnalysis> Analyses { get; init; } = [];

    /// <summary>Whether somebody has to promote (<see cref="RolloutControl.PromoteAsync"/>) before the next step.</summary>
    public bool AwaitApproval { get; init; }

    /// <summary>Requests that go to the new version in this step whatever the weight: those that match one of these. Needs a router.</summary>
    public IReadOnlyList<TrafficMatch> Matches { get; init; } = [];
}
