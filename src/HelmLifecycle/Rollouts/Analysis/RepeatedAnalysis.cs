namespace HelmLifecycle;

/// <summary>An analysis with options of its own, which go before those of the rollout it is used in. Made by <see cref="RolloutAnalysisExtensions.With"/>.</summary>
/// <param name="analysis">What is measured.</param>
/// <param name="options">How often, and how much may go wrong.</param>
public sealed class RepeatedAnalysis(IRolloutAnalysis analysis, AnalysisOptions options) : IRolloutAnalysis
{
    /// <inheritdoc/>
    public string Name => Analysis.Name;

    /// <summary>What is measured.</summary>
    public IRolloutAnalysis Analysis { get; } = analysis ?? throw new ArgumentNullException(nameof(analysis));

    /// <summary>How often, and how much may go wrong.</summary>
    public AnalysisOptions Options { get; } = options ?? throw new ArgumentNullException(nameof(options));

    /// <summary>Measures as often as the options say.</summary>
    public Task<AnalysisResult> RunAsync(AnalysisContext context, CancellationToken ct) => AnalysisRun.RunAsync([Analysis], Options, context, null, ct);
}

/// <summary>Says how often an analysis measures.</summary>
public static class RolloutAnalysisExtensions
{
    /// <summary>The analysis with options of its own.</summary>
    /// <param name="analysis">What is measured.</param>
    /// <param name="options">How often, and how much may go wrong.</param>
    public static IRolloutAnalysis With(this IRolloutAnalysis analysis, AnalysisOptions options) => new RepeatedAnalysis(analysis, options);
}
