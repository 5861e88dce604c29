namespace HelmLifecycle.Kubernetes;

/// <summary>A token bucket with reservations: each taker gets the next free moment, so that order is kept and no one starves.</summary>
internal sealed class TokenBucket(RateLimit limit, TimeProvider time)
{
    private readonly Lock _lock = new();
    private double _tokens = limit.Burst;
    private long _last = time.GetTimestamp();

    public Task TakeAsync(CancellationToken ct)
    {
        TimeSpan wait;
        lock (_lock)
        {
            long now = time.GetTimestamp();
            _tokens = Math.Min(limit.Burst, _tokens + time.GetElapsedTime(_last, now).TotalSeconds * limit.Qps);
            _last = now;
            _tokens -= 1;
            wait = _tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_tokens / limit.Qps);
        }
        return wait == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(wait, time, ct);
    }
}
