using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>Keeps revisions as files under a folder.</summary>
public sealed class FileRevisionStore(string folder) : IRevisionStore
{
    /// <inheritdoc/>
    public Task<StoredRevision> GetAsync(string ns, string name, int revision, CancellationToken ct = default) => throw new NotSupportedException(folder);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredRevision>> QueryAsync(RevisionQuery query, CancellationToken ct = default) => throw new NotSupportedException(folder);

    /// <inheritdoc/>
    public Task<Release> CreateAsync(Release release, CancellationToken ct = default) => throw new NotSupportedException(folder);

    /// <inheritdoc/>
    public Task<Release> UpdateAsync(Release release, CancellationToken ct = default) => throw new NotSupportedException(folder);

    /// <inheritdoc/>
    public Task DeleteAsync(string ns, string name, int revision, CancellationToken ct = default) => throw new NotSupportedException(folder);
}
