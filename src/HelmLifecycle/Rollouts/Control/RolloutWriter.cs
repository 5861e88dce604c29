using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>
/// Writes single objects in one request each, so that switching traffic is one round trip. What the release applies server-side is applied so here too: no second field manager is left behind
/// that the next upgrade would meet.
/// </summary>
internal sealed class RolloutWriter(KubernetesClient cluster, bool serverSide, bool force)
{
    /// <summary>A release's own object in a changed form, or one of somebody else.</summary>
    public Task WriteAsync(RestoredObject change, CancellationToken ct) => change.Owned && serverSide
        ? cluster.ApplyAsync(change.Object, new ApplyOptions { Force = force, FieldValidation = FieldValidation.Strict }, ct)
        : cluster.PatchAsync(change.Object.Gvk, change.Object.Namespace, change.Object.Name, new PatchBody(PatchType.Merge, Patch(change)), null, ct);

    /// <summary>An object of the rollout's own: made, or brought to this form.</summary>
    public Task UpsertAsync(KubernetesObject o, CancellationToken ct) => cluster.ApplyAsync(o, new ApplyOptions { Force = true }, ct);

    private static JsonObject Patch(RestoredObject change)
    {
        var spec = change.Object.Spec ?? [];
        var patch = change.Object.Kind switch
        {
            "Service" => new JsonObject { ["selector"] = spec["selector"]?.DeepClone() },
            "Deployment" or "StatefulSet" => new JsonObject { ["replicas"] = spec["replicas"]?.DeepClone() },
            _ => (JsonObject)spec.DeepClone(),
        };
        foreach (string key in change.DropSelectorKeys) patch["selector"]![key] = null;
        return new JsonObject { ["spec"] = patch };
    }
}
