using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>
/// Watches a new revision for a while after any other strategy brought it in. What is found amiss fails the revision with a message that names it, and with
/// <c>RollbackOnFailure</c> the action goes back to the last good revision.
/// </summary>
/// <param name="inner">How the revision is brought in; null is <see cref="RollingApply"/>.</param>
public sealed class HealthGate(IRolloutStrategy? inner = null) : IRolloutStrategy
{
    private readonly IRolloutStrategy _inner = inner ?? RollingApply.Instance;

    /// <summary>How long is watched. Default: 5 minutes.</summary>
    public TimeSpan Watch { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What is measured. Default: the pods of all workloads of the release, by <see cref="PodAnalysis"/>.</summary>
    public IReadOnlyList<IRolloutAnalysis> Analyses { get; init; } = [new PodAnalysis()];

    /// <summary>How often is measured (every 10 seconds when it does not say) and how much may go wrong. The count follows from <see cref="Watch"/>.</summary>
    public AnalysisOptions Options { get; init; } = AnalysisOptions.Default;

    /// <summary>Whether what cannot be told fails the revision; otherwise there is a warning. Default: no.</summary>
    public bool FailWhenInconclusive { get; init; }

    /// <inheritdoc/>
    public string Name => _inner.Name;

    /// <inheritdoc/>
    public async Task RolloutAsync(RolloutContext context, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        await _inner.RolloutAsync(context, ct).ConfigureAwait(false);
        await context.WaitAsync(context.TargetObjects, ct).ConfigureAwait(false);
        context.Report(new RolloutProgress(Name, "health gate", $"watching for {Watch:c}"));
        TimeSpan interval = Options.Interval is { } given && given > TimeSpan.Zero ? given : TimeSpan.FromSeconds(10);
        var options = Options with { Interval = interval, Count = (int)Math.Min(int.MaxValue - 1, Watch / interval) + 1 };
        var result = await AnalysisRun.RunAsync(Analyses, options, About(context), new Relay(context, Name), ct).ConfigureAwait(false);
        if (result.Outcome is AnalysisOutcome.Failed or AnalysisOutcome.Error || result.Outcome == AnalysisOutcome.Inconclusive && FailWhenInconclusive)
            throw new AnalysisFailedException("health gate", result);
        if (result.Outcome == AnalysisOutcome.Inconclusive) context.Report(new ReleaseWarning($"health gate: {result.Message}"));
        else context.Report(new RolloutProgress(Name, "health gate", "passed"));
    }

    private static AnalysisContext About(RolloutContext context)
    {
        var service = context.TargetObjects.FirstOrDefault(o => o.Gvk is { Group: "", Kind: "Service" } && o.Spec?["selector"] is JsonObject { Count: > 0 });
        return new AnalysisContext
        {
            Cluster = context.Cluster,
            Namespace = context.Target.Namespace,
            Target = context.Target,
            Base = context.Base,
            StableService = service?.Name ?? "",
            CanaryService = service?.Name ?? "",
            Workloads = [.. context.TargetObjects.Where(o => o.Gvk is { Group: "apps", Kind: "Deployment" or "StatefulSet" or "DaemonSet" }).Select(o => o.Reference)],
            Time = context.Time,
            Weight = 100,
        };
    }

    private sealed class Relay(RolloutContext context, string strategy) : IProgress<AnalysisMeasurement>
    {
        public void Report(AnalysisMeasurement value) => context.Report(new RolloutProgress(strategy, "health gate", value.ToString()));
    }
}
