using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>
/// What a set of manifests asks of a cluster: pods, CPU, memory and storage, over all workloads with their replicas. A DaemonSet counts
/// as one pod, since how many nodes it meets is not in its manifest; a CronJob counts as none.
/// </summary>
/// <param name="Pods">Pods.</param>
/// <param name="CpuRequests">Requested CPU, in cores.</param>
/// <param name="CpuLimits">CPU limits, in cores.</param>
/// <param name="MemoryRequests">Requested memory, in bytes.</param>
/// <param name="MemoryLimits">Memory limits, in bytes.</param>
/// <param name="Storage">Requested volume sizes, in bytes.</param>
public sealed record ResourceTotals(int Pods, decimal CpuRequests, decimal CpuLimits, decimal MemoryRequests, decimal MemoryLimits, decimal Storage)
{
    /// <summary>Nothing.</summary>
    public static ResourceTotals Zero { get; } = new(0, 0, 0, 0, 0, 0);

    /// <summary>Adds up a manifest.</summary>
    /// <param name="manifest">The manifest as stored with a revision.</param>
    /// <exception cref="Templates.YamlException">A document is no YAML.</exception>
    public static ResourceTotals Of(string manifest) => ResourceArithmetic.Sum(PlanDocument.Read(manifest).Select(d => d.Object));

    /// <summary>CPU as Kubernetes writes it: <c>250m</c>, <c>2</c>.</summary>
    public static string Cpu(decimal cores) => cores == decimal.Truncate(cores)
        ? cores.ToString("0", CultureInfo.InvariantCulture)
        : (cores * 1000).ToString("0.###", CultureInfo.InvariantCulture) + "m";

    /// <summary>Bytes as Kubernetes writes them: <c>64Mi</c>, <c>1.5Gi</c>.</summary>
    public static string Bytes(decimal bytes)
    {
        string[] units = ["", "Ki", "Mi", "Gi", "Ti", "Pi"];
        int unit = 0;
        while (unit < units.Length - 1 && bytes >= 1024 && (bytes >= 1024 * 1024 || bytes % 1024 == 0))
        {
            bytes /= 1024;
            unit++;
        }

        return bytes.ToString("0.##", CultureInfo.InvariantCulture) + units[unit];
    }
}

/// <summary>What a change asks of the cluster, before and after.</summary>
/// <param name="Before">Before.</param>
/// <param name="After">After.</param>
public sealed record ResourceImpact(ResourceTotals Before, ResourceTotals After);

/// <summary>Sums over pod templates.</summary>
internal static class ResourceArithmetic
{
    public static ResourceTotals Sum(IEnumerable<KubernetesObject> objects)
    {
        ResourceTotals total = ResourceTotals.Zero;
        foreach (KubernetesObject o in objects)
        {
            JsonObject? spec = o.Spec;
            (int pods, JsonNode? pod) = o.Kind switch
            {
                "Pod" => (1, spec),
                "Deployment" or "StatefulSet" or "ReplicaSet" or "ReplicationController" => (Count(spec?["replicas"], 1), spec?["template"]?["spec"]),
                "DaemonSet" => (1, spec?["template"]?["spec"]),
                "Job" => (Count(spec?["parallelism"], 1), spec?["template"]?["spec"]),
                _ => (0, null),
            };
            total = Add(total, pods, pod as JsonObject);
            decimal storage = o.Kind == "PersistentVolumeClaim" ? Storage(spec) : 0;
            if (o.Kind == "StatefulSet" && spec?["volumeClaimTemplates"] is JsonArray claims)
                storage = pods * claims.Sum(c => Storage(c?["spec"]));
            total = total with { Storage = total.Storage + storage };
        }

        return total;
    }

    private static ResourceTotals Add(ResourceTotals total, int pods, JsonObject? pod) => pods == 0 ? total : total with
    {
        Pods = total.Pods + pods,
        CpuRequests = total.CpuRequests + pods * Of(pod, "requests", "cpu"),
        CpuLimits = total.CpuLimits + pods * Of(pod, "limits", "cpu"),
        MemoryRequests = total.MemoryRequests + pods * Of(pod, "requests", "memory"),
        MemoryLimits = total.MemoryLimits + pods * Of(pod, "limits", "memory"),
    };

    // As the scheduler counts: the containers' sum or the largest init container, whichever is more; sidecars count with the containers.
    private static decimal Of(JsonObject? pod, string section, string resource)
    {
        decimal Amount(JsonNode? container)
        {
            JsonNode? quantity = container?["resources"]?[section]?[resource];
            if (quantity is null && section == "requests")
                quantity = container?["resources"]?["limits"]?[resource];
            return quantity is null ? 0 : Quantity(FieldDiff.Text(quantity));
        }

        JsonArray inits = pod?["initContainers"] as JsonArray ?? [];
        decimal sum = (pod?["containers"] as JsonArray ?? []).Sum(Amount) + inits.Where(IsSidecar).Sum(Amount);
        return inits.Where(c => !IsSidecar(c)).Select(Amount).Append(sum).Max();
    }

    private static bool IsSidecar(JsonNode? container) => container?["restartPolicy"] is { } policy && FieldDiff.Text(policy) == "Always";

    private static decimal Storage(JsonNode? claim) =>
        claim?["resources"]?["requests"]?["storage"] is { } quantity ? Quantity(FieldDiff.Text(quantity)) : 0;

    private static int Count(JsonNode? number, int absent) =>
        number is JsonValue && number.GetValueKind() == JsonValueKind.Number && int.TryParse(number.ToJsonString(), CultureInfo.InvariantCulture, out int count)
            ? count
            : absent;

    /// <returns>0 for a text that is no quantity: the API server will say so, a plan need not.</returns>
    internal static decimal Quantity(string text)
    {
        int end = text.AsSpan().IndexOfAnyExcept("+-.0123456789");
        string unit = end < 0 ? "" : text[end..];
        if (!decimal.TryParse(end < 0 ? text : text[..end], NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number))
            return 0;
        decimal? factor = unit switch
        {
            "" => 1m,
            "n" => 1e-9m,
            "u" => 1e-6m,
            "m" => 1e-3m,
            "k" => 1e3m,
            "M" => 1e6m,
            "G" => 1e9m,
            "T" => 1e12m,
            "P" => 1e15m,
            "E" => 1e18m,
            "Ki" => 1024m,
            "Mi" => 1024m * 1024,
            "Gi" => 1024m * 1024 * 1024,
            "Ti" => 1024m * 1024 * 1024 * 1024,
            "Pi" => 1024m * 1024 * 1024 * 1024 * 1024,
            "Ei" => 1024m * 1024 * 1024 * 1024 * 1024 * 1024,
            _ => null,
        };
        if (factor is { } f)
            return number * f;
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) ? number : 0;
    }
}
