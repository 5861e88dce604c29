using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Refuses what would exceed a ResourceQuota of its namespace. For callers that hold the store's write lock.</summary>
internal static class QuotaAdmission
{
    public static void Check(ObjectStore store, ResourceKey resource, string? ns, JsonObject o)
    {
        if (string.IsNullOrEmpty(ns) || store.Snapshot(ClusterResources.Quotas).IsEmpty)
        {
            return;
        }

        foreach (StoredObject quota in store.List(ClusterResources.Quotas, ns))
        {
            var requested = new List<string>();
            var used = new List<string>();
            var limited = new List<string>();
            foreach ((string key, JsonNode? limit) in (quota.View.Map("spec", "hard") ?? []).OrderBy(p => p.Key, StringComparer.Ordinal))
            {
                if (resource == ClusterResources.Pods && MissingFor(o, key) is { } containers)
                {
                    throw Forbidden(resource, o, $"failed quota: {quota.Name}: must specify {key} for: {containers}");
                }

                Quantity charge = QuotaUsage.Charge(resource, o, key);
                if (charge.IsZero || !Quantity.TryParse(limit.Text(), out Quantity most))
                {
                    continue;
                }

                Quantity now = QuotaUsage.Of(store, ns, key);
                if ((now + charge).CompareTo(most) > 0)
                {
                    requested.Add($"{key}={charge}");
                    used.Add($"{key}={now}");
                    limited.Add($"{key}={most}");
                }
            }

            if (requested.Count > 0)
            {
                throw Forbidden(resource, o, $"exceeded quota: {quota.Name}, requested: {string.Join(',', requested)}, used: {string.Join(',', used)}, limited: {string.Join(',', limited)}");
            }
        }
    }

    /// <summary>With a quota on computing resources every container must say what it takes.</summary>
    private static string? MissingFor(JsonObject pod, string key)
    {
        (string Part, string Resource)? what = key switch
        {
            "cpu" or "requests.cpu" => ("requests", "cpu"),
            "memory" or "requests.memory" => ("requests", "memory"),
            "limits.cpu" => ("limits", "cpu"),
            "limits.memory" => ("limits", "memory"),
            _ => null,
        };
        if (what is not { } wanted)
        {
            return null;
        }

        List<string> names = [.. pod.Items("spec", "containers").Where(c => c.At("resources", wanted.Part, wanted.Resource) is null).Select(c => c.Text("name") ?? "")];
        return names.Count > 0 ? string.Join(',', names) : null;
    }

    private static ApiError Forbidden(ResourceKey resource, JsonObject o, string message)
    {
        string name = o.Name() is { Length: > 0 } given ? given : o.Text("metadata", "generateName") ?? "";
        return ApiErrors.Forbidden(resource, name, message);
    }
}
