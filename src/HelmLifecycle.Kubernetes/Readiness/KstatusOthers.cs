using static HelmLifecycle.Kubernetes.ReadinessFields;

namespace HelmLifecycle.Kubernetes;

/// <summary>kstatus' rules of PersistentVolumeClaim, Service and CustomResourceDefinition.</summary>
internal static class KstatusOthers
{
    public static ReadinessStatus PersistentVolumeClaim(KubernetesObject o)
    {
        string phase = o.Str("unknown", "status", "phase");
        return phase == "Bound" ? Current("PVC is Bound") : InProgress("NotBound", $"PVC is not Bound. phase: {phase}");
    }

    public static ReadinessStatus Service(KubernetesObject o) =>
        o.Str("ClusterIP", "spec", "type") == "LoadBalancer" && o.Str("", "spec", "clusterIP").Length == 0
            ? InProgress("NoIPAssigned", "ClusterIP not set. Service type: LoadBalancer")
            : Current("Service is ready");

    public static ReadinessStatus CustomResourceDefinition(KubernetesObject o)
    {
        foreach (ObjectCondition c in o.Conditions())
        {
            if (c is { Type: "NamesAccepted", IsFalse: true }) return Failed(c.Reason, c.Message);
            if (c.Type != "Established") continue;
            if (c.IsFalse && c.Reason != "Installing") return Failed(c.Reason, c.Message);
            if (c.IsTrue) return Current("CRD is established");
        }
        return InProgress("Installing", "Install in progress");
    }
}
