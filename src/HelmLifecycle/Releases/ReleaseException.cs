using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>An action could not be done. The message is one sentence, Helm's own where Helm has one.</summary>
public class ReleaseException : Exception
{
    /// <summary>Makes the exception.</summary>
    public ReleaseException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    public ReleaseException(string message, Exception? inner)
        : base(message, inner)
    {
    }

    /// <summary>The release, as far as it is known.</summary>
    public string? ReleaseName { get; init; }
}

/// <summary>There is no such release or revision: <c>release: not found</c>.</summary>
public class ReleaseNotFoundException : ReleaseException
{
    /// <summary>Makes the exception with Helm's sentence.</summary>
    public ReleaseNotFoundException(string name, string message = "release: not found")
        : base(message) => ReleaseName = name;
}

/// <summary>The release has no such revision.</summary>
public sealed class RevisionNotFoundException : ReleaseNotFoundException
{
    /// <summary>Makes the exception.</summary>
    public RevisionNotFoundException(string name, int revision, string? message = null)
        : base(name, message ?? $"revision {revision} not found") => Revision = revision;

    /// <summary>The revision asked for.</summary>
    public int Revision { get; }
}

/// <summary>No revision of the release is deployed: <c>"web" has no deployed releases</c>.</summary>
public sealed class NoDeployedReleaseException : ReleaseNotFoundException
{
    /// <summary>Makes the exception with Helm's sentence.</summary>
    public NoDeployedReleaseException(string name)
        : base(name, $"{Go.Quote(name)} has no deployed releases")
    {
    }
}

/// <summary>A record of this revision exists already: <c>release: already exists</c>. Another process made it at the same time.</summary>
public sealed class RevisionExistsException : ReleaseException
{
    /// <summary>Makes the exception with Helm's sentence.</summary>
    public RevisionExistsException(string name, int revision, Exception? inner = null)
        : base("release: already exists", inner)
    {
        ReleaseName = name;
        Revision = revision;
    }

    /// <summary>The revision.</summary>
    public int Revision { get; }
}

/// <summary>The name of an install is in use: <c>cannot reuse a name that is still in use</c>.</summary>
public sealed class NameInUseException : ReleaseException
{
    /// <summary>Makes the exception.</summary>
    public NameInUseException(string name, string message)
        : base(message) => ReleaseName = name;
}

/// <summary>A release name breaks Helm's rules.</summary>
public sealed class InvalidReleaseNameException : ReleaseException
{
    /// <summary>Makes the exception.</summary>
    public InvalidReleaseNameException(string name, string message)
        : base(message) => ReleaseName = name;
}

/// <summary>Another operation is in progress, or its process died and left the record pending.</summary>
public sealed class ReleaseInProgressException : ReleaseException
{
    /// <summary>Makes the exception with Helm's sentence.</summary>
    public ReleaseInProgressException(string name, ReleaseStatus status, string? holder = null)
        : base(holder is null
            ? "another operation (install/upgrade/rollback) is in progress"
            : $"another operation (install/upgrade/rollback) is in progress, held by {holder}")
    {
        ReleaseName = name;
        Status = status;
        Holder = holder;
    }

    /// <summary>The pending status.</summary>
    public ReleaseStatus Status { get; }

    /// <summary>Who holds the release's lease; null when nobody is known to.</summary>
    public string? Holder { get; }
}

/// <summary>An object exists and does not belong to the release.</summary>
public sealed class OwnershipException : ReleaseException
{
    /// <summary>Makes the exception.</summary>
    public OwnershipException(string message)
        : base(message)
    {
    }
}

/// <summary>A record cannot be read or written.</summary>
public sealed class ReleaseRecordException : ReleaseException
{
    /// <summary>Makes the exception.</summary>
    public ReleaseRecordException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>The store could not be read or written; the message carries the store's words and the cause.</summary>
public sealed class RevisionStoreException : ReleaseException
{
    /// <summary>Makes the exception.</summary>
    public RevisionStoreException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>A hook failed or was not done in time.</summary>
public sealed class HookFailedException : ReleaseException
{
    /// <summary>Makes the exception.</summary>
    public HookFailedException(string message, string hookEvent, string hookName, Exception? inner = null)
        : base(message, inner)
    {
        HookEvent = hookEvent;
        HookName = hookName;
    }

    /// <summary>The event, such as <c>pre-install</c>.</summary>
    public string HookEvent { get; }

    /// <summary>The hook's name.</summary>
    public string HookName { get; }

    /// <summary>Why it failed, as the cluster tells; null when there is nothing to tell.</summary>
    public Diagnosis? Diagnosis { get; init; }
}

/// <summary>
/// An action failed after its revision was stored: an object was refused, a hook failed, something was not ready in time, or the caller
/// cancelled. The stored status tells the truth; what was seen in the cluster at that moment is here, taken before anything was undone.
/// </summary>
public sealed class ReleaseFailedException : ReleaseException
{
    /// <summary>Makes the exception.</summary>
    public ReleaseFailedException(string message, Release release, Diagnosis? diagnosis, Exception? inner)
        : base(message, inner)
    {
        Release = release;
        Diagnosis = diagnosis;
        ReleaseName = release.Name;
    }

    /// <summary>The failed revision, as it was stored (or would have been, where undoing removed it).</summary>
    public Release Release { get; }

    /// <summary>Why objects are not ready: events, conditions, container states, last log lines; null when there is nothing to tell.</summary>
    public Diagnosis? Diagnosis { get; }

    /// <summary>The revision rolled back to, when rollback on failure did its work; null otherwise.</summary>
    public Release? RolledBackTo { get; init; }
}
