using HelmLifecycle.Charts;
using HelmLifecycle.Kubernetes;
using HelmLifecycle.Templates;

namespace HelmLifecycle.Cli;

/// <summary>Which exceptions are said in one sentence. Any other is a fault of the program.</summary>
internal static class Failure
{
    public static bool IsExpected(Exception e) => e is ReleaseException or ChartException or ValuesException or RegistryException or ManifestException
        or TemplateException or YamlException or KubernetesException or UsageException or PatchException or PostRenderException or IOException or UnauthorizedAccessException
        or FormatException or NotSupportedException;
}
