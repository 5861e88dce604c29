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

    /// <summary>Whether the chart's CRDs were brought in while this was prepared.</summary>
    public bool CrdsAreThere { get; init; }

    /// <summary>Works a pending revision out again from its record, for one who goes on with it after its process died. What it made so far counts as there before.</summary>
    /// <param name="context">The action that goes on.</param>
    /// <param name="options">How it writes and waits.</param>
    /// <param name="kind">What was begun.</param>
    /// <param name="target">The pending revision.</param>
    /// <param name="origin">The revision before it; null when there is none.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<PreparedRelease> FromRecordsAsync(
        ActionContext context, DeployOptions options, RolloutKind kind, Release target, Release? origin, CancellationToken ct)
    {
        context.Revision = target.Revision;
        var settings = ApplySettings.For(context, options, target.ApplyMethod);
        settings = settings with { MigrateManagers = settings.ServerSide && origin is not null && origin.ApplyMethod != ApplyMethod.ServerSide };
        var objects = await CurrentObjects.OfTargetAsync(context, target, ct).ConfigureAwait(false);
        foreach (var o in objects) Ownership.Stamp(o, target.Name, target.Namespace);
        var before = origin is null ? [] : await CurrentObjects.OfBaseAsync(context, origin, ct).ConfigureAwait(false);
        var known = before.Select(b => b.Reference).ToHashSet();
        var made = await Ownership.ExistingAsync(
            context.Cluster, objects.Where(o => !known.Contains(o.Reference)), target.Name, target.Namespace, take: true, context.Helm3, ct).ConfigureAwait(false);
        return new PreparedRelease
        {
            Context = context,
            Kind = kind,
            Options = options,
            Last = target,
            Base = origin,
            Target = target,
            BaseObjects = [.. before, .. made],
            TargetObjects = objects,
            Adopted = made,
            Settings = settings,
            MaxHistory = options.MaxHistory ?? context.Client.MaxHistory,
        };
    }
}
