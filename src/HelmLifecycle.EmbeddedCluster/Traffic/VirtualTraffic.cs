using System.Collections.Immutable;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>
/// A generator of requests for rollouts: asks a simulated Service, or what stands in front of it, and counts which pods answered. The choice among pods and weights is random but seeded, so
/// that runs repeat. Requests take no time; each call sees the cluster as it is at that moment.
/// </summary>
public sealed class VirtualTraffic
{
    private readonly VirtualNetwork _network;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly object _gate = new();

    internal VirtualTraffic(VirtualNetwork network, TimeProvider time, int seed)
    {
        _network = network;
        _time = time;
        _random = new Random(seed);
    }

    /// <summary>Sends one request and gives the answer: 404 when nothing routes it, 503 when no pod is ready.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="request">The request. Default: GET /.</param>
    public VirtualAnswer Ask(TrafficTarget target, VirtualRequest? request = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        request = WithHost(target, request ?? new VirtualRequest());
        lock (_gate)
        {
            var table = new Table(_network, target, request);
            if (table.IsEmpty)
            {
                return new VirtualAnswer(new VirtualResponse(404, "no route\n"), null);
            }

            return table.Pick(_random) is { } chosen
                ? new VirtualAnswer(_network.Respond(chosen.Pod, request with { Port = chosen.Port }), new SimulatedPod(chosen.Pod.View))
                : new VirtualAnswer(new VirtualResponse(503, "no endpoints available\n"), null);
        }
    }

    /// <summary>Sends many requests at this moment and counts who would answer. Answers are not made, so 100,000 requests take milliseconds.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="count">How many.</param>
    /// <param name="request">The request. Default: GET /.</param>
    public TrafficReport Send(TrafficTarget target, int count, VirtualRequest? request = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        request = WithHost(target, request ?? new VirtualRequest());
        lock (_gate)
        {
            var table = new Table(_network, target, request);
            var counts = new Dictionary<string, (StoredObject Pod, long Count)>();
            long failed = 0;
            for (int i = 0; i < count; i++)
            {
                if (table.Pick(_random) is not { } chosen)
                {
                    failed++;
                    continue;
                }

                (StoredObject pod, long before) = counts.GetValueOrDefault(chosen.Pod.Uid, (chosen.Pod, 0));
                counts[chosen.Pod.Uid] = (pod, before + 1);
            }

            return new TrafficReport(count, failed, [.. counts.Values.OrderBy(c => c.Pod.StoreKey, StringComparer.Ordinal).Select(c => new PodTraffic(new SimulatedPod(c.Pod.View), c.Count))]);
        }
    }

    /// <summary>Keeps sending, evenly, until <paramref name="cancellationToken"/> says stop, and gives the sum. Lives by the cluster's clock.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="perTick">Requests at a time.</param>
    /// <param name="tick">Time between two sendings; above zero.</param>
    /// <param name="observe">Shown each sending's report at its time, or null.</param>
    /// <param name="request">The request. Default: GET /.</param>
    /// <param name="cancellationToken">Ends the sending; it is no error.</param>
    public async Task<TrafficReport> RunAsync(
        TrafficTarget target, int perTick, TimeSpan tick, Action<DateTimeOffset, TrafficReport>? observe = null, VirtualRequest? request = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(tick, TimeSpan.Zero);
        TrafficReport sum = TrafficReport.None;
        while (!cancellationToken.IsCancellationRequested)
        {
            TrafficReport report = Send(target, perTick, request);
            observe?.Invoke(_time.GetUtcNow(), report);
            sum += report;
            try
            {
                await Task.Delay(tick, _time, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        return sum;
    }

    private static VirtualRequest WithHost(TrafficTarget target, VirtualRequest request) => request.Host.Length > 0 ? request : request with { Host = target.Name };

    /// <summary>The Services with their weights and pods, made once and drawn from many times.</summary>
    private sealed class Table
    {
        private readonly List<(double Until, List<(StoredObject Pod, int Port)> Pods)> _shares = [];
        private readonly double _total;

        public Table(VirtualNetwork network, TrafficTarget target, VirtualRequest request)
        {
            foreach (RouteShare share in TrafficRouter.Route(network.Store, target, request))
            {
                if (share.Weight <= 0)
                {
                    continue;
                }

                _total += share.Weight;
                _shares.Add((_total, network.Backends(share.Namespace, share.Service, share.Port, share.Subset)));
            }
        }

        public bool IsEmpty => _shares.Count == 0;

        public (StoredObject Pod, int Port)? Pick(Random random)
        {
            if (_shares.Count == 0)
            {
                return null;
            }

            double point = _shares.Count == 1 ? 0 : random.NextDouble() * _total;
            foreach ((double until, List<(StoredObject Pod, int Port)> pods) in _shares)
            {
                if (point < until)
                {
                    return pods.Count == 0 ? null : pods[random.Next(pods.Count)];
                }
            }

            return null;
        }
    }
}

/// <summary>An answer and who gave it.</summary>
/// <param name="Response">The answer.</param>
/// <param name="Pod">The pod that answered, or null when none did.</param>
public sealed record VirtualAnswer(VirtualResponse Response, SimulatedPod? Pod);

/// <summary>How many requests one pod answered.</summary>
/// <param name="Pod">The pod, as it was then.</param>
/// <param name="Count">How many.</param>
public sealed record PodTraffic(SimulatedPod Pod, long Count);

/// <summary>What became of a number of requests.</summary>
/// <param name="Requests">How many were sent.</param>
/// <param name="Failed">How many nobody answered.</param>
/// <param name="Pods">Who answered the others.</param>
public sealed record TrafficReport(long Requests, long Failed, ImmutableArray<PodTraffic> Pods)
{
    /// <summary>Nothing sent.</summary>
    public static TrafficReport None { get; } = new(0, 0, []);

    /// <summary>Counts by something of the pods, such as <c>p => p.Label("version")</c>. Pods without it count under "".</summary>
    /// <param name="key">What to count by.</param>
    public IReadOnlyDictionary<string, long> By(Func<SimulatedPod, string?> key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Pods.GroupBy(p => key(p.Pod) ?? "", StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Sum(p => p.Count));
    }

    /// <summary>Counts by a label of the pods.</summary>
    /// <param name="label">The label's key.</param>
    public IReadOnlyDictionary<string, long> ByLabel(string label) => By(p => p.Label(label));

    /// <summary>The part of all requests that pods with a label's value answered: 0 to 1.</summary>
    /// <param name="label">The label's key.</param>
    /// <param name="value">Its value.</param>
    public double Share(string label, string value) => Requests == 0 ? 0 : (double)Pods.Where(p => p.Pod.Label(label) == value).Sum(p => p.Count) / Requests;

    /// <summary>Two reports as one.</summary>
    public static TrafficReport operator +(TrafficReport a, TrafficReport b) => new(
        a.Requests + b.Requests,
        a.Failed + b.Failed,
        [.. a.Pods.Concat(b.Pods).GroupBy(p => p.Pod.ToString()).Select(g => new PodTraffic(g.Last().Pod, g.Sum(p => p.Count)))]);
}
