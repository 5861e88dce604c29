using System.Net;
using HelmLifecycle.EmbeddedCluster;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle.Tests.Rollouts.Analysis;

public sealed class MeasurementTests
{
    private static readonly Uri s_address = new("http://prometheus.invalid:9090");

    [Theory]
    [InlineData(200, "all well", AnalysisOutcome.Successful)]
    [InlineData(500, "all well", AnalysisOutcome.Failed)]
    [InlineData(200, "out of order", AnalysisOutcome.Failed)]
    public async Task A_service_is_asked_through_the_api_server(int status, string body, AnalysisOutcome expected)
    {
        await using var web = await WebRelease.InstallAsync();
        web.Cluster.Pods.All().Answers((request, _) => request.Path == "/health" ? new VirtualResponse(status, body) : new VirtualResponse(404));
        var result = await (HttpAnalysis.OfService("/health") with { Contains = "well" }).RunAsync(web.Context(), default);
        result.Outcome.Should().Be(expected, result.Message);
    }

    [Fact]
    public async Task A_service_without_pods_fails_and_one_that_is_not_there_is_an_error()
    {
        await using var web = await WebRelease.InstallAsync();
        await web.Cluster.Client.ScaleAsync(WebRelease.Deployment, WebRelease.Namespace, WebRelease.Name, 0);
        await Task.Delay(TimeSpan.FromSeconds(20), web.Cluster.Time);
        (await HttpAnalysis.OfService().RunAsync(web.Context(), default)).Outcome.Should().Be(AnalysisOutcome.Failed);
        (await HttpAnalysis.OfService().RunAsync(web.Context() with { CanaryService = "nobody" }, default)).Outcome.Should().Be(AnalysisOutcome.Error);
    }

    [Fact]
    public async Task A_slow_answer_fails_by_the_virtual_clock()
    {
        await using var web = await WebRelease.InstallAsync();
        using var client = new HttpClient(new Answering(async ct =>
        {
            await Task.Delay(TimeSpan.FromSeconds(3), web.Cluster.Time, ct);
            return new HttpResponseMessage(HttpStatusCode.OK);
        }));
        var analysis = HttpAnalysis.OfUrl(client, s_address);
        (await analysis.RunAsync(web.Context(), default)).Outcome.Should().Be(AnalysisOutcome.Successful);
        (await (analysis with { MaxLatency = TimeSpan.FromSeconds(2) }).RunAsync(web.Context(), default)).Message.Should().Be("status 200 in 3 s, which is more than 2 s");
        (await (analysis with { Timeout = TimeSpan.FromSeconds(1) }).RunAsync(web.Context(), default)).Message.Should().StartWith("no answer in 1 s");
    }

