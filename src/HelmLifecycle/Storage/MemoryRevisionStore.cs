namespace HelmLifecycle;

/// <summary>Keeps revisions in memory, for as long as the store lives. For tests, dry runs and clients without a cluster.</summary>
public sealed class MemoryRevisionStore : ILeasedRevisionStore
{
    /// <inheritdoc/>
    public ILeaseStore Leases { get; } = new MemoryLeaseStore();

    private readonly Lock _lock = new();
    private readonly SortedDictionary<(string Namespace, string Name, int Revision), Release> _records = new(KeyOrder.Instance);
    private long _version;

    /// <inheritdoc/>
    public Task<StoredRevision> GetAsync(string ns, string name, int revision, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return _records.TryGetValue((ns, name, revision), out var release)
                ? Task.FromResult(Stored(release with { SystemLabels = new Dictionary<string, string>() }))
                : throw new ReleaseNotFoundException(name);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredRevision>> QueryAsync(RevisionQuery query, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ct.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var found = _records.Values.Where(r => (query.Namespace is null || r.Namespace == query.Namespace)
                && (query.Name is null || r.Name == query.Name)
                && (query.Status is null || r.Status == query.Status));
            if (query.NewestOnly) found = found.GroupBy(r => (r.Namespace, r.Name)).Select(g => g.Last());
            return Task.FromResult<IReadOnlyList<StoredRevision>>([.. found.Select(Stored)]);
        }
    }

    /// <inheritdoc/>
    public Task<Release> CreateAsync(Release release, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(release);
        ct.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var key = (release.Namespace, release.Name, release.Revision);
            if (_records.ContainsKey(key)) throw new RevisionExistsException(release.Name, release.Revision);
            return Task.FromResult(_records[key] = release with { StoreVersion = Next() });
        }
    }

    /// <inheritdoc/>
    public Task<Release> UpdateAsync(Release release, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(release);
        ct.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var key = (release.Namespace, release.Name, release.Revision);
            if (!_records.TryGetValue(key, out var known)) throw new ReleaseNotFoundException(release.Name);
            if (release.StoreVersion is not null && release.StoreVersion != known.StoreVersion)
            {
                throw new RevisionStoreException($"update: failed to update: {RecordLabels.KeyOf(release.Name, release.Revision)} was changed by another since it was read");
            }

            return Task.FromResult(_records[key] = release with { StoreVersion = Next() });
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string ns, string name, int revision, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return _records.Remove((ns, name, revision)) ? Task.CompletedTask : throw new ReleaseNotFoundException(name);
        }
    }

    private string Next() => (++_version).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static StoredRevision Stored(Release release)
    {
        var labels = RecordLabels.For(release, created: true, default);
        labels.Remove("createdAt");
        return new StoredRevision(release.Namespace, release.Name, release.Revision, release.Status, labels, () => release);
    }

    private sealed class KeyOrder : IComparer<(string Namespace, string Name, int Revision)>
    {
        public static KeyOrder Instance { get; } = new();

        public int Compare((string Namespace, string Name, int Revision) x, (string Namespace, string Name, int Revision) y)
        {
            int order = string.CompareOrdinal(x.Namespace, y.Namespace);
            if (order == 0) order = string.CompareOrdinal(x.Name, y.Name);
            return order != 0 ? order : x.Revision.CompareTo(y.Revision);
        }
    }
}
