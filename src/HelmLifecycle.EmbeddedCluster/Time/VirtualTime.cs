namespace HelmLifecycle.EmbeddedCluster;

/// <summary>How virtual time moves.</summary>
public enum VirtualTimeFlow
{
    /// <summary>By itself, to the next timer, as soon as nobody has anything left to do.</summary>
    Automatic,

    /// <summary>Only by <see cref="VirtualTime.AdvanceAsync"/>.</summary>
    Manual,

    /// <summary>Evenly, a fixed number of times as fast as real time.</summary>
    Scaled,
}

/// <summary>
/// A clock that costs no waiting. Controllers, simulated kubelet, watch time-outs and the waits of clients that use it as their <see cref="TimeProvider"/> all live by it.
/// In the automatic flow it jumps to the next timer when everything is idle: no request in flight, no controller at work, no watch event that its reader has not
/// finished with, and real quiet for a short moment. While somebody is busy it stands still, so that a time-out of five minutes takes
/// milliseconds and yet does not fire because a client was slow.
/// </summary>
/// <remarks>
/// A client that computes between two requests cannot be seen directly. Time therefore runs at most a few seconds ahead of the last thing a client did, and further only
/// once no thread of this process wants to run (or real quiet lasted for <see cref="Patience"/>). A client that cannot be seen so can hold time with <see cref="EnterBusy"/>.
/// </remarks>
public sealed partial class VirtualTime : TimeProvider, IDisposable
{
    /// <summary>A reader that never comes back for its next event, or a request that never ends, holds time no longer than this (real time).</summary>
    private static readonly TimeSpan s_busyAtMost = TimeSpan.FromSeconds(5);

    /// <summary>How far time may run ahead of the last sign of a client before that client must be seen idle.</summary>
    private static readonly long s_maxLead = TimeSpan.FromSeconds(5).Ticks;

    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(1);

    private readonly object _gate = new();
    private readonly PriorityQueue<VirtualTimer, (long Due, long Sequence)> _timers = new();
    private readonly LinkedList<BusyScope> _busy = [];
    private readonly List<(TaskCompletionSource<IDisposable?> Quiet, bool Hold)> _waitingForQuiet = [];
    private readonly AutoResetEvent _signal = new(false);
    private readonly ProcessQuiet _process = new();
    private readonly TimeProvider _real;
    private readonly long _startTicks;
    private readonly long _realStart;
    private readonly double _scale;
    private readonly Thread _pump;
    private long _now;
    private long _sequence;
    private int _working;
    private int _armedForeground;
    private long _activity;
    private long _activityAt;
    private long _clientActivity;
    private long _clientActivityAt;
    private long _clientSeenAt;
    private long _clientIdle = -1;
    private long _surelyIdle = -1;
    private long _manualGoal;
    private (bool Surely, long Activity)? _question;
    private bool _stopped;

