namespace HelmLifecycle;

/// <summary>
/// Looks at a running rollout and steers it, from this process or any other: state and commands are kept in a ConfigMap beside the release, <c>hlc.rollout.NAME</c>, while the rollout runs. A running
/// rollout looks for commands every two seconds.
/// </summary>
public sealed class RolloutControl
{
    internal const string Abort = "abort";
    internal const string Promote = "promote";
    internal const string Pause = "pause";
    internal const string Skip = "skip";
    internal const string Ping = "ping";
    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private readonly ReleaseClient _client;
    private readonly string _name;

    internal RolloutControl(ReleaseClient client, string name)
    {
        _client = client;
        _name = name;
    }

    private RolloutStateStore Store => new(
        _client.Cluster ?? throw new ReleaseException("the client has no cluster: give it one with UseCluster"), _client.Namespace, _name);

    /// <summary>How far the rollout is; null when none runs.</summary>
    public async Task<RolloutState?> StateAsync(CancellationToken ct = default) => (await Store.LoadAsync(ct).ConfigureAwait(false))?.State;

    /// <summary>Holds the running rollout before its next step, until it is promoted.</summary>
    /// <exception cref="ReleaseException">None runs.</exception>
    public Task PauseAsync(CancellationToken ct = default) => Store.CommandAsync(Pause, ct);

    /// <summary>Ends the present pause, or gives the approval that is waited for.</summary>
    /// <exception cref="ReleaseException">None runs.</exception>
    public Task PromoteAsync(CancellationToken ct = default) => Store.CommandAsync(Promote, ct);

    /// <summary>Leaves out all steps, pauses, analyses and approvals that are still to come: the new version is promoted.</summary>
    /// <exception cref="ReleaseException">None runs.</exception>
    public Task SkipAsync(CancellationToken ct = default) => Store.CommandAsync(Skip, ct);

    /// <summary>
    /// Brings traffic and workloads back to the old version. A rollout that runs is told so, and it is waited for; one whose process does not answer within ten seconds is taken over: traffic goes back
    /// first, the helpers are removed, and the revision is marked failed. An upgrade that is pending without a stored rollout is taken for one whose process died before or after it: ask for that only
    /// when it is known to be dead. A client with leases waits until that of the dead process has run out, which also proves its death.
    /// </summary>
    /// <exception cref="ReleaseInProgressException">Another process holds the release's lease and renews it.</exception>
    /// <exception cref="ReleaseException">None runs.</exception>
    public async Task AbortAsync(CancellationToken ct = default)
    {
        var store = Store;
        if (await store.LoadAsync(ct).ConfigureAwait(false) is not null && await AnswersAsync(store, Abort, ct).ConfigureAwait(false))
        {
            while (await store.LoadAsync(ct).ConfigureAwait(false) is not null) await Task.Delay(s_poll, _client.Time, ct).ConfigureAwait(false);
            return;
        }

        await new RolloutRecovery(_client, _name).AbortAsync(store, ct).ConfigureAwait(false);
    }

    /// <summary>Takes over a rollout whose process died, goes on at the stored step and finishes the upgrade.</summary>
    /// <param name="strategy">The strategy as it was started.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The deployed revision.</returns>
    /// <exception cref="ReleaseInProgressException">Another process holds the release's lease and renews it.</exception>
    /// <exception cref="ReleaseException">None was begun, or its process still lives.</exception>
    public async Task<Release> ResumeAsync(IRolloutStrategy strategy, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        var store = Store;
        if (await store.LoadAsync(ct).ConfigureAwait(false) is { } stored)
        {
            if (stored.State.Strategy != strategy.Name) throw new ReleaseException($"the rollout was begun as {stored.State.Strategy}, it cannot go on as {strategy.Name}") { ReleaseName = _name };
            if (stored.State.Phase == RolloutPhase.Aborting) throw new ReleaseException("the rollout is on its way back, it can only be aborted") { ReleaseName = _name };
            if (await AnswersAsync(store, Ping, ct).ConfigureAwait(false)) throw new ReleaseException("the rollout runs: its process answers") { ReleaseName = _name };
        }

        return await new RolloutRecovery(_client, _name).ResumeAsync(store, strategy, ct).ConfigureAwait(false);
    }

    // A process that lives takes a command away.
    private async Task<bool> AnswersAsync(RolloutStateStore store, string command, CancellationToken ct)
    {
        await store.CommandAsync(command, ct).ConfigureAwait(false);
        for (var waited = TimeSpan.Zero; waited < s_patience; waited += s_poll)
        {
            await Task.Delay(s_poll, _client.Time, ct).ConfigureAwait(false);
            if (await store.LoadAsync(ct).ConfigureAwait(false) is not { Command: not null }) return true;
        }

        await store.CommandAsync(null, ct).ConfigureAwait(false);
        return false;
    }
}
