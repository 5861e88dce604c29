namespace HelmLifecycle.Kubernetes;

public sealed partial class KubernetesClient
{
    /// <summary>Reads a pod's log.</summary>
    /// <param name="ns">The namespace; null for the default one.</param>
    /// <param name="pod">The pod.</param>
    /// <param name="options">Options; null for the whole log of the only container.</param>
    /// <param name="ct">Stops the call.</param>
    public async Task<string> PodLogsAsync(string? ns, string pod, PodLogOptions? options = null, CancellationToken ct = default)
    {
        using Stream stream = await PodLogStreamAsync(ns, pod, options, ct).ConfigureAwait(false);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(ct).ConfigureAwait(false);
    }

    /// <summary>Opens a pod's log as a stream.</summary>
    /// <param name="ns">The namespace; null for the default one.</param>
    /// <param name="pod">The pod.</param>
    /// <param name="options">Options; null for the whole log of the only container.</param>
    /// <param name="ct">Stops the call.</param>
    public Task<Stream> PodLogStreamAsync(string? ns, string pod, PodLogOptions? options = null, CancellationToken ct = default) =>
        throw new NotSupportedException();

    /// <summary>Evicts a pod: a deletion that respects disruption budgets.</summary>
    /// <param name="ns">The namespace; null for the default one.</param>
    /// <param name="pod">The pod.</param>
    /// <param name="options">Options of the deletion; null for the defaults.</param>
    /// <param name="ct">Stops the call.</param>
    /// <exception cref="KubernetesApiException">429 when a budget forbids it now.</exception>
    public Task EvictAsync(string? ns, string pod, DeleteOptions? options = null, CancellationToken ct = default) =>
        throw new NotSupportedException();

    /// <summary>GETs through the API's proxy from a pod or service. The caller disposes the answer.</summary>
    /// <param name="resource"><c>pods</c> or <c>services</c>.</param>
    /// <param name="ns">The namespace; null for the default one.</param>
    /// <param name="name">The name of the pod or service.</param>
    /// <param name="port">A port's number or name; null for the only one.</param>
    /// <param name="path">The path behind it, with query.</param>
    /// <param name="ct">Stops the call.</param>
    public Task<HttpResponseMessage> ProxyGetAsync(
        string resource, string? ns, string name, string? port = null, string path = "", CancellationToken ct = default) =>
        throw new NotSupportedException();
}
