namespace HelmLifecycle.Charts;

/// <summary>The orders in which Helm installs and uninstalls kinds. Kinds that are not listed come last in both, by name.</summary>
public sealed class KindOrder : IComparer<string>
{
    private static readonly string[] s_install =
    [
        "PriorityClass", "Namespace", "NetworkPolicy", "ResourceQuota", "LimitRange", "PodSecurityPolicy", "PodDisruptionBudget",
        "ServiceAccount", "Secret", "SecretList", "ConfigMap", "StorageClass", "PersistentVolume", "PersistentVolumeClaim",
        "CustomResourceDefinition", "ClusterRole", "ClusterRoleList", "ClusterRoleBinding", "ClusterRoleBindingList", "Role", "RoleList",
        "RoleBinding", "RoleBindingList", "Service", "DaemonSet", "Pod", "ReplicationController", "ReplicaSet", "Deployment",
        "HorizontalPodAutoscaler", "StatefulSet", "Job", "CronJob", "IngressClass", "Ingress", "APIService",
    ];

    private static readonly string[] s_uninstall =
    [
        "APIService", "Ingress", "IngressClass", "Service", "CronJob", "Job", "StatefulSet", "HorizontalPodAutoscaler", "Deployment",
        "ReplicaSet", "ReplicationController", "Pod", "DaemonSet", "RoleBindingList", "RoleBinding", "RoleList", "Role",
        "ClusterRoleBindingList", "ClusterRoleBinding", "ClusterRoleList", "ClusterRole", "CustomResourceDefinition",
        "PersistentVolumeClaim", "PersistentVolume", "StorageClass", "ConfigMap", "SecretList", "Secret", "ServiceAccount",
        "PodDisruptionBudget", "PodSecurityPolicy", "LimitRange", "ResourceQuota", "NetworkPolicy", "Namespace", "PriorityClass",
    ];

    private readonly Dictionary<string, int> _ranks = new(StringComparer.Ordinal);

    private KindOrder(IReadOnlyList<string> kinds)
    {
        Kinds = kinds;
        for (int i = 0; i < kinds.Count; i++)
            _ranks[kinds[i]] = i;
    }

    /// <summary>Helm 4's order of installing.</summary>
    public static KindOrder Install { get; } = new([.. s_install, "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]);

    /// <summary>Helm 4's order of uninstalling.</summary>
    public static KindOrder Uninstall { get; } = new(["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration", .. s_uninstall]);

    /// <summary>Helm 3's order of installing.</summary>
    public static KindOrder InstallHelm3 { get; } = new(s_install);

    /// <summary>Helm 3's order of uninstalling.</summary>
    public static KindOrder UninstallHelm3 { get; } = new(s_uninstall);

    /// <summary>The kinds, in order.</summary>
    public IReadOnlyList<string> Kinds { get; }

    /// <summary>Compares two kinds: listed ones by rank and before others, others by name.</summary>
    public int Compare(string? x, string? y)
    {
        bool xListed = _ranks.TryGetValue(x ?? "", out int xRank);
        bool yListed = _ranks.TryGetValue(y ?? "", out int yRank);
        return (xListed, yListed) switch
        {
            (true, true) => xRank - yRank,
            (false, false) => GoString.Comparer.Compare(x ?? "", y ?? ""),
            _ => xListed ? -1 : 1,
        };
    }

    /// <summary>Sorts, keeping the order of equal kinds.</summary>
    public IReadOnlyList<T> Sort<T>(IEnumerable<T> items, Func<T, string> kind) => [.. items.OrderBy(kind, this)];
}