    [Theory]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"0.01"]}]}}""", AnalysisOutcome.Successful, "0.01")]
    [InlineData("""{"status":"success","data":{"resultType":"scalar","result":[1,"0.03"]}}""", AnalysisOutcome.Inconclusive, "0.03 is above 0.02")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":"1"},"value":[1,"0"]},{"metric":{"a":"2"},"value":[1,"0.5"]}]}}""", AnalysisOutcome.Failed, "{a=\"2\"} 0.5 is above 0.02")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[]}}""", AnalysisOutcome.Inconclusive, "no value")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"NaN"]}]}}""", AnalysisOutcome.Inconclusive, "NaN")]
    [InlineData("""{"status":"success","data":{"resultType":"matrix","result":[]}}""", AnalysisOutcome.Error, "the query gives neither a scalar nor a vector")]
    [InlineData("""{"status":"error","errorType":"bad_data","error":"parse error"}""", AnalysisOutcome.Error, "Prometheus refused: parse error")]
    [InlineData("""[1]""", AnalysisOutcome.Error, "Prometheus refused: no answer of its query API")]
    public async Task A_prometheus_value_is_compared_with_the_thresholds(string answer, AnalysisOutcome expected, string message)
    {
        using var time = new VirtualTime();
        Uri? asked = null;
        using var client = new HttpClient(new Answering(_ => Task.FromResult(new HttpResponseMessage { Content = new StringContent(answer) }), r => asked = r.RequestUri));
        var analysis = new PrometheusAnalysis("error rate", client, s_address, c => $"rate(errors{{release=\"{c.Target.Name}\"}}[1m])") { Max = 0.02, FailAbove = 0.1 };
        var context = new AnalysisContext
        {
            Cluster = new KubernetesClient(ClusterConnection.From(client, s_address)),
            Namespace = "shop",
            Target = new Release { Name = "web", Namespace = "shop", Revision = 2, Info = new ReleaseInfo { Status = ReleaseStatus.PendingUpgrade, Description = "" } },
            Time = time,
        };
        (await analysis.RunAsync(context, default)).Should().Be(new AnalysisResult(expected, message));
        asked!.AbsoluteUri.Should().Be("http://prometheus.invalid:9090/api/v1/query?query=rate%28errors%7Brelease%3D%22web%22%7D%5B1m%5D%29");
    }

    [Theory]
    [InlineData(0, AnalysisOutcome.Successful)]
    [InlineData(3, AnalysisOutcome.Failed)]
    public async Task A_job_decides_and_is_deleted(int exitCode, AnalysisOutcome expected)
    {
        await using var web = await WebRelease.InstallAsync();
        web.Cluster.Pods.Where(p => p.OwnerKind == "Job").RunFor(TimeSpan.FromSeconds(10)).ExitCode(exitCode);
        var job = KubernetesObject.FromYaml("""
            apiVersion: batch/v1
            kind: Job
            metadata: {name: smoke}
            spec:
              backoffLimit: 0
              template:
                spec:
                  restartPolicy: Never
                  containers: [{name: curl, image: curl}]
            """);
        var result = await new JobAnalysis("smoke", job).RunAsync(web.Context(), default);
        result.Outcome.Should().Be(expected, result.Message);
        if (exitCode != 0) result.Message.Should().Contain("curl").And.Contain("3");
        await Task.Delay(TimeSpan.FromSeconds(10), web.Cluster.Time);
        (await web.Cluster.Client.ListAsync(job.Gvk, WebRelease.Namespace)).Items.Should().BeEmpty();
    }

    [Fact]
    public async Task Pods_that_are_ready_and_never_restarted_are_well()
    {
        await using var web = await WebRelease.InstallAsync();
        (await new PodAnalysis().RunAsync(web.Context(), default)).Should().Be(AnalysisResult.Successful("3 pods well"));
    }

    [Fact]
    public async Task A_pod_that_is_not_ready_is_named()
    {
        await using var web = await WebRelease.InstallAsync();
        string name = (await web.PodsAsync())[0].Name;
        web.Cluster.Pods.Where(p => p.Name == name).CrashAfter(TimeSpan.FromSeconds(1), exitCode: 7);
        await Task.Delay(TimeSpan.FromSeconds(20), web.Cluster.Time);
        var result = await new PodAnalysis().RunAsync(web.Context(), default);
        result.Outcome.Should().Be(AnalysisOutcome.Failed);
        result.Message.Should().Contain(name).And.Contain("exit code 7");
        (await new PodAnalysis { MaxRestarts = 1000 }.RunAsync(web.Context(), default)).Message.Should().Contain("2 of 3 pods").And.Contain(name);
        (await new PodAnalysis { MaxRestarts = 1000, MinReadyPercent = 60 }.RunAsync(web.Context(), default)).Outcome.Should().Be(AnalysisOutcome.Successful);
    }

    private sealed class Answering(Func<CancellationToken, Task<HttpResponseMessage>> answer, Action<HttpRequestMessage>? see = null) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            see?.Invoke(request);
            return answer(cancellationToken);
        }
    }
}
