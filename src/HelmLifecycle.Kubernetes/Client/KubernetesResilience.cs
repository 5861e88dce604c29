using Polly;

namespace HelmLifecycle.Kubernetes;

/// <summary>The resilience of API requests, built with Polly.</summary>
public static class KubernetesResilience
{
    /// <summary>Under this key the pipeline's context holds the request.</summary>
    public static ResiliencePropertyKey<KubernetesRequest> RequestKey { get; } = new("HelmLifecycle.Kubernetes.Request");
}
