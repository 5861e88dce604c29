using System.Text.Json.Nodes;
using FluentAssertions;
using HelmLifecycle.EmbeddedCluster;
using HelmLifecycle.Kubernetes;
using Xunit;

namespace HelmLifecycle.Tests.Rollouts;

public sealed class RouterTests
{
    private const string VirtualService = """

        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: web}
        spec:
          hosts: [web]
          http: [{name: main, route: [{destination: {host: web}}]}]
        """;

    private const string HttpRoute = """

        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: web}
        spec:
          hostnames: [web.example.com]
          rules: [{matches: [{path: {type: PathPrefix, value: /}}], backendRefs: [{name: web, port: 80}]}]
        """;

    internal const string Ingress = """

        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: web}
        spec:
          rules: [{host: web.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]
        """;

    public enum Kind
    {
        Istio,
        Gateway,
        Nginx,
        Foreign,
    }

    [Theory]
    [InlineData(Kind.Istio)]
    [InlineData(Kind.Gateway)]
    [InlineData(Kind.Nginx)]
    [InlineData(Kind.Foreign)]
    public async Task A_promotion_keeps_the_weights_and_fails_no_request(Kind kind)
    {
        await using var scene = await StartAsync(kind);
        var before = await SpecAsync(scene, kind);
        var (traffic, failure) = await scene.UpgradeAsync(scene.Release.Upgrade(Canary.Steps(5, 20, 50, 100).Pause(TimeSpan.FromSeconds(5)).Through(Router(kind))));
        failure.Should().BeNull();
        traffic.Requests.Should().BeGreaterThan(100_000);
        traffic.Failed.Should().Be(0);
        foreach (int weight in new[] { 5, 20, 50, 100 }) scene.AtWeight[weight].Share("version", "v2").Should().BeApproximately(weight / 100.0, 0.01);
        await scene.ShouldHoldOnlyAsync("v2");
        (await SpecAsync(scene, kind)).Should().Be(before);
    }

    [Theory]
    [InlineData(Kind.Istio)]
    [InlineData(Kind.Gateway)]
    [InlineData(Kind.Nginx)]
    [InlineData(Kind.Foreign)]
    public async Task An_abort_brings_the_traffic_back_before_anything_else_in_one_write(Kind kind)
    {
        await using var scene = await StartAsync(kind);
        var before = await SpecAsync(scene, kind);
        int writes = 0;
        double? share = null;
        scene.OnStep = s =>
        {
            if (s.Step != "abort") return;
            writes = scene.Writes.Count;
            share = scene.Traffic.Send(scene.Target, 10_000).Share("version", "v2");
        };
        var strategy = Canary.Steps(20, 50).Pause(TimeSpan.FromSeconds(10)).Analyze(new Given("error rate", AnalysisOutcome.Failed)).Through(Router(kind));
        var (traffic, failure) = await scene.UpgradeAsync(scene.Release.Upgrade(strategy));
        failure.Should().BeOfType<ReleaseFailedException>();
        share.Should().BeApproximately(0.2, 0.02, "the canary had its traffic until then");
        scene.Writes[writes].Path.Should().EndWith(kind switch { Kind.Gateway => "/httproutes/web", Kind.Nginx => "/ingresses/web-canary", _ => "/virtualservices/web" });
        scene.Writes.Skip(writes).Count(w => w.Path.Contains("virtualservices", StringComparison.Ordinal) || w.Path.Contains("httproutes", StringComparison.Ordinal) || w.Path.Contains("ingresses", StringComparison.Ordinal)).Should().Be(1);
        traffic.Requests.Should().BeGreaterThan(100_000);
        traffic.Failed.Should().Be(0);
        await scene.ShouldHoldOnlyAsync("v1");
        (await SpecAsync(scene, kind)).Should().Be(before);
    }

