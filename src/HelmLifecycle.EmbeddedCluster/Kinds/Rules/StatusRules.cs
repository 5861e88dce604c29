using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Checks of writes to the status subresource.</summary>
internal static class StatusRules
{
    public static void Check(WriteContext context, JsonObject json, JsonObject old, FieldErrors errors)
    {
        ResourceDefinition resource = context.Resource;
        if (resource is CustomKind custom)
        {
            custom.ValidateStatus(json, old, errors);
            return;
        }

        switch (resource.Kind)
        {
            case "Service":
                LoadBalancer(json, Json.Text(json, "spec", "type"), errors);
                break;
            case "Deployment" or "ReplicaSet" or "StatefulSet" or "DaemonSet" or "ReplicationController":
                Counters(json, errors);
                break;
            case "Ingress":
                LoadBalancer(json, "LoadBalancer", errors);
                break;
        }
    }

    public static void LoadBalancer(JsonObject json, string type, FieldErrors errors)
    {
        if (type != "LoadBalancer" && !Json.IsEmpty(Json.Get(json, "status", "loadBalancer", "ingress")))
        {
            errors.Forbidden("status.loadBalancer.ingress", "may only be used when `spec.type` is \"LoadBalancer\"");
            return;
        }

        int index = 0;
        foreach (JsonObject ingress in Json.Objects(json, "status", "loadBalancer", "ingress"))
        {
            string path = $"status.loadBalancer.ingress[{index++}]";
            string ip = Json.Text(ingress, "ip");
            if (ip.Length > 0 && !AddressRules.TryParse(ip, out _))
            {
                errors.InvalidText(path + ".ip", ip, AddressRules.NoAddress);
            }

            string host = Json.Text(ingress, "hostname");
            if (host.Length > 0)
            {
                foreach (string error in MetadataRules.SubdomainErrors(host))
                {
                    errors.InvalidText(path + ".hostname", host, error);
                }
            }
        }
    }

    private static void Counters(JsonObject json, FieldErrors errors)
    {
        JsonObject status = Json.Ensure(json, "status");
        foreach ((string name, JsonNode? value) in status)
        {
            if (Json.AsLong(value) is < 0 and { } number)
            {
                errors.Invalid("status." + name, Json.Number(number), "must be greater than or equal to 0");
            }
        }

        if (status.ContainsKey("currentNumberScheduled"))
        {
            return;
        }

        long replicas = Json.Long(status, "replicas") ?? 0;
        foreach (string name in new[] { "updatedReplicas", "readyReplicas", "availableReplicas", "fullyLabeledReplicas", "currentReplicas" })
        {
            if (Json.Long(status, name) is { } number && number > replicas)
            {
                errors.Invalid("status." + name, Json.Number(number), "cannot be greater than status.replicas");
            }
        }

        if (Json.Long(status, "availableReplicas") is { } available && available > (Json.Long(status, "readyReplicas") ?? 0))
        {
            errors.Invalid("status.availableReplicas", Json.Number(available), "cannot be greater than readyReplicas");
        }
    }
}
