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
        Containers(spec, "containers", path, volumes, names, errors);
        Containers(spec, "initContainers", path, volumes, names, errors);
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
        foreach (string field in new[] { "serviceAccountName", "nodeName", "priorityClassName", "runtimeClassName" })
        {
            if (Json.Text(spec, field) is { Length: > 0 } name)
            {
                foreach (string error in MetadataRules.SubdomainErrors(name))
                {
                    errors.InvalidText(path + "." + field, name, error);
                }
            }
        }

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
        Spread(spec, path, errors);
        Affinity(spec, path, errors);
        if (Json.Long(spec, "terminationGracePeriodSeconds") is < 0)
        {
            errors.Invalid(path + ".terminationGracePeriodSeconds", Json.Text(spec, "terminationGracePeriodSeconds"), "must be greater than or equal to 0");
        }
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
            if (name.Length == 0)
            {
                errors.Required(at + ".name");
            }
            else
            {
                foreach (string error in MetadataRules.LabelErrors(name))
                {
                    errors.InvalidText(at + ".name", name, error);
                }

                if (names.Contains(name))
                {
                    errors.Duplicate(at + ".name", GoText.Quote(name));
                }
            }

            VolumeSource(volume, at, errors);
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

    private static void Containers(JsonObject spec, string list, string path, HashSet<string> volumes, HashSet<string> names, FieldErrors errors)
    {
        int index = 0;
        foreach (JsonObject container in Json.Objects(spec, list))
        {
            string at = $"{path}.{list}[{index++}]";
            string name = Json.Text(container, "name");
            if (name.Length == 0)
            {
                errors.Required(at + ".name");
            }
            else
            {
                foreach (string error in MetadataRules.LabelErrors(name))
                {
                    errors.InvalidText(at + ".name", name, error);
                }

                if (!names.Add(name))
                {
                    errors.Duplicate(at + ".name", GoText.Quote(name));
                }
            }

            string image = Json.Text(container, "image");
            if (image.Length == 0)
            {
                errors.Required(at + ".image");
            }
            else if (image != image.Trim())
            {
                errors.InvalidText(at + ".image", image, "must not have leading or trailing whitespace");
            }

            Ports(container, at, errors);
            Environment(container, at, errors);
            Mounts(container, at, volumes, errors);
            Probes(container, at, errors);
            SelectorRules.OneOf(Json.Text(container, "terminationMessagePolicy"), at + ".terminationMessagePolicy", errors, true, "FallbackToLogsOnError", "File");
            SelectorRules.OneOf(Json.Text(container, "imagePullPolicy"), at + ".imagePullPolicy", errors, true, "Always", "IfNotPresent", "Never");
            Resources(container, at + ".resources", errors);
        }

        if (list != "containers")
        {
            return;
        }

        HostPorts(spec, path, errors);
    }

    private static void HostPorts(JsonObject spec, string path, FieldErrors errors)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        int c = 0;
        foreach (JsonObject container in Json.Objects(spec, "containers"))
        {
            int p = 0;
            foreach (JsonObject port in Json.Objects(container, "ports"))
            {
                long number = Json.Long(port, "hostPort") ?? 0;
                string key = $"{number}/{Json.Text(port, "hostIP")}/{Json.Text(port, "protocol")}";
                if (number != 0 && !used.Add(key))
                {
                    errors.Duplicate($"{path}.containers[{c}].ports[{p}].hostPort", GoText.Quote($"{Json.Text(port, "protocol")}/{Json.Text(port, "hostIP")}/{number}"));
                }

                p++;
            }

            c++;
        }
    }

    private static void Ports(JsonObject container, string path, FieldErrors errors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        int index = 0;
        foreach (JsonObject port in Json.Objects(container, "ports"))
        {
            string at = $"{path}.ports[{index++}]";
            string name = Json.Text(port, "name");
            if (name.Length > 0)
            {
                string[] problems = [.. ServiceRules.PortNameErrors(name)];
                foreach (string error in problems)
                {
                    errors.InvalidText(at + ".name", name, error);
                }

                if (problems.Length == 0 && !names.Add(name))
                {
                    errors.Duplicate(at + ".name", GoText.Quote(name));
                }
            }

            long number = Json.Long(port, "containerPort") ?? 0;
            if (number == 0)
            {
                errors.Required(at + ".containerPort");
            }
            else
            {
                ServiceRules.PortNumber(number, at + ".containerPort", errors);
            }

            if (Json.Long(port, "hostPort") is { } host && host != 0)
            {
                ServiceRules.PortNumber(host, at + ".hostPort", errors);
            }

            string protocol = Json.Text(port, "protocol");
            if (protocol is not ("TCP" or "UDP" or "SCTP"))
            {
                errors.NotSupported(at + ".protocol", GoText.Quote(protocol), "SCTP", "TCP", "UDP");
            }
        }
    }

    private static void Environment(JsonObject container, string path, FieldErrors errors)
    {
        int index = 0;
        foreach (JsonObject variable in Json.Objects(container, "env"))
        {
            string at = $"{path}.env[{index++}]";
            string name = Json.Text(variable, "name");
            if (name.Length == 0)
            {
                errors.Required(at + ".name");
            }
            else if (EnvNameError(name) is { } problem)
            {
                errors.InvalidText(at + ".name", name, problem);
            }

            if (Json.Object(variable, "valueFrom") is { } from)
            {
                ValueFrom(variable, from, at + ".valueFrom", errors);
            }
        }

        index = 0;
        foreach (JsonObject source in Json.Objects(container, "envFrom"))
        {
            string at = $"{path}.envFrom[{index++}]";
            int count = (source["configMapRef"] is null ? 0 : 1) + (source["secretRef"] is null ? 0 : 1);
            if (count == 0)
            {
                errors.InvalidText(at, "", "must specify one of: `configMapRef` or `secretRef`");
            }
            else if (count > 1)
            {
                errors.InvalidText(at, "", "may not have more than one field specified at a time");
            }

            foreach (string kind in new[] { "configMapRef", "secretRef" })
            {
                if (Json.Object(source, kind) is { } reference && Json.Text(reference, "name").Length == 0)
                {
                    errors.Required(at + "." + kind + ".name");
                }
            }
        }
    }

    private static string? EnvNameError(string name)
    {
        bool valid = name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.') && !char.IsAsciiDigit(name[0]) && name is not ("." or "..") && !name.StartsWith("..", StringComparison.Ordinal);
        return valid ? null : "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')";
    }

    private static void ValueFrom(JsonObject variable, JsonObject from, string path, FieldErrors errors)
    {
        string[] sources = [.. from.Where(p => p.Value is not null).Select(p => p.Key)];
        if (sources.Length == 0)
        {
            errors.InvalidText(path, "", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`");
        }
        else if (Json.Text(variable, "value").Length > 0)
        {
            errors.InvalidText(path, "", "may not be specified when `value` is not empty");
        }
        else if (sources.Length > 1)
        {
            errors.InvalidText(path, "", "may not have more than one field specified at a time");
        }

        foreach (string source in sources)
        {
            JsonObject json = (JsonObject)from[source]!;
            string at = path + "." + source;
            if (source is "configMapKeyRef" or "secretKeyRef")
            {
                if (Json.Text(json, "name").Length == 0)
                {
                    errors.Required(at + ".name");
                }

                if (Json.Text(json, "key").Length == 0)
                {
                    errors.Required(at + ".key");
                }
            }
            else if (source == "fieldRef" && Json.Text(json, "fieldPath").Length == 0)
            {
                errors.Required(at + ".fieldPath");
            }
            else if (source == "resourceFieldRef" && Json.Text(json, "resource").Length == 0)
            {
                errors.Required(at + ".resource");
            }
        }
    }

    private static void Mounts(JsonObject container, string path, HashSet<string> volumes, FieldErrors errors)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        int index = 0;
        foreach (JsonObject mount in Json.Objects(container, "volumeMounts"))
        {
            string at = $"{path}.volumeMounts[{index++}]";
            string name = Json.Text(mount, "name");
            if (name.Length == 0)
            {
                errors.Required(at + ".name");
            }

            if (!volumes.Contains(name))
            {
                errors.NotFound(at + ".name", GoText.Quote(name));
            }

            string target = Json.Text(mount, "mountPath");
            if (target.Length == 0)
            {
                errors.Required(at + ".mountPath");
            }

            if (!paths.Add(target))
            {
                errors.InvalidText(at + ".mountPath", target, "must be unique");
            }
        }
    }

    private static void Probes(JsonObject container, string path, FieldErrors errors)
    {
        foreach (string kind in new[] { "livenessProbe", "readinessProbe", "startupProbe" })
        {
            if (Json.Object(container, kind) is not { } probe)
            {
                continue;
            }

            string at = path + "." + kind;
            Handler(probe, at, errors);
            foreach (string field in new[] { "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold" })
            {
                SelectorRules.NotNegative(probe[field], at + "." + field, errors);
            }

            if (kind != "readinessProbe" && Json.Long(probe, "successThreshold") is { } success && success != 1)
            {
                errors.Invalid(at + ".successThreshold", Json.Number(success), "must be 1");
            }
        }

        foreach (string when in new[] { "postStart", "preStop" })
        {
            if (Json.Object(container, "lifecycle", when) is { } handler)
            {
                Handler(handler, $"{path}.lifecycle.{when}", errors);
            }
        }
    }

    private static void Handler(JsonObject handler, string path, FieldErrors errors)
    {
        string[] types = [.. new[] { "exec", "httpGet", "tcpSocket", "grpc", "sleep" }.Where(t => handler[t] is not null)];
        if (types.Length == 0)
        {
            errors.Required(path, "must specify a handler type");
        }

        for (int i = 0; i < types.Length; i++)
        {
            string at = path + "." + types[i];
            if (i > 0)
            {
                errors.Forbidden(at, "may not specify more than 1 handler type");
                continue;
            }

            JsonObject json = (JsonObject)handler[types[i]]!;
            switch (types[i])
            {
                case "exec" when Json.IsEmpty(json["command"]):
                    errors.Required(at + ".command");
                    break;
                case "httpGet" or "tcpSocket":
                    ServiceRules.PortNumberOrName(json["port"], at + ".port", errors);
                    if (types[i] == "httpGet")
                    {
                        SelectorRules.OneOf(Json.Text(json, "scheme"), at + ".scheme", errors, false, "HTTP", "HTTPS");
                    }

                    break;
                case "grpc":
                    ServiceRules.PortNumber(Json.Long(json, "port") ?? 0, at + ".port", errors);
                    break;
            }
        }
    }

    private static void Resources(JsonObject container, string path, FieldErrors errors)
    {
        JsonObject? limits = Json.Object(container, "resources", "limits");
        foreach (string list in new[] { "limits", "requests" })
        {
            foreach ((string name, JsonNode? value) in Json.Object(container, "resources", list) ?? [])
            {
                string at = $"{path}.{list}[{name}]";
                bool standard = name is "cpu" or "memory" or "ephemeral-storage" || name.StartsWith("hugepages-", StringComparison.Ordinal);
                foreach (string error in MetadataRules.QualifiedNameErrors(name))
                {
                    errors.Invalid(at, name, error);
                }

                if (!name.Contains('/', StringComparison.Ordinal) && !standard)
                {
                    errors.Invalid(at, name, "must be a standard resource type or fully qualified");
                    errors.Invalid(at, name, "must be a standard resource for containers");
                    continue;
                }

                if (!Quantity.TryParse((string?)value, out Quantity quantity))
                {
                    continue;
                }

                if (quantity.IsNegative)
                {
                    errors.InvalidText(at, quantity.ToString(), "must be greater than or equal to 0");
                }

                if (!standard && !quantity.IsInteger)
                {
                    errors.Invalid(at, $"resource.Quantity{{s:{GoText.Quote(quantity.ToString())}}}", "must be an integer");
                }

                if (list == "requests" && Json.String(limits, name) is { } limit && Quantity.TryParse(limit, out Quantity most) && quantity.CompareTo(most) > 0)
                {
                    errors.InvalidText(path + ".requests", quantity.ToString(), $"must be less than or equal to {name} limit of {most}");
                }
            }
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

    private static void Affinity(JsonObject spec, string path, FieldErrors errors)
    {
        foreach (string kind in new[] { "podAffinity", "podAntiAffinity" })
        {
            int index = 0;
            foreach (JsonObject term in Json.Objects(spec, "affinity", kind, "requiredDuringSchedulingIgnoredDuringExecution"))
            {
                string at = $"{path}.affinity.{kind}.requiredDuringSchedulingIgnoredDuringExecution[{index++}]";
                if (Json.Text(term, "topologyKey").Length == 0)
                {
                    errors.Required(at + ".topologyKey", "can not be empty");
                }

                SelectorRules.Check(Json.Object(term, "labelSelector"), at + ".labelSelector", errors);
            }
        }

        if (Json.Object(spec, "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution") is { } required && Json.IsEmpty(required["nodeSelectorTerms"]))
        {
            errors.Required(path + ".affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms", "must have at least one node selector term");
        }
    }
}
