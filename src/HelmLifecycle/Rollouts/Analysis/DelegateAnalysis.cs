namespace HelmLifecycle;

/// <summary>Measures with code of the caller.</summary>
/// <param name="name">The name shown.</param>
/// <param name="measure">Measures once.</param>
public sealed class DelegateAnalysis(string name, Func<AnalysisContext, CancellationToken, Task<AnalysisResult>> measure) : IRolloutAnalysis
{
    /// <summary>Measures with a condition: true is successful, false failed.</summary>
    /// <param name="name">The name shown.</param>
    /// <param name="isWell">Whether all is well.</param>
    public DelegateAnalysis(string name, Func<AnalysisContext, CancellationToken, Task<bool>> isWell)
        : this(name, async (context, ct) => await isWell(context, ct).ConfigureAwait(false)
            ? AnalysisResult.Successful("the condition holds")
            : AnalysisResult.Failed("the condition does not hold")) => ArgumentNullException.ThrowIfNull(isWell);

    /// <inheritdoc/>
    public string Name { get; } = name ?? throw new ArgumentNullException(nameof(name));

    /// <inheritdoc/>
    public Task<AnalysisResult> RunAsync(AnalysisContext context, CancellationToken ct) => measure(context, ct);
}
