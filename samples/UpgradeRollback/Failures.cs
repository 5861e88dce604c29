using HelmLifecycle;
using HelmLifecycle.Charts;
using HelmLifecycle.Kubernetes;
using HelmLifecycle.Templates;

namespace UpgradeRollback;

/// <summary>Exceptions that are said in their one sentence.</summary>
internal static class Failures
{
    public static bool IsExpected(Exception e) =>
        e is ReleaseException or ChartException or ValuesException or ManifestException or TemplateException or YamlException or KubernetesException;
}
