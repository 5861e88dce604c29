using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>What a fresh cluster holds: system namespaces, the API's own Service, bootstrap roles, priority classes, a default storage class.</summary>
internal static class Bootstrap
{
    private const string Rbac = "rbac.authorization.k8s.io";
    private static readonly Caller s_caller = new("system:apiserver", "kube-apiserver");
    private static readonly string[] s_readVerbs = ["get", "list", "watch"];
    private static readonly string[] s_writeVerbs = ["create", "delete", "deletecollection", "patch", "update"];

    public static void Fill(ApiServer server)
    {
        IClusterApi api = server;
        foreach (string name in new[] { "default", "kube-node-lease", "kube-public", "kube-system" })
        {
            api.Create(new ResourceKey("", "namespaces"), null, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } }, s_caller);
        }

        api.Create(new ResourceKey("", "services"), "default", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "kubernetes", ["labels"] = new JsonObject { ["component"] = "apiserver", ["provider"] = "kubernetes" } },
            ["spec"] = new JsonObject { ["clusterIP"] = "10.96.0.1", ["ports"] = new JsonArray { (JsonNode)new JsonObject { ["name"] = "https", ["port"] = 443L, ["targetPort"] = 6443L } } },
        }, s_caller);
        Roles(api);
        foreach ((string name, long value) in new[] { ("system-cluster-critical", 2000000000L), ("system-node-critical", 2000001000L) })
        {
            api.Create(new ResourceKey("scheduling.k8s.io", "priorityclasses"), null, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name }, ["value"] = value }, s_caller);
        }

        api.Create(new ResourceKey("storage.k8s.io", "storageclasses"), null, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "standard", ["annotations"] = new JsonObject { ["storageclass.kubernetes.io/is-default-class"] = "true" } },
            ["provisioner"] = VolumeController.Provisioner,
        }, s_caller);
    }

    private static void Roles(IClusterApi api)
    {
        Role(api, "cluster-admin", Rule(["*"], ["*"], ["*"]), new JsonObject { ["nonResourceURLs"] = Json.Strings("*"), ["verbs"] = Json.Strings("*") });
        JsonObject view = Rule(["", "apps", "autoscaling", "batch", "networking.k8s.io", "policy", "discovery.k8s.io"],
            ["configmaps", "endpoints", "persistentvolumeclaims", "pods", "pods/log", "pods/status", "replicationcontrollers", "serviceaccounts", "services", "events", "namespaces", "resourcequotas", "limitranges",
             "deployments", "daemonsets", "replicasets", "statefulsets", "controllerrevisions", "horizontalpodautoscalers", "cronjobs", "jobs", "ingresses", "networkpolicies", "poddisruptionbudgets", "endpointslices"], s_readVerbs);
        JsonObject edit = Rule(["", "apps", "autoscaling", "batch", "networking.k8s.io", "policy"],
            ["configmaps", "secrets", "endpoints", "persistentvolumeclaims", "pods", "pods/eviction", "replicationcontrollers", "replicationcontrollers/scale", "serviceaccounts", "services", "deployments", "deployments/scale",
             "daemonsets", "replicasets", "replicasets/scale", "statefulsets", "statefulsets/scale", "horizontalpodautoscalers", "cronjobs", "jobs", "ingresses", "networkpolicies", "poddisruptionbudgets"], [.. s_readVerbs, .. s_writeVerbs]);
        JsonObject roles = Rule([Rbac], ["roles", "rolebindings"], [.. s_readVerbs, .. s_writeVerbs]);
        Role(api, "view", view);
        Role(api, "edit", edit, (JsonObject)view.DeepClone());
        Role(api, "admin", (JsonObject)edit.DeepClone(), (JsonObject)view.DeepClone(), roles);
        JsonObject discovery = new() { ["nonResourceURLs"] = Json.Strings("/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi", "/openapi/*", "/readyz", "/version", "/version/"), ["verbs"] = Json.Strings("get") };
        Role(api, "system:discovery", discovery);
        Role(api, "system:public-info-viewer", new JsonObject { ["nonResourceURLs"] = Json.Strings("/healthz", "/livez", "/readyz", "/version", "/version/"), ["verbs"] = Json.Strings("get") });
        Role(api, "system:basic-user", Rule(["authorization.k8s.io"], ["selfsubjectaccessreviews", "selfsubjectrulesreviews"], ["create"]), Rule(["authentication.k8s.io"], ["selfsubjectreviews"], ["create"]));
        foreach ((string role, string group) in new[] { ("cluster-admin", "system:masters"), ("system:discovery", "system:authenticated"), ("system:basic-user", "system:authenticated"), ("system:public-info-viewer", "system:unauthenticated") })
        {
            api.Create(new ResourceKey(Rbac, "clusterrolebindings"), null, new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = role, ["labels"] = Labels() },
                ["roleRef"] = new JsonObject { ["kind"] = "ClusterRole", ["name"] = role },
                ["subjects"] = new JsonArray { (JsonNode)new JsonObject { ["kind"] = "Group", ["name"] = group } },
            }, s_caller);
        }
    }

    private static JsonObject Labels() => new() { ["kubernetes.io/bootstrapping"] = "rbac-defaults" };

    private static JsonObject Rule(string[] groups, string[] resources, string[] verbs) => new() { ["apiGroups"] = Json.Strings(groups), ["resources"] = Json.Strings(resources), ["verbs"] = Json.Strings(verbs) };

    private static void Role(IClusterApi api, string name, params JsonObject[] rules)
    {
        var list = new JsonArray();
        foreach (JsonObject rule in rules)
        {
            list.Add((JsonNode)rule);
        }

        api.Create(new ResourceKey(Rbac, "clusterroles"), null, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = Labels() }, ["rules"] = list }, s_caller);
    }
}
