using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Polly;

namespace HelmLifecycle.Kubernetes;

/// <summary>Options of a <see cref="KubernetesClient"/>.</summary>
public sealed record KubernetesClientOptions
{
    /// <summary>The field manager sent with writes. Default: <c>helm</c>, as the Helm binary does.</summary>
    public string FieldManager { get; init; } = "helm";

    /// <summary>The User-Agent header. Default: <c>HelmLifecycle</c> with its version.</summary>
    public string UserAgent { get; init; } = "HelmLifecycle/0.1.0";

    /// <summary>The clock of time-outs, back-offs and waits. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Retries and time-outs. Ignored when <see cref="ResiliencePipeline"/> is given.</summary>
    public ResilienceOptions Resilience { get; init; } = new();

    /// <summary>
    /// Replaces the resilience pipeline whole. The request's method is found in the context under
    /// <see cref="KubernetesResilience.RequestKey"/>; <see cref="ResiliencePipeline{T}.Empty"/> switches resilience off.
    /// </summary>
    public ResiliencePipeline<HttpResponseMessage>? ResiliencePipeline { get; init; }

    /// <summary>A client-side rate limit; null (the default) for none, since API priority and fairness guards the server.</summary>
    public RateLimit? RateLimit { get; init; }

    /// <summary>The user to act as; null for the connection's own.</summary>
    public Impersonation? Impersonate { get; init; }

    /// <summary>Called with each warning that the API sends. Called concurrently; must not block.</summary>
    public Action<ApiWarning>? OnWarning { get; init; }

    /// <summary>Where warnings and retries are logged. Default: nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}

/// <summary>Retries and time-outs of API requests.</summary>
public sealed record ResilienceOptions
{
    /// <summary>Tries after the first one. Default 4; 0 switches retries off.</summary>
    public int MaxRetries { get; init; } = 4;

    /// <summary>The first pause; each further one is twice as long, with jitter. Default 250 ms.</summary>
    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest pause, also of what a server asks for by Retry-After. Default 10 s.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Time for one try, up to the answer's headers for streams. Default 60 s; <see cref="Timeout.InfiniteTimeSpan"/> for none.
    /// </summary>
    public TimeSpan TryTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Time for all tries of one request together. Default 3 min; <see cref="Timeout.InfiniteTimeSpan"/> for none.</summary>
    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromMinutes(3);
}

/// <summary>A token bucket, as client-go's QPS and Burst.</summary>
/// <param name="Qps">Requests per second in the long run.</param>
/// <param name="Burst">Requests that may go at once.</param>
public sealed record RateLimit(double Qps, int Burst)
{
    /// <summary>What the Helm binary uses: 5 per second, 100 at once.</summary>
    public static RateLimit Helm { get; } = new(5, 100);
}

/// <summary>The user to act as (Impersonate-* headers). The connection's own user needs the right to do so.</summary>
/// <param name="User">The user name.</param>
public sealed record Impersonation(string User)
{
    /// <summary>The uid, or null.</summary>
    public string? Uid { get; init; }

    /// <summary>The groups.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Further attributes.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Extra { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    internal void AddTo(HttpRequestMessage request)
    {
        request.Headers.Remove("Impersonate-User");
        request.Headers.TryAddWithoutValidation("Impersonate-User", User);
        if (Uid is not null) request.Headers.TryAddWithoutValidation("Impersonate-Uid", Uid);
        foreach (string group in Groups) request.Headers.TryAddWithoutValidation("Impersonate-Group", group);
        foreach ((string key, IReadOnlyList<string> values) in Extra)
            foreach (string value in values)
                request.Headers.TryAddWithoutValidation("Impersonate-Extra-" + Uri.EscapeDataString(key), value);
    }
}
