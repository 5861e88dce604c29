using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>Reads the logs of the pods of a hook: the pod itself, or those of its job.</summary>
internal static class HookLogs
{
    private static readonly GroupVersionKind Pod = new("", "v1", "Pod");

    /// <summary>The logs, as far as they can be read: what is missing is warned of.</summary>
    public static async Task<IReadOnlyList<HookLog>> TryReadAsync(ActionContext context, ReleaseHook hook, CancellationToken ct)
    {
        try
        {
            return await ReadAsync(context, hook, includeInit: false, ct).ConfigureAwait(false);
        }
        catch (ReleaseException e)
        {
            context.Warn(e.Message);
            return [];
        }
    }

    /// <exception cref="ReleaseException">They cannot be read.</exception>
    public static async Task<IReadOnlyList<HookLog>> ReadAsync(ActionContext context, ReleaseHook hook, bool includeInit, CancellationToken ct)
    {
        if (hook.Kind is not ("Job" or "Pod")) return [];
        var logs = new List<HookLog>();
        try
        {
            string ns = context.Namespace;
            foreach (var o in await ManifestObjects.BuildAsync(context.Cluster, hook.Manifest, context.Namespace, validate: false, ct).ConfigureAwait(false))
            {
                ns = o.Namespace ?? ns;
            }

            var options = hook.Kind == "Job"
                ? new ListOptions { LabelSelector = "job-name=" + hook.Name }
                : new ListOptions { FieldSelector = "metadata.name=" + hook.Name };
            var pods = await context.Cluster.ListAsync(Pod, ns, options, ct).ConfigureAwait(false);
            if (hook.Kind == "Pod" && pods.Items.Count == 0) throw new KubernetesException($"pods {Go.Quote(hook.Name)} not found");
            foreach (var pod in pods.Items)
            {
                foreach (string container in Containers(pod, includeInit))
                {
                    string text = await context.Cluster.PodLogsAsync(ns, pod.Name, new PodLogOptions { Container = container }, ct).ConfigureAwait(false);
                    logs.Add(new HookLog(pod.Name, container, text));
                }
            }
        }
        catch (Exception e) when (e is KubernetesException or ReleaseException)
        {
            throw new ReleaseException($"unable to get pod logs for {hook.Name}: {e.Message}", e);
        }

        return logs;
    }

    public static IEnumerable<string> Containers(KubernetesObject pod, bool includeInit)
    {
        IEnumerable<string> keys = includeInit ? ["initContainers", "containers"] : ["containers"];
        return keys.SelectMany(k => pod.Spec?[k] as System.Text.Json.Nodes.JsonArray ?? [])
            .Select(c => c?["name"]?.GetValue<string>()).OfType<string>();
    }
}