    /// <summary>Starts a clock.</summary>
    /// <param name="start">The first instant. Default: 2025-01-01 00:00 UTC.</param>
    /// <param name="flow">How time moves.</param>
    /// <param name="scale">Virtual seconds per real second, for <see cref="VirtualTimeFlow.Scaled"/>. Must be above 0.</param>
    public VirtualTime(DateTimeOffset? start = null, VirtualTimeFlow flow = VirtualTimeFlow.Automatic, double scale = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        Flow = flow;
        _scale = scale;
        _real = System;
        _startTicks = (start ?? new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero)).UtcTicks;
        _now = _startTicks;
        _clientSeenAt = _startTicks;
        _manualGoal = _startTicks;
        _realStart = _real.GetTimestamp();
        _activityAt = _realStart;
        _clientActivityAt = _realStart;
        _pump = new Thread(Pump) { IsBackground = true, Name = "virtual time" };
        _pump.Start();
    }

    /// <summary>How this clock moves.</summary>
    public VirtualTimeFlow Flow { get; }

    /// <summary>
    /// Real time without any sign of life after which a long jump is made even though this process is never seen idle (it has other work). Default: 2 seconds.
    /// </summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Time passed since the start.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(NowTicks() - _startTicks);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(NowTicks(), TimeSpan.Zero);

    /// <inheritdoc/>
    public override long GetTimestamp() => NowTicks();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        ExecutionContext? context = ExecutionContext.Capture();
        Action run = context is null
            ? () => callback(state)
            : () => ExecutionContext.Run(context, static s => ((Action)s!)(), (Action)(() => callback(state)));
        var timer = new VirtualTimer(this, run, TimerRole.Client);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Holds time until the returned value is disposed: something is being worked on that the clock cannot see.</summary>
    public IDisposable EnterBusy()
    {
        var scope = new BusyScope(this, _real.GetTimestamp());
        lock (_gate)
        {
            scope.Node = _busy.AddLast(scope);
            NoteClient();
        }

        return scope;
    }

    /// <summary>
    /// Lets time pass, firing what falls due in order, and waits until all that follows from it has been worked off. In the automatic flow this is a wait like any other.
    /// </summary>
    /// <param name="by">How long; not negative.</param>
    /// <param name="cancellationToken">Ends the wait; time already allowed still passes.</param>
    public async Task AdvanceAsync(TimeSpan by, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        Task reached;
        lock (_gate)
        {
            _manualGoal = Math.Max(_manualGoal, NowTicks()) + by.Ticks;
            reached = Task.Delay(TimeSpan.FromTicks(_manualGoal - NowTicks()), this, cancellationToken);
        }

        await reached.ConfigureAwait(false);
        await WhenQuietAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits (in real time) until nobody has anything left to do at this instant. Time itself does not wait for the caller afterwards.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task WhenQuietAsync(CancellationToken cancellationToken = default) => await QuietAsync(hold: false, cancellationToken).ConfigureAwait(false);

    private async Task<IDisposable?> QuietAsync(bool hold, CancellationToken cancellationToken)
    {
        var quiet = new TaskCompletionSource<IDisposable?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waitingForQuiet.Add((quiet, hold));
        }

        _signal.Set();
        return await quiet.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>As <see cref="WhenQuietAsync"/>, but time stands still from that very moment until the returned value is disposed.</summary>
    internal async Task<IDisposable> HoldWhenQuietAsync(CancellationToken cancellationToken) => (await QuietAsync(hold: true, cancellationToken).ConfigureAwait(false))!;

    /// <summary>Stops the clock: no timer fires any more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            foreach ((TaskCompletionSource<IDisposable?> waiter, bool hold) in _waitingForQuiet)
            {
                waiter.TrySetResult(hold ? EnterBusy() : null);
            }

            _waitingForQuiet.Clear();
        }

        _signal.Set();
    }

    /// <summary>Holds time while a controller works. Cheaper than <see cref="EnterBusy"/> and no sign of a client.</summary>
    internal void BeginWork()
    {
        lock (_gate)
        {
            _working++;
        }
    }

    internal void EndWork()
    {
        lock (_gate)
        {
            _working--;
            Note();
        }
    }

    /// <summary>A timer of the cluster itself. A background timer fires when time passes it, but time does not move for its sake.</summary>
    internal ITimer Schedule(Action callback, TimeSpan due, bool background)
    {
        var timer = new VirtualTimer(this, callback, background ? TimerRole.Background : TimerRole.Work);
        timer.Change(due, Timeout.InfiniteTimeSpan);
        return timer;
    }

    private long NowTicks()
    {
        long now = Volatile.Read(ref _now);
        return Flow == VirtualTimeFlow.Scaled ? Math.Max(now, _startTicks + (long)(_real.GetElapsedTime(_realStart).Ticks * _scale)) : now;
    }

    private void Note()
    {
        _activity++;
        _activityAt = _real.GetTimestamp();
        _signal.Set();
    }

    private void NoteClient()
    {
        _clientActivity++;
        _clientSeenAt = _now;
        Note();
        _clientActivityAt = _activityAt;
    }

    private void Pump()
    {
        while (true)
        {
            TimeSpan wait;
            VirtualTimer? fire = null;
            (bool Surely, long Activity)? question;
            lock (_gate)
            {
                if (_stopped)
                {
                    return;
                }

                _question = null;
                wait = Flow == VirtualTimeFlow.Scaled ? NextScaled(out fire) : Next(out fire);
                question = _question;
            }

            if (fire is not null)
            {
                fire.Fire();
            }
            else if (question is not { } asked || !LookAtClients(asked.Surely, asked.Activity))
            {
                _signal.WaitOne(wait);
            }
        }
    }

    /// <summary>Either the timer to fire now, or how long to wait for before looking again.</summary>
    private TimeSpan NextScaled(out VirtualTimer? fire)
    {
        fire = null;
        ReleaseQuietWaiters(_working == 0 && IdleFor() >= s_quiet);
        if (PeekTimer() is not { } next)
        {
            return _waitingForQuiet.Count > 0 ? s_quiet : Timeout.InfiniteTimeSpan;
        }

        long now = NowTicks();
        if (next.Due > now)
        {
            TimeSpan left = TimeSpan.FromTicks((long)((next.Due - now) / _scale) + 1);
            return _waitingForQuiet.Count > 0 && left > s_quiet ? s_quiet : left;
        }

        fire = Take(next);
        return TimeSpan.Zero;
    }

    private TimeSpan Next(out VirtualTimer? fire)
    {
        fire = null;
        if (_working > 0)
        {
            return Timeout.InfiniteTimeSpan;
        }

        if (_busy.Last is { } newest && _real.GetElapsedTime(newest.Value.Since) is var age && age < s_busyAtMost)
        {
            return s_busyAtMost - age + s_quiet;
        }

        TimeSpan idle = IdleFor();
        if (idle < s_quiet)
        {
            return PeekTimer() is null && _waitingForQuiet.Count == 0 ? Timeout.InfiniteTimeSpan : s_quiet - idle;
        }

        VirtualTimer? next = PeekTimer();
        bool wanted = Flow == VirtualTimeFlow.Manual ? next?.Due <= _manualGoal : next is not null && (_armedForeground > 0 || next.Due <= _now);
        if (next is null || next.Due > _now)
        {
            if (_waitingForQuiet.Count > 0 && ReleaseQuietWaiters(ClientsAreIdle(surely: true) || idle >= Patience))
            {
                return s_quiet;
            }
        }

        if (!wanted)
        {
            return _waitingForQuiet.Count > 0 ? s_quiet : Timeout.InfiniteTimeSpan;
        }

        // A step close to the last sign of a client needs little proof that all are idle, a long jump needs more. Where a process is never idle, the cluster's own steps wait once for
        // a client's pause, not each for itself.
        bool far = next!.Due - _clientSeenAt > s_maxLead;
        if (!ClientsAreIdle(surely: far))
        {
            TimeSpan pause = far || next.Role == TimerRole.Client ? idle : _real.GetElapsedTime(_clientActivityAt);
            if (pause < (far ? Patience : Patience / 16))
            {
                return s_quiet;
            }
        }

        fire = Take(next);
        return TimeSpan.Zero;
    }

    /// <summary>
    /// Whether nobody outside the cluster is known to have anything to compute; once seen, it holds until a client gives a sign. What is not known is looked at before
    /// the next decision.
    /// </summary>
    private bool ClientsAreIdle(bool surely)
    {
        if (_surelyIdle == _clientActivity || (!surely && _clientIdle == _clientActivity))
        {
            return true;
        }

        _question = (surely || _question is { Surely: true }, _activity);
        return false;
    }

    /// <summary>
    /// Called without the gate: a client that waits for it, on its way to give a sign, looks like one that sleeps. What was seen counts only if nothing happened meanwhile.
    /// </summary>
    private bool LookAtClients(bool surely, long activity)
    {
        bool pool = !surely && _process.PoolIsIdle();
        if (!pool && !_process.ProcessIsIdle())
        {
            return false;
        }

        lock (_gate)
        {
            if (activity != _activity)
            {
                return false;
            }

            _clientIdle = _clientActivity;
            if (!pool)
            {
                _surelyIdle = _clientActivity;
            }

            return true;
        }
    }

    private bool ReleaseQuietWaiters(bool quiet)
    {
        if (!quiet || _waitingForQuiet.Count == 0)
        {
            return false;
        }

        foreach ((TaskCompletionSource<IDisposable?> waiter, bool hold) in _waitingForQuiet)
        {
            waiter.TrySetResult(hold ? EnterBusy() : null);
        }

        _waitingForQuiet.Clear();
        NoteClient();
        return true;
    }

    private TimeSpan IdleFor() => _real.GetElapsedTime(_activityAt);

    private VirtualTimer? PeekTimer()
    {
        while (_timers.TryPeek(out VirtualTimer? timer, out (long Due, long Sequence) at))
        {
            if (timer.Armed && timer.Sequence == at.Sequence)
            {
                return timer;
            }

            _timers.Dequeue();
        }

        return null;
    }

    private VirtualTimer Take(VirtualTimer timer)
    {
        _timers.Dequeue();
        _now = Math.Max(_now, timer.Due);
        Disarm(timer);
        if (timer.Period > 0)
        {
            Arm(timer, timer.Period);
        }

        if (timer.Role == TimerRole.Client)
        {
            NoteClient();
        }
        else
        {
            Note();
        }

        return timer;
    }

    private void Arm(VirtualTimer timer, long ticks)
    {
        timer.Due = NowTicks() + ticks;
        timer.Sequence = ++_sequence;
        timer.Armed = true;
        if (timer.Role != TimerRole.Background)
        {
            _armedForeground++;
        }

        _timers.Enqueue(timer, (timer.Due, timer.Sequence));
    }

    private void Disarm(VirtualTimer timer)
    {
        if (timer.Armed)
        {
            timer.Armed = false;
            if (timer.Role != TimerRole.Background)
            {
                _armedForeground--;
            }
        }
    }
}
