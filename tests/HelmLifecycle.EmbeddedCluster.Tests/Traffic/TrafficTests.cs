using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle.EmbeddedCluster.Tests;

[Collection("virtual time")]
public sealed class TrafficTests
{
    private static async Task<EmbeddedCluster> TwoVersions()
    {
        EmbeddedCluster cluster = await EmbeddedCluster.StartAsync();
        foreach (string version in new[] { "v1", "v2" })
        {
            JsonNode labels = JsonNode.Parse($"{{\"app\":\"web\",\"version\":\"{version}\"}}")!;
            await Create(cluster, new JsonObject
            {
                ["kind"] = "Pod",
                ["apiVersion"] = "v1",
                ["metadata"] = new JsonObject { ["name"] = "web-" + version, ["labels"] = labels },
                ["spec"] = JsonNode.Parse("""{"containers":[{"name":"app","image":"app:1","ports":[{"containerPort":8080}]}]}"""),
            });
            await Create(cluster, new JsonObject
            {
                ["kind"] = "Service",
                ["apiVersion"] = "v1",
                ["metadata"] = new JsonObject { ["name"] = "web-" + version },
                ["spec"] = new JsonObject { ["selector"] = labels.DeepClone(), ["ports"] = JsonNode.Parse("""[{"port":80,"targetPort":8080}]""") },
            });
        }

        await Task.Delay(TimeSpan.FromSeconds(2), cluster.Time);
        return cluster;
    }

    private static async Task Create(EmbeddedCluster cluster, JsonObject json)
    {
        json["metadata"]!["namespace"] = "default";
        await cluster.Client.CreateAsync(new KubernetesObject(json));
    }

    private static JsonObject Ingress(string name, string service, JsonObject? annotations = null) => new()
    {
        ["kind"] = "Ingress",
        ["apiVersion"] = "networking.k8s.io/v1",
        ["metadata"] = new JsonObject { ["name"] = name, ["annotations"] = annotations ?? [] },
        ["spec"] = JsonNode.Parse("""{"rules":[{"host":"web.test","http":{"paths":[{"path":"/","pathType":"Prefix","backend":{"service":{"name":"SERVICE","port":{"number":80}}}}]}}]}""".Replace("SERVICE", service, StringComparison.Ordinal)),
    };

    [Fact]
    public async Task A_service_without_ready_pods_fails_every_request()
    {
        await using EmbeddedCluster cluster = await TwoVersions();
        cluster.Pods.WithLabel("version", "v1").NeverReady();
        await Task.Delay(TimeSpan.FromSeconds(1), cluster.Time);
        TrafficReport report = cluster.CreateTraffic().Send(TrafficTarget.Service("default", "web-v1"), 100);
        report.Failed.Should().Be(100);
        cluster.CreateTraffic().Send(TrafficTarget.Service("default", "web-v2"), 100).Share("version", "v2").Should().Be(1);
    }

    [Fact]
    public async Task Canary_weight_header_and_cookie_of_an_ingress_are_honoured()
    {
        await using EmbeddedCluster cluster = await TwoVersions();
        await Create(cluster, Ingress("main", "web-v1"));
        await Create(cluster, Ingress("canary", "web-v2", new JsonObject
        {
            ["nginx.ingress.kubernetes.io/canary"] = "true",
            ["nginx.ingress.kubernetes.io/canary-weight"] = "20",
            ["nginx.ingress.kubernetes.io/canary-by-header"] = "X-Canary",
            ["nginx.ingress.kubernetes.io/canary-by-cookie"] = "canary",
        }));
        VirtualTraffic traffic = cluster.CreateTraffic();
        TrafficTarget host = TrafficTarget.Ingress("default", "web.test");

        traffic.Send(host, 100_000).Share("version", "v2").Should().BeApproximately(0.2, 0.01);
        traffic.Send(host, 100, new VirtualRequest { Headers = new Dictionary<string, string> { ["x-canary"] = "always" } }).Share("version", "v2").Should().Be(1);
        traffic.Send(host, 100, new VirtualRequest { Headers = new Dictionary<string, string> { ["x-canary"] = "never" } }).Share("version", "v1").Should().Be(1);
        traffic.Send(host, 100, new VirtualRequest { Cookies = new Dictionary<string, string> { ["canary"] = "always" } }).Share("version", "v2").Should().Be(1);
        traffic.Send(TrafficTarget.Ingress("default", "other.test"), 10).Failed.Should().Be(10);
    }

    [Fact]
    public async Task The_same_seed_makes_the_same_choices()
    {
        await using EmbeddedCluster cluster = await TwoVersions();
        await Create(cluster, new JsonObject
        {
            ["kind"] = "Service",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject { ["name"] = "web" },
            ["spec"] = JsonNode.Parse("""{"selector":{"app":"web"},"ports":[{"port":80}]}"""),
        });
        await Task.Delay(TimeSpan.FromSeconds(1), cluster.Time);
        TrafficTarget web = TrafficTarget.Service("default", "web");
        cluster.CreateTraffic(7).Send(web, 1000).ByLabel("version").Should().Equal(cluster.CreateTraffic(7).Send(web, 1000).ByLabel("version"));
    }

    [Fact]
    public async Task A_script_answers_through_the_proxy_of_the_api_server()
    {
        await using EmbeddedCluster cluster = await TwoVersions();
        cluster.Pods.WithLabel("version", "v1").Answers((request, pod) => new VirtualResponse(418, pod.Name + request.Path));
        using var http = new HttpClient(cluster.CreateHandler()) { BaseAddress = new Uri("http://cluster/") };
        HttpResponseMessage answer = await http.GetAsync("api/v1/namespaces/default/services/web-v1:80/proxy/status");
        ((int)answer.StatusCode).Should().Be(418);
        (await answer.Content.ReadAsStringAsync()).Should().Be("web-v1/status");
    }

    [Fact]
    public void An_nginx_server_block_answers_by_location()
    {
        NginxServer server = NginxServer.TryParse("""
            server {
              listen 8080;
              location = /version { default_type text/plain; return 200 "Version 1\n"; }  # exact
              location /api/ { default_type application/json; return 200 '{"status":"ok"}'; }
              location / { return 200 "Hello\n"; }
            }
            """)!;
        server.Respond(new VirtualRequest { Path = "/version", Port = 8080 })!.Body.Should().Be("Version 1\n");
        server.Respond(new VirtualRequest { Path = "/api/health", Port = 8080 }).Should().Be(new VirtualResponse(200, "{\"status\":\"ok\"}", "application/json"));
        server.Respond(new VirtualRequest { Path = "/version/x", Port = 8080 })!.Body.Should().Be("Hello\n");
        server.Respond(new VirtualRequest { Path = "/", Port = 9090 }).Should().BeNull();
    }

    [Theory]
    [InlineData("server {")]
    [InlineData("}}}}server{")]
    [InlineData("server { location / { return")]
    public void A_broken_configuration_answers_nothing(string text) => NginxServer.TryParse(text).Should().BeNull();
}
