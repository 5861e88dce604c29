using System.Text.Json;
using System.Text.Json.Nodes;
using HelmLifecycle.Charts;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>What is worth a warning: fields that Kubernetes does not let change, versions that are gone, risks of downtime and of loss.</summary>
internal static class PlanRules
{
    // Kind -> paths whose change the API server refuses (its validation of updates).
    private static readonly Dictionary<string, string[]> s_immutable = new(StringComparer.Ordinal)
    {
        ["Deployment"] = ["spec.selector"],
        ["ReplicaSet"] = ["spec.selector"],
        ["DaemonSet"] = ["spec.selector"],
        ["StatefulSet"] = ["spec.selector", "spec.serviceName", "spec.volumeClaimTemplates", "spec.podManagementPolicy"],
        ["Job"] = ["spec.selector", "spec.template", "spec.completionMode", "spec.podFailurePolicy"],
        ["PersistentVolumeClaim"] = ["spec.accessModes", "spec.storageClassName", "spec.volumeMode", "spec.volumeName", "spec.selector", "spec.dataSource"],
        ["PersistentVolume"] = ["spec.persistentVolumeSource", "spec.volumeMode"],
        ["StorageClass"] = ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"],
        ["RoleBinding"] = ["roleRef"],
        ["ClusterRoleBinding"] = ["roleRef"],
        ["Secret"] = ["type"],
        ["PriorityClass"] = ["value", "preemptionPolicy"],
        ["RuntimeClass"] = ["handler"],
        ["IngressClass"] = ["spec.controller"],
    };

    public static IEnumerable<PlanWarning> For(
        PlanDocument? before, PlanDocument? after, IReadOnlyList<PlanDocument> all, KubeVersion? version, bool recreated)
    {
        KubernetesObject any = (after ?? before)!.Object;
        string title = $"{any.Kind}/{any.Name}";
        if (after is not null && version is not null && DeprecatedApis.Find(any.ApiVersion, any.Kind, version) is { } api)
        {
            string instead = api.Replacement.Length > 0 ? "; use " + api.Replacement : "";
            yield return DeprecatedApis.IsRemoved(api, version)
                ? new(PlanWarningKind.RemovedApi, title, $"Kubernetes {version} does not serve {api.ApiVersion} {api.Kind}{instead}")
                : new(PlanWarningKind.DeprecatedApi, title, api.Message);
        }

        foreach (PlanWarning warning in (before, after) switch
        {
            ({ } old, { } now) => Changed(old.Object, now.Object, title, all, recreated),
            ({ } old, null) => Removed(old.Object, title),
            _ => [],
        })
        {
            yield return warning;
        }
    }

    private static IEnumerable<PlanWarning> Changed(
        KubernetesObject before, KubernetesObject after, string title, IReadOnlyList<PlanDocument> all, bool recreated)
    {
        foreach (string path in s_immutable.GetValueOrDefault(after.Kind) ?? [])
        {
            JsonNode? a = At(before.Json, path), b = At(after.Json, path);
            if (!JsonNode.DeepEquals(a, b) && a is not null && b is not null && !recreated)
                yield return new(PlanWarningKind.ImmutableField, title, $"{path} cannot be changed on a live object; allow {title} to be recreated, or give it another name");
        }

        if (after.Kind is "ConfigMap" or "Secret" && before.Json["immutable"]?.GetValueKind() == JsonValueKind.True &&
            !(JsonNode.DeepEquals(before.Json["data"], after.Json["data"]) && JsonNode.DeepEquals(before.Json["stringData"], after.Json["stringData"])))
        {
            yield return new(PlanWarningKind.ImmutableField, title, "it is marked immutable, so its data cannot be changed");
        }

        if (after.Kind == "Service" && Text(before.Spec?["clusterIP"]) is { Length: > 0 } ip && Text(after.Spec?["clusterIP"]) is { Length: > 0 } other && ip != other)
            yield return new(PlanWarningKind.ImmutableField, title, $"spec.clusterIP cannot be changed from {ip} to {other}");

        if (after.Kind == "PersistentVolumeClaim" && Size(after) is { } size && Size(before) is { } oldSize && size < oldSize)
            yield return new(PlanWarningKind.ImmutableField, title, "a volume claim cannot be made smaller");

        if (recreated)
            yield return new(PlanWarningKind.Downtime, title, "it will be deleted and created anew");

        bool rolls = !JsonNode.DeepEquals(before.Spec?["template"], after.Spec?["template"]);
        int replicas = after.Spec?["replicas"] is JsonValue number && number.TryGetValue(out int count) ? count : 1;
        if (rolls && replicas > 0 && after.Kind == "Deployment" && Text(after.Spec?["strategy"]?["type"]) == "Recreate")
            yield return new(PlanWarningKind.Downtime, title, "the strategy is Recreate: all old pods stop before the first new one starts");
        else if (rolls && replicas == 1 && after.Kind == "Deployment" && IsZero(after.Spec?["strategy"]?["rollingUpdate"]?["maxSurge"]))
            yield return new(PlanWarningKind.Downtime, title, "one replica without surge: the old pod stops before the new one is ready");
        else if (rolls && replicas == 1 && after.Kind == "StatefulSet")
            yield return new(PlanWarningKind.Downtime, title, "a single replica: it stops before the new one starts");
        else if (rolls && replicas == 1 && after.Kind == "Deployment")
            yield return new(PlanWarningKind.Downtime, title, "a single replica: nothing else answers if the node or the new pod fails");

        if (rolls && replicas > 1 && after.Kind is "Deployment" or "StatefulSet" && !HasBudget(after, all))
            yield return new(PlanWarningKind.Downtime, title, "no PodDisruptionBudget covers its pods: a node drain may stop them all at once");
    }

    private static IEnumerable<PlanWarning> Removed(KubernetesObject before, string title)
    {
        switch (before.Kind)
        {
            case "PersistentVolumeClaim":
                yield return new(PlanWarningKind.DataLoss, title, "its volume, and the data on it, may be deleted with it");
                break;
            case "CustomResourceDefinition":
                yield return new(PlanWarningKind.DataLoss, title, "every object of its kind in the whole cluster is deleted with it");
                break;
            case "Namespace":
                yield return new(PlanWarningKind.DataLoss, title, "everything inside is deleted with it");
                break;
            case "StatefulSet" when before.Spec is { } spec && spec["volumeClaimTemplates"] is JsonArray { Count: > 0 }:
                yield return new(PlanWarningKind.Downtime, title, "its volume claims stay, its pods go");
                break;
        }
    }

    private static bool HasBudget(KubernetesObject workload, IReadOnlyList<PlanDocument> all)
    {
        if (workload.Spec?["template"]?["metadata"]?["labels"] is not JsonObject labels)
            return false;
        return all.Any(d => d.Object.Kind == "PodDisruptionBudget" && (d.Object.Namespace ?? "") == (workload.Namespace ?? "") &&
            d.Object.Spec?["selector"]?["matchLabels"] is JsonObject wanted && wanted.All(p => JsonNode.DeepEquals(labels[p.Key], p.Value)));
    }

    private static decimal? Size(KubernetesObject claim) =>
        claim.Spec?["resources"]?["requests"]?["storage"] is { } size ? ResourceArithmetic.Quantity(FieldDiff.Text(size)) : null;

    private static bool IsZero(JsonNode? value) => value is not null && FieldDiff.Text(value) is "0" or "0%";

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? (string?)node : null;

    private static JsonNode? At(JsonNode? node, string path)
    {
        foreach (string part in path.Split('.'))
            node = (node as JsonObject)?[part];
        return node;
    }
}
