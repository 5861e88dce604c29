namespace HelmLifecycle.Kubernetes;

/// <summary>A wait that ended without success. The message is in Helm's words, one line for each error.</summary>
public sealed class NotReadyException : KubernetesException
{
    /// <summary>An error with the objects concerned.</summary>
    /// <param name="errors">The errors in Helm's words.</param>
    /// <param name="objects">Every object that was waited for, with its last status.</param>
    /// <param name="timedOut">Whether the time was up.</param>
    public NotReadyException(IReadOnlyList<string> errors, IReadOnlyList<ObjectReadiness> objects, bool timedOut) : base(string.Join('\n', errors))
    {
        Errors = errors;
        Objects = objects;
        TimedOut = timedOut;
    }

    /// <summary>The errors one by one. Helm 3 makes a list of them (<c>1 error occurred:</c>), Helm 4 writes one on a line.</summary>
    public IReadOnlyList<string> Errors { get; }

    /// <summary>Every object that was waited for, with its last status.</summary>
    public IReadOnlyList<ObjectReadiness> Objects { get; }

    /// <summary>Whether the time was up; false when an object failed for good.</summary>
    public bool TimedOut { get; }
}
