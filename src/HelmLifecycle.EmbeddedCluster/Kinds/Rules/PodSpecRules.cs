using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Checks of pod specs, in pods and in templates.</summary>
internal static class PodSpecRules
{
    private static readonly string[] s_volumeSources =
    [
        "hostPath", "emptyDir", "gcePersistentDisk", "awsElasticBlockStore", "gitRepo", "secret", "nfs", "iscsi", "glusterfs", "persistentVolumeClaim", "rbd", "flexVolume", "cinder", "cephfs", "flocker",
        "downwardAPI", "fc", "azureFile", "configMap", "vsphereVolume", "quobyte", "azureDisk", "photonPersistentDisk", "projected", "portworxVolume", "scaleIO", "storageos", "csi", "ephemeral",
    ];

    private static readonly string[] s_hostPathTypes = ["", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"];

    public static void Template(JsonObject template, string path, FieldErrors errors)
    {
        MetadataRules.CheckLabels(Json.Get(template, "metadata", "labels"), path + ".labels", errors);
        MetadataRules.CheckAnnotations(Json.Get(template, "metadata", "annotations"), path + ".annotations", errors);
        Check(Json.Ensure(template, "spec"), path + ".spec", errors);
    }

    public static void Check(JsonObject spec, string path, FieldErrors errors)
    {
        HashSet<string> volumes = Volumes(spec, path, errors);
        if (Json.IsEmpty(spec["containers"]))
        {
            errors.Required(path + ".containers");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        ContainerRules.Check(spec, "containers", path, volumes, names, errors);
        ContainerRules.Check(spec, "initContainers", path, volumes, names, errors);
        string restart = Json.Text(spec, "restartPolicy");
        if (restart is not ("Always" or "OnFailure" or "Never"))
        {
            errors.NotSupported(path + ".restartPolicy", GoText.Quote(restart), "Always", "Never", "OnFailure");
        }

        string dns = Json.Text(spec, "dnsPolicy");
        if (dns is not ("ClusterFirstWithHostNet" or "ClusterFirst" or "Default" or "None"))
        {
            errors.NotSupported(path + ".dnsPolicy", GoText.Quote(dns), "ClusterFirst", "ClusterFirstWithHostNet", "Default", "None");
        }

        MetadataRules.CheckLabels(spec["nodeSelector"], path + ".nodeSelector", errors);
        if (Json.Object(spec, "securityContext") is { } security)
        {
            Identities(security, path + ".securityContext", errors, "fsGroup", "runAsUser", "runAsGroup");
        }

        AffinityRules.Check(spec, path + ".affinity", errors);
        Dns(spec, dns, path + ".dnsConfig", errors);
        Spread(spec, path, errors);
        Names(spec, path, errors, "serviceAccountName", "nodeName");
        if (Json.Long(spec, "activeDeadlineSeconds") is { } deadline && deadline is < 1 or > int.MaxValue)
        {
            errors.Invalid(path + ".activeDeadlineSeconds", Json.Number(deadline), "must be between 1 and 2147483647, inclusive");
        }

        foreach (string field in new[] { "hostname", "subdomain" })
        {
            if (Json.Text(spec, field) is { Length: > 0 } label)
            {
                foreach (string error in MetadataRules.LabelErrors(label))
                {
                    errors.InvalidText(path + "." + field, label, error);
                }
            }
        }

        Tolerations(spec, path, errors);
        HostAliases(spec, path + ".hostAliases", errors);
        Names(spec, path, errors, "priorityClassName", "runtimeClassName");
    }

    private static void Names(JsonObject spec, string path, FieldErrors errors, params string[] fields)
    {
        foreach (string field in fields)
        {
            if (Json.Text(spec, field) is { Length: > 0 } name)
            {
                foreach (string error in MetadataRules.SubdomainErrors(name))
                {
                    errors.InvalidText(path + "." + field, name, error);
                }
            }
        }
    }

    /// <summary>Numbers of users and groups.</summary>
    public static void Identities(JsonObject security, string path, FieldErrors errors, params string[] fields)
    {
        foreach (string field in fields)
        {
            if (Json.Long(security, field) is < 0 or > int.MaxValue)
            {
                errors.Invalid(path + "." + field, Json.Number(Json.Long(security, field)!.Value), "must be between 0 and 2147483647, inclusive");
            }
        }
    }

    private static void Dns(JsonObject spec, string policy, string path, FieldErrors errors)
    {
        JsonObject? config = Json.Object(spec, "dnsConfig");
        if (policy == "None" && config is null)
        {
            errors.Required(path, "must provide `dnsConfig` when `dnsPolicy` is None");
        }
        else if (policy == "None" && Json.IsEmpty(config!["nameservers"]))
        {
            errors.Required(path + ".nameservers", "must provide at least one DNS nameserver when `dnsPolicy` is None");
        }

        int index = 0;
        foreach (string server in Json.StringItems(config, "nameservers"))
        {
            AddressRules.Check(server, $"{path}.nameservers[{index++}]", errors);
        }
    }

    private static void HostAliases(JsonObject spec, string path, FieldErrors errors)
    {
        int index = 0;
        foreach (JsonObject alias in Json.Objects(spec, "hostAliases"))
        {
            string at = $"{path}[{index++}]";
            AddressRules.Check(Json.Text(alias, "ip"), at + ".ip", errors);
            int h = 0;
            foreach (string name in Json.StringItems(alias, "hostnames"))
            {
                foreach (string error in MetadataRules.SubdomainErrors(name))
                {
                    errors.InvalidText($"{at}.hostnames[{h}]", name, error);
                }

                h++;
            }
        }
    }

    /// <summary>A volume and a container need a name that is a DNS label; false when there is none.</summary>
    public static bool IsNamed(string name, string path, FieldErrors errors)
    {
        if (name.Length == 0)
        {
            errors.Required(path + ".name");
            return false;
        }

        foreach (string error in MetadataRules.LabelErrors(name))
        {
            errors.InvalidText(path + ".name", name, error);
        }

        return true;
    }

    private static HashSet<string> Volumes(JsonObject spec, string path, FieldErrors errors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        int index = 0;
        foreach (JsonObject volume in Json.Objects(spec, "volumes"))
        {
            string at = $"{path}.volumes[{index++}]";
            int before = errors.All.Count;
            string name = Json.Text(volume, "name");
            VolumeSource(volume, at, errors);
            if (IsNamed(name, at, errors) && names.Contains(name))
            {
                errors.Duplicate(at + ".name", GoText.Quote(name));
            }

            if (errors.All.Count == before)
            {
                names.Add(name); // a faulty volume cannot be mounted
            }
        }

        return names;
    }

    private static void VolumeSource(JsonObject volume, string path, FieldErrors errors)
    {
        bool first = true;
        foreach (string source in s_volumeSources)
        {
            if (Json.Object(volume, source) is not { } json)
            {
                continue;
            }

            if (!first)
            {
                errors.Forbidden(path + "." + source, "may not specify more than 1 volume type");
                continue;
            }

            first = false;
            string at = path + "." + source;
            switch (source)
            {
                case "secret" when Json.Text(json, "secretName").Length == 0:
                    errors.Required(at + ".secretName");
                    break;
                case "configMap" when Json.Text(json, "name").Length == 0:
                    errors.Required(at + ".name");
                    break;
                case "persistentVolumeClaim" when Json.Text(json, "claimName").Length == 0:
                    errors.Required(at + ".claimName");
                    break;
                case "hostPath" when Json.Text(json, "path").Length == 0:
                    errors.Required(at + ".path");
                    break;
                case "hostPath":
                    HostPath(json, at, errors);
                    break;
                case "csi" when Json.Text(json, "driver").Length == 0:
                    errors.Required(at + ".driver");
                    break;
                case "nfs":
                    if (Json.Text(json, "server").Length == 0)
                    {
                        errors.Required(at + ".server");
                    }

                    if (Json.Text(json, "path").Length == 0)
                    {
                        errors.Required(at + ".path");
                    }

                    break;
            }

            if (Json.Long(json, "defaultMode") is { } mode && mode is < 0 or > 511)
            {
                errors.Invalid(at + ".defaultMode", Json.Number(mode), "must be a number between 0 and 0777 (octal), both inclusive");
            }
        }

        if (first)
        {
            errors.Required(path, "must specify a volume type");
        }
    }

    private static void HostPath(JsonObject source, string path, FieldErrors errors)
    {
        string target = Json.Text(source, "path");
        if (target.Split('/').Contains(".."))
        {
            errors.InvalidText(path + ".path", target, "must not contain '..'");
        }

        string type = Json.Text(source, "type");
        if (!s_hostPathTypes.Contains(type))
        {
            errors.NotSupported(path + ".type", GoText.Quote(type), s_hostPathTypes);
        }
    }

    private static void Tolerations(JsonObject spec, string path, FieldErrors errors)
    {
        int index = 0;
        foreach (JsonObject toleration in Json.Objects(spec, "tolerations"))
        {
            string at = $"{path}.tolerations[{index++}]";
            string op = Json.Text(toleration, "operator");
            string key = Json.Text(toleration, "key");
            if (key.Length == 0 && op != "Exists")
            {
                errors.InvalidText(at + ".operator", op, "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
            }

            if (toleration["tolerationSeconds"] is not null && Json.Text(toleration, "effect") != "NoExecute")
            {
                errors.InvalidText(at + ".effect", Json.Text(toleration, "effect"), "effect must be 'NoExecute' when `tolerationSeconds` is set");
            }

            if (op == "Exists" && Json.Text(toleration, "value").Length > 0)
            {
                errors.Invalid(at + ".operator", "core.Toleration{}", "value must be empty when `operator` is 'Exists'");
            }

            if (op is not ("" or "Equal" or "Exists"))
            {
                errors.NotSupported(at + ".operator", GoText.Quote(op), "Equal", "Exists");
            }

            string effect = Json.Text(toleration, "effect");
            if (effect is not ("" or "NoSchedule" or "PreferNoSchedule" or "NoExecute"))
            {
                errors.NotSupported(at + ".effect", GoText.Quote(effect), "NoSchedule", "PreferNoSchedule", "NoExecute");
            }
        }
    }

    private static void Spread(JsonObject spec, string path, FieldErrors errors)
    {
        int index = 0;
        foreach (JsonObject constraint in Json.Objects(spec, "topologySpreadConstraints"))
        {
            string at = $"{path}.topologySpreadConstraints[{index++}]";
            long skew = Json.Long(constraint, "maxSkew") ?? 0;
            if (skew <= 0)
            {
                errors.Invalid(at + ".maxSkew", Json.Number(skew), "must be greater than zero");
            }

            if (Json.Text(constraint, "topologyKey").Length == 0)
            {
                errors.Required(at + ".topologyKey", "can not be empty");
            }

            string when = Json.Text(constraint, "whenUnsatisfiable");
            if (when is not ("DoNotSchedule" or "ScheduleAnyway"))
            {
                errors.NotSupported(at + ".whenUnsatisfiable", GoText.Quote(when), "DoNotSchedule", "ScheduleAnyway");
            }
        }
    }
}
