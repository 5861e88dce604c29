using System.Text.Json.Nodes;
using HelmLifecycle;
using HelmLifecycle.EmbeddedCluster;
using HelmLifecycle.Kubernetes;

namespace RolloutSamples;

/// <summary>
/// Sends requests to a simulated Service or router at every tick of the cluster's clock, counts which version answered, and looks at pods and at the state of the
/// rollout. The events of the rollout become the marks of the timeline.
/// </summary>
internal sealed class TrafficWatch : IProgress<ReleaseEvent>, IAsyncDisposable
{
    private static readonly GroupVersionKind s_pod = GroupVersionKind.From("v1", "Pod");
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);

    private readonly EmbeddedCluster _cluster;
    private readonly ReleaseClient _releases;
    private readonly string _release;
    private readonly TrafficTarget _target;
    private readonly int _perTick;
    private readonly VirtualTraffic _traffic;
    private readonly DateTimeOffset _began;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;

    public TrafficWatch(EmbeddedCluster cluster, ReleaseClient releases, string release, TrafficTarget target, Timeline timeline, int perTick = 2000)
    {
        _cluster = cluster;
        _releases = releases;
        _release = release;
        _target = target;
        _perTick = perTick;
        _traffic = cluster.CreateTraffic();
        _began = cluster.Time.GetUtcNow();
        Timeline = timeline;
        timeline.Add(new Mark(TimeSpan.Zero, "before the upgrade"));
        _watching = WatchAsync(_stop.Token);
    }

    public Timeline Timeline { get; }

    /// <summary>The greatest weight that the rollout has asked for so far.</summary>
    public int HighestWeight { get; private set; }

    private TimeSpan Now => _cluster.Time.GetUtcNow() - _began;

    public void Report(ReleaseEvent value)
    {
        string? text = value switch
        {
            RolloutProgress p => p.Detail.Length == 0 ? p.Step : $"{p.Step}: {p.Detail}",
            RevisionStored { Status: not ReleaseStatus.Superseded } s => s.Message,
            StageStarted { Stage: ReleaseStage.RollingBack } s => s.Message,
            _ => null,
        };
        if (text is not null)
            Timeline.Add(new Mark(Now, text));
    }

    /// <summary>Goes on for a while, so that what comes after the rollout is seen too.</summary>
    public Task LingerAsync(TimeSpan time, CancellationToken ct)
    {
        Timeline.Add(new Mark(Now, "after the upgrade"));
        return Task.Delay(time, _cluster.Time, ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync(CancellationToken ct)
    {
        try
        {
            while (true)
            {
                await LookAsync(ct);
                await Task.Delay(s_tick, _cluster.Time, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The watch was told to stop.
        }
    }

    private async Task LookAsync(CancellationToken ct)
    {
        RolloutState? state = await _releases.Rollouts(_release).StateAsync(ct);
        HighestWeight = Math.Max(HighestWeight, state?.Weight ?? 0);
        KubernetesList pods = await _cluster.Client.ListAsync(s_pod, _releases.Namespace, null, ct);
        TrafficReport report = _traffic.Send(_target, _perTick);
        Dictionary<string, int> ready = pods.Items.Where(IsReady).GroupBy(p => p.GetLabel("version") ?? "?").ToDictionary(g => g.Key, g => g.Count());
        Timeline.Add(new Moment(Now, ready, report.ByLabel("version"), report.Failed, state?.Weight, state?.Phase == RolloutPhase.Paused));
    }

    private static bool IsReady(KubernetesObject pod) =>
        pod.DeletionTimestamp is null && (pod.Status?["conditions"] as JsonArray ?? []).Any(c => (string?)c?["type"] == "Ready" && (string?)c?["status"] == "True");
}
