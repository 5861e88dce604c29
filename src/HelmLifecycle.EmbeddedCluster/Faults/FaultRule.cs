using System.Globalization;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>What happens to some requests. Calls return the same rule; the last of <c>Fail</c>, <c>TimeOut</c>, <c>ResetConnection</c> counts.</summary>
public sealed class FaultRule
{
    private readonly FaultPlan _plan;
    private readonly Func<FaultRequest, bool> _requests;
    private Func<ClusterClock, CancellationToken, ValueTask>? _happen;
    private int _seen;
    private int _first = 1;
    private int _last = int.MaxValue;

    internal FaultRule(FaultPlan plan, Func<FaultRequest, bool> requests)
    {
        _plan = plan;
        _requests = requests;
    }

    /// <summary>How many requests the rule has met so far, touched or not.</summary>
    public int Seen => Volatile.Read(ref _seen);

    internal TimeSpan? Delays { get; private set; }

    internal bool IsAfterEffect { get; private set; }

    /// <summary>Only the n-th request that it meets, counted from 1.</summary>
    /// <param name="n">Which; at least 1.</param>
    public FaultRule Nth(int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        (_first, _last) = (n, n);
        return this;
    }

    /// <summary>Only the first n requests that it meets.</summary>
    /// <param name="n">How many; at least 1.</param>
    public FaultRule First(int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        (_first, _last) = (1, n);
        return this;
    }

    /// <summary>The n-th request that it meets and all after it.</summary>
    /// <param name="n">From which on; at least 1.</param>
    public FaultRule From(int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        (_first, _last) = (n, int.MaxValue);
        return this;
    }

    /// <summary>The request has its effect first; only the answer is lost. Default: there is no effect.</summary>
    public FaultRule AfterEffect()
    {
        IsAfterEffect = true;
        return this;
    }

    /// <summary>The request waits this long, by the cluster's clock, and then goes on (or fails as said).</summary>
    /// <param name="delay">How long; not negative.</param>
    public FaultRule Delay(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        Delays = delay;
        return this;
    }

    /// <summary>The request is refused.</summary>
    /// <param name="status">HTTP status, such as 409, 429, 500, 503.</param>
    /// <param name="message">The message. Default: what the API server says with that status.</param>
    /// <param name="retryAfter">Seconds that the client is asked to wait (header <c>Retry-After</c>), or null.</param>
    public FaultRule Fail(int status, string? message = null, int? retryAfter = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 400);
        (string reason, string words) = status switch
        {
            400 => ("BadRequest", "the server rejected our request"),
            401 => ("Unauthorized", "Unauthorized"),
            403 => ("Forbidden", "forbidden"),
            404 => ("NotFound", "the server could not find the requested resource"),
            409 => ("Conflict", "Operation cannot be fulfilled: the object has been modified; please apply your changes to the latest version and try again"),
            410 => ("Expired", "too old resource version"),
            422 => ("Invalid", "the server rejected our request due to an error in our request"),
            429 => ("TooManyRequests", "the server has received too many requests and has asked us to try again later"),
            500 => ("InternalError", "an error on the server (\"fault injected\") has prevented the request from succeeding"),
            503 => ("ServiceUnavailable", "the server is currently unable to handle the request"),
            504 => ("Timeout", "the server was unable to return a response in the time allotted, but may still be processing the request"),
            _ => ("", "the server answered with status " + status.ToString(CultureInfo.InvariantCulture)),
        };
        JsonObject? details = retryAfter is { } seconds ? new JsonObject { ["retryAfterSeconds"] = seconds } : null;
        _happen = (_, _) => throw new ApiError(status, reason, message ?? words, details);
        return this;
    }

    /// <summary>No answer ever comes; the request ends with the client's patience.</summary>
    public FaultRule TimeOut()
    {
        _happen = static async (clock, cancel) => await Task.Delay(Timeout.InfiniteTimeSpan, clock.Provider, cancel).ConfigureAwait(false);
        return this;
    }

    /// <summary>The connection breaks after the request was sent: the client cannot know whether it had an effect.</summary>
    public FaultRule ResetConnection()
    {
        _happen = static (_, _) => throw new ConnectionFault();
        return this;
    }

    /// <summary>Something else: a delegate that waits, throws or does nothing.</summary>
    /// <param name="happen">Called with the request's cancellation token.</param>
    public FaultRule Do(Func<CancellationToken, ValueTask> happen)
    {
        ArgumentNullException.ThrowIfNull(happen);
        _happen = (_, cancel) => happen(cancel);
        return this;
    }

    /// <summary>Takes the rule away.</summary>
    public void Remove() => _plan.Remove(this);

    internal bool Applies(FaultRequest request)
    {
        if ((_happen is null && Delays is null) || !_requests(request))
        {
            return false;
        }

        int number = Interlocked.Increment(ref _seen);
        return number >= _first && number <= _last;
    }

    internal ValueTask HappenAsync(ClusterClock clock, CancellationToken cancellationToken) => _happen?.Invoke(clock, cancellationToken) ?? ValueTask.CompletedTask;
}
