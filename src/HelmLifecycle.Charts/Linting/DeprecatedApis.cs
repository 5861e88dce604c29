namespace HelmLifecycle.Charts;

/// <summary>A version of a built-in kind that Kubernetes gave up.</summary>
/// <param name="ApiVersion">Group and version.</param>
/// <param name="Kind">The kind.</param>
/// <param name="DeprecatedIn">The minor version of Kubernetes 1 from which on it is deprecated.</param>
/// <param name="RemovedIn">The minor version of Kubernetes 1 from which on it is gone; 0 when it stays.</param>
/// <param name="Replacement">What to use instead; empty when there is nothing.</param>
public sealed record DeprecatedApi(string ApiVersion, string Kind, int DeprecatedIn, int RemovedIn, string Replacement)
{
    /// <summary>The API server's own sentence.</summary>
    public string Message =>
        $"{ApiVersion} {Kind} is deprecated in v1.{DeprecatedIn}+"
        + (RemovedIn > 0 ? $", unavailable in v1.{RemovedIn}+" : "")
        + (Replacement.Length > 0 ? $"; use {Replacement}" : "");
}

/// <summary>The deprecated and removed versions of built-in kinds, as Kubernetes 1.34 knows them.</summary>
public static class DeprecatedApis
{
    private static readonly Dictionary<(string, string), DeprecatedApi> s_table = Table().ToDictionary(a => (a.ApiVersion, a.Kind));

    /// <summary>All of them.</summary>
    public static IReadOnlyCollection<DeprecatedApi> All => s_table.Values;

    /// <summary>Finds a kind that is deprecated in a version of Kubernetes.</summary>
    /// <param name="apiVersion">Group and version.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="version">The version of Kubernetes.</param>
    public static DeprecatedApi? Find(string apiVersion, string kind, KubeVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        return s_table.TryGetValue((apiVersion, kind), out DeprecatedApi? api) && Minor(version) >= api.DeprecatedIn ? api : null;
    }

    /// <summary>Whether a version of Kubernetes serves the kind no more.</summary>
    public static bool IsRemoved(DeprecatedApi api, KubeVersion version)
    {
        ArgumentNullException.ThrowIfNull(api);
        ArgumentNullException.ThrowIfNull(version);
        return api.RemovedIn > 0 && Minor(version) >= api.RemovedIn;
    }

    private static int Minor(KubeVersion version) =>
        int.TryParse(version.Minor.AsSpan().TrimEnd('+'), System.Globalization.CultureInfo.InvariantCulture, out int minor) ? minor : 0;

    private static IEnumerable<DeprecatedApi> Table()
    {
        static DeprecatedApi[] Kinds(string apiVersion, int deprecated, int removed, string replacement, params string[] kinds) =>
            [.. kinds.Select(k => new DeprecatedApi(apiVersion, k, deprecated, removed, replacement.Length == 0 ? "" : $"{replacement} {k}"))];

        return
        [
            .. Kinds("extensions/v1beta1", 8, 16, "apps/v1", "DaemonSet", "Deployment", "ReplicaSet"),
            .. Kinds("extensions/v1beta1", 9, 16, "networking.k8s.io/v1", "NetworkPolicy"),
            .. Kinds("extensions/v1beta1", 14, 22, "networking.k8s.io/v1", "Ingress"),
            .. Kinds("apps/v1beta1", 8, 16, "apps/v1", "ControllerRevision", "Deployment", "StatefulSet"),
            .. Kinds("apps/v1beta2", 9, 16, "apps/v1", "ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"),
            .. Kinds("admissionregistration.k8s.io/v1beta1", 16, 22, "admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"),
            .. Kinds("apiextensions.k8s.io/v1beta1", 16, 22, "apiextensions.k8s.io/v1", "CustomResourceDefinition"),
            .. Kinds("apiregistration.k8s.io/v1beta1", 19, 22, "apiregistration.k8s.io/v1", "APIService"),
            .. Kinds("autoscaling/v2beta1", 22, 25, "autoscaling/v2", "HorizontalPodAutoscaler"),
            .. Kinds("autoscaling/v2beta2", 23, 26, "autoscaling/v2", "HorizontalPodAutoscaler"),
            .. Kinds("batch/v1beta1", 21, 25, "batch/v1", "CronJob"),
            .. Kinds("certificates.k8s.io/v1beta1", 19, 22, "certificates.k8s.io/v1", "CertificateSigningRequest"),
            .. Kinds("coordination.k8s.io/v1beta1", 19, 22, "coordination.k8s.io/v1", "Lease"),
            .. Kinds("discovery.k8s.io/v1beta1", 21, 25, "discovery.k8s.io/v1", "EndpointSlice"),
            .. Kinds("events.k8s.io/v1beta1", 22, 25, "events.k8s.io/v1", "Event"),
            .. Kinds("flowcontrol.apiserver.k8s.io/v1beta1", 23, 26, "flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", "PriorityLevelConfiguration"),
            .. Kinds("flowcontrol.apiserver.k8s.io/v1beta2", 26, 29, "flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", "PriorityLevelConfiguration"),
            .. Kinds("flowcontrol.apiserver.k8s.io/v1beta3", 29, 32, "flowcontrol.apiserver.k8s.io/v1", "FlowSchema", "PriorityLevelConfiguration"),
            .. Kinds("networking.k8s.io/v1beta1", 19, 22, "networking.k8s.io/v1", "Ingress", "IngressClass"),
            .. Kinds("node.k8s.io/v1beta1", 22, 25, "node.k8s.io/v1", "RuntimeClass"),
            .. Kinds("policy/v1beta1", 21, 25, "policy/v1", "PodDisruptionBudget"),
            .. Kinds("policy/v1beta1", 21, 25, "", "PodSecurityPolicy"),
            .. Kinds("rbac.authorization.k8s.io/v1alpha1", 17, 22, "rbac.authorization.k8s.io/v1", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"),
            .. Kinds("rbac.authorization.k8s.io/v1beta1", 17, 22, "rbac.authorization.k8s.io/v1", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"),
            .. Kinds("scheduling.k8s.io/v1beta1", 14, 22, "scheduling.k8s.io/v1", "PriorityClass"),
            .. Kinds("storage.k8s.io/v1beta1", 17, 22, "storage.k8s.io/v1", "CSINode"),
            .. Kinds("storage.k8s.io/v1beta1", 19, 22, "storage.k8s.io/v1", "CSIDriver", "StorageClass", "VolumeAttachment"),
            .. Kinds("storage.k8s.io/v1beta1", 24, 27, "storage.k8s.io/v1", "CSIStorageCapacity"),
            new DeprecatedApi("v1", "ComponentStatus", 19, 0, ""),
            new DeprecatedApi("v1", "Endpoints", 33, 0, "discovery.k8s.io/v1 EndpointSlice"),
        ];
    }
}
