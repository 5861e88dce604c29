using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>What an analysis looks at.</summary>
public sealed record AnalysisContext
{
    /// <summary>The cluster.</summary>
    public required KubernetesClient Cluster { get; init; }

    /// <summary>The release's namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The revision that is rolled out.</summary>
    public required Release Target { get; init; }

    /// <summary>The revision it takes the place of; null in an install.</summary>
    public Release? Base { get; init; }

    /// <summary>The name of the Service that users ask; empty when the release has none.</summary>
    public string StableService { get; init; } = "";

    /// <summary>The name of the Service (preview or canary) that only the new version answers; without one that of <see cref="StableService"/>.</summary>
    public string CanaryService { get; init; } = "";

    /// <summary>The workloads of the new version.</summary>
    public IReadOnlyList<ObjectReference> Workloads { get; init; } = [];

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>The percentage of requests that the new version is to answer now, 0 to 100.</summary>
    public int Weight { get; init; }
}
