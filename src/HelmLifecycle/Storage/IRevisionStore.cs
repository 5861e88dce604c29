namespace HelmLifecycle;

/// <summary>
/// Where revisions are kept. An implementation is safe for concurrent use, holds no state of an action, and decides no status.
/// The contract suite in the tests tells what each must do.
/// </summary>
public interface IRevisionStore
{
    /// <summary>One revision.</summary>
    /// <exception cref="ReleaseNotFoundException">There is none.</exception>
    /// <exception cref="RevisionStoreException">The store failed.</exception>
    Task<StoredRevision> GetAsync(string ns, string name, int revision, CancellationToken ct = default);

    /// <summary>The revisions that match, by namespace, name and revision ascending; empty when there are none. Records that cannot be read are among them, and throw when <see cref="StoredRevision.Release"/> is asked for.</summary>
    /// <exception cref="RevisionStoreException">The store failed.</exception>
    Task<IReadOnlyList<StoredRevision>> QueryAsync(RevisionQuery query, CancellationToken ct = default);

    /// <summary>Stores a new revision. This is the lock between processes: only one can create a revision.</summary>
    /// <returns>The release with what the store noted on it; give this one to <see cref="UpdateAsync"/>.</returns>
    /// <exception cref="RevisionExistsException">The revision is there already.</exception>
    /// <exception cref="RevisionStoreException">The store failed.</exception>
    Task<Release> CreateAsync(Release release, CancellationToken ct = default);

    /// <summary>Replaces a stored revision.</summary>
    /// <returns>The release with what the store noted on it.</returns>
    /// <exception cref="ReleaseNotFoundException">There is no such revision.</exception>
    /// <exception cref="RevisionStoreException">The store failed, or the record was changed by another since it was read.</exception>
    Task<Release> UpdateAsync(Release release, CancellationToken ct = default);

    /// <summary>Deletes a revision.</summary>
    /// <exception cref="ReleaseNotFoundException">There is no such revision.</exception>
    /// <exception cref="RevisionStoreException">The store failed.</exception>
    Task DeleteAsync(string ns, string name, int revision, CancellationToken ct = default);
}

/// <summary>Which revisions are wanted.</summary>
public sealed record RevisionQuery
{
    /// <summary>The namespace; null is all.</summary>
    public string? Namespace { get; init; }

    /// <summary>The release; null is all.</summary>
    public string? Name { get; init; }

    /// <summary>The status the labels must tell; null is any.</summary>
    public ReleaseStatus? Status { get; init; }

    /// <summary>Whether only the newest revision of each release is wanted, which a store may answer without reading the others.</summary>
    public bool NewestOnly { get; init; }
}

/// <summary>A revision in a store: what the labels tell at once, the record itself when it is asked for.</summary>
public sealed class StoredRevision
{
    private readonly Lazy<Release> _release;

    /// <summary>Makes it.</summary>
    /// <param name="ns">The namespace.</param>
    /// <param name="name">The release's name.</param>
    /// <param name="revision">The revision.</param>
    /// <param name="status">The status as the labels (or columns) tell.</param>
    /// <param name="labels">All labels of the storing object, Helm's own among them.</param>
    /// <param name="decode">Reads the record; called once at most.</param>
    public StoredRevision(string ns, string name, int revision, ReleaseStatus status, IReadOnlyDictionary<string, string> labels, Func<Release> decode)
    {
        Namespace = ns;
        Name = name;
        Revision = revision;
        Status = status;
        Labels = labels;
        _release = new Lazy<Release>(decode, LazyThreadSafetyMode.ExecutionAndPublication);
    }

    /// <summary>The namespace.</summary>
    public string Namespace { get; }

    /// <summary>The release's name.</summary>
    public string Name { get; }

    /// <summary>The revision.</summary>
    public int Revision { get; }

    /// <summary>The status as the labels tell; the record's own is the truth.</summary>
    public ReleaseStatus Status { get; }

    /// <summary>All labels of the storing object, Helm's own among them.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; }

    /// <summary>The record, read on first use.</summary>
    /// <exception cref="ReleaseRecordException">It cannot be read.</exception>
    public Release Release => _release.Value;
}
