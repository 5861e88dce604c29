namespace HelmLifecycle;

/// <summary>
/// Measures once whether the new version is well. It is asked again and again as <see cref="AnalysisOptions"/> say, by
/// <see cref="AnalysisRun"/>; it holds no state between calls and waits only through the clock of the context.
/// </summary>
public interface IRolloutAnalysis
{
    /// <summary>The name shown in events and in the description of a failed revision, such as <c>error rate</c>.</summary>
    string Name { get; }

    /// <summary>Measures once. An exception other than a cancellation counts as <see cref="AnalysisOutcome.Error"/>.</summary>
    /// <param name="context">What is looked at.</param>
    /// <param name="ct">Cancels.</param>
    Task<AnalysisResult> RunAsync(AnalysisContext context, CancellationToken ct);
}

/// <summary>How a measurement, or a run of several, ended.</summary>
public enum AnalysisOutcome
{
    /// <summary>As it should be.</summary>
    Successful,

    /// <summary>It could not be told: the rollout pauses until someone decides.</summary>
    Inconclusive,

    /// <summary>The measurement itself went wrong.</summary>
    Error,

    /// <summary>Not as it should be: the rollout is aborted.</summary>
    Failed,
}

/// <summary>What a measurement, or a run of several, found.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Message">One sentence with the value found; when it is not successful, what is wrong.</param>
public sealed record AnalysisResult(AnalysisOutcome Outcome, string Message)
{
    /// <summary>All is well.</summary>
    public static AnalysisResult Successful(string message) => new(AnalysisOutcome.Successful, message);

    /// <summary>Something is not as it should be.</summary>
    public static AnalysisResult Failed(string message) => new(AnalysisOutcome.Failed, message);

    /// <summary>It cannot be told.</summary>
    public static AnalysisResult Inconclusive(string message) => new(AnalysisOutcome.Inconclusive, message);

    /// <summary>It could not be measured.</summary>
    public static AnalysisResult Error(string message) => new(AnalysisOutcome.Error, message);
}
