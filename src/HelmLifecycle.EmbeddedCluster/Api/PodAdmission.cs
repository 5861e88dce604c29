using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>What admission adds to a new pod.</summary>
internal static class PodAdmission
{
    private const string TokenPath = "/var/run/secrets/kubernetes.io/serviceaccount";

    public static void Create(ApiServer server, WriteContext context, JsonObject pod)
    {
        JsonObject spec = Json.Ensure(pod, "spec");
        LimitAdmission.Fill(server, context, pod);
        ServiceAccount(server, context, pod, spec);
        Tolerations(spec);
        Priority(server, context, pod, spec);
    }

    private static void ServiceAccount(ApiServer server, WriteContext context, JsonObject pod, JsonObject spec)
    {
        if (Json.Has(pod, "metadata", "annotations", "kubernetes.io/config.mirror"))
        {
            return;
        }

        string name = Json.Text(spec, "serviceAccountName");
        if (name.Length == 0)
        {
            name = "default";
        }

        spec["serviceAccountName"] = name;
        spec["serviceAccount"] = name;
        StoredObject account = server.Store.Get(new ResourceKey("", "serviceaccounts"), context.Namespace, name)
            ?? throw ApiErrors.Forbidden(context.Resource.Key, NameOrPrefix(pod), $"error looking up service account {context.Namespace}/{name}: serviceaccount {GoText.Quote(name)} not found");
        if (Json.IsEmpty(spec["imagePullSecrets"]) && Json.Array(account.View, "imagePullSecrets") is { Count: > 0 } secrets)
        {
            spec["imagePullSecrets"] = secrets.DeepClone();
        }

        bool mount = spec["automountServiceAccountToken"] is { } asked ? asked.GetValue<bool>() : account.View["automountServiceAccountToken"]?.GetValue<bool>() ?? true;
        if (mount)
        {
            MountToken(server, spec);
        }
    }

    private static void MountToken(ApiServer server, JsonObject spec)
    {
        string? volume = Json.Objects(spec, "volumes").Select(v => Json.Text(v, "name")).FirstOrDefault(n => n.StartsWith("kube-api-access-", StringComparison.Ordinal));
        bool isNew = volume is null;
        volume ??= "kube-api-access-" + server.NewSuffix();
        bool used = false;
        foreach (JsonObject container in Json.Objects(spec, "containers").Concat(Json.Objects(spec, "initContainers")))
        {
            if (Json.Objects(container, "volumeMounts").Any(m => Json.Text(m, "mountPath") == TokenPath))
            {
                continue;
            }

            if (container["volumeMounts"] is not JsonArray mounts)
            {
                mounts = [];
                container["volumeMounts"] = mounts;
            }

            mounts.Add((JsonNode)new JsonObject { ["name"] = volume, ["readOnly"] = true, ["mountPath"] = TokenPath });
            used = true;
        }

        if (!isNew || !used)
        {
            return;
        }

        if (spec["volumes"] is not JsonArray volumes)
        {
            volumes = [];
            spec["volumes"] = volumes;
        }

        volumes.Add((JsonNode)new JsonObject
        {
            ["name"] = volume,
            ["projected"] = new JsonObject
            {
                ["sources"] = new JsonArray
                {
                    (JsonNode)new JsonObject { ["serviceAccountToken"] = new JsonObject { ["expirationSeconds"] = 3607L, ["path"] = "token" } },
                    (JsonNode)new JsonObject { ["configMap"] = new JsonObject { ["name"] = "kube-root-ca.crt", ["items"] = new JsonArray { (JsonNode)new JsonObject { ["key"] = "ca.crt", ["path"] = "ca.crt" } } } },
                    (JsonNode)new JsonObject
                    {
                        ["downwardAPI"] = new JsonObject
                        {
                            ["items"] = new JsonArray { (JsonNode)new JsonObject { ["path"] = "namespace", ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = "metadata.namespace" } } },
                        },
                    },
                },
                ["defaultMode"] = 420L,
            },
        });
    }

    private static void Tolerations(JsonObject spec)
    {
        foreach (string key in new[] { "node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable" })
        {
            bool tolerated = Json.Objects(spec, "tolerations").Any(t =>
                (Json.Text(t, "key") == key || Json.Text(t, "key").Length == 0) && Json.Text(t, "effect") is "" or "NoExecute" && (Json.Text(t, "key") == key || Json.Text(t, "key").Length == 0));
            if (tolerated)
            {
                continue;
            }

            if (spec["tolerations"] is not JsonArray list)
            {
                list = [];
                spec["tolerations"] = list;
            }

            list.Add((JsonNode)new JsonObject { ["key"] = key, ["operator"] = "Exists", ["effect"] = "NoExecute", ["tolerationSeconds"] = 300L });
        }
    }

    private static void Priority(ApiServer server, WriteContext context, JsonObject pod, JsonObject spec)
    {
        var classes = new ResourceKey("scheduling.k8s.io", "priorityclasses");
        string name = Json.Text(spec, "priorityClassName");
        JsonObject? found = null;
        if (name.Length == 0)
        {
            found = server.Store.List(classes).Select(c => c.View).FirstOrDefault(c => Json.Bool(c, "globalDefault"));
            if (found is not null)
            {
                spec["priorityClassName"] = Json.Text(found, "metadata", "name");
            }
        }
        else
        {
            found = server.Store.Get(classes, null, name)?.View
                ?? throw ApiErrors.Forbidden(context.Resource.Key, NameOrPrefix(pod), $"no PriorityClass with name {name} was found");
        }

        long priority = Json.Long(found, "value") ?? 0;
        if (Json.Long(spec, "priority") is { } given && given != priority)
        {
            throw ApiErrors.Forbidden(context.Resource.Key, NameOrPrefix(pod), $"the integer value of priority ({given}) must not be provided in pod spec; priority admission controller computed {priority} from the given PriorityClass name");
        }

        spec["priority"] = priority;
        Json.Default(spec, "preemptionPolicy", Json.String(found, "preemptionPolicy") ?? "PreemptLowerPriority");
    }

    /// <summary>Refusals name a pod that has no name yet by the prefix of the one it is to get.</summary>
    private static string NameOrPrefix(JsonObject pod) =>
        Json.Text(pod, "metadata", "name") is { Length: > 0 } name ? name : Json.Text(pod, "metadata", "generateName");
}
