using HelmLifecycle.Charts;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>Everything an install, upgrade or rollback has worked out before anything is written. A run and a plan both go on from here.</summary>
internal sealed record PreparedRelease
{
    public required ActionContext Context { get; init; }

    public required RolloutKind Kind { get; init; }

    public required DeployOptions Options { get; init; }

    /// <summary>The newest revision of any status; null in a first install.</summary>
    public Release? Last { get; init; }

    /// <summary>The revision whose objects are compared with the target's; null in an install.</summary>
    public Release? Base { get; init; }

    /// <summary>The revision to be, pending and not stored.</summary>
    public required Release Target { get; init; }

    /// <summary>What was rendered; null in a rollback.</summary>
    public RenderedChart? Rendered { get; init; }

    /// <summary>The objects of the base, and those that exist outside it and are taken over, in the target's form.</summary>
    public IReadOnlyList<KubernetesObject> BaseObjects { get; init; } = [];

    /// <summary>The objects of the target, marked as the release's.</summary>
    public IReadOnlyList<KubernetesObject> TargetObjects { get; init; } = [];

    /// <summary>The objects of the target that exist already without being the base's.</summary>
    public IReadOnlyList<KubernetesObject> Adopted { get; init; } = [];

    public required ApplySettings Settings { get; init; }

    public int MaxHistory { get; init; }
}
