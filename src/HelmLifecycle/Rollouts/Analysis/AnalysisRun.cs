namespace HelmLifecycle;

/// <summary>Measures as often as <see cref="AnalysisOptions"/> say and comes to one result.</summary>
public static class AnalysisRun
{
    /// <summary>Runs several analyses at the same time, each as the options say. The result is that of the worst: failed before error before inconclusive before successful.</summary>
    /// <param name="analyses">What is measured.</param>
    /// <param name="options">How often, and how much may go wrong; those of <see cref="RepeatedAnalysis"/> go before.</param>
    /// <param name="context">What is looked at.</param>
    /// <param name="progress">Told of each measurement; null tells nobody.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<AnalysisResult> RunAsync(
        IReadOnlyList<IRolloutAnalysis> analyses, AnalysisOptions options, AnalysisContext context, IProgress<AnalysisMeasurement>? progress = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(analyses);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        if (analyses.Count == 0) return AnalysisResult.Successful("nothing to measure");

        // One that fails ends the others: the verdict cannot get any better.
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var running = analyses.Select(a => Run(a, options, context, progress).RunAsync(over.Token)).ToList();
        AnalysisResult? worst = null;
        try
        {
            await foreach (Task<AnalysisResult> ended in Task.WhenEach(running).WithCancellation(ct).ConfigureAwait(false))
            {
                AnalysisResult result = await ended.ConfigureAwait(false);
                if (worst is null || result.Outcome > worst.Outcome) worst = result;
                if (result.Outcome is AnalysisOutcome.Failed or AnalysisOutcome.Error) break;
            }
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(running.Cast<Task>()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return worst!;
    }

    private static MetricRun Run(IRolloutAnalysis analysis, AnalysisOptions options, AnalysisContext context, IProgress<AnalysisMeasurement>? progress) =>
        analysis is RepeatedAnalysis own ? Run(own.Analysis, own.Options, context, progress) : new MetricRun(analysis, options, context, progress);
}

/// <summary>One measurement.</summary>
/// <param name="Analysis">The name of the analysis.</param>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Result">What it found.</param>
public sealed record AnalysisMeasurement(string Analysis, int Number, AnalysisResult Result)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Analysis} #{Number} {Result.Outcome.ToString().ToLowerInvariant()}: {Result.Message}";
}
