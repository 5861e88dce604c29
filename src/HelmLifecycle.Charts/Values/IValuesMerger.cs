namespace HelmLifecycle.Charts;

/// <summary>Merges the sources of values into the user-supplied values of a release. Replace it to merge by other rules than Helm's.</summary>
public interface IValuesMerger
{
    /// <summary>Merges.</summary>
    /// <param name="sources">The sources in the order in which the user gave them.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <returns>The merged values, a map that no source shares.</returns>
    /// <exception cref="ValuesException">A source cannot be read.</exception>
    ValueTask<GoMap> MergeAsync(IReadOnlyList<ValuesSource> sources, CancellationToken cancellationToken = default);
}
