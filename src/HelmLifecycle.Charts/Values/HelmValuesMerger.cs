namespace HelmLifecycle.Charts;

/// <summary>
/// Merges as Helm does. Precedence, later wins: values files (and texts, maps, objects) in order, then all <c>--set-json</c>,
/// <c>--set</c>, <c>--set-string</c>, <c>--set-file</c>, <c>--set-literal</c>, each kind in order. Maps are merged by key; lists and all else are
/// replaced, by null too, which later deletes the chart's default.
/// </summary>
public sealed class HelmValuesMerger : IValuesMerger
{
    /// <inheritdoc/>
    public ValueTask<GoMap> MergeAsync(IReadOnlyList<ValuesSource> sources, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sources);
        return ValuesMerging.MergeAsync(sources, static (into, from) => ValuesDocuments.Merge(into, from), cancellationToken);
    }
}
