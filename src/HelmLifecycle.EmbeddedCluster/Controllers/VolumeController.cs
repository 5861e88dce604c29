using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>
/// Binds claims to volumes: to one that is there and fits, or to a new one when the claim's StorageClass is one this cluster provisions. Takes the protection finalizers
/// off what nobody uses any more.
/// </summary>
internal sealed class VolumeController(ClusterLoop loop) : Controller(loop, "persistentvolume-binder")
{
    /// <summary>The provisioner of the default StorageClass.</summary>
    public const string Provisioner = "fake-kubelet/pv";

    private const string ClaimProtection = "kubernetes.io/pvc-protection";
    private const string VolumeProtection = "kubernetes.io/pv-protection";

    public override IReadOnlyList<ResourceKey>? Watches { get; } = [ClusterResources.Claims, ClusterResources.Volumes, ClusterResources.StorageClasses, ClusterResources.Pods];

    public override void OnChange(StoreEvent change)
    {
        if (change.Resource == ClusterResources.Claims)
        {
            Enqueue(change.Object.Namespace, change.Object.Name);
            if (change.Object.View.Text("spec", "volumeName") is { Length: > 0 } volume)
            {
                Enqueue("", volume);
            }

            return;
        }

        if (change.Resource == ClusterResources.Volumes)
        {
            Enqueue("", change.Object.Name);
        }

        foreach (StoredObject claim in Store.List(ClusterResources.Claims))
        {
            if (claim.View.Text("status", "phase") is null or "Pending")
            {
                Enqueue(claim.Namespace, claim.Name);
            }
        }
    }

    public override void OnPod(StoreEventType type, PodView pod)
    {
        foreach (JsonNode volume in pod.Json.Items("spec", "volumes"))
        {
            if (volume.Text("persistentVolumeClaim", "claimName") is { } claim)
            {
                Enqueue(pod.Namespace, claim);
            }
        }
    }

    public override void Reconcile(string ns, string name)
    {
        if (ns.Length == 0)
        {
            SyncVolume(name);
        }
        else if (Read(ClusterResources.Claims, ns, name) is { } claim)
        {
            SyncClaim(claim);
        }
    }

    private void SyncClaim(JsonObject claim)
    {
        if (claim.IsDeleting())
        {
            if (!InUse(claim))
            {
                RemoveFinalizer(ClusterResources.Claims, claim, ClaimProtection);
            }

            return;
        }

        if (claim.Text("status", "phase") is not (null or "Pending"))
        {
            return;
        }

        string className = claim.Text("spec", "storageClassName") ?? "";
        JsonObject? volume = claim.Text("spec", "volumeName") is { Length: > 0 } asked
            ? Read(ClusterResources.Volumes, "", asked)
            : FindVolume(claim, className);
        JsonObject? storage = className.Length > 0 ? Read(ClusterResources.StorageClasses, "", className) : null;
        bool waits = storage.Text("volumeBindingMode") == "WaitForFirstConsumer" && !Scheduled(claim);
        if (volume is null)
        {
            if (storage is null)
            {
                Event(claim, className.Length > 0 ? "ProvisioningFailed" : "FailedBinding", className.Length > 0
                    ? $"storageclass.storage.k8s.io \"{className}\" not found"
                    : "no persistent volumes available for this claim and no storage class is set", warning: className.Length > 0);
                return;
            }

            if (waits)
            {
                Event(claim, "WaitForFirstConsumer", "waiting for first consumer to be created before binding");
                return;
            }

            string provisioner = storage.Text("provisioner") ?? "";
            claim = Api.Modify(ClusterResources.Claims, claim.Namespace(), claim.Name(), c => MarkProvisioner(c, provisioner), Caller) ?? claim;
            if (provisioner != Provisioner)
            {
                Event(claim, "ExternalProvisioning", $"Waiting for a volume to be created either by the external provisioner '{provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.");
                return;
            }

            volume = Provision(claim, storage);
            Event(claim, "ProvisioningSucceeded", "Successfully provisioned volume " + volume.Name());
        }

        Bind(claim, volume);
    }

