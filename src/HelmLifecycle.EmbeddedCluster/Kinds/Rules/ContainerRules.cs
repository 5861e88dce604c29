using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Checks of the containers of a pod spec.</summary>
internal static class ContainerRules
{
    private static readonly string[] s_hooksAndProbes = ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"];
    private static readonly string[] s_valueSources = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef"];
    private static readonly string[] s_resourceFields = ["limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"];
    private static readonly string[] s_fieldPaths =
        ["metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"];

    public static void Check(JsonObject spec, string list, string path, HashSet<string> volumes, HashSet<string> names, FieldErrors errors)
    {
        int index = 0;
        foreach (JsonObject container in Json.Objects(spec, list))
        {
            string at = $"{path}.{list}[{index++}]";
            string name = Json.Text(container, "name");
            PodSpecRules.IsNamed(name, at, errors);
            Common(container, at, volumes, errors);
            if (name.Length > 0 && !names.Add(name))
            {
                errors.Duplicate(at + ".name", GoText.Quote(name));
            }

            if (list == "initContainers" && Json.Text(container, "restartPolicy") != "Always")
            {
                foreach (string field in s_hooksAndProbes.Where(f => container[f] is not null))
                {
                    errors.Forbidden(at + "." + field, "may not be set for init containers without restartPolicy=Always");
                }
            }
            else
            {
                Hooks(container, at, errors);
                Probes(container, at, errors);
            }
        }

        if (list != "containers")
        {
            return;
        }

        HostPorts(spec, path, errors);
    }

    /// <summary>What holds for containers of every sort, in the API's order.</summary>
    private static void Common(JsonObject container, string path, HashSet<string> volumes, FieldErrors errors)
    {
        string image = Json.Text(container, "image");
        if (image.Length == 0)
        {
            errors.Required(path + ".image");
        }
        else if (image != image.Trim())
        {
            errors.InvalidText(path + ".image", image, "must not have leading or trailing whitespace");
        }

        SelectorRules.OneOf(Json.Text(container, "terminationMessagePolicy"), path + ".terminationMessagePolicy", errors, true, "FallbackToLogsOnError", "File");
        Ports(container, path, errors);
        Environment(container, path, errors);
        Mounts(container, path, volumes, errors);
        SelectorRules.OneOf(Json.Text(container, "imagePullPolicy"), path + ".imagePullPolicy", errors, true, "Always", "IfNotPresent", "Never");
        Resources(container, path + ".resources", errors);
        if (Json.Object(container, "securityContext") is { } security)
        {
            Security(security, path + ".securityContext", errors);
        }
    }

    private static void Security(JsonObject security, string path, FieldErrors errors)
    {
        PodSpecRules.Identities(security, path, errors, "runAsUser", "runAsGroup");
        if (security["allowPrivilegeEscalation"] is not JsonValue escalation || escalation.GetValue<bool>())
        {
            return;
        }

        if (Json.Bool(security, "privileged"))
        {
            errors.Invalid(path, "core.SecurityContext{}", "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
        }

        if (Json.StringItems(security, "capabilities", "add").Contains("CAP_SYS_ADMIN"))
        {
            errors.Invalid(path, "core.SecurityContext{}", "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
        }
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
            if (Json.Text(source, "prefix") is { Length: > 0 } prefix && EnvNameError(prefix) is { } wrong)
            {
                errors.InvalidText(at + ".prefix", prefix, wrong);
            }

            foreach (string kind in new[] { "configMapRef", "secretRef" })
            {
                if (Json.Object(source, kind) is { } reference && Json.Text(reference, "name").Length == 0)
                {
                    errors.Required(at + "." + kind + ".name");
                }
            }

            int count = (source["configMapRef"] is null ? 0 : 1) + (source["secretRef"] is null ? 0 : 1);
            if (count == 0)
            {
                errors.InvalidText(at, "", "must specify one of: `configMapRef` or `secretRef`");
            }
            else if (count > 1)
            {
                errors.InvalidText(at, "", "may not have more than one field specified at a time");
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
        string[] sources = [.. s_valueSources.Where(f => from[f] is JsonObject)];
        foreach (string source in sources)
        {
            JsonObject json = (JsonObject)from[source]!;
            string at = path + "." + source;
            switch (source)
            {
                case "fieldRef":
                    FieldPath(Json.Text(json, "fieldPath"), at + ".fieldPath", errors);
                    break;
                case "resourceFieldRef":
                    string resource = Json.Text(json, "resource");
                    if (resource.Length == 0)
                    {
                        errors.Required(at + ".resource");
                    }
                    else if (!s_resourceFields.Contains(resource) && !resource.Contains("hugepages-", StringComparison.Ordinal))
                    {
                        errors.NotSupported(at + ".resource", GoText.Quote(resource), s_resourceFields);
                    }

                    break;
                default:
                    if (Json.Text(json, "name").Length == 0)
                    {
                        errors.Required(at + ".name");
                    }

                    if (Json.Text(json, "key").Length == 0)
                    {
                        errors.Required(at + ".key");
                    }

                    break;
            }
        }

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
    }

    private static void FieldPath(string field, string path, FieldErrors errors)
    {
        bool subscript = (field.StartsWith("metadata.labels['", StringComparison.Ordinal) || field.StartsWith("metadata.annotations['", StringComparison.Ordinal)) && field.EndsWith("']", StringComparison.Ordinal);
        if (field.Length == 0)
        {
            errors.Required(path);
        }
        else if (field is "metadata.labels" or "metadata.annotations")
        {
            errors.NotSupported(path, GoText.Quote(field), s_fieldPaths);
        }
        else if (!subscript && !s_fieldPaths.Contains(field))
        {
            errors.InvalidText(path, field, "error converting fieldPath: field label not supported: " + field);
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

            string below = Json.Text(mount, "subPath");
            if (below.StartsWith('/'))
            {
                errors.InvalidText(at + ".subPath", below, "must be a relative path");
            }

            if (below.Split('/').Contains(".."))
            {
                errors.InvalidText(at + ".subPath", below, "must not contain '..'");
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

            if (Json.Long(probe, "terminationGracePeriodSeconds") is { } grace)
            {
                if (kind == "readinessProbe")
                {
                    errors.Invalid(at + ".terminationGracePeriodSeconds", Json.Number(grace), "must not be set for readinessProbes");
                }
                else if (grace <= 0)
                {
                    errors.Invalid(at + ".terminationGracePeriodSeconds", Json.Number(grace), "must be greater than 0");
                }
            }

            if (kind != "readinessProbe" && Json.Long(probe, "successThreshold") is { } success && success != 1)
            {
                errors.Invalid(at + ".successThreshold", Json.Number(success), "must be 1");
            }
        }
    }

    private static void Hooks(JsonObject container, string path, FieldErrors errors)
    {
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
                    if (types[i] == "httpGet" && Json.Text(json, "path").Length == 0)
                    {
                        errors.Required(at + ".path");
                    }

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

        if (types.Length == 0)
        {
            errors.Required(path, "must specify a handler type");
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
}
