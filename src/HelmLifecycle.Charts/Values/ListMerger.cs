namespace HelmLifecycle.Charts;

/// <summary>What becomes of a list that two sources have.</summary>
public enum ListMergePolicy
{
    /// <summary>The later replaces the earlier, as in Helm.</summary>
    Replace,
    /// <summary>The later's items come after the earlier's.</summary>
    Append,
}

/// <summary>How <see cref="ListMerger"/> merges.</summary>
public sealed record ListMergerOptions
{
    /// <summary>
    /// The keys by which items are known, the first that all items have counts: <c>name</c> by default. Empty merges no list item by item.
    /// </summary>
    public IReadOnlyList<string> Keys { get; init; } = ["name"];

    /// <summary>What becomes of lists whose items have no such key. <see cref="ListMergePolicy.Replace"/> by default.</summary>
    public ListMergePolicy Otherwise { get; init; } = ListMergePolicy.Replace;

    /// <summary>Lists with a policy of their own, by their path with dots, such as <c>sidecar.args</c>; these are never merged item by item.</summary>
    public IReadOnlyDictionary<string, ListMergePolicy> Paths { get; init; } = new Dictionary<string, ListMergePolicy>();
}

/// <summary>
/// Merges as Helm does, but lists too: where both lists hold maps that have a key such as <c>name</c>, items of one name are merged in the earlier's place and new
/// ones come last; other lists are replaced or appended. What <c>--set</c> sets is set as in Helm.
/// </summary>
public sealed class ListMerger : IValuesMerger
{
    private readonly ListMergerOptions _options;

    /// <summary>Makes a merger.</summary>
    public ListMerger(ListMergerOptions? options = null) => _options = options ?? new ListMergerOptions();

    /// <inheritdoc/>
    public ValueTask<GoMap> MergeAsync(IReadOnlyList<ValuesSource> sources, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sources);
        return ValuesMerging.MergeAsync(sources, (into, from) => Merge(into, from, ""), cancellationToken);
    }

    private void Merge(GoMap into, GoMap from, string path)
    {
        foreach ((string key, GoValue value) in from)
        {
            string here = path.Length == 0 ? key : $"{path}.{key}";
            if (value.AsMap is { } table && into[key].AsMap is { } existing)
                Merge(existing, table, here);
            else if (value.AsList is { } list && into[key].AsList is { } earlier)
                into[key] = Merge(earlier, list, here);
            else
                into[key] = value;
        }
    }

    private GoList Merge(GoList earlier, GoList later, string path)
    {
        if (_options.Paths.TryGetValue(path, out ListMergePolicy policy))
            return Merge(earlier, later, policy);
        string? key = _options.Keys.FirstOrDefault(k => earlier.All(i => HasKey(i, k)) && later.All(i => HasKey(i, k)));
        return key is null ? Merge(earlier, later, _options.Otherwise) : MergeByKey(earlier, later, key, path);
    }

    private static GoList Merge(GoList earlier, GoList later, ListMergePolicy policy) =>
        policy == ListMergePolicy.Append ? new GoList([.. earlier, .. later]) : later;

    private GoList MergeByKey(GoList earlier, GoList later, string key, string path)
    {
        List<GoValue> items = [.. earlier];
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < items.Count; i++)
            places.TryAdd(GoPrint.Value(items[i].AsMap![key]), i);
        foreach (GoValue item in later)
        {
            if (places.TryGetValue(GoPrint.Value(item.AsMap![key]), out int place))
            {
                Merge(items[place].AsMap!, item.AsMap!, path);
            }
            else
            {
                places[GoPrint.Value(item.AsMap![key])] = items.Count;
                items.Add(item);
            }
        }

        return new GoList([.. items]);
    }

    private static bool HasKey(GoValue item, string key) => item.AsMap is { } map && map[key].Kind is GoKind.String or GoKind.Float or GoKind.Int;
}