    private static bool MarkProvisioner(JsonObject claim, string provisioner)
    {
        if (claim.Annotation("volume.kubernetes.io/storage-provisioner") == provisioner)
        {
            return false;
        }

        claim.Annotate("volume.beta.kubernetes.io/storage-provisioner", provisioner);
        claim.Annotate("volume.kubernetes.io/storage-provisioner", provisioner);
        return true;
    }

    private JsonObject? FindVolume(JsonObject claim, string className)
    {
        Quantity.TryParse(claim.Text("spec", "resources", "requests", "storage"), out Quantity wanted);
        LabelQuery? selector = LabelQuery.From(claim.At("spec", "selector"));
        JsonObject? best = null;
        Quantity bestSize = default;
        foreach (StoredObject stored in Store.List(ClusterResources.Volumes))
        {
            JsonObject volume = stored.View;
            JsonNode? claimRef = volume.At("spec", "claimRef");
            bool reserved = claimRef.Text("name") == claim.Name() && claimRef.Text("namespace") == claim.Namespace() && (claimRef.Text("uid") ?? claim.Uid()) == claim.Uid();
            if (volume.IsDeleting() || (claimRef is not null && !reserved) || (claimRef is null && volume.Text("status", "phase") is not ("Available" or "Pending"))
                || (volume.Text("spec", "storageClassName") ?? "") != className
                || (volume.Text("spec", "volumeMode") ?? "Filesystem") != (claim.Text("spec", "volumeMode") ?? "Filesystem")
                || (selector is not null && !selector.Matches(volume.Labels()))
                || !claim.Items("spec", "accessModes").All(m => volume.Items("spec", "accessModes").Any(v => v.Text() == m.Text()))
                || !Quantity.TryParse(volume.Text("spec", "capacity", "storage"), out Quantity size) || size.CompareTo(wanted) < 0)
            {
                continue;
            }

            if (reserved)
            {
                return volume;
            }

            if (best is null || size.CompareTo(bestSize) < 0)
            {
                (best, bestSize) = (volume, size);
            }
        }

        return best;
    }

