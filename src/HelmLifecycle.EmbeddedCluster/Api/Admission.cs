using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>The admission plugins that matter to charts: namespaces' life, service accounts, tolerations, priority, default storage class, limit ranges.</summary>
internal static class Admission
{
    private static readonly ResourceKey s_namespaces = new("", "namespaces");
    private static readonly ResourceKey s_pods = new("", "pods");

    public static void Create(ApiServer server, WriteContext context, JsonObject json)
    {
        Namespace(server, context, json, creating: true);
        ResourceKey key = context.Resource.Key;
        if (key == s_pods && context.Subresource is null)
        {
            PodAdmission.Create(server, context, json);
        }
        else if (key == new ResourceKey("", "persistentvolumeclaims"))
        {
            StorageClass(server, json);
        }
        else if (key == new ResourceKey("networking.k8s.io", "ingresses"))
        {
            IngressClass(server, json);
        }

        Webhooks(server, context, "CREATE", json, null);
    }

    /// <summary>What is refused only when the object itself is valid: bounds of LimitRanges, and quotas.</summary>
    public static void Validate(ApiServer server, WriteContext context, JsonObject json)
    {
        if (context.Subresource is null)
        {
            LimitAdmission.Check(server, context, json);
            QuotaAdmission.Check(server.Store, context.Resource.Key, context.Namespace, json);
        }
    }

    public static void Update(ApiServer server, WriteContext context, JsonObject json, JsonObject old)
    {
        Namespace(server, context, json, creating: false);
        if (context.Resource.Key == new ResourceKey("", "persistentvolumeclaims") && context.Subresource is null)
        {
            Resize(server, context, json, old);
        }

        Webhooks(server, context, "UPDATE", json, old);
    }

    /// <summary>A bound claim may grow where its class allows it.</summary>
    private static void Resize(ApiServer server, WriteContext context, JsonObject json, JsonObject old)
    {
        bool grows = Quantity.TryParse(Json.String(json, "spec", "resources", "requests", "storage"), out Quantity now)
            && Quantity.TryParse(Json.String(old, "spec", "resources", "requests", "storage"), out Quantity was) && now.CompareTo(was) > 0;
        if (!grows || Json.Text(old, "status", "phase") != "Bound")
        {
            return;
        }

        StoredObject? kind = server.Store.Get(new ResourceKey("storage.k8s.io", "storageclasses"), null, Json.Text(old, "spec", "storageClassName"));
        if (kind is null || !Json.Bool(kind.View, "allowVolumeExpansion"))
        {
            throw ApiErrors.Forbidden(context.Resource.Key, Json.Text(old, "metadata", "name"), "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize");
        }
    }

    private static void Webhooks(ApiServer server, WriteContext context, string operation, JsonObject json, JsonObject? old)
    {
        if (server.Faults is { HasWebhooks: true } plan && context.Subresource is null)
        {
            var request = new WebhookRequest(operation, context.Resource.Kind, context.Namespace ?? "", Json.Text(json, "metadata", "name"), json, old, context.Caller.User);
            if (operation != "DELETE")
            {
                plan.MutateObject(request);
            }

            plan.ValidateObject(request);
        }
    }

    public static void Delete(ApiServer server, WriteContext context, string name)
    {
        if (context.Resource.Key == s_namespaces && name is "default" or "kube-system" or "kube-public")
        {
            throw ApiErrors.Forbidden(s_namespaces, name, "this namespace may not be deleted");
        }

        if (server.Faults is { HasWebhooks: true } && server.Store.Get(context.Resource.Store, context.Namespace, name) is { } stored)
        {
            Webhooks(server, context, "DELETE", stored.ToJson(), null);
        }
    }

    private static void Namespace(ApiServer server, WriteContext context, JsonObject json, bool creating)
    {
        if (!context.Resource.Namespaced || context.Namespace is not { Length: > 0 } ns)
        {
            return;
        }

        if (server.Store.Get(s_namespaces, null, ns) is not { } found)
        {
            throw ApiErrors.NotFound(s_namespaces, ns);
        }

        if (creating && found.View["metadata"]!["deletionTimestamp"] is not null)
        {
            string name = Json.Text(json, "metadata", "name");
            var cause = new JsonObject { ["reason"] = "NamespaceTerminating", ["message"] = $"namespace {ns} is being terminated", ["field"] = "metadata.namespace" };
            ApiError error = ApiErrors.Forbidden(context.Resource.Key, name, $"unable to create new content in namespace {ns} because it is being terminated");
            error.Details!["causes"] = new JsonArray { (JsonNode)cause };
            throw error;
        }
    }

    private static void StorageClass(ApiServer server, JsonObject json)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        if (spec["storageClassName"] is not null)
        {
            return;
        }

        StoredObject? standard = server.Store.List(new ResourceKey("storage.k8s.io", "storageclasses"))
            .Where(c => Json.Text(c.View, "metadata", "annotations", "storageclass.kubernetes.io/is-default-class") == "true").MaxBy(c => Json.Text(c.View, "metadata", "creationTimestamp"));
        if (standard is not null)
        {
            spec["storageClassName"] = standard.Name;
        }
    }

    private static void IngressClass(ApiServer server, JsonObject json)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        if (spec["ingressClassName"] is not null || Json.Has(json, "metadata", "annotations", "kubernetes.io/ingress.class"))
        {
            return;
        }

        StoredObject? standard = server.Store.List(new ResourceKey("networking.k8s.io", "ingressclasses"))
            .FirstOrDefault(c => Json.Text(c.View, "metadata", "annotations", "ingressclass.kubernetes.io/is-default-class") == "true");
        if (standard is not null)
        {
            spec["ingressClassName"] = standard.Name;
        }
    }
}
