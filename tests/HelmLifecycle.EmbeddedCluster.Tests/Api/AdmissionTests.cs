using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster.Tests.Api;

/// <summary>What the API fills in, warns about and refuses, for kinds whose recorded scenarios do not show it.</summary>
[Collection("virtual time")]
public sealed class AdmissionTests : IAsyncLifetime
{
    private const string Ingresses = "/apis/networking.k8s.io/v1/namespaces/default/ingresses";
    private const string IngressClasses = "/apis/networking.k8s.io/v1/ingressclasses";
    private const string Pods = "/api/v1/namespaces/default/pods";

    private EmbeddedCluster _cluster = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        _cluster = await EmbeddedCluster.StartAsync();
        _http = Client(_cluster);
        await _cluster.VirtualTime!.WhenQuietAsync();
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        _cluster.SimulationFault.Should().BeNull();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task A_limit_range_fills_in_what_containers_lack_and_says_so()
    {
        await SendAsync(HttpMethod.Post, "/api/v1/namespaces/default/limitranges", Limits);

        JsonObject pod = (await SendAsync(HttpMethod.Post, Pods, """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"app","image":"x:1"}]}}""")).Body;

        pod["metadata"]!["annotations"]!["kubernetes.io/limit-ranger"]!.ToString().Should().Be("LimitRanger plugin set: cpu request for container app; cpu limit for container app");
        pod["spec"]!["containers"]![0]!["resources"]!.ToJsonString().Should().Be("""{"limits":{"cpu":"500m"},"requests":{"cpu":"100m"}}""");
    }

    [Fact]
    public async Task A_limit_range_refuses_pods_outside_its_bounds()
    {
        await SendAsync(HttpMethod.Post, "/api/v1/namespaces/default/limitranges", Limits);

        Answer refused = await SendAsync(HttpMethod.Post, Pods, """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"app","image":"x:1","resources":{"limits":{"cpu":"3"},"requests":{"cpu":"10m"}}}]}}""");

        refused.Status.Should().Be(HttpStatusCode.Forbidden);
        refused.Message.Should().Be("pods \"p\" is forbidden: [minimum cpu usage per Container is 50m, but request is 10m, maximum cpu usage per Container is 2, but limit is 3]");
    }

    [Fact]
    public async Task A_pod_that_is_not_valid_is_refused_as_such_before_its_limits_are_looked_at()
    {
        await SendAsync(HttpMethod.Post, "/api/v1/namespaces/default/limitranges", Limits);

        Answer refused = await SendAsync(HttpMethod.Post, Pods, """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"app","resources":{"limits":{"cpu":"3"}}}]}}""");

        refused.Message.Should().Be("Pod \"p\" is invalid: spec.containers[0].image: Required value");
    }

    [Fact]
    public async Task The_older_annotation_for_the_class_of_an_ingress_is_warned_about_and_must_agree_with_the_field()
    {
        Answer warned = await SendAsync(HttpMethod.Post, Ingresses, Ingress("a", "\"kubernetes.io/ingress.class\":\"nginx\"", ""));
        Answer refused = await SendAsync(HttpMethod.Post, Ingresses, Ingress("b", "\"kubernetes.io/ingress.class\":\"nginx\"", "\"ingressClassName\":\"other\","));

        warned.Warnings.Should().Equal("299 - \"annotation \\\"kubernetes.io/ingress.class\\\" is deprecated, please use 'spec.ingressClassName' instead\"");
        refused.Message.Should().Be("Ingress.networking.k8s.io \"b\" is invalid: annotations.kubernetes.io/ingress.class: Invalid value: \"nginx\": must match `ingressClassName` when both are specified");
    }

