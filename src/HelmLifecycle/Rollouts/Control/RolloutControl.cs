namespace HelmLifecycle;

/// <summary>
/// Looks at a running rollout and steers it, from this process or any other: state and commands are kept in a ConfigMap beside the release while the rollout runs.
/// </summary>
public sealed class RolloutControl
{
    private readonly ReleaseClient _client;
    private readonly string _name;

    internal RolloutControl(ReleaseClient client, string name)
    {
        _client = client;
        _name = name;
    }

    /// <summary>How far the rollout is; null when none runs.</summary>
    public Task<RolloutState?> StateAsync(CancellationToken ct = default) => throw new NotSupportedException(_client.Namespace + _name);

    /// <summary>Holds the running rollout before its next step, until it is promoted.</summary>
    /// <exception cref="ReleaseException">None runs.</exception>
    public Task PauseAsync(CancellationToken ct = default) => throw new NotSupportedException();

    /// <summary>Ends the present pause, or gives the approval that is waited for.</summary>
    /// <exception cref="ReleaseException">None runs.</exception>
    public Task PromoteAsync(CancellationToken ct = default) => throw new NotSupportedException();

    /// <summary>Leaves out all pauses, analyses and approvals that are still to come.</summary>
    /// <exception cref="ReleaseException">None runs.</exception>
    public Task SkipAsync(CancellationToken ct = default) => throw new NotSupportedException();

    /// <summary>
    /// Brings traffic and workloads back to the old version. A rollout that runs is told so; one whose process does not answer is taken over: traffic goes back first, the helpers are
    /// removed, and the revision is marked failed.
    /// </summary>
    /// <exception cref="ReleaseException">None runs.</exception>
    public Task AbortAsync(CancellationToken ct = default) => throw new NotSupportedException();

    /// <summary>Takes over a rollout whose process died, goes on at the stored step and finishes the upgrade.</summary>
    /// <param name="strategy">The strategy as it was started.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The deployed revision.</returns>
    /// <exception cref="ReleaseException">None was begun, or its process still lives.</exception>
    public Task<Release> ResumeAsync(IRolloutStrategy strategy, CancellationToken ct = default) => throw new NotSupportedException();
}
