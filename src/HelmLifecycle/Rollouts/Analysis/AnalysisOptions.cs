namespace HelmLifecycle;

/// <summary>How often something is measured and how much may go wrong. The words and defaults are those of Argo Rollouts' metrics.</summary>
public sealed record AnalysisOptions
{
    /// <summary>One measurement, no failure allowed.</summary>
    public static AnalysisOptions Default { get; } = new();

    /// <summary>The time between the start of two measurements; null (default) measures again after 10 seconds, where it must.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>The time before the first measurement. Default: none.</summary>
    public TimeSpan InitialDelay { get; init; }

    /// <summary>
    /// How many measurements there are, not counting those that could not be made; 0 goes on until a limit is reached or the run is
    /// cancelled. Default: 1.
    /// </summary>
    public int Count { get; init; } = 1;

    /// <summary>How many measurements may fail; one more fails the run. Default: 0.</summary>
    public int FailureLimit { get; init; }

    /// <summary>How many measurements may be inconclusive; one more makes the run inconclusive, and the rollout pauses. Default: 0.</summary>
    public int InconclusiveLimit { get; init; }

    /// <summary>How many measurements in a row may go wrong; one more ends the run with an error. Default: 4.</summary>
    public int ConsecutiveErrorLimit { get; init; } = 4;

    /// <summary>After so many successes in a row the run ends successfully, before its count is reached. Default: 0, never.</summary>
    public int ConsecutiveSuccessLimit { get; init; }

    /// <summary>Whether what is found is only reported and never fails or pauses a rollout. Default: no.</summary>
    public bool DryRun { get; init; }
}
