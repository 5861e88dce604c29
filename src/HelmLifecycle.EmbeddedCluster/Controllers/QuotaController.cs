using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Adds up what the objects of a namespace use of its ResourceQuotas.</summary>
internal sealed class QuotaController(ClusterLoop loop) : Controller(loop, "resourcequota-controller")
{
    public override IReadOnlyList<ResourceKey>? Watches => null;

    public override void OnChange(StoreEvent change)
    {
        if (change.Resource == ClusterResources.Events || Store.Snapshot(ClusterResources.Quotas).IsEmpty)
        {
            return;
        }

        foreach (StoredObject quota in Store.List(ClusterResources.Quotas, change.Object.Namespace))
        {
            Enqueue(quota.Namespace, quota.Name);
        }
    }

    public override void Reconcile(string ns, string name)
    {
        if (Read(ClusterResources.Quotas, ns, name) is not { } quota || quota.Map("spec", "hard") is not { } hard)
        {
            return;
        }

        var used = new JsonObject();
        foreach ((string key, JsonNode? _) in hard)
        {
            used[key] = QuotaUsage.Of(Store, ns, key).ToString();
        }

        JsonObject status = quota.Map("status")?.Copy() ?? [];
        status["hard"] = hard.Copy();
        status["used"] = used;
        WriteStatus(ClusterResources.Quotas, quota, status);
    }
}

/// <summary>What is used of one key of a quota.</summary>
internal static class QuotaUsage
{
    public static Quantity Of(ObjectStore store, string ns, string key)
    {
        Quantity sum = default;
        foreach (ResourceKey resource in Counted(key))
        {
            foreach (StoredObject stored in store.List(resource, ns))
            {
                sum += Charge(resource, stored.View, key);
            }
        }

        return sum;
    }

    /// <summary>What one object uses of a key; zero if nothing.</summary>
    public static Quantity Charge(ResourceKey resource, JsonNode o, string key)
    {
        if (key.StartsWith("count/", StringComparison.Ordinal))
        {
            return key[6..] == resource.ToString() ? One() : default;
        }

        if (resource == ClusterResources.Pods)
        {
            if (o.Text("status", "phase") is "Succeeded" or "Failed")
            {
                return default;
            }

            return key switch
            {
                "pods" => One(),
                "cpu" or "requests.cpu" => PodResources.Sum(o, "requests", "cpu"),
                "memory" or "requests.memory" => PodResources.Sum(o, "requests", "memory"),
                "ephemeral-storage" or "requests.ephemeral-storage" => PodResources.Sum(o, "requests", "ephemeral-storage"),
                "limits.cpu" => PodResources.Sum(o, "limits", "cpu"),
                "limits.memory" => PodResources.Sum(o, "limits", "memory"),
                "limits.ephemeral-storage" => PodResources.Sum(o, "limits", "ephemeral-storage"),
                _ => default,
            };
        }

        if (resource == ClusterResources.Services)
        {
            string type = o.Text("spec", "type") ?? "ClusterIP";
            return key switch
            {
                "services" => One(),
                "services.loadbalancers" when type == "LoadBalancer" => One(),
                "services.nodeports" when type is "NodePort" or "LoadBalancer" => Number(o.Items("spec", "ports").Count()),
                _ => default,
            };
        }

        if (resource == ClusterResources.Claims)
        {
            return key == "persistentvolumeclaims" ? One() : key == "requests.storage" && Quantity.TryParse(o.Text("spec", "resources", "requests", "storage"), out Quantity size) ? size : default;
        }

        return key == resource.Resource && resource.Group.Length == 0 ? One() : default;
    }

    private static IEnumerable<ResourceKey> Counted(string key)
    {
        if (key.StartsWith("count/", StringComparison.Ordinal))
        {
            string[] parts = key[6..].Split('.', 2);
            return [new ResourceKey(parts.Length == 2 ? parts[1] : "", parts[0])];
        }

        return key switch
        {
            "services" or "services.loadbalancers" or "services.nodeports" => [ClusterResources.Services],
            "persistentvolumeclaims" or "requests.storage" => [ClusterResources.Claims],
            "configmaps" or "secrets" or "replicationcontrollers" or "resourcequotas" => [new ResourceKey("", key)],
            _ => [ClusterResources.Pods],
        };
    }

    private static Quantity One() => Number(1);

    private static Quantity Number(int count) =>
        Quantity.TryParse(count.ToString(System.Globalization.CultureInfo.InvariantCulture), out Quantity quantity) ? quantity : default;
}

/// <summary>What the containers of a pod ask for.</summary>
internal static class PodResources
{
    /// <summary>Containers added up, or the largest init container if that is more, plus the overhead.</summary>
    public static Quantity Sum(JsonNode pod, string part, string resource)
    {
        Quantity sum = default;
        foreach (JsonNode container in pod.Items("spec", "containers"))
        {
            sum += Of(container, part, resource);
        }

        Quantity sidecars = default;
        foreach (JsonNode container in pod.Items("spec", "initContainers"))
        {
            Quantity own = Of(container, part, resource);
            if (container.Text("restartPolicy") == "Always")
            {
                sidecars += own;
                sum += own;
            }
            else if ((own + sidecars).CompareTo(sum) > 0)
            {
                sum = own + sidecars;
            }
        }

        return Quantity.TryParse(pod.Text("spec", "overhead", resource), out Quantity overhead) ? sum + overhead : sum;
    }

    public static Quantity Of(JsonNode container, string part, string resource) =>
        Quantity.TryParse(container.Text("resources", part, resource), out Quantity quantity) ? quantity : default;
}
