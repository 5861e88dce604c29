using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>
/// One rollout on its way: stores each step before it is done, listens for commands, and takes everything back when something fails. A run that finds the stored state of its own revision goes on
/// there: its process died before.
/// </summary>
internal sealed class RolloutRun : IAsyncDisposable
{
    private static readonly TimeSpan s_listen = TimeSpan.FromSeconds(2);
    private readonly RolloutContext _context;
    private readonly RolloutStateStore _store;
    private readonly CancellationTokenSource _stop;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationToken _caller;
    private StoredRollout _stored;
    private TaskCompletionSource _promoted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _listener = Task.CompletedTask;
    private volatile bool _abort, _hold, _lost;

    private RolloutRun(RolloutContext context, RolloutStateStore store, StoredRollout stored, CancellationToken caller)
    {
        _context = context;
        _store = store;
        _stored = stored;
        _caller = caller;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(caller);
        Ready = stored.State.Weight;
    }

    public RolloutState State => _stored.State;

    /// <summary>Stops when the caller cancels, somebody aborts, or another process takes over.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>The weight for which the new version has its pods.</summary>
    public int Ready { get; set; }

    public RolloutWriter Writer => _context.Writer(force: false);

    public int Replicas(KubernetesObject workload) => State.Replicas[workload.Name + "/" + workload.Kind];

    /// <summary>Runs a rollout.</summary>
    /// <param name="context">What it works with.</param>
    /// <param name="begin">The first state, asked for when none is stored. Nothing may be changed by it.</param>
    /// <param name="forward">Does the steps from the stored one on.</param>
    /// <param name="evidence">The new version's workloads, to be asked when something is not ready.</param>
    /// <param name="ct">Cancels; everything is taken back then.</param>
    public static async Task RunAsync(
        RolloutContext context, Func<Task<RolloutState>> begin, Func<RolloutRun, Task> forward, IReadOnlyList<KubernetesObject> evidence, CancellationToken ct)
    {
        var store = new RolloutStateStore(context.Cluster, context.Target.Namespace, context.Target.Name);
        var stored = await store.LoadAsync(ct).ConfigureAwait(false);
        if (stored is not null && stored.State.Revision != context.Target.Revision)
        {
            throw new ReleaseException($"a {stored.State.Strategy} rollout of revision {stored.State.Revision} was begun and not ended: abort it first, with Rollouts({Go.Quote(context.Target.Name)}).AbortAsync");
        }

        string holder = Guid.NewGuid().ToString("N");
        stored = stored is null
            ? await store.CreateAsync(await begin().ConfigureAwait(false), holder, ct).ConfigureAwait(false)
            : await store.SaveAsync(stored, stored.State with { Phase = stored.State.PromotionBegan ? RolloutPhase.Promoting : RolloutPhase.Progressing }, holder, ct).ConfigureAwait(false);
        await using var run = new RolloutRun(context, store, stored, ct);
        run._listener = run.ListenAsync();
        try
        {
            await forward(run).ConfigureAwait(false);
            await run.RemoveAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            if (run._lost) throw new RolloutTakenOverException();
            if (e is RolloutTakenOverException) throw;
            await run._stop.CancelAsync().ConfigureAwait(false);
            await run._listener.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw await run.TakeBackAsync(e, evidence).ConfigureAwait(false);
        }
    }

    /// <summary>Stores that a step begins, and tells it.</summary>
    public async Task StepAsync(int step, int weight, string name, string detail = "")
    {
        if (_hold)
        {
            _hold = false;
            await PauseAsync(null, "held before " + name).ConfigureAwait(false);
        }

        await SaveAsync(s => s with { Step = step, Weight = weight, Message = name, Phase = s.PromotionBegan ? RolloutPhase.Promoting : RolloutPhase.Progressing }).ConfigureAwait(false);
        _context.Report(new RolloutProgress(State.Strategy, name, detail));
    }

    /// <summary>Stores that the release's own workloads are changed from now on.</summary>
    public async Task PromoteAsync(int step)
    {
        await SaveAsync(s => s with { Step = step, Weight = 100, Message = "promote", Phase = RolloutPhase.Promoting, PromotionBegan = true }).ConfigureAwait(false);
        _context.Report(new RolloutProgress(State.Strategy, "promote", "the release's own workloads take the new version"));
    }

    /// <summary>Waits for a time, or without one until somebody promotes. A promotion ends it in any case.</summary>
    public async Task PauseAsync(TimeSpan? duration, string why)
    {
        if (State.Skips || duration <= TimeSpan.Zero) return;
        _promoted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await SaveAsync(s => s with { Phase = RolloutPhase.Paused, Message = why }).ConfigureAwait(false);
        _context.Report(new RolloutProgress(State.Strategy, "pause", duration is { } d ? $"{why}, {d.TotalSeconds:0.###} s" : why));
        try
        {
            await _promoted.Task.WaitAsync(duration ?? System.Threading.Timeout.InfiniteTimeSpan, _context.Time, Token).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The pause is over.
        }

        await SaveAsync(s => s with { Phase = s.PromotionBegan ? RolloutPhase.Promoting : RolloutPhase.Progressing }).ConfigureAwait(false);
    }

