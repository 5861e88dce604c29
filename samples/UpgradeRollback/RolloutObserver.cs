using System.Text.Json;
using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;

namespace UpgradeRollback;

/// <summary>
/// Watches the pods of a release and the endpoints behind its Service, and draws a line for every change that it sees:
/// <c>T2  [v2-1 ready] [v2-2 starting]   v1-1 terminated   endpoints 1</c>.
/// </summary>
internal sealed class RolloutObserver : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly Action<string> _draw;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, (string Version, string State)> _pods = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _counters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _slices = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _changed = new(0);
    private Task _watching = Task.CompletedTask;
    private bool _drawing;

    private RolloutObserver(Action<string> draw, CancellationToken ct)
    {
        _draw = draw;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
    }

    /// <summary>How many endpoints are ready.</summary>
    public int Endpoints { get; private set; }

    /// <summary>The fewest ready endpoints that were seen since the start.</summary>
    public int FewestEndpoints { get; private set; }

    public int Lines { get; private set; }

    public static async Task<RolloutObserver> StartAsync(KubernetesClient cluster, string ns, string release, Action<string> draw, CancellationToken ct)
    {
        var observer = new RolloutObserver(draw, ct);
        GroupVersionKind pod = GroupVersionKind.From("v1", "Pod"), slice = GroupVersionKind.From("discovery.k8s.io/v1", "EndpointSlice");
        string pods = $"app.kubernetes.io/instance={release}", slices = $"kubernetes.io/service-name={release}";
        KubernetesList podList = await cluster.ListAsync(pod, ns, new ListOptions { LabelSelector = pods }, ct);
        KubernetesList sliceList = await cluster.ListAsync(slice, ns, new ListOptions { LabelSelector = slices }, ct);
        foreach (KubernetesObject o in podList.Items)
            observer.SeePod(o, gone: false);
        foreach (KubernetesObject o in sliceList.Items)
            observer.SeeSlice(o, gone: false);
        observer.FewestEndpoints = observer.Endpoints;
        observer._drawing = true;
        observer._watching = Task.WhenAll(
            observer.WatchAsync(cluster, pod, ns, new WatchOptions { LabelSelector = pods, ResourceVersion = podList.ResourceVersion }, observer.SeePod),
            observer.WatchAsync(cluster, slice, ns, new WatchOptions { LabelSelector = slices, ResourceVersion = sliceList.ResourceVersion }, observer.SeeSlice));
        return observer;
    }

    /// <summary>Waits until only ready pods of a version are left and as many endpoints are ready.</summary>
    public async Task SettleAsync(string version, int replicas, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (!IsSettled(version, replicas))
        {
            try
            {
                await _changed.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                return;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
        _changed.Dispose();
    }

    private bool IsSettled(string version, int replicas)
    {
        lock (_gate)
            return Endpoints == replicas && _pods.Count == replicas && _pods.Values.All(p => p.Version == version && p.State == "ready");
    }

    private async Task WatchAsync(KubernetesClient cluster, GroupVersionKind gvk, string ns, WatchOptions options, Action<KubernetesObject, bool> see)
    {
        try
        {
            await foreach (WatchEvent e in cluster.WatchAsync(gvk, ns, options, _stop.Token))
            {
                if (e.Type is WatchEventType.Added or WatchEventType.Modified or WatchEventType.Deleted)
                    see(e.Object, e.Type == WatchEventType.Deleted);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The observer was told to stop.
        }
    }

    private void SeePod(KubernetesObject pod, bool gone)
    {
        lock (_gate)
        {
            string version = pod.GetLabel("version") ?? "?", name = NameOf(pod.Name, version);
            string state = gone ? "terminated" : StateOf(pod);
            bool known = _pods.TryGetValue(pod.Name, out (string Version, string State) before);
            if (gone)
                _pods.Remove(pod.Name);
            else
                _pods[pod.Name] = (version, state);
            if (gone ? known : !known || before.State != state)
                Draw($"{name} {state}");
        }
    }

    private void SeeSlice(KubernetesObject slice, bool gone)
    {
        lock (_gate)
        {
            _slices[slice.Name] = gone ? 0 : (slice.Json["endpoints"] as JsonArray ?? []).Count(e =>
                e?["conditions"]?["ready"] is not { } ready || ready.GetValueKind() == JsonValueKind.True);
            int sum = _slices.Values.Sum();
            if (sum == Endpoints)
                return;
            Endpoints = sum;
            if (_drawing)
                FewestEndpoints = Math.Min(FewestEndpoints, sum);
            Draw($"{sum} endpoint{(sum == 1 ? "" : "s")} ready");
        }
    }

    private void Draw(string what)
    {
        if (_drawing)
        {
            string pods = string.Join(' ', _pods.Select(p => $"[{NameOf(p.Key, p.Value.Version)} {p.Value.State}]"));
            _draw($"  T{++Lines,-3} {pods,-60} {what,-24} endpoints {Endpoints}");
        }

        _changed.Release();
    }

    private string NameOf(string pod, string version)
    {
        if (!_names.TryGetValue(pod, out string? name))
            _names[pod] = name = $"{version}-{_counters[version] = _counters.GetValueOrDefault(version) + 1}";
        return name;
    }

    private static string StateOf(KubernetesObject pod)
    {
        if (pod.DeletionTimestamp is not null)
            return "stopping";
        bool ready = (pod.Status?["conditions"] as JsonArray ?? []).Any(c => (string?)c?["type"] == "Ready" && (string?)c?["status"] == "True");
        return ready ? "ready" : (string?)pod.Status?["phase"] == "Failed" ? "failed" : "starting";
    }
}
