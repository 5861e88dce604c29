namespace HelmLifecycle;

/// <summary>Whose behaviour is followed where the generations of Helm differ: defaults, sentences, the form of records.</summary>
public enum HelmGeneration
{
    /// <summary>Helm 4 (default): server-side apply, zero times left out of records, the watcher's way of waiting.</summary>
    Helm4,

    /// <summary>Helm 3: three-way patches, zero times as empty texts, readiness by polling.</summary>
    Helm3,
}

/// <summary>How objects were written to the cluster, as the record of a revision tells (<c>apply_method</c>).</summary>
public enum ApplyMethod
{
    /// <summary>The record does not say: Helm 3 wrote it. Counts as client-side.</summary>
    Unspecified,

    /// <summary><c>csa</c>: created with POST, changed by patches computed here.</summary>
    ClientSide,

    /// <summary><c>ssa</c>: server-side apply.</summary>
    ServerSide,
}

/// <summary>Which way an action shall write objects (Helm 4's <c>--server-side</c>).</summary>
public enum ServerSideApply
{
    /// <summary>An install applies server-side (Helm 4) or client-side (Helm 3); an upgrade or rollback goes on as the record says.</summary>
    Auto,

    /// <summary>Server-side apply.</summary>
    True,

    /// <summary>Client-side patches.</summary>
    False,
}

/// <summary>What an action waits for.</summary>
public enum WaitMode
{
    /// <summary>Only for hooks (the default of both generations when no wait is asked for).</summary>
    HookOnly,

    /// <summary>Until every object is Current by the kstatus rules, watched (Helm 4's <c>--wait</c>).</summary>
    Watcher,

    /// <summary>Until every object is ready by Helm 3's rules, polled every two seconds (Helm 4's <c>--wait=legacy</c>).</summary>
    Legacy,
}

/// <summary>Whether an action only pretends.</summary>
public enum DryRun
{
    /// <summary>The action is done.</summary>
    None,

    /// <summary>Rendered without asking the cluster through <c>lookup</c>; nothing is written.</summary>
    Client,

    /// <summary>Rendered with <c>lookup</c> answered by the cluster; nothing is written.</summary>
    Server,
}

/// <summary>How values given to earlier revisions count in an upgrade.</summary>
public enum ValuesReuse
{
    /// <summary>Helm's default: the given values; when none are given, those of the base revision.</summary>
    Auto,

    /// <summary><c>--reset-values</c>: only the given values over the new chart's defaults.</summary>
    Reset,

    /// <summary><c>--reuse-values</c>: the given values over the old values and the <em>old</em> chart's defaults.</summary>
    Reuse,

    /// <summary><c>--reset-then-reuse-values</c>: the given values over the old values and the new chart's defaults.</summary>
    ResetThenReuse,
}

/// <summary>What happens to CRDs of the chart's <c>crds/</c> folder.</summary>
public enum CrdPolicy
{
    /// <summary>Helm's way: created on install (Helm 4 applies them), never touched by an upgrade.</summary>
    Create,

    /// <summary>Left alone (<c>--skip-crds</c>).</summary>
    Skip,

    /// <summary>Created or replaced on install and upgrade, refused when a served version or a field in use would vanish.</summary>
    CreateReplace,
}

/// <summary>How dependents of deleted objects go.</summary>
public enum Cascade
{
    /// <summary>The garbage collector deletes dependents afterwards (default).</summary>
    Background,

    /// <summary>The owner goes after its dependents.</summary>
    Foreground,

    /// <summary>Dependents stay.</summary>
    Orphan,
}
