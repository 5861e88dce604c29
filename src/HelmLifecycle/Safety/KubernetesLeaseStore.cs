using System.Text;
using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>
/// Keeps leases as objects of <c>coordination.k8s.io/v1</c>, <c>hlc.NAME</c> in the release's namespace. The account needs get, create, update and delete on
/// <c>leases</c>.
/// </summary>
public sealed class KubernetesLeaseStore : ILeaseStore
{
    private static readonly GroupVersionKind s_kind = GroupVersionKind.From("coordination.k8s.io/v1", "Lease");
    private readonly KubernetesClient _cluster;

    /// <summary>Leases in the cluster of a client.</summary>
    public KubernetesLeaseStore(KubernetesClient cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        _cluster = cluster;
    }

    /// <inheritdoc/>
    public async Task<ReleaseLease?> FindAsync(string ns, string name, CancellationToken ct = default)
    {
        try
        {
            // A lease that somebody emptied is nobody's, but it is there, and a write must name its version.
            return await _cluster.TryGetAsync(s_kind, ns, ObjectName(name), ct).ConfigureAwait(false) is { } o
                ? LeaseText.Read(o.Json["spec"], o.ResourceVersion) ?? new ReleaseLease("", default, default, TimeSpan.Zero, o.ResourceVersion)
                : null;
        }
        catch (KubernetesException e)
        {
            throw new RevisionStoreException($"lease: failed to get: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> TryWriteAsync(string ns, string name, ReleaseLease? seen, ReleaseLease? lease, CancellationToken ct = default)
    {
        try
        {
            if (lease is null)
            {
                if (seen is null) return true;
                await _cluster.SendJsonAsync(
                    new KubernetesRequest
                    {
                        Method = HttpMethod.Delete,
                        Path = $"apis/coordination.k8s.io/v1/namespaces/{Uri.EscapeDataString(ns)}/leases/{Uri.EscapeDataString(ObjectName(name))}",
                        Body = Encoding.UTF8.GetBytes(new JsonObject
                        {
                            ["kind"] = "DeleteOptions",
                            ["apiVersion"] = "v1",
                            ["preconditions"] = new JsonObject { ["resourceVersion"] = seen.Version },
                        }.ToJsonString()),
                    },
                    ct).ConfigureAwait(false);
                return true;
            }

            var metadata = new JsonObject { ["name"] = ObjectName(name), ["namespace"] = ns };
            if (seen?.Version is { } version) metadata["resourceVersion"] = version;
            metadata["labels"] = new JsonObject { ["app.kubernetes.io/managed-by"] = "HelmLifecycle" };
            var o = new KubernetesObject(new JsonObject
            {
                ["apiVersion"] = "coordination.k8s.io/v1",
                ["kind"] = "Lease",
                ["metadata"] = metadata,
                ["spec"] = LeaseText.Write(lease),
            });
            if (seen is null) await _cluster.CreateAsync(o, null, ct).ConfigureAwait(false);
            else await _cluster.ReplaceAsync(o, null, ct).ConfigureAwait(false);
            return true;
        }
        catch (KubernetesApiException e) when (e.IsConflict || e.IsAlreadyExists || e.IsNotFound && seen is not null)
        {
            return false;
        }
        catch (KubernetesException e)
        {
            throw new RevisionStoreException($"lease: failed to write: {e.Message}", e);
        }
    }

    private static string ObjectName(string release) => "hlc." + release;
}
