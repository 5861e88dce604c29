using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Rules of claims, volumes and storage classes.</summary>
internal static class VolumeRules
{
    private static readonly string[] s_modes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

    public static void PrepareClaim(WriteContext context, JsonObject json)
    {
        json["status"] = new JsonObject { ["phase"] = "Pending" };
        JsonObject metadata = Json.Meta(json);
        string[] finalizers = [.. Json.StringItems(metadata, "finalizers")];
        if (!finalizers.Contains("kubernetes.io/pvc-protection"))
        {
            metadata["finalizers"] = Json.Strings([.. finalizers, "kubernetes.io/pvc-protection"]);
        }
    }

    public static void PrepareVolume(WriteContext context, JsonObject json)
    {
        json["status"] = new JsonObject { ["phase"] = "Pending", ["lastPhaseTransitionTime"] = context.Server.Clock.Stamp };
        JsonObject metadata = Json.Meta(json);
        string[] finalizers = [.. Json.StringItems(metadata, "finalizers")];
        if (!finalizers.Contains("kubernetes.io/pv-protection"))
        {
            metadata["finalizers"] = Json.Strings([.. finalizers, "kubernetes.io/pv-protection"]);
        }
    }

    public static void Claim(WriteContext context, JsonObject json, FieldErrors errors)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        if (Json.IsEmpty(spec["accessModes"]))
        {
            errors.Required("spec.accessModes", "at least 1 access mode is required");
        }

        foreach (string mode in Json.StringItems(spec, "accessModes").Where(m => !s_modes.Contains(m)))
        {
            errors.NotSupported("spec.accessModes", GoText.Quote(mode), s_modes);
        }

        SelectorRules.Check(Json.Object(spec, "selector"), "spec.selector", errors);
        string? storage = Json.String(spec, "resources", "requests", "storage");
        if (storage is null)
        {
            errors.Required("spec.resources[storage]");
        }
        else if (Quantity.TryParse(storage, out Quantity size) && (size.IsZero || size.IsNegative))
        {
            errors.InvalidText("spec.resources[storage]", size.ToString(), "must be greater than zero");
        }

        if (Json.Text(spec, "storageClassName") is { Length: > 0 } name)
        {
            foreach (string error in MetadataRules.SubdomainErrors(name))
            {
                errors.InvalidText("spec.storageClassName", name, error);
            }
        }
    }

    public static void ClaimUpdate(WriteContext context, JsonObject json, JsonObject old, FieldErrors errors)
    {
        Claim(context, json, errors);
        JsonObject spec = (JsonObject)Json.Ensure(json, "spec").DeepClone();
        JsonObject before = (JsonObject)Json.Ensure(old, "spec").DeepClone();
        bool bound = Json.Text(old, "status", "phase") == "Bound";
        string now = Json.Text(spec, "resources", "requests", "storage");
        string was = Json.Text(before, "resources", "requests", "storage");
        if (bound)
        {
            spec["resources"] = before["resources"]?.DeepClone();
        }

        if (Json.Text(before, "volumeName").Length == 0)
        {
            spec.Remove("volumeName"); // the binder fills it in
        }

        bool same = spec.Select(p => p.Key).Union(before.Select(p => p.Key)).All(k => Json.SameOrEmpty(spec[k], before[k]));
        if (!same)
        {
            errors.Forbidden("spec", "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n  core.PersistentVolumeClaimSpec{\n  }\n");
        }

        if (bound && Quantity.TryParse(now, out Quantity a) && Quantity.TryParse(was, out Quantity b) && a.CompareTo(b) < 0)
        {
            errors.Forbidden("spec.resources.requests.storage", "field can not be less than previous value");
        }
    }

    public static void Volume(WriteContext context, JsonObject json, FieldErrors errors)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        if (Json.IsEmpty(spec["accessModes"]))
        {
            errors.Required("spec.accessModes");
        }

        foreach (string mode in Json.StringItems(spec, "accessModes").Where(m => !s_modes.Contains(m)))
        {
            errors.NotSupported("spec.accessModes", GoText.Quote(mode), s_modes);
        }

        JsonObject? capacity = Json.Object(spec, "capacity");
        if (Json.IsEmpty(capacity))
        {
            errors.Required("spec.capacity");
        }

        if (capacity is null || !capacity.ContainsKey("storage") || capacity.Count > 1)
        {
            errors.NotSupported("spec.capacity", capacity is null ? "core.ResourceList(nil)" : "core.ResourceList{}", "storage");
        }
        else if (Quantity.TryParse(Json.Text(capacity, "storage"), out Quantity size) && (size.IsZero || size.IsNegative))
        {
            errors.InvalidText("spec.capacity[storage]", size.ToString(), "must be greater than zero");
        }

        SelectorRules.OneOf(Json.Text(spec, "persistentVolumeReclaimPolicy"), "spec.persistentVolumeReclaimPolicy", errors, false, "Delete", "Recycle", "Retain");
        int sources = spec.Count(p => p.Value is JsonObject && p.Key is not ("capacity" or "claimRef" or "nodeAffinity"));
        if (sources == 0)
        {
            errors.Required("spec", "must specify a volume type");
        }
        else if (sources > 1)
        {
            errors.Forbidden("spec", "may not specify more than 1 volume type");
        }
    }

    public static void VolumeUpdate(WriteContext context, JsonObject json, JsonObject old, FieldErrors errors)
    {
        Volume(context, json, errors);
        foreach ((string name, JsonNode? value) in Json.Ensure(old, "spec"))
        {
            if (value is JsonObject && name is not ("capacity" or "claimRef" or "nodeAffinity") && !Json.SameOrEmpty(value, Json.Get(json, "spec", name)))
            {
                errors.Forbidden("spec.persistentvolumesource", "spec.persistentvolumesource is immutable after creation\n  core.PersistentVolumeSource{\n  }\n");
            }
        }

        SelectorRules.Immutable(Json.Get(json, "spec", "volumeMode"), Json.Get(old, "spec", "volumeMode"), "spec.volumeMode", errors);
    }

    public static void StorageClass(WriteContext context, JsonObject json, FieldErrors errors)
    {
        string provisioner = Json.Text(json, "provisioner");
        if (provisioner.Length == 0)
        {
            errors.Required("provisioner");
        }
        else
        {
            foreach (string error in MetadataRules.QualifiedNameErrors(provisioner.ToLowerInvariant()))
            {
                errors.InvalidText("provisioner", provisioner, error);
            }
        }

        SelectorRules.OneOf(Json.Text(json, "reclaimPolicy"), "reclaimPolicy", errors, false, "Delete", "Retain");
        SelectorRules.OneOf(Json.Text(json, "volumeBindingMode"), "volumeBindingMode", errors, true, "Immediate", "WaitForFirstConsumer");
    }

    public static void StorageClassUpdate(WriteContext context, JsonObject json, JsonObject old, FieldErrors errors)
    {
        if (!Json.SameOrEmpty(json["parameters"], old["parameters"]))
        {
            errors.Forbidden("parameters", "updates to parameters are forbidden.");
        }

        if (!Json.SameOrEmpty(json["provisioner"], old["provisioner"]))
        {
            errors.Forbidden("provisioner", "updates to provisioner are forbidden.");
        }

        if (!Json.SameOrEmpty(json["reclaimPolicy"], old["reclaimPolicy"]))
        {
            errors.Forbidden("reclaimPolicy", "updates to reclaimPolicy are forbidden.");
        }

        SelectorRules.Immutable(json["volumeBindingMode"], old["volumeBindingMode"], "volumeBindingMode", errors);
    }
}
