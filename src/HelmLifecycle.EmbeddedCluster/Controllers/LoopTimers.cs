namespace HelmLifecycle.EmbeddedCluster;

/// <summary>
/// The wake-up times of keys. All that fall due at one instant are handed over together, in the order in which they were set, so that what follows from one does not come between two others.
/// For the loop's own thread.
/// </summary>
internal sealed class LoopTimers(ClusterClock clock, Action wake, bool background) : IDisposable
{
    private readonly PriorityQueue<(WorkKey Key, long Stamp), (long Due, long Stamp)> _queue = new();
    private readonly Dictionary<WorkKey, long> _armed = [];
    private ITimer? _timer;
    private long _timerDue;
    private long _stamp;

    /// <summary>Sets or (with null) takes away the wake-up of a key.</summary>
    public void Set(WorkKey key, TimeSpan? after)
    {
        if (after is { } delay)
        {
            _armed[key] = ++_stamp;
            _queue.Enqueue((key, _stamp), (clock.Now.UtcTicks + delay.Ticks, _stamp));
        }
        else if (!_armed.Remove(key))
        {
            return;
        }

        Arm();
    }

    /// <summary>The keys whose time has come.</summary>
    public List<WorkKey> TakeDue()
    {
        var due = new List<WorkKey>();
        long now = clock.Now.UtcTicks;
        while (Head() is { } head && head.Due <= now)
        {
            _queue.Dequeue();
            _armed.Remove(head.Key);
            due.Add(head.Key);
        }

        // The timer has fired, perhaps a little early: set it anew for what remains.
        _timer?.Dispose();
        _timer = null;
        Arm();
        return due;
    }

    public void Dispose() => _timer?.Dispose();

    private (WorkKey Key, long Due)? Head()
    {
        while (_queue.TryPeek(out (WorkKey Key, long Stamp) entry, out (long Due, long Stamp) at))
        {
            if (_armed.TryGetValue(entry.Key, out long stamp) && stamp == entry.Stamp)
            {
                return (entry.Key, at.Due);
            }

            _queue.Dequeue();
        }

        return null;
    }

    /// <summary>One timer of the clock, for the earliest key. None when no key waits: time shall not move for nothing.</summary>
    private void Arm()
    {
        if (Head() is not { } head)
        {
            _timer?.Dispose();
            _timer = null;
            return;
        }

        if (_timer is not null && _timerDue == head.Due)
        {
            return;
        }

        _timer?.Dispose();
        _timerDue = head.Due;
        _timer = clock.Schedule(wake, TimeSpan.FromTicks(head.Due - clock.Now.UtcTicks), background);
    }
}