    [Fact]
    public async Task The_controller_of_an_ingress_class_stays()
    {
        await SendAsync(HttpMethod.Post, IngressClasses, """{"metadata":{"name":"c"},"spec":{"controller":"k8s.io/x"}}""");

        Answer refused = await SendAsync(HttpMethod.Patch, IngressClasses + "/c", """{"spec":{"controller":"k8s.io/y"}}""", "application/merge-patch+json");

        refused.Message.Should().Be("IngressClass.networking.k8s.io \"c\" is invalid: spec.controller: Invalid value: \"k8s.io/y\": field is immutable");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ingresses_have_an_address_only_where_the_options_ask_for_it(bool assigns)
    {
        await using EmbeddedCluster cluster = await EmbeddedCluster.StartAsync(new EmbeddedClusterOptions { AssignIngressAddresses = assigns });
        using HttpClient http = Client(cluster);
        await SendAsync(http, HttpMethod.Post, Ingresses, Ingress("i", "", ""));
        await cluster.VirtualTime!.WhenQuietAsync();

        Answer ingress = await SendAsync(http, HttpMethod.Get, Ingresses + "/i");

        (ingress.Body["status"]!["loadBalancer"]!["ingress"] is JsonArray { Count: 1 }).Should().Be(assigns);
    }

    [Fact]
    public async Task Probes_of_an_init_container_are_refused_unless_it_restarts()
    {
        const string init = """{"name":"i","image":"x:1","readinessProbe":{"tcpSocket":{"port":1}}RESTART}""";
        const string pod = """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"app","image":"x:1"}],"initContainers":[INIT]}}""";

        Answer refused = await SendAsync(HttpMethod.Post, Pods, pod.Replace("INIT", init.Replace("RESTART", "", StringComparison.Ordinal), StringComparison.Ordinal));
        Answer taken = await SendAsync(HttpMethod.Post, Pods, pod.Replace("INIT", init.Replace("RESTART", ",\"restartPolicy\":\"Always\"", StringComparison.Ordinal), StringComparison.Ordinal));

        refused.Message.Should().Be("Pod \"p\" is invalid: spec.initContainers[0].readinessProbe: Forbidden: may not be set for init containers without restartPolicy=Always");
        taken.Status.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Apply_with_the_uid_of_an_object_that_is_gone_is_a_conflict()
    {
        Answer refused = await SendAsync(HttpMethod.Patch, "/api/v1/namespaces/default/configmaps/c?fieldManager=m", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","uid":"x"}}""", "application/apply-patch+yaml");

        refused.Status.Should().Be(HttpStatusCode.Conflict);
        refused.Message.Should().Be("Operation cannot be fulfilled on configmaps \"c\": uid mismatch: the provided object specified uid x, and no existing object was found");
    }

    [Fact]
    public async Task The_generation_of_a_network_policy_moves_for_an_empty_list_as_it_does_for_a_change()
    {
        const string policies = "/apis/networking.k8s.io/v1/namespaces/default/networkpolicies";
        await SendAsync(HttpMethod.Post, policies, """{"metadata":{"name":"n"},"spec":{"podSelector":{}}}""");

        JsonObject same = (await SendAsync(HttpMethod.Put, policies + "/n", """{"metadata":{"name":"n"},"spec":{"podSelector":{},"policyTypes":["Ingress"]}}""")).Body;
        JsonObject moved = (await SendAsync(HttpMethod.Put, policies + "/n", """{"metadata":{"name":"n"},"spec":{"podSelector":{},"policyTypes":["Ingress"],"ingress":[]}}""")).Body;

        same["metadata"]!["generation"]!.GetValue<int>().Should().Be(1);
        moved["metadata"]!["generation"]!.GetValue<int>().Should().Be(2);
    }

    [Theory]
    [InlineData("1.2.3", "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")]
    [InlineData("127.0.0.1", "may not be in the loopback range (127.0.0.0/8, ::1/128)")]
    [InlineData("169.254.1.1", "may not be in the link-local range (169.254.0.0/16, fe80::/10)")]
    public async Task An_external_address_must_be_an_ordinary_one(string address, string why)
    {
        Answer refused = await SendAsync(HttpMethod.Post, "/api/v1/namespaces/default/services", $$"""{"metadata":{"name":"s"},"spec":{"ports":[{"port":80}],"externalIPs":["{{address}}"]} }""");

        refused.Message.Should().Be($"Service \"s\" is invalid: spec.externalIPs[0]: Invalid value: \"{address}\": {why}");
    }

    private const string Limits = """
        {"metadata":{"name":"l"},"spec":{"limits":[{"type":"Container","default":{"cpu":"0.5"},"defaultRequest":{"cpu":"100m"},"max":{"cpu":"2"},"min":{"cpu":"50m"}}]}}
        """;

    private static string Ingress(string name, string annotations, string spec) =>
        """{"metadata":{"name":"NAME","annotations":{ANNOTATIONS}},"spec":{SPEC"defaultBackend":{"service":{"name":"s","port":{"number":80}}}}}"""
            .Replace("NAME", name, StringComparison.Ordinal).Replace("ANNOTATIONS", annotations, StringComparison.Ordinal).Replace("SPEC", spec, StringComparison.Ordinal);

    private sealed record Answer(HttpStatusCode Status, JsonObject Body, string[] Warnings)
    {
        public string Message => Body["message"]!.GetValue<string>();
    }

    private static HttpClient Client(EmbeddedCluster cluster) => new(cluster.CreateHandler()) { BaseAddress = new Uri("http://localhost") };

    private Task<Answer> SendAsync(HttpMethod method, string path, string? body = null, string type = "application/json") => SendAsync(_http, method, path, body, type);

    private static async Task<Answer> SendAsync(HttpClient http, HttpMethod method, string path, string? body = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, type);
        }

        using HttpResponseMessage response = await http.SendAsync(request);
        string[] warnings = response.Headers.TryGetValues("Warning", out IEnumerable<string>? found) ? [.. found] : [];
        return new Answer(response.StatusCode, (JsonObject)JsonNode.Parse(await response.Content.ReadAsStringAsync())!, warnings);
    }
}