    /// <summary>Runs analyses one after the other; one that is inconclusive pauses until somebody promotes.</summary>
    /// <exception cref="RolloutAbortedException">One failed.</exception>
    public async Task AnalyzeAsync(IReadOnlyList<IRolloutAnalysis> analyses, AnalysisOptions options, AnalysisContext context)
    {
        foreach (var analysis in analyses)
        {
            if (State.Skips) return;
            _context.Report(new RolloutProgress(State.Strategy, "analyse", analysis.Name));
            var result = await AnalysisRun.RunAsync([analysis], options, context, null, Token).ConfigureAwait(false);
            _context.Report(new RolloutProgress(State.Strategy, "analysis " + result.Outcome.ToString().ToLowerInvariant(), result.Message));
            if (result.Outcome == AnalysisOutcome.Inconclusive) await PauseAsync(null, $"inconclusive: {result.Message}").ConfigureAwait(false);
            else if (result.Outcome != AnalysisOutcome.Successful) throw new RolloutAbortedException(result.Message);
        }
    }

    /// <summary>Gives proxies the time to see the last change of traffic.</summary>
    public Task SettleAsync() => Task.Delay(State.RemovalDelay, _context.Time, Token);

    private async Task RemoveAsync()
    {
        await SettleAsync().ConfigureAwait(false);
        await RolloutUndo.DeleteAsync(_context, State.Remove, Token).ConfigureAwait(false);
        await _store.DeleteAsync(Token).ConfigureAwait(false);
        _context.Report(new RolloutProgress(State.Strategy, "done", ""));
    }

    private async Task SaveAsync(Func<RolloutState, RolloutState> change)
    {
        Token.ThrowIfCancellationRequested();
        await _gate.WaitAsync(Token).ConfigureAwait(false);
        try
        {
            _stored = await _store.SaveAsync(_stored, change(State), _stored.Holder, Token).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task ListenAsync()
    {
        while (!Token.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(s_listen, _context.Time, Token).ConfigureAwait(false);
                var seen = await _store.LoadAsync(Token).ConfigureAwait(false);
                if (seen is null || seen.Holder != _stored.Holder)
                {
                    // The end of this run's own doing is not seen here: its token is cancelled, or the object is gone with it.
                    if (seen is null) return;
                    _lost = true;
                    await _stop.CancelAsync().ConfigureAwait(false);
                    return;
                }

                if (seen.Command is { } command) await ObeyAsync(command).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (e is KubernetesException or ReleaseException)
            {
                // Deaf for the moment; what matters fails by itself.
            }
        }
    }

    private async Task ObeyAsync(string command)
    {
        await _store.CommandAsync(null, Token).ConfigureAwait(false);
        switch (command)
        {
            case RolloutControl.Abort:
                _abort = true;
                await _stop.CancelAsync().ConfigureAwait(false);
                break;
            case RolloutControl.Promote:
                _hold = false;
                _promoted.TrySetResult();
                break;
            case RolloutControl.Pause:
                _hold = true;
                break;
            case RolloutControl.Skip:
                await SaveAsync(s => s with { Skips = true }).ConfigureAwait(false);
                _promoted.TrySetResult();
                break;
        }
    }

    private async Task<Exception> TakeBackAsync(Exception cause, IReadOnlyList<KubernetesObject> evidence)
    {
        using var grace = new CancellationTokenSource(_context.Options.Timeout + TimeSpan.FromMinutes(1), _context.Time);
        Diagnosis? diagnosis = null;
        if (cause is NotReadyException)
        {
            try
            {
                diagnosis = await new Diagnostics(_context.Cluster).ExplainAsync(evidence, grace.Token).ConfigureAwait(false);
                if (diagnosis.IsHealthy) diagnosis = null;
            }
            catch (Exception e) when (e is KubernetesException or OperationCanceledException)
            {
                // The evidence is a help, not a duty.
            }
        }

        bool cancelled = cause is OperationCanceledException && _caller.IsCancellationRequested;
        string why = _abort ? "on request" : cancelled ? "cancelled" : diagnosis?.Summary ?? cause.Message;
        string where = State.Message.Length > 0 ? $" at {State.Message}" : "";
        _context.Report(new RolloutProgress(State.Strategy, "abort", why));
        try
        {
            await RolloutUndo.RunAsync(_context, _store, _stored, grace.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is KubernetesException or ReleaseException or OperationCanceledException)
        {
            return new RolloutAbortedException($"{State.Strategy} failed{where}: {why}; the way back failed too, it can be asked for again with Rollouts({Go.Quote(_context.Target.Name)}).AbortAsync: {e.Message}", cause)
            {
                Diagnosis = diagnosis,
            };
        }

        return cancelled ? cause : new RolloutAbortedException($"{State.Strategy} aborted{where}: {why}", cause) { Diagnosis = diagnosis };
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _listener.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _gate.Dispose();
    }
}
