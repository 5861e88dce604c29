namespace HelmLifecycle;

/// <summary>An analysis found the new version not well, or could not be made. The message names what was measured and what was found.</summary>
public sealed class AnalysisFailedException : ReleaseException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="step">Where in the rollout, such as <c>canary at 10 %</c>.</param>
    /// <param name="result">What was found.</param>
    public AnalysisFailedException(string step, AnalysisResult result)
        : base($"{step}: {result?.Message}")
    {
        ArgumentNullException.ThrowIfNull(result);
        Result = result;
    }

    /// <summary>What was found.</summary>
    public AnalysisResult Result { get; }
}
