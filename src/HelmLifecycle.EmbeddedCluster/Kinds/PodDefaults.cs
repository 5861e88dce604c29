using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>What the API fills into pods and pod templates.</summary>
internal static class PodDefaults
{
    public static void Template(JsonNode? template)
    {
        if (template is JsonObject json)
        {
            Spec(Json.Ensure(json, "spec"), false);
        }
    }

    public static void Pod(JsonObject pod)
    {
        JsonObject spec = Json.Ensure(pod, "spec");
        Spec(spec, true);
        Json.Default(spec, "enableServiceLinks", true);
        foreach (JsonObject container in Json.Objects(spec, "containers").Concat(Json.Objects(spec, "initContainers")))
        {
            if (Json.Object(container, "resources", "limits") is not { Count: > 0 } limits)
            {
                continue;
            }

            JsonObject requests = Json.Ensure(Json.Ensure(container, "resources"), "requests");
            foreach ((string name, JsonNode? value) in limits)
            {
                Json.Default(requests, name, value?.DeepClone());
            }
        }
    }

    private static void Spec(JsonObject spec, bool isPod)
    {
        Json.DefaultText(spec, "restartPolicy", "Always");
        Json.Default(spec, "terminationGracePeriodSeconds", 30L);
        Json.DefaultText(spec, "dnsPolicy", "ClusterFirst");
        Json.Default(spec, "securityContext", new JsonObject());
        Json.DefaultText(spec, "schedulerName", "default-scheduler");

        // The two spellings of the account mirror each other; the newer one wins.
        string account = Json.Text(spec, "serviceAccountName");
        account = account.Length > 0 ? account : Json.Text(spec, "serviceAccount");
        if (account.Length > 0)
        {
            spec["serviceAccountName"] = account;
            spec["serviceAccount"] = account;
        }

        foreach (string list in new[] { "containers", "initContainers", "ephemeralContainers" })
        {
            foreach (JsonObject container in Json.Objects(spec, list))
            {
                Container(container, isPod && Json.Bool(spec, "hostNetwork"));
            }
        }

        foreach (JsonObject volume in Json.Objects(spec, "volumes"))
        {
            Volume(volume);
        }

        if (Json.Object(spec, "overhead") is { } overhead)
        {
            RoundResources(overhead);
        }
    }

    private static void Container(JsonObject container, bool hostPorts)
    {
        Json.DefaultText(container, "terminationMessagePath", "/dev/termination-log");
        Json.DefaultText(container, "terminationMessagePolicy", "File");
        Json.DefaultText(container, "imagePullPolicy", PullPolicy(Json.Text(container, "image")));
        foreach (JsonObject port in Json.Objects(container, "ports"))
        {
            Json.DefaultText(port, "protocol", "TCP");
            if (hostPorts && (Json.Long(port, "hostPort") ?? 0) == 0)
            {
                port["hostPort"] = port["containerPort"]?.DeepClone();
            }
        }

        foreach (JsonObject variable in Json.Objects(container, "env"))
        {
            FieldReference(Json.Object(variable, "valueFrom", "fieldRef"));
        }

        RoundResources(Json.Object(container, "resources", "limits"));
        RoundResources(Json.Object(container, "resources", "requests"));
        foreach (string probe in new[] { "livenessProbe", "readinessProbe", "startupProbe" })
        {
            Probe(Json.Object(container, probe));
        }

        HttpGet(Json.Object(container, "lifecycle", "postStart", "httpGet"));
        HttpGet(Json.Object(container, "lifecycle", "preStop", "httpGet"));
        if (Json.Object(container, "securityContext") is { } context && Json.Bool(context, "privileged") is false && context["procMount"] is { } mount && mount.GetValue<string>().Length == 0)
        {
            context["procMount"] = "Default";
        }
    }

