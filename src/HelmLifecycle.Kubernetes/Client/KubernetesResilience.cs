using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace HelmLifecycle.Kubernetes;

/// <summary>
/// The resilience of API requests, built with Polly: a time-out for all tries, retries with jittered exponential pauses, a time-out for
/// each try. What reads (GET, HEAD) is repeated after 429, 5xx and lost connections. What writes is repeated only when the server
/// certainly did not act: 429, or no connection came about. One exception is Helm's: an answer that says etcd changed its leader is
/// repeated once, whatever it was.
/// </summary>
public static class KubernetesResilience
{
    /// <summary>Under this key the pipeline's context holds the request.</summary>
    public static ResiliencePropertyKey<KubernetesRequest> RequestKey { get; } = new("HelmLifecycle.Kubernetes.Request");

    /// <summary>Builds the default pipeline.</summary>
    /// <param name="options">Its numbers.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="logger">Where retries are logged; null for nowhere.</param>
    public static ResiliencePipeline<HttpResponseMessage> Create(ResilienceOptions options, TimeProvider? time = null, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        time ??= TimeProvider.System;
        logger ??= NullLogger.Instance;
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time, Name = "kubernetes" };
        if (options.TotalTimeout != Timeout.InfiniteTimeSpan) builder.AddTimeout(options.TotalTimeout);
        if (options.MaxRetries > 0)
            builder.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = options.MaxRetries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.BaseDelay,
                MaxDelay = options.MaxDelay,
                ShouldHandle = args => ShouldRetryAsync(args, options, time),
                DelayGenerator = args => ValueTask.FromResult(args.Outcome.Result is { } response ? RetryAfter(response, time) : null),
                OnRetry = args =>
                {
                    KubernetesRequest? request = args.Context.Properties.GetValue(RequestKey, null!);
                    string cause = args.Outcome.Result is { } r
                        ? ((int)r.StatusCode).ToString(CultureInfo.InvariantCulture)
                        : args.Outcome.Exception?.Message ?? "";
                    Log.Retrying(logger, request?.Method.Method ?? "", request?.Path ?? "", args.AttemptNumber + 1, args.RetryDelay, cause);
                    args.Outcome.Result?.Dispose();
                    return default;
                },
            });
        if (options.TryTimeout != Timeout.InfiniteTimeSpan) builder.AddTimeout(options.TryTimeout);
        return builder.Build();
    }

    /// <summary>What the server asks for by Retry-After: seconds or a date; null if it asks for nothing.</summary>
    internal static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time)
    {
        if (response.Headers.RetryAfter is not { } after) return null;
        TimeSpan? wait = after.Delta ?? after.Date - time.GetUtcNow();
        return wait is { } w ? w < TimeSpan.Zero ? TimeSpan.Zero : w : null;
    }

    /// <summary>Whether no connection came about, so that the server cannot have acted.</summary>
    internal static bool NeverConnected(Exception e) => e is HttpRequestException http
        && (http.HttpRequestError == HttpRequestError.ConnectionError
            || http.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused });

    private static async ValueTask<bool> ShouldRetryAsync(
        RetryPredicateArguments<HttpResponseMessage> args, ResilienceOptions options, TimeProvider time)
    {
        KubernetesRequest? request = args.Context.Properties.GetValue(RequestKey, null!);
        bool reads = request is null || request.Method == HttpMethod.Get || request.Method == HttpMethod.Head;
        if (args.Outcome.Exception is { } e)
        {
            // Nobody there: a restart is over soon, a wrong address never; two more tries tell them apart.
            if (NeverConnected(e)) return args.AttemptNumber < 2;
            return reads && e is HttpRequestException or IOException or TimeoutRejectedException;
        }
        if (args.Outcome.Result is not { } response) return false;
        int code = (int)response.StatusCode;
        if (code < 429 || code == (int)HttpStatusCode.NotImplemented) return false;
        if (code >= 500 && args.AttemptNumber == 0
            && await LeaderChangedAsync(response, args.Context.CancellationToken).ConfigureAwait(false)) return true;
        // A refused eviction is an answer (a disruption budget forbids it), not an overload.
        if (code == 429 && request?.Path.Contains("/eviction", StringComparison.Ordinal) == true) return false;
        if (code == 429 || code >= 500 && reads)
            return RetryAfter(response, time) is not { } wait || options.TotalTimeout == Timeout.InfiniteTimeSpan || wait < options.TotalTimeout;
        return false;
    }

    // Helm's rule (its RetryingRoundTripper): these two come from etcd while nothing has been written.
    private static async Task<bool> LeaderChangedAsync(HttpResponseMessage response, CancellationToken ct)
    {
        string body = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(ct).ConfigureAwait(false));
        return body.Contains("etcdserver: leader changed", StringComparison.Ordinal)
            || body.Contains("raft proposal dropped", StringComparison.Ordinal);
    }
}

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "{Method} {Path}: try {Attempt} failed ({Cause}), waiting {Delay}")]
    public static partial void Retrying(ILogger logger, string method, string path, int attempt, TimeSpan delay, string cause);

    [LoggerMessage(2, LogLevel.Warning, "API warning on {Method} {Path}: {Warning}")]
    public static partial void ApiWarning(ILogger logger, string method, string path, string warning);

    [LoggerMessage(3, LogLevel.Warning, "Discovery of {GroupVersion} failed: {Cause}")]
    public static partial void DiscoveryFailed(ILogger logger, string groupVersion, string cause);

    [LoggerMessage(4, LogLevel.Debug, "Watch of {Path} interrupted: {Cause}")]
    public static partial void WatchInterrupted(ILogger logger, string path, string cause);
}
