using HelmLifecycle.Charts;

namespace HelmLifecycle.Tests;

public sealed class ChartTestingTests : IDisposable
{
    private static readonly Chart s_chart = ChartLoader.Load(
    [
        new ChartFile("Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"),
        new ChartFile("values.yaml", "replicas: 2\ntag: \"1\"\n"),
        new ChartFile("templates/web.yaml", """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, labels: {app: web}}
            spec:
              replicas: {{ .Values.replicas }}
              template:
                metadata: {labels: {app: web}}
                spec:
                  containers:
                  - name: web
                    image: example.test/web:{{ .Values.tag }}
                    ports: [{name: http, containerPort: 8080}]
                    env: [{name: COLOR, value: red}]
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: web}
            data: {a.conf: "x"}
            """),
    ]);

    private readonly string _folder = Directory.CreateTempSubdirectory("snapshots").FullName;

    [Fact]
    public async Task Resources_are_found_by_kind_and_name_and_asked_for_fields()
    {
        RenderedResources rendered = await s_chart.RenderAsync(ValuesSource.Set("replicas=5,tag=2"));
        RenderedWorkload web = rendered.Deployment("web");
        web.Replicas.Should().Be(5);
        web.PodLabels.Should().Contain("app", "web");
        web.Container().Image.Should().Be("example.test/web:2");
        web.Container("web").Env.Should().Contain("COLOR", "red");
        web.Container()["ports[http].containerPort"].Should().Be("8080");
        rendered.ConfigMap()["data[\"a.conf\"]"].Should().Be("x");
        rendered.Has("Service").Should().BeFalse();
    }

    [Fact]
    public async Task What_is_not_there_is_said_with_what_is()
    {
        RenderedResources rendered = await s_chart.RenderAsync();
        rendered.Invoking(r => r.Service("web")).Should().Throw<ChartTestException>()
            .WithMessage("the chart renders no Service named web; it renders: ConfigMap/web, Deployment/web");
    }

    [Fact]
    public async Task A_snapshot_that_differs_is_shown_line_by_line()
    {
        RenderedResources rendered = await s_chart.RenderAsync();
        string snapshot = Path.Combine(_folder, "web.yaml");
        rendered.Invoking(r => r.MatchSnapshot(snapshot)).Should().Throw<ChartTestException>().WithMessage("there is no snapshot*");
        await File.WriteAllTextAsync(snapshot, rendered.Rendered.Manifest);
        rendered.MatchSnapshot(snapshot);
        RenderedResources other = await s_chart.RenderAsync(ValuesSource.Set("replicas=3"));
        other.Invoking(r => r.MatchSnapshot(snapshot)).Should().Throw<ChartTestException>().WithMessage("*-  replicas: 2\n+  replicas: 3\n*");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
