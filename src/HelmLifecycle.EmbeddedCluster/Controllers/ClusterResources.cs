namespace HelmLifecycle.EmbeddedCluster;

/// <summary>The built-in resources that controllers work on.</summary>
internal static class ClusterResources
{
    public static readonly ResourceKey Pods = new("", "pods");
    public static readonly ResourceKey Nodes = new("", "nodes");
    public static readonly ResourceKey Events = new("", "events");
    public static readonly ResourceKey Services = new("", "services");
    public static readonly ResourceKey Endpoints = new("", "endpoints");
    public static readonly ResourceKey Namespaces = new("", "namespaces");
    public static readonly ResourceKey ConfigMaps = new("", "configmaps");
    public static readonly ResourceKey Secrets = new("", "secrets");
    public static readonly ResourceKey ServiceAccounts = new("", "serviceaccounts");
    public static readonly ResourceKey Claims = new("", "persistentvolumeclaims");
    public static readonly ResourceKey Volumes = new("", "persistentvolumes");
    public static readonly ResourceKey Quotas = new("", "resourcequotas");
    public static readonly ResourceKey ReplicationControllers = new("", "replicationcontrollers");
    public static readonly ResourceKey Deployments = new("apps", "deployments");
    public static readonly ResourceKey ReplicaSets = new("apps", "replicasets");
    public static readonly ResourceKey StatefulSets = new("apps", "statefulsets");
    public static readonly ResourceKey DaemonSets = new("apps", "daemonsets");
    public static readonly ResourceKey ControllerRevisions = new("apps", "controllerrevisions");
    public static readonly ResourceKey Jobs = new("batch", "jobs");
    public static readonly ResourceKey CronJobs = new("batch", "cronjobs");
    public static readonly ResourceKey EndpointSlices = new("discovery.k8s.io", "endpointslices");
    public static readonly ResourceKey Ingresses = new("networking.k8s.io", "ingresses");
    public static readonly ResourceKey StorageClasses = new("storage.k8s.io", "storageclasses");
    public static readonly ResourceKey DisruptionBudgets = new("policy", "poddisruptionbudgets");
    public static readonly ResourceKey Autoscalers = new("autoscaling", "horizontalpodautoscalers");
    public static readonly ResourceKey VirtualServices = new("networking.istio.io", "virtualservices");
    public static readonly ResourceKey DestinationRules = new("networking.istio.io", "destinationrules");
    public static readonly ResourceKey HttpRoutes = new("gateway.networking.k8s.io", "httproutes");

    /// <summary>The resource of a workload kind, or null.</summary>
    public static ResourceKey? OfKind(string? kind) => kind switch
    {
        "Deployment" => Deployments,
        "ReplicaSet" => ReplicaSets,
        "ReplicationController" => ReplicationControllers,
        "StatefulSet" => StatefulSets,
        "DaemonSet" => DaemonSets,
        "Job" => Jobs,
        "CronJob" => CronJobs,
        "Pod" => Pods,
        "Service" => Services,
        "Node" => Nodes,
        "Namespace" => Namespaces,
        "PersistentVolumeClaim" => Claims,
        _ => null,
    };
}
