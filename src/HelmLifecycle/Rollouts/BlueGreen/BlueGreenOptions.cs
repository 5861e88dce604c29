namespace HelmLifecycle;

/// <summary>How a <see cref="BlueGreen"/> rollout goes.</summary>
public sealed record BlueGreenOptions
{
    /// <summary>The Service whose selector is switched; null: every Service of the release that selects a changed workload.</summary>
    public string? ActiveService { get; init; }

    /// <summary>Replicas of the new colour while it is checked; it is scaled up in full before the switch. Null: in full from the start.</summary>
    public int? PreviewReplicas { get; init; }

    /// <summary>How long the old colour is kept after the switch, as it is: until then an abort is one patch for each Service. Default: 30 seconds.</summary>
    public TimeSpan ScaleDownDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The time proxies have to see a Service's last change before pods that it does not select any more are ended. Default: 5 seconds.</summary>
    public TimeSpan RemovalDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Run in order against the preview Service, before the switch.</summary>
    public IReadOnlyList<IRolloutAnalysis> PrePromotion { get; init; } = [];

    /// <summary>Run in order after the switch, before the old colour is given up.</summary>
    public IReadOnlyList<IRolloutAnalysis> PostPromotion { get; init; } = [];

    /// <summary>How often each analysis measures and how much may go wrong. Default: once, nothing.</summary>
    public AnalysisOptions Analysis { get; init; } = AnalysisOptions.Default;

    /// <summary>Whether somebody has to promote (<see cref="RolloutControl.PromoteAsync"/>) before the switch. Default: false.</summary>
    public bool AwaitApproval { get; init; }
}
