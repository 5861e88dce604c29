namespace HelmLifecycle.Kubernetes;

/// <summary>Finds out why objects are not ready.</summary>
/// <param name="client">The client.</param>
public sealed class Diagnostics(KubernetesClient client)
{
    /// <summary>Looks at the objects, at what they own, at logs and events. What may not be read is left out; nothing is thrown for it.</summary>
    /// <param name="objects">The objects: kind, namespace and name are enough.</param>
    /// <param name="ct">Stops the call.</param>
    public Task<Diagnosis> ExplainAsync(IEnumerable<KubernetesObject> objects, CancellationToken ct = default) =>
        throw new NotSupportedException(client.ToString());
}
