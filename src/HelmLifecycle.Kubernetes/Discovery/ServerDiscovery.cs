namespace HelmLifecycle.Kubernetes;

internal sealed class ServerDiscovery(KubernetesClient client) : IDiscovery
{
    public Task<ServerVersion> VersionAsync(CancellationToken ct = default) => throw new NotSupportedException(client.ToString());
    public Task<IReadOnlyList<ApiResource>> ResourcesAsync(CancellationToken ct = default) => throw new NotSupportedException();
    public Task<ApiResource?> FindAsync(GroupVersionKind gvk, CancellationToken ct = default) => throw new NotSupportedException();
    public Task<ApiResource?> FindByWordAsync(string word, CancellationToken ct = default) => throw new NotSupportedException();
    public Task<IReadOnlyList<string>> ApiVersionsAsync(CancellationToken ct = default) => throw new NotSupportedException();
    public void Invalidate() => throw new NotSupportedException();
}
