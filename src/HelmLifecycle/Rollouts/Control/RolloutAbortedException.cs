using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>A rollout did not end well and was taken back: traffic is with the old version, the helpers are removed. The message says at which step and why.</summary>
public sealed class RolloutAbortedException : ReleaseException
{
    /// <summary>Makes the exception.</summary>
    public RolloutAbortedException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>What the cluster told about the new version before it was removed; null when that was not the cause.</summary>
    public Diagnosis? Diagnosis { get; init; }
}
