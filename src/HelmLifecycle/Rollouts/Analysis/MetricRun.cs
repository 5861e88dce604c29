namespace HelmLifecycle;

/// <summary>The measurements of one analysis, counted as Argo Rollouts counts them.</summary>
internal sealed class MetricRun(IRolloutAnalysis analysis, AnalysisOptions options, AnalysisContext context, IProgress<AnalysisMeasurement>? progress)
{
    private static readonly TimeSpan s_usualInterval = TimeSpan.FromSeconds(10);
    private int _measured, _failed, _inconclusive, _errorsInARow, _successesInARow;

    public async Task<AnalysisResult> RunAsync(CancellationToken ct)
    {
        if (options.InitialDelay > TimeSpan.Zero) await Task.Delay(options.InitialDelay, context.Time, ct).ConfigureAwait(false);
        for (int number = 1; ; number++)
        {
            long began = context.Time.GetTimestamp();
            AnalysisResult result = await MeasureAsync(ct).ConfigureAwait(false);
            progress?.Report(new AnalysisMeasurement(analysis.Name, number, result));
            if (Verdict(result) is { } verdict) return verdict;
            TimeSpan left = (options.Interval ?? s_usualInterval) - context.Time.GetElapsedTime(began);
            if (left > TimeSpan.Zero) await Task.Delay(left, context.Time, ct).ConfigureAwait(false);
        }
    }

    private async Task<AnalysisResult> MeasureAsync(CancellationToken ct)
    {
        try
        {
            return await analysis.RunAsync(context, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            return AnalysisResult.Error(e.Message);
        }
    }

    private AnalysisResult? Verdict(AnalysisResult result)
    {
        _errorsInARow = result.Outcome == AnalysisOutcome.Error ? _errorsInARow + 1 : 0;
        _successesInARow = result.Outcome == AnalysisOutcome.Successful ? _successesInARow + 1 : 0;
        if (result.Outcome != AnalysisOutcome.Error) _measured++;
        if (result.Outcome == AnalysisOutcome.Failed) _failed++;
        if (result.Outcome == AnalysisOutcome.Inconclusive) _inconclusive++;

        if (_failed > options.FailureLimit || _inconclusive > options.InconclusiveLimit || _errorsInARow > options.ConsecutiveErrorLimit) return End(result);
        if (options.ConsecutiveSuccessLimit > 0 && _successesInARow >= options.ConsecutiveSuccessLimit) return End(result);
        if (options.Count <= 0 || _measured < options.Count) return null;
        if (options.ConsecutiveSuccessLimit > 0)
            return End(AnalysisResult.Inconclusive($"never {options.ConsecutiveSuccessLimit} successes in a row in {_measured} measurements; the last: {result.Message}"));

        // Within the limits at the end: well enough, whatever the last one was.
        return End(AnalysisResult.Successful(_measured == 1 && _failed + _inconclusive == 0
            ? result.Message
            : $"{_measured} measurements, {_failed} failed, {_inconclusive} inconclusive"));
    }

    private AnalysisResult End(AnalysisResult result)
    {
        string message = $"{analysis.Name}: {result.Message}";
        return options.DryRun ? AnalysisResult.Successful(message) : result with { Message = message };
    }
}
