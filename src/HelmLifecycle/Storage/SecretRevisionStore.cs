using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>Keeps revisions in Secrets, as Helm does by default.</summary>
public sealed class SecretRevisionStore(KubernetesClient cluster) : IRevisionStore
{
    /// <inheritdoc/>
    public Task<StoredRevision> GetAsync(string ns, string name, int revision, CancellationToken ct = default) => throw new NotSupportedException(cluster.ToString());

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredRevision>> QueryAsync(RevisionQuery query, CancellationToken ct = default) => throw new NotSupportedException(cluster.ToString());

    /// <inheritdoc/>
    public Task<Release> CreateAsync(Release release, CancellationToken ct = default) => throw new NotSupportedException(cluster.ToString());

    /// <inheritdoc/>
    public Task<Release> UpdateAsync(Release release, CancellationToken ct = default) => throw new NotSupportedException(cluster.ToString());

    /// <inheritdoc/>
    public Task DeleteAsync(string ns, string name, int revision, CancellationToken ct = default) => throw new NotSupportedException(cluster.ToString());
}
