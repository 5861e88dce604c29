using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes;

public sealed partial class KubernetesClient
{
    /// <summary>Lists all objects of a kind, page after page.</summary>
    /// <param name="gvk">The kind.</param>
    /// <param name="ns">The namespace; null for all namespaces.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="ct">Stops the call.</param>
    public Task<KubernetesList> ListAsync(GroupVersionKind gvk, string? ns, ListOptions? options = null, CancellationToken ct = default) =>
        throw new NotSupportedException();

    /// <summary>Reads one page of a list.</summary>
    /// <param name="gvk">The kind.</param>
    /// <param name="ns">The namespace; null for all namespaces.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="ct">Stops the call.</param>
    public Task<KubernetesList> ListPageAsync(GroupVersionKind gvk, string? ns, ListOptions? options = null, CancellationToken ct = default) =>
        throw new NotSupportedException();

    /// <summary>Lists all objects of a kind one by one; neither the list nor a page is held in memory.</summary>
    /// <param name="gvk">The kind.</param>
    /// <param name="ns">The namespace; null for all namespaces.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="ct">Stops the call.</param>
    public IAsyncEnumerable<KubernetesObject> EnumerateAsync(
        GroupVersionKind gvk, string? ns, ListOptions? options = null, CancellationToken ct = default) =>
        throw new NotSupportedException();

    /// <summary>Reads a list as a Table, the form that <c>kubectl get</c> prints.</summary>
    /// <param name="gvk">The kind.</param>
    /// <param name="ns">The namespace; null for all namespaces.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="ct">Stops the call.</param>
    public Task<JsonObject> TableAsync(GroupVersionKind gvk, string? ns, ListOptions? options = null, CancellationToken ct = default) =>
        throw new NotSupportedException();

    /// <summary>
    /// Watches the objects of a kind for as long as the caller reads. The watch resumes by itself: after an end by the server or a lost connection from the last
    /// resourceVersion, after <c>410 Gone</c> with a new list, whose differences to what was told are told as events.
    /// </summary>
    /// <param name="gvk">The kind.</param>
    /// <param name="ns">The namespace; null for all namespaces.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="ct">Ends the watch.</param>
    /// <exception cref="KubernetesApiException">The API refuses to list or watch the kind.</exception>
    public IAsyncEnumerable<WatchEvent> WatchAsync(
        GroupVersionKind gvk, string? ns, WatchOptions? options = null, CancellationToken ct = default) =>
        throw new NotSupportedException();
}
