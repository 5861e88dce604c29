using System.Net;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle.EmbeddedCluster.Tests;

[Collection("virtual time")]
public sealed class FaultTests
{
    private const string Maps = "api/v1/namespaces/default/configmaps";

    private static StringContent Map(string name) =>
        new($"{{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{{\"name\":\"{name}\"}}}}", System.Text.Encoding.UTF8, "application/json");

    private static HttpClient Http(EmbeddedCluster cluster) => new(cluster.CreateHandler()) { BaseAddress = new Uri("http://cluster/") };

    [Fact]
    public async Task The_nth_matching_request_fails_and_the_others_do_not()
    {
        await using EmbeddedCluster cluster = await EmbeddedCluster.StartAsync();
        cluster.Faults.On("POST", "*/configmaps").Nth(2).Fail(429, retryAfter: 7);
        using HttpClient http = Http(cluster);
        (await http.PostAsync(Maps, Map("a"))).StatusCode.Should().Be(HttpStatusCode.Created);
        HttpResponseMessage refused = await http.PostAsync(Maps, Map("b"));
        refused.StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        refused.Headers.GetValues("Retry-After").Should().Equal("7");
        (await http.PostAsync(Maps, Map("b"))).StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_reset_after_the_effect_loses_only_the_answer()
    {
        await using EmbeddedCluster cluster = await EmbeddedCluster.StartAsync();
        cluster.Faults.On("POST", "*/configmaps").First(1).AfterEffect().ResetConnection();
        using HttpClient http = Http(cluster);
        await http.Invoking(h => h.PostAsync(Maps, Map("a"))).Should().ThrowAsync<HttpRequestException>();
        (await http.GetAsync(Maps + "/a")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_request_without_an_answer_ends_with_the_clients_patience()
    {
        await using EmbeddedCluster cluster = await EmbeddedCluster.StartAsync();
        cluster.Faults.On("GET", "*/configmaps").TimeOut();
        using HttpClient http = Http(cluster);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1), cluster.Time);
        await http.Invoking(h => h.GetAsync(Maps, patience.Token)).Should().ThrowAsync<OperationCanceledException>();
        cluster.VirtualTime!.Elapsed.Should().BeGreaterThanOrEqualTo(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_read_only_cluster_refuses_writes()
    {
        await using EmbeddedCluster cluster = await EmbeddedCluster.StartAsync();
        cluster.Faults.ReadOnly = true;
        using HttpClient http = Http(cluster);
        (await http.PostAsync(Maps, Map("a"))).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await http.GetAsync(Maps)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Webhooks_change_and_refuse_objects_in_the_api_servers_words()
    {
        await using EmbeddedCluster cluster = await EmbeddedCluster.StartAsync();
        cluster.Faults.Mutate("defaults.test", r => r.Object["metadata"]!["labels"] = new System.Text.Json.Nodes.JsonObject { ["seen"] = "yes" });
        using IDisposable policy = cluster.Faults.Validate("policy.test", r => r.Kind == "ConfigMap" && r.Name == "bad" ? "bad names are not allowed" : null);
        using HttpClient http = Http(cluster);
        (await (await http.PostAsync(Maps, Map("good"))).Content.ReadAsStringAsync()).Should().Contain("\"seen\":\"yes\"");
        HttpResponseMessage refused = await http.PostAsync(Maps, Map("bad"));
        refused.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await refused.Content.ReadAsStringAsync()).Should().Contain("admission webhook \\\"policy.test\\\" denied the request: bad names are not allowed");
        policy.Dispose();
        (await http.PostAsync(Maps, Map("bad"))).StatusCode.Should().Be(HttpStatusCode.Created);
    }
}
