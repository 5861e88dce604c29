using FluentAssertions;
using HelmLifecycle.Charts;
using HelmLifecycle.EmbeddedCluster;
using HelmLifecycle.Kubernetes;
using Xunit;

namespace HelmLifecycle.Tests.Rollouts;

public sealed class BlueGreenReleasesTests
{
    private const string Template = """
        apiVersion: v1
        kind: Service
        metadata: {name: "{{ .Release.Name }}"}
        spec:
          selector: {app.kubernetes.io/instance: "{{ .Release.Name }}"}
          ports: [{port: 80, targetPort: 8080}]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: "{{ .Release.Name }}"}
        spec:
          replicas: 2
          selector: {matchLabels: {app.kubernetes.io/instance: "{{ .Release.Name }}"}}
          template:
            metadata: {labels: {app.kubernetes.io/instance: "{{ .Release.Name }}", version: "{{ .Values.version }}"}}
            spec:
              containers: [{name: web, image: "web:{{ .Values.version }}", ports: [{containerPort: 8080}]}]
        """;

    private static readonly Chart s_chart = ChartLoader.Load([new ChartFile("Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"), new ChartFile("templates/web.yaml", Template)]);

    [Fact]
    public async Task Two_releases_take_turns_behind_one_service_without_a_failed_request()
    {
        await using var cluster = await EmbeddedCluster.EmbeddedCluster.StartAsync();
        var releases = ReleaseClient.Create(o => o.UseCluster(cluster.Client));
        await releases.Install("nginx-blue").Chart(s_chart).Set("version=v1").Wait(TimeSpan.FromMinutes(5)).RunAsync();
        await cluster.Client.CreateAsync(KubernetesObject.FromYaml("""
            apiVersion: v1
            kind: Service
            metadata: {name: nginx}
            spec: {selector: {app.kubernetes.io/instance: nginx-blue}, ports: [{port: 80, targetPort: 8080}]}
            """));
        // The controllers find the endpoints of the new Service first.
        await Task.Delay(TimeSpan.FromSeconds(1), cluster.Time);
        var target = TrafficTarget.Service("default", "nginx");
        var traffic = cluster.CreateTraffic();
        using var stop = new CancellationTokenSource();
        var sent = traffic.RunAsync(target, 10_000, TimeSpan.FromMilliseconds(100), cancellationToken: stop.Token);
        var seen = new List<string>();
        var colours = new BlueGreenReleases(releases, "nginx", "nginx-blue", "nginx-green")
        {
            Checks = [new Given("ready", AnalysisOutcome.Successful, c => seen.Add(string.Join(",", traffic.Send(TrafficTarget.Service("default", c.CanaryService), 10).ByLabel("version").Keys)))],
        };

        (await colours.ActiveAsync()).Should().Be("nginx-blue");
        (await colours.DeployAsync(u => u.Chart(s_chart).Set("version=v2"))).Name.Should().Be("nginx-green");
        seen.Should().Equal("v2");
        await Task.Delay(TimeSpan.FromSeconds(1), cluster.Time);
        traffic.Send(target, 1000).Share("version", "v2").Should().Be(1);
        (await colours.SwitchBackAsync()).Should().Be("nginx-blue");
        await Task.Delay(TimeSpan.FromSeconds(1), cluster.Time);
        traffic.Send(target, 1000).Share("version", "v1").Should().Be(1);

        var failing = new BlueGreenReleases(releases, "nginx", "nginx-blue", "nginx-green") { Checks = [new Given("error rate", AnalysisOutcome.Failed)] };
        (await Assert.ThrowsAsync<RolloutAbortedException>(() => failing.DeployAsync(u => u.Chart(s_chart).Set("version=v3")))).Message.Should().Contain("error rate: 7 %");
        (await failing.ActiveAsync()).Should().Be("nginx-blue");
        await Task.Delay(TimeSpan.FromSeconds(2), cluster.Time);
        await stop.CancelAsync();
        var all = await sent;
        all.Requests.Should().BeGreaterThan(100_000);
        all.Failed.Should().Be(0);
    }
}
