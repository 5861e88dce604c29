namespace HelmLifecycle;

/// <summary>The status of a revision, in Helm's words.</summary>
public enum ReleaseStatus
{
    /// <summary>The state is not known, or the record holds a status that is not one of these.</summary>
    Unknown,

    /// <summary>The revision is the one in force.</summary>
    Deployed,

    /// <summary>The release was uninstalled and its history kept.</summary>
    Uninstalled,

    /// <summary>A newer revision took this one's place.</summary>
    Superseded,

    /// <summary>The operation that made the revision failed.</summary>
    Failed,

    /// <summary>An uninstall began and did not end.</summary>
    Uninstalling,

    /// <summary>An install is in progress, or its process died.</summary>
    PendingInstall,

    /// <summary>An upgrade is in progress, or its process died.</summary>
    PendingUpgrade,

    /// <summary>A rollback is in progress, or its process died.</summary>
    PendingRollback,
}

/// <summary>Statuses as text and as groups.</summary>
public static class ReleaseStatusExtensions
{
    /// <summary>The status as Helm writes it in records and labels: lower case, with hyphens.</summary>
    public static string ToText(this ReleaseStatus status) => status switch
    {
        ReleaseStatus.Deployed => "deployed",
        ReleaseStatus.Uninstalled => "uninstalled",
        ReleaseStatus.Superseded => "superseded",
        ReleaseStatus.Failed => "failed",
        ReleaseStatus.Uninstalling => "uninstalling",
        ReleaseStatus.PendingInstall => "pending-install",
        ReleaseStatus.PendingUpgrade => "pending-upgrade",
        ReleaseStatus.PendingRollback => "pending-rollback",
        _ => "unknown",
    };

    /// <summary>Reads Helm's text; any other text is <see cref="ReleaseStatus.Unknown"/>.</summary>
    public static ReleaseStatus Parse(string? text) => text switch
    {
        "deployed" => ReleaseStatus.Deployed,
        "uninstalled" => ReleaseStatus.Uninstalled,
        "superseded" => ReleaseStatus.Superseded,
        "failed" => ReleaseStatus.Failed,
        "uninstalling" => ReleaseStatus.Uninstalling,
        "pending-install" => ReleaseStatus.PendingInstall,
        "pending-upgrade" => ReleaseStatus.PendingUpgrade,
        "pending-rollback" => ReleaseStatus.PendingRollback,
        _ => ReleaseStatus.Unknown,
    };

    /// <summary>Whether an operation is in progress, as Helm counts: the three pending statuses, but not uninstalling.</summary>
    public static bool IsPending(this ReleaseStatus status) =>
        status is ReleaseStatus.PendingInstall or ReleaseStatus.PendingUpgrade or ReleaseStatus.PendingRollback;
}
