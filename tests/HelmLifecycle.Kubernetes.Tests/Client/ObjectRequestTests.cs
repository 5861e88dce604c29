using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes.Tests.Client;

public sealed class ObjectRequestTests
{
    private static readonly GroupVersionKind ConfigMap = new("", "v1", "ConfigMap");
    private static readonly GroupVersionKind Deployment = new("apps", "v1", "Deployment");
    private const string Answer = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","resourceVersion":"7"}}""";

    private readonly ScriptedApi _api = new ScriptedApi().On("POST", "/*", Answer).On("PUT", "/*", Answer).On("PATCH", "/*", Answer).On("DELETE", "/*", Answer);

    private SeenRequest Last => _api.Requests[^1];

    [Fact]
    public async Task Creating_posts_to_the_collection_in_the_default_namespace_as_field_manager_helm()
    {
        KubernetesObject stored = await _api.Client().CreateAsync(new KubernetesObject(ConfigMap, "c"));

        Last.Path.Should().Be("/api/v1/namespaces/ns1/configmaps?fieldManager=helm");
        Last.ContentType.Should().Be("application/json");
        JsonNode.Parse(Last.Body!).ShouldEqual(JsonNode.Parse("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"}}"""));
        stored.ResourceVersion.Should().Be("7");
    }

    [Fact]
    public async Task An_empty_field_manager_is_not_sent()
    {
        await _api.Client().ReplaceAsync(new KubernetesObject(ConfigMap, "c", "other"), new WriteOptions { FieldManager = "" });
        (Last.Method + Last.Path).Should().Be("PUT/api/v1/namespaces/other/configmaps/c");
    }

    [Fact]
    public async Task Server_side_apply_is_the_request_that_Helm_4_sends()
    {
        await _api.Client().ApplyAsync(new KubernetesObject(Deployment, "web", "x"), new ApplyOptions { FieldValidation = FieldValidation.Strict });

        Last.Method.Should().Be("PATCH");
        Last.Path.Should().Be("/apis/apps/v1/namespaces/x/deployments/web?fieldManager=helm&fieldValidation=Strict&force=false");
        Last.ContentType.Should().Be("application/apply-patch+yaml");
    }

    [Theory]
    [InlineData(PatchType.Json, "application/json-patch+json")]
    [InlineData(PatchType.Merge, "application/merge-patch+json")]
    [InlineData(PatchType.Strategic, "application/strategic-merge-patch+json")]
    public async Task Each_patch_has_its_media_type(PatchType type, string contentType)
    {
        await _api.Client().PatchAsync(ConfigMap, "x", "c", new PatchBody(type, new JsonObject()), new WriteOptions { DryRun = true });
        Last.ContentType.Should().Be(contentType);
        Last.Path.Should().Be("/api/v1/namespaces/x/configmaps/c?dryRun=All&fieldManager=helm");
    }

    [Fact]
    public async Task Deleting_in_the_background_sends_the_body_of_Helm()
    {
        await _api.Client().DeleteAsync(ConfigMap, "x", "c", new DeleteOptions { Propagation = DeletePropagation.Background });
        Last.Path.Should().Be("/api/v1/namespaces/x/configmaps/c");
        Last.Body.Should().Be("""{"propagationPolicy":"Background"}""");
    }

    [Fact]
    public async Task Deleting_can_be_bound_to_one_very_object()
    {
        await _api.Client().DeleteAsync(ConfigMap, "x", "c", new DeleteOptions { Uid = "u", ResourceVersion = "3", GracePeriodSeconds = 0 });
        JsonNode.Parse(Last.Body!).ShouldEqual(JsonNode.Parse("""{"gracePeriodSeconds":0,"preconditions":{"uid":"u","resourceVersion":"3"}}"""));
    }

    [Fact]
    public async Task Kinds_of_cluster_scope_have_no_namespace_in_their_path()
    {
        await _api.Client().ApplyAsync(new KubernetesObject(new GroupVersionKind("", "v1", "Namespace"), "n", "ignored"));
        Last.Path.Should().StartWith("/api/v1/namespaces/n?");
    }

    [Fact]
    public async Task Scaling_goes_through_the_scale_subresource()
    {
        await _api.Client().ScaleAsync(Deployment, "x", "web", 3);
        Last.Path.Should().StartWith("/apis/apps/v1/namespaces/x/deployments/web/scale?");
        Last.Body.Should().Be("""{"spec":{"replicas":3}}""");
    }

    [Fact]
    public async Task What_is_not_there_is_null_when_tried_and_an_error_when_demanded()
    {
        _api.On("GET", "/api/v1/namespaces/x/configmaps/no", _ => ScriptedApi.Status(404, "NotFound", "configmaps \"no\" not found"));
        KubernetesClient client = _api.Client();

        (await client.TryGetAsync(ConfigMap, "x", "no")).Should().BeNull();
        (await client.Invoking(c => c.GetAsync(ConfigMap, "x", "no")).Should().ThrowAsync<KubernetesApiException>().WithMessage("configmaps \"no\" not found"))
            .Which.IsNotFound.Should().BeTrue();
    }

    [Fact]
    public async Task A_refusal_carries_reason_causes_and_the_servers_own_message()
    {
        _api.On("POST", "/*", """
            {"kind":"Status","status":"Failure","message":"ConfigMap \"c\" is invalid: x","reason":"Invalid","code":422,
             "details":{"causes":[{"reason":"FieldValueRequired","message":"Required value","field":"spec.x"}]}}
            """, 422);
        KubernetesApiException e = (await _api.Client().Invoking(c => c.CreateAsync(new KubernetesObject(ConfigMap, "c"))).Should().ThrowAsync<KubernetesApiException>()).Which;
        (e.StatusCode, e.Reason, e.Message).Should().Be((422, "Invalid", "ConfigMap \"c\" is invalid: x"));
        e.Causes.Should().Equal(new StatusCause("FieldValueRequired", "Required value", "spec.x"));
    }

    [Theory]
    [InlineData(404, "404 page not found", "the server could not find the requested resource (get configmaps c)")]
    [InlineData(500, "boom", "an error on the server (\"boom\") has prevented the request from succeeding (get configmaps c)")]
    [InlineData(401, "", "the server has asked for the client to provide credentials (get configmaps c)")]
    public async Task An_answer_that_is_no_Status_is_told_in_the_words_of_client_go(int status, string body, string message)
    {
        _api.On("GET", "/api/v1/namespaces/x/configmaps/c", body, status);
        await _api.Client().Invoking(c => c.GetAsync(ConfigMap, "x", "c")).Should().ThrowAsync<KubernetesApiException>().WithMessage(message);
    }

    [Fact]
    public async Task Warnings_of_the_API_reach_the_callback_unquoted()
    {
        var warnings = new List<ApiWarning>();
        _api.On("POST", "/*", _ =>
        {
            HttpResponseMessage response = ScriptedApi.Json(Answer, 201);
            response.Headers.TryAddWithoutValidation("Warning", "299 - \"unknown field \\\"spec.x\\\"\"");
            response.Headers.TryAddWithoutValidation("Warning", "299 - \"second, with comma\"");
            return response;
        });
        await _api.Client(new KubernetesClientOptions { OnWarning = warnings.Add }).CreateAsync(new KubernetesObject(ConfigMap, "c"));
        warnings.Select(w => w.Text).Should().Equal("unknown field \"spec.x\"", "second, with comma");
    }

    [Fact]
    public async Task Impersonation_is_sent_as_headers()
    {
        var who = new Impersonation("jane") { Groups = ["dev"], Extra = new Dictionary<string, IReadOnlyList<string>> { ["scope/x"] = ["a"] } };
        await _api.Client(new KubernetesClientOptions { Impersonate = who }).DeleteAsync(ConfigMap, "x", "c");
        Last.Headers.Should().Contain("Impersonate-User", "jane").And.Contain("Impersonate-Group", "dev").And.Contain("Impersonate-Extra-scope%2Fx", "a");
    }

    [Fact]
    public async Task Logs_evictions_and_proxies_have_their_paths()
    {
        _api.On("GET", "/api/v1/namespaces/x/pods/p/log*", _ => new HttpResponseMessage { Content = new StringContent("one\ntwo\n") })
            .On("GET", "/api/v1/namespaces/x/services/s:http/proxy/health*", _ => new HttpResponseMessage { Content = new StringContent("ok") });
        KubernetesClient client = _api.Client();

        (await client.PodLogsAsync("x", "p", new PodLogOptions { Container = "app", TailLines = 2, Previous = true })).Should().Be("one\ntwo\n");
        Last.Path.Should().Be("/api/v1/namespaces/x/pods/p/log?container=app&previous=true&tailLines=2");
        using HttpResponseMessage answer = await client.ProxyGetAsync("services", "x", "s", "http", "health?full=1");
        (await answer.Content.ReadAsStringAsync()).Should().Be("ok");
        await client.EvictAsync("x", "p");
        Last.Path.Should().Be("/api/v1/namespaces/x/pods/p/eviction");
        JsonNode.Parse(Last.Body!)!["kind"]!.GetValue<string>().Should().Be("Eviction");
    }
}
