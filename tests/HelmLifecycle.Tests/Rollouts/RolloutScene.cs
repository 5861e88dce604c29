using System.Collections.Concurrent;
using FluentAssertions;
using HelmLifecycle.EmbeddedCluster;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle.Tests.Rollouts;

/// <summary>A release under steady traffic, its rollout and what is seen of it.</summary>
internal sealed class RolloutScene : IAsyncDisposable, IProgress<ReleaseEvent>
{
    public const string Web = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: web-page}
        data: {page: "{{ .Values.version }}"}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec:
          selector: {app: web}
          ports: [{name: http, port: 80, targetPort: 8080}]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: {{ .Values.replicas }}
          selector: {matchLabels: {app: web}}
          template:
            metadata:
              labels: {app: web, version: {{ .Values.version | quote }}}
            spec:
              terminationGracePeriodSeconds: 2
              volumes: [{name: page, configMap: {name: web-page}}]
              containers:
              - name: web
                image: web:{{ .Values.version }}
                ports: [{containerPort: 8080}]
                volumeMounts: [{name: page, mountPath: /page}]
        """;

    private readonly ConcurrentQueue<FaultRequest> _writes = [];
    private readonly ConcurrentQueue<RolloutProgress> _steps = [];
    private readonly ConcurrentDictionary<int, TrafficReport> _atWeight = [];

    private RolloutScene(WebRelease web, TrafficTarget target)
    {
        Release = web;
        Target = target;
        Traffic = web.Cluster.CreateTraffic();
        web.Cluster.Faults.On(r =>
        {
            if (r.IsWrite) _writes.Enqueue(r);
            return false;
        }).Do(_ => default);
    }

    public WebRelease Release { get; }

    public TrafficTarget Target { get; }

    public VirtualTraffic Traffic { get; }

    public KubernetesClient Client => Release.Cluster.Client;

    public ReleaseClient Releases => Release.Releases;

    public IReadOnlyList<RolloutProgress> Steps => [.. _steps];

    public IReadOnlyList<FaultRequest> Writes => [.. _writes];

    /// <summary>100,000 requests at each weight, when it was reached.</summary>
    public IReadOnlyDictionary<int, TrafficReport> AtWeight => _atWeight;

    /// <summary>Called at each step.</summary>
    public Action<RolloutProgress>? OnStep { get; set; }

    public static async Task<RolloutScene> StartAsync(string template = Web, TrafficTarget? target = null, Func<WebRelease, Task>? before = null, int replicas = 3)
    {
        var web = await WebRelease.InstallAsync(template.Replace("{{ .Values.replicas }}", replicas.ToString(), StringComparison.Ordinal), before);
        return new RolloutScene(web, target ?? TrafficTarget.Service(WebRelease.Namespace, WebRelease.Name));
    }

    /// <summary>Upgrades under traffic.</summary>
    /// <returns>All requests sent meanwhile, and the failure if there was one.</returns>
    public async Task<(TrafficReport Traffic, Exception? Failure)> UpgradeAsync(UpgradeBuilder upgrade)
    {
        using var stop = new CancellationTokenSource();
        var traffic = Traffic.RunAsync(Target, 2000, TimeSpan.FromMilliseconds(100), cancellationToken: stop.Token);
        Exception? failure = null;
        try
        {
            await upgrade.ReportTo(this).RunAsync();
        }
        catch (Exception e)
        {
            failure = e;
        }

        await Task.Delay(TimeSpan.FromSeconds(5), Release.Cluster.Time);
        await stop.CancelAsync();
        return (await traffic, failure);
    }

    public void Report(ReleaseEvent value)
    {
        if (value is not RolloutProgress step) return;
        _steps.Enqueue(step);
        if (step.Step.StartsWith("weight ", StringComparison.Ordinal)) _atWeight[int.Parse(step.Step[7..], null)] = Traffic.Send(Target, 100_000);
        OnStep?.Invoke(step);
    }

    /// <summary>The cluster holds one version of the release and nothing of the rollout.</summary>
    public async Task ShouldHoldOnlyAsync(string version, int replicas = 3)
    {
        foreach (var kind in new[] { "Deployment", "StatefulSet" }.Select(k => new GroupVersionKind("apps", "v1", k))
            .Concat(new[] { "Service", "ConfigMap", "Secret" }.Select(k => new GroupVersionKind("", "v1", k))).Append(new GroupVersionKind("networking.k8s.io", "v1", "Ingress")))
        {
            (await Client.ListAsync(kind, WebRelease.Namespace, new ListOptions { LabelSelector = "rollout.helmlifecycle.dev/release" })).Items.Select(i => i.ToString()).Should().BeEmpty();
        }

        var deployment = await Client.GetAsync(WebRelease.Deployment, WebRelease.Namespace, "web");
        deployment.Spec!["template"]!["spec"]!["containers"]![0]!["image"]!.ToString().Should().Be("web:" + version);
        deployment.Spec["replicas"]!.ToString().Should().Be(replicas.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var service = await Client.GetAsync(GroupVersionKind.From("v1", "Service"), WebRelease.Namespace, "web");
        service.Spec!["selector"]!.ToJsonString().Should().Be("""{"app":"web"}""");
        (await Client.ListAsync(WebRelease.Pod, WebRelease.Namespace)).Items.Where(p => p.DeletionTimestamp is null)
            .Select(p => p.GetLabel("version")).Should().HaveCount(replicas).And.AllBe(version);
        Traffic.Send(Target, 1000).ByLabel("version").Keys.Should().Equal(version);
    }

    public ValueTask DisposeAsync() => Release.DisposeAsync();
}
