using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>Something that happened on the way of an action.</summary>
public abstract record ReleaseEvent
{
    /// <summary>When, by the client's <see cref="TimeProvider"/>.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>The release's name.</summary>
    public string ReleaseName { get; init; } = "";

    /// <summary>The release's namespace.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>The revision worked on; 0 while it is not known.</summary>
    public int Revision { get; init; }

    /// <summary>The event as one line for a log or a terminal.</summary>
    public abstract string Message { get; }

    /// <inheritdoc/>
    public sealed override string ToString() => Message;
}

/// <summary>The stages of an action, in order.</summary>
public enum ReleaseStage
{
    /// <summary>Reading the history, checking the name, loading chart and values.</summary>
    Preparing,

    /// <summary>Creating the CRDs of the chart.</summary>
    Crds,

    /// <summary>Rendering the templates.</summary>
    Rendering,

    /// <summary>Running the hooks before.</summary>
    PreHooks,

    /// <summary>Creating, changing and deleting objects.</summary>
    Applying,

    /// <summary>Waiting until the objects are ready, or gone.</summary>
    Waiting,

    /// <summary>Running the hooks after.</summary>
    PostHooks,

    /// <summary>Undoing after a failure.</summary>
    RollingBack,
}

/// <summary>A stage began.</summary>
public sealed record StageStarted(ReleaseStage Stage) : ReleaseEvent
{
    /// <inheritdoc/>
    public override string Message => Stage switch
    {
        ReleaseStage.Crds => "installing CRDs",
        ReleaseStage.PreHooks => "running hooks before",
        ReleaseStage.PostHooks => "running hooks after",
        ReleaseStage.RollingBack => "rolling back",
        _ => Stage.ToString().ToLowerInvariant(),
    };
}

/// <summary>A revision was written to the store.</summary>
public sealed record RevisionStored(ReleaseStatus Status, string Description) : ReleaseEvent
{
    /// <inheritdoc/>
    public override string Message => $"revision {Revision} stored as {Status.ToText()}: {Description}";
}

/// <summary>An old revision was deleted from the store.</summary>
public sealed record RevisionPruned : ReleaseEvent
{
    /// <inheritdoc/>
    public override string Message => $"revision {Revision} pruned";
}

/// <summary>What was done with an object.</summary>
public enum ResourceAction
{
    /// <summary>It was created.</summary>
    Created,

    /// <summary>It was changed.</summary>
    Changed,

    /// <summary>There was nothing to change.</summary>
    Unchanged,

    /// <summary>It was replaced with PUT.</summary>
    Replaced,

    /// <summary>It was deleted and created again.</summary>
    Recreated,

    /// <summary>It was deleted.</summary>
    Deleted,

    /// <summary>It was kept because of its resource policy.</summary>
    Kept,

    /// <summary>The API refused.</summary>
    Failed,
}

/// <summary>An object was created, changed, deleted or refused.</summary>
/// <param name="Kind">Its group, version and kind.</param>
/// <param name="ObjectNamespace">Its namespace; null for a cluster-wide object.</param>
/// <param name="Name">Its name.</param>
/// <param name="Action">What was done.</param>
/// <param name="Error">Why it was refused; null otherwise.</param>
public sealed record ResourceApplied(GroupVersionKind Kind, string? ObjectNamespace, string Name, ResourceAction Action, string? Error = null) : ReleaseEvent
{
    /// <inheritdoc/>
    public override string Message => Error is null
        ? $"{Kind.Kind}/{Name} {Action.ToString().ToLowerInvariant()}"
        : $"{Kind.Kind}/{Name} {Action.ToString().ToLowerInvariant()}: {Error}";
}

/// <summary>One object and how far it is.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="ObjectNamespace">Its namespace; null for a cluster-wide object.</param>
/// <param name="Name">Its name.</param>
/// <param name="Status">Its state in one word, such as InProgress.</param>
/// <param name="Reason">Why it is not ready, as far as it is known; else empty.</param>
public sealed record ResourceProgress(string Kind, string? ObjectNamespace, string Name, string Status, string Reason);

/// <summary>The wait goes on: so many objects are ready.</summary>
/// <param name="Ready">How many are.</param>
/// <param name="Total">Of how many.</param>
/// <param name="NotReady">The others.</param>
public sealed record WaitingForReady(int Ready, int Total, IReadOnlyList<ResourceProgress> NotReady) : ReleaseEvent
{
    /// <inheritdoc/>
    public override string Message => NotReady.Count == 0
        ? $"{Ready}/{Total} ready"
        : $"{Ready}/{Total} ready, waiting for {string.Join(", ", NotReady.Select(r => r.Reason.Length > 0 ? $"{r.Kind}/{r.Name}: {r.Reason}" : $"{r.Kind}/{r.Name}"))}";
}

/// <summary>A hook began.</summary>
public sealed record HookStarted(string Event, string HookName, string HookKind, string Path) : ReleaseEvent
{
    /// <inheritdoc/>
    public override string Message => $"{Event} hook {HookKind}/{HookName} started";
}

/// <summary>A hook ended.</summary>
/// <param name="Event">The event it ran for.</param>
/// <param name="HookName">Its name.</param>
/// <param name="HookKind">Its kind.</param>
/// <param name="Phase">How it ended.</param>
/// <param name="Logs">The logs its output policy asked for; empty otherwise.</param>
/// <param name="Error">Why it failed; null otherwise.</param>
public sealed record HookEnded(string Event, string HookName, string HookKind, HookPhase Phase, string Logs, string? Error) : ReleaseEvent
{
    /// <inheritdoc/>
    public override string Message => Error is null
        ? $"{Event} hook {HookKind}/{HookName} {Phase.ToString().ToLowerInvariant()}"
        : $"{Event} hook {HookKind}/{HookName} {Phase.ToString().ToLowerInvariant()}: {Error}";
}

/// <summary>Something a reader should know that is no failure; warnings of the API are among them.</summary>
public sealed record ReleaseWarning(string Text) : ReleaseEvent
{
    /// <inheritdoc/>
    public override string Message => "warning: " + Text;
}

/// <summary>A rollout strategy tells how far it is.</summary>
/// <param name="Strategy">The strategy's name.</param>
/// <param name="Step">The step, in the strategy's words.</param>
/// <param name="Detail">More about it.</param>
public sealed record RolloutProgress(string Strategy, string Step, string Detail) : ReleaseEvent
{
    /// <inheritdoc/>
    public override string Message => $"{Strategy}: {Step}{(Detail.Length == 0 ? "" : ", " + Detail)}";
}

/// <summary>The action ended well. The last event of a stream.</summary>
/// <param name="Release">The revision it made; null for an uninstall that left none.</param>
public sealed record ReleaseCompleted(Release? Release) : ReleaseEvent
{
    /// <inheritdoc/>
    public override string Message => Release is null ? "done" : $"{Release.Name} revision {Release.Revision} {Release.Info.Status.ToText()}";
}
