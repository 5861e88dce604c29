namespace HelmLifecycle.EmbeddedCluster.Tests;

/// <summary>A fact that needs the real kubectl; skipped with the reason where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KubectlFactAttribute : FactAttribute
{
    public KubectlFactAttribute() => Skip = RealPart.SkipReason(Kubectl.Program is not null, "kubectl is not on PATH (Debian: kubernetes-client).");
}