    [Theory]
    [InlineData(Kind.Istio, false)]
    [InlineData(Kind.Istio, true)]
    [InlineData(Kind.Gateway, false)]
    [InlineData(Kind.Gateway, true)]
    [InlineData(Kind.Nginx, false)]
    [InlineData(Kind.Nginx, true)]
    public async Task Matching_requests_go_to_the_new_version_and_no_others(Kind kind, bool cookie)
    {
        await using var scene = await StartAsync(kind);
        var match = cookie ? TrafficMatch.Cookie("tester", "always") : TrafficMatch.Header("x-canary", "yes");
        var asked = cookie
            ? new VirtualRequest { Cookies = new Dictionary<string, string> { ["other"] = "1", ["tester"] = "always" } }
            : new VirtualRequest { Headers = new Dictionary<string, string> { ["X-Canary"] = "yes" } };
        double? matched = null, others = null;
        scene.OnStep = s =>
        {
            if (s.Step != "weight 0") return;
            matched = scene.Traffic.Send(scene.Target, 1000, asked).Share("version", "v2");
            others = scene.Traffic.Send(scene.Target, 1000).Share("version", "v1");
        };
        await scene.Release.Upgrade(Canary.Steps(100).Match(match).Through(Router(kind))).ReportTo(scene).RunAsync();
        matched.Should().Be(1);
        others.Should().Be(1);
        await scene.ShouldHoldOnlyAsync("v2");
    }

    [Fact]
    public async Task A_route_that_does_not_go_to_the_service_is_refused()
    {
        await using var scene = await StartAsync(Kind.Istio);
        var (_, failure) = await scene.UpgradeAsync(scene.Release.Upgrade(Canary.Steps(10).Through(new IstioRouter("web", ["other"]))));
        failure!.Message.Should().Contain("has no HTTP route to web");
        await scene.ShouldHoldOnlyAsync("v1");
    }

    private static ITrafficRouter Router(Kind kind) => kind switch
    {
        Kind.Gateway => new GatewayRouter("web"),
        Kind.Nginx => new NginxRouter("web"),
        _ => new IstioRouter("web"),
    };

    private static Task<RolloutScene> StartAsync(Kind kind) => kind switch
    {
        Kind.Gateway => RolloutScene.StartAsync(RolloutScene.Web + HttpRoute, TrafficTarget.Gateway("shop", "web.example.com"), w => DefineAsync(w, "gateway.networking.k8s.io", "HTTPRoute", "httproutes")),
        Kind.Nginx => RolloutScene.StartAsync(RolloutScene.Web + Ingress, TrafficTarget.Ingress("shop", "web.example.com")),
        Kind.Istio => RolloutScene.StartAsync(RolloutScene.Web + VirtualService, TrafficTarget.Mesh("shop", "web"), w => DefineAsync(w, "networking.istio.io", "VirtualService", "virtualservices")),
        _ => RolloutScene.StartAsync(RolloutScene.Web, TrafficTarget.Mesh("shop", "web"), async w =>
        {
            await DefineAsync(w, "networking.istio.io", "VirtualService", "virtualservices");
            await w.Cluster.Client.CreateAsync(new KubernetesObject(GroupVersionKind.From("v1", "Namespace"), "shop"));
            var foreign = KubernetesObject.FromYaml(VirtualService.Replace("---", "", StringComparison.Ordinal));
            foreign.Namespace = "shop";
            await w.Cluster.Client.CreateAsync(foreign);
        }),
    };

    private static async Task DefineAsync(WebRelease web, string group, string kind, string plural)
    {
        await web.Cluster.Client.CreateAsync(KubernetesObject.FromYaml($$"""
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: {{plural}}.{{group}}, annotations: {api-approved.kubernetes.io: "https://github.com/kubernetes-sigs/gateway-api/pull/2466"} }
            spec:
              group: {{group}}
              scope: Namespaced
              names: {kind: {{kind}}, plural: {{plural}}, singular: {{kind.ToLowerInvariant()}}, listKind: {{kind}}List}
              versions:
              - name: v1
                served: true
                storage: true
                schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true} }
            """));
        await Task.Delay(TimeSpan.FromSeconds(2), web.Cluster.Time);
    }

    private static async Task<string> SpecAsync(RolloutScene scene, Kind kind)
    {
        var gvk = kind switch
        {
            Kind.Gateway => GroupVersionKind.From("gateway.networking.k8s.io/v1", "HTTPRoute"),
            Kind.Nginx => GroupVersionKind.From("networking.k8s.io/v1", "Ingress"),
            _ => GroupVersionKind.From("networking.istio.io/v1", "VirtualService"),
        };
        return ((JsonNode?)(await scene.Client.GetAsync(gvk, "shop", "web")).Spec)!.ToJsonString();
    }
}
