using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>Keeps revisions in ConfigMaps, as Helm does with HELM_DRIVER=configmap.</summary>
public sealed class ConfigMapRevisionStore(KubernetesClient cluster) : IRevisionStore
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
