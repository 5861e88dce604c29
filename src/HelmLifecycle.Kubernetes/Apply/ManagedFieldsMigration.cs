using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes;

/// <summary>Hands fields that a manager owns by client-side updates over to its server-side apply, as Helm 4 does before the first apply of an object that Helm 3 made.</summary>
public static class ManagedFieldsMigration
{
    /// <summary>The JSON patch that turns the manager's Update entry into an Apply entry (both are merged if both exist).</summary>
    /// <param name="live">The live object.</param>
    /// <param name="manager">The manager's name, <c>helm</c>.</param>
    /// <returns>The operations, or null when there is nothing to migrate.</returns>
    public static JsonArray? CreatePatch(KubernetesObject live, string manager) => throw new NotSupportedException();
}
