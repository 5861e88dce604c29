using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>Deletes the pods of workloads that an upgrade or rollback changed: Helm 3's deprecated <c>--recreate-pods</c>. Failures are told, not thrown.</summary>
internal sealed class PodRecreator(ActionContext context, ObjectApplier applier)
{
    private static readonly GroupVersionKind Pod = new("", "v1", "Pod");

    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var o in applier.Updated)
        {
            if (Selector(o) is not { Length: > 0 } selector) continue;
            try
            {
                var pods = await context.Cluster.ListAsync(Pod, o.Namespace, new ListOptions { LabelSelector = selector }, ct).ConfigureAwait(false);
                foreach (var pod in pods.Items)
                {
                    var body = new JsonObject
                    {
                        ["kind"] = "DeleteOptions",
                        ["apiVersion"] = "v1",
                        ["preconditions"] = new JsonObject { ["uid"] = pod.Uid },
                    };
                    await context.Cluster.SendJsonAsync(
                        new KubernetesRequest
                        {
                            Method = HttpMethod.Delete,
                            Path = $"api/v1/namespaces/{Uri.EscapeDataString(pod.Namespace!)}/pods/{Uri.EscapeDataString(pod.Name)}",
                            Body = System.Text.Encoding.UTF8.GetBytes(body.ToJsonString()),
                        },
                        ct).ConfigureAwait(false);
                }
            }
            catch (KubernetesException e)
            {
                context.Warn(e.Message);
            }
        }
    }

    private static string? Selector(KubernetesObject o)
    {
        var selector = o.Spec?["selector"] as JsonObject;
        if (o.Kind is "Service" or "ReplicationController") return Pairs(selector);
        return o.Kind is "Deployment" or "StatefulSet" or "DaemonSet" or "ReplicaSet" or "Job" ? Pairs(selector?["matchLabels"] as JsonObject) : null;
    }

    private static string? Pairs(JsonObject? labels) => labels is null
        ? null
        : string.Join(',', labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value?.GetValue<string>()}"));
}
