namespace HelmLifecycle.Kubernetes.Tests.Discovery;

public sealed class DiscoveryTests
{
    private readonly ScriptedApi _api = new();

    [Fact]
    public async Task Kinds_are_found_with_their_paths_and_the_answer_is_kept()
    {
        KubernetesClient client = _api.Client();
        ApiResource deployment = await client.ResourceForAsync(new GroupVersionKind("apps", "v1", "Deployment"));
        deployment.Path("x", "web", "scale").Should().Be("apis/apps/v1/namespaces/x/deployments/web/scale");
        deployment.Path(null).Should().Be("apis/apps/v1/deployments");
        (await client.ResourceForAsync(new GroupVersionKind("", "v1", "Namespace"))).Path("x", "n").Should().Be("api/v1/namespaces/n");
        _api.Requests.Should().HaveCount(2);
    }

    [Fact]
    public async Task An_unknown_kind_makes_discovery_ask_anew_and_then_fail_in_the_words_of_client_go()
    {
        KubernetesClient client = _api.Client();
        await client.Discovery.ResourcesAsync();
        var widget = new GroupVersionKind("lab.example.com", "v1", "Widget");

        NoMatchException e = (await client.Awaiting(c => c.ResourceForAsync(widget)).Should().ThrowAsync<NoMatchException>()
            .WithMessage("no matches for kind \"Widget\" in version \"lab.example.com/v1\"")).Which;
        e.ForObject(new KubernetesObject(widget, "w", "x")).Should().Be(
            "resource mapping not found for name: \"w\" namespace: \"x\" from \"\": no matches for kind \"Widget\" in version \"lab.example.com/v1\"\nensure CRDs are installed first");

        _api.On("GET", "/apis", """
            {"kind":"APIGroupDiscoveryList","items":[{"metadata":{"name":"lab.example.com"},"versions":[{"version":"v1","resources":[
              {"resource":"widgets","responseKind":{"kind":"Widget"},"scope":"Namespaced","verbs":["get"]}]}]}]}
            """);
        (await client.ResourceForAsync(widget)).Plural.Should().Be("widgets");
    }

    [Fact]
    public async Task The_API_set_holds_versions_and_kinds_those_of_subresources_too()
    {
        (await _api.Client().Discovery.ApiVersionsAsync()).Should().Contain(["v1", "apps/v1", "v1/ConfigMap", "apps/v1/Deployment", "apps/v1/Scale", "v1/Eviction"]);
    }

    [Theory]
    [InlineData("deploy", "deployments")]
    [InlineData("Deployment", "deployments")]
    [InlineData("deployments.apps", "deployments")]
    [InlineData("deployments.v1.apps", "deployments")]
    [InlineData("cm", "configmaps")]
    [InlineData("pod", "pods")]
    public async Task Words_of_the_command_line_find_their_resource(string word, string plural) =>
        (await _api.Client().Discovery.FindByWordAsync(word))!.Plural.Should().Be(plural);

    [Fact]
    public async Task An_old_server_is_asked_version_by_version_and_a_broken_group_does_not_hide_the_rest()
    {
        _api.On("GET", "/api", """{"kind":"APIVersions","versions":["v1"]}""")
            .On("GET", "/apis", """
                {"kind":"APIGroupList","groups":[
                 {"name":"autoscaling","versions":[{"groupVersion":"autoscaling/v1"},{"groupVersion":"autoscaling/v2"}],"preferredVersion":{"groupVersion":"autoscaling/v2"}},
                 {"name":"metrics.k8s.io","versions":[{"groupVersion":"metrics.k8s.io/v1beta1"}]}]}
                """)
            .On("GET", "/api/v1", """{"kind":"APIResourceList","groupVersion":"v1","resources":[{"name":"pods","singularName":"pod","namespaced":true,"kind":"Pod","verbs":["get"]},{"name":"pods/log","kind":"Pod","namespaced":true,"verbs":["get"]}]}""")
            .On("GET", "/apis/autoscaling/v1", """{"resources":[{"name":"horizontalpodautoscalers","namespaced":true,"kind":"HorizontalPodAutoscaler","verbs":["get"]}]}""")
            .On("GET", "/apis/autoscaling/v2", """{"resources":[{"name":"horizontalpodautoscalers","namespaced":true,"kind":"HorizontalPodAutoscaler","verbs":["get"]}]}""")
            .On("GET", "/apis/metrics.k8s.io/v1beta1", _ => ScriptedApi.Status(503, "ServiceUnavailable", "down"));
        IDiscovery discovery = _api.Client().Discovery;

        IReadOnlyList<ApiResource> resources = await discovery.ResourcesAsync();
        resources.Select(r => r.Gvr.ToString()).Should().Equal("/v1, Resource=pods", "autoscaling/v2, Resource=horizontalpodautoscalers", "autoscaling/v1, Resource=horizontalpodautoscalers");
        resources[0].Subresources.Should().Equal("log");
        (await discovery.ApiVersionsAsync()).Should().Contain("metrics.k8s.io/v1beta1");
    }
}