    private JsonObject Provision(JsonObject claim, JsonObject storage)
    {
        string name = "pvc-" + claim.Uid();
        var body = new JsonObject
        {
            ["kind"] = "PersistentVolume",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["annotations"] = new JsonObject { ["pv.kubernetes.io/provisioned-by"] = Provisioner },
            },
            ["spec"] = new JsonObject
            {
                ["capacity"] = new JsonObject { ["storage"] = claim.Text("spec", "resources", "requests", "storage") },
                ["csi"] = new JsonObject { ["driver"] = "fake.csi", ["volumeHandle"] = claim.Uid() },
                ["accessModes"] = claim.At("spec", "accessModes")?.DeepClone(),
                ["claimRef"] = ClaimRef(claim),
                ["persistentVolumeReclaimPolicy"] = storage.Text("reclaimPolicy") ?? "Delete",
                ["storageClassName"] = storage.Name(),
                ["volumeMode"] = claim.Text("spec", "volumeMode") ?? "Filesystem",
            },
        };
        return Read(ClusterResources.Volumes, "", name) ?? Api.Create(ClusterResources.Volumes, null, body, Caller);
    }

    private static JsonObject ClaimRef(JsonObject claim) => new()
    {
        ["kind"] = "PersistentVolumeClaim",
        ["namespace"] = claim.Namespace(),
        ["name"] = claim.Name(),
        ["uid"] = claim.Uid(),
        ["apiVersion"] = "v1",
    };

    private void Bind(JsonObject claim, JsonObject volume)
    {
        if (volume.Text("spec", "claimRef", "uid") != claim.Uid())
        {
            volume = Api.Modify(
                ClusterResources.Volumes,
                null,
                volume.Name(),
                v =>
                {
                    JsonObject reference = ClaimRef(claim);
                    reference["resourceVersion"] = claim.Text("metadata", "resourceVersion");
                    v.Section("spec")["claimRef"] = reference;
                    v.Annotate("pv.kubernetes.io/bound-by-controller", "yes");
                    return true;
                },
                Caller) ?? volume;
        }

        SetPhase(volume, "Bound");
        claim = Api.Modify(
            ClusterResources.Claims,
            claim.Namespace(),
            claim.Name(),
            c =>
            {
                if (c.Text("spec", "volumeName") is null or "")
                {
                    c.Section("spec")["volumeName"] = volume.Name();
                    c.Annotate("pv.kubernetes.io/bound-by-controller", "yes");
                }

                c.Annotate("pv.kubernetes.io/bind-completed", "yes");
                return true;
            },
            Caller) ?? claim;
        WriteStatus(ClusterResources.Claims, claim, new JsonObject
        {
            ["phase"] = "Bound",
            ["accessModes"] = volume.At("spec", "accessModes")?.DeepClone(),
            ["capacity"] = volume.At("spec", "capacity")?.DeepClone(),
        });
    }

    private void SyncVolume(string name)
    {
        if (Read(ClusterResources.Volumes, "", name) is not { } volume)
        {
            return;
        }

        JsonNode? claimRef = volume.At("spec", "claimRef");
        JsonObject? claim = claimRef is null ? null : Read(ClusterResources.Claims, claimRef.Text("namespace") ?? "", claimRef.Text("name") ?? "");
        bool bound = claim is not null && (claimRef.Text("uid") is null || claim.Uid() == claimRef.Text("uid"));
        if (volume.IsDeleting())
        {
            if (!bound)
            {
                RemoveFinalizer(ClusterResources.Volumes, volume, VolumeProtection);
            }

            return;
        }

        if (claimRef is null)
        {
            SetPhase(volume, "Available");
        }
        else if (claimRef.Text("uid") is not null && !bound)
        {
            if (volume.Text("spec", "persistentVolumeReclaimPolicy") == "Delete" && volume.Annotation("pv.kubernetes.io/provisioned-by") is not null)
            {
                Delete(ClusterResources.Volumes, "", name);
            }
            else
            {
                SetPhase(volume, "Released");
            }
        }
        else if (claimRef.Text("uid") is null)
        {
            SetPhase(volume, "Available");
        }
    }

    private void SetPhase(JsonObject volume, string phase)
    {
        if (volume.Text("status", "phase") == phase)
        {
            return;
        }

        WriteStatus(ClusterResources.Volumes, volume, new JsonObject { ["phase"] = phase, ["lastPhaseTransitionTime"] = Clock.Stamp });
    }

    private bool InUse(JsonObject claim) => Loop.Pods(claim.Namespace()).Any(p => !p.IsFinished && Uses(p, claim.Name()));

    private bool Scheduled(JsonObject claim) => Loop.Pods(claim.Namespace()).Any(p => !p.IsFinished && Uses(p, claim.Name()));

    private static bool Uses(PodView pod, string claim) => pod.Json.Items("spec", "volumes").Any(v => v.Text("persistentVolumeClaim", "claimName") == claim);

    private void RemoveFinalizer(ResourceKey resource, JsonObject o, string finalizer)
    {
        Api.Modify(
            resource,
            o.Namespace() is { Length: > 0 } ns ? ns : null,
            o.Name(),
            x =>
            {
                if (x.At("metadata", "finalizers") is not JsonArray list)
                {
                    return false;
                }

                for (int i = list.Count - 1; i >= 0; i--)
                {
                    if (list[i].Text() == finalizer)
                    {
                        list.RemoveAt(i);
                    }
                }

                if (list.Count == 0)
                {
                    x.Section("metadata").Remove("finalizers");
                }

                return true;
            },
            Caller);
    }
}