    private static string PullPolicy(string image)
    {
        if (image.Contains('@', StringComparison.Ordinal))
        {
            return "IfNotPresent";
        }

        int slash = image.LastIndexOf('/');
        int colon = image.IndexOf(':', slash + 1);
        return colon < 0 || image[(colon + 1)..] == "latest" ? "Always" : "IfNotPresent";
    }

    private static void Probe(JsonObject? probe)
    {
        if (probe is null)
        {
            return;
        }

        DefaultNumber(probe, "timeoutSeconds", 1);
        DefaultNumber(probe, "periodSeconds", 10);
        DefaultNumber(probe, "successThreshold", 1);
        DefaultNumber(probe, "failureThreshold", 3);
        HttpGet(Json.Object(probe, "httpGet"));
        if (Json.Object(probe, "grpc") is { } grpc)
        {
            Json.Default(grpc, "service", "");
        }
    }

    private static void DefaultNumber(JsonObject json, string name, long value)
    {
        if ((Json.Long(json, name) ?? 0) == 0)
        {
            json[name] = value;
        }
    }

    private static void HttpGet(JsonObject? get)
    {
        if (get is not null)
        {
            Json.DefaultText(get, "path", "/");
            Json.DefaultText(get, "scheme", "HTTP");
        }
    }

    private static void FieldReference(JsonObject? reference)
    {
        if (reference is not null)
        {
            Json.DefaultText(reference, "apiVersion", "v1");
        }
    }

    private static void Volume(JsonObject volume)
    {
        if (volume.Count(p => p.Key != "name" && p.Value is not null) == 0)
        {
            volume["emptyDir"] = new JsonObject();
        }

        foreach ((string source, JsonNode? value) in volume.ToArray())
        {
            if (value is not JsonObject json)
            {
                continue;
            }

            switch (source)
            {
                case "secret" or "configMap":
                    Json.Default(json, "defaultMode", 420L);
                    break;
                case "downwardAPI":
                    Json.Default(json, "defaultMode", 420L);
                    DownwardItems(json);
                    break;
                case "projected":
                    Json.Default(json, "defaultMode", 420L);
                    foreach (JsonObject part in Json.Objects(json, "sources"))
                    {
                        if (Json.Object(part, "serviceAccountToken") is { } token)
                        {
                            Json.Default(token, "expirationSeconds", 3600L);
                        }

                        if (Json.Object(part, "downwardAPI") is { } downward)
                        {
                            DownwardItems(downward);
                        }
                    }

                    break;
                case "hostPath":
                    Json.Default(json, "type", "");
                    break;
                case "iscsi":
                    Json.DefaultText(json, "iscsiInterface", "default");
                    break;
                case "rbd":
                    Json.DefaultText(json, "pool", "rbd");
                    Json.DefaultText(json, "user", "admin");
                    Json.DefaultText(json, "keyring", "/etc/ceph/keyring");
                    break;
                case "azureDisk":
                    Json.Default(json, "cachingMode", "ReadWrite");
                    Json.Default(json, "kind", "Shared");
                    Json.Default(json, "fsType", "ext4");
                    Json.Default(json, "readOnly", false);
                    break;
                case "scaleIO":
                    Json.DefaultText(json, "storageMode", "ThinProvisioned");
                    Json.DefaultText(json, "fsType", "xfs");
                    break;
                case "ephemeral" when Json.Object(json, "volumeClaimTemplate", "spec") is { } claim:
                    Json.Default(claim, "volumeMode", "Filesystem");
                    break;
            }
        }
    }

    private static void DownwardItems(JsonObject source)
    {
        foreach (JsonObject item in Json.Objects(source, "items"))
        {
            FieldReference(Json.Object(item, "fieldRef"));
        }
    }

    /// <summary>Resource amounts finer than a thousandth are rounded up.</summary>
    public static void RoundResources(JsonObject? amounts)
    {
        foreach ((string name, JsonNode? value) in amounts?.ToArray() ?? [])
        {
            if (Quantity.TryParse((string?)value, out Quantity quantity))
            {
                amounts![name] = quantity.RoundUpToMilli().ToString();
            }
        }
    }
}
