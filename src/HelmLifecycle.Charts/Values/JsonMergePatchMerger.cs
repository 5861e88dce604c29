namespace HelmLifecycle.Charts;

/// <summary>
/// Merges by RFC 7396, JSON merge patch: the sources in the very order in which they are given, <c>--set</c> and its kind among them. Maps are merged by key, null
/// deletes what earlier sources set, and lists and all else are replaced. A null that deletes nothing is dropped, so a chart's default cannot be deleted.
/// </summary>
public sealed class JsonMergePatchMerger : IValuesMerger
{
    /// <inheritdoc/>
    public async ValueTask<GoMap> MergeAsync(IReadOnlyList<ValuesSource> sources, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sources);
        GoMap values = [];
        foreach (ValuesSource source in sources)
        {
            cancellationToken.ThrowIfCancellationRequested();
            GoMap patch = await ValuesReader.ReadMapAsync(source, cancellationToken).ConfigureAwait(false) ?? [];
            if (source is ValuesSource.SetSource set)
                await ValuesMerging.ApplyAsync(patch, set, cancellationToken).ConfigureAwait(false);
            Patch(values, patch);
        }

        return values;
    }

    private static GoMap Patch(GoMap target, GoMap patch)
    {
        foreach ((string key, GoValue value) in patch)
        {
            if (value.IsNil)
                target.Remove(key);
            else if (value.AsMap is { } table)
                target[key] = Patch(target[key].AsMap ?? [], table);
            else
                target[key] = value;
        }

        return target;
    }
}
