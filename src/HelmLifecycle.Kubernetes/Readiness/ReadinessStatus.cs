namespace HelmLifecycle.Kubernetes;

/// <summary>How far an object is, in kstatus' words.</summary>
public enum ResourceStatus
{
    /// <summary>As its spec says: ready.</summary>
    Current,

    /// <summary>On the way.</summary>
    InProgress,

    /// <summary>It will not get there by itself.</summary>
    Failed,

    /// <summary>Being deleted.</summary>
    Terminating,

    /// <summary>Not there.</summary>
    NotFound,

    /// <summary>Not known (yet).</summary>
    Unknown,
}

/// <summary>How far an object is, and why.</summary>
/// <param name="Status">The status.</param>
/// <param name="Reason">One word, <c>LessReady</c> for instance; empty when ready.</param>
/// <param name="Message">A sentence, in kstatus' own words where its rules were asked.</param>
public sealed record ReadinessStatus(ResourceStatus Status, string Reason, string Message)
{
    /// <summary>Whether the object is ready.</summary>
    public bool IsCurrent => Status == ResourceStatus.Current;
}
