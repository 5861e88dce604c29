using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle.EmbeddedCluster.Tests.Client;

using Cluster = HelmLifecycle.EmbeddedCluster.EmbeddedCluster;

/// <summary>The client of HelmLifecycle.Kubernetes against the API server in this process.</summary>
public sealed class KubernetesClientTests : IAsyncLifetime
{
    private static readonly GroupVersionKind ConfigMap = new("", "v1", "ConfigMap");
    private static readonly GroupVersionKind Deployment = new("apps", "v1", "Deployment");
    private Cluster _cluster = null!;

    private KubernetesClient Client => _cluster.Client;

    public async Task InitializeAsync() => _cluster = await Cluster.StartAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    private static KubernetesObject Map(string name, params (string Key, string Value)[] data)
    {
        var o = new KubernetesObject(ConfigMap, name, "default");
        var values = new JsonObject();
        foreach ((string key, string value) in data) values[key] = value;
        o.Json["data"] = values;
        return o;
    }

    private static KubernetesObject Web(int replicas) => KubernetesObject.FromYaml($$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: default}
        spec:
          replicas: {{replicas}}
          selector: {matchLabels: {app: web} }
          template:
            metadata: {labels: {app: web} }
            spec: {containers: [{name: app, image: example.invalid/web:1} ] }
        """);

    [Fact]
    public async Task Discovery_tells_version_kinds_and_the_API_set_of_charts()
    {
        (await Client.VersionAsync()).GitVersion.Should().StartWith("v1.");
        (await Client.ResourceForAsync(Deployment)).Subresources.Should().Contain("scale");
        (await Client.Discovery.ApiVersionsAsync()).Should().Contain(["v1", "apps/v1", "apps/v1/Deployment", "networking.k8s.io/v1/Ingress"]);
    }

    [Fact]
    public async Task Objects_are_created_read_replaced_and_deleted()
    {
        KubernetesObject created = await Client.CreateAsync(Map("c", ("a", "1")));
        created.Json["data"]!["a"] = "2";
        KubernetesObject replaced = await Client.ReplaceAsync(created);
        replaced.ResourceVersion.Should().NotBe(created.DeepClone().Uid);
        created.ResourceVersion = "1";
        (await Client.Awaiting(c => c.ReplaceAsync(created)).Should().ThrowAsync<KubernetesApiException>()).Which.IsConflict.Should().BeTrue();
        (await Client.Awaiting(c => c.CreateAsync(Map("c"))).Should().ThrowAsync<KubernetesApiException>()).Which.IsAlreadyExists.Should().BeTrue();
        (await Client.TryDeleteAsync(ConfigMap, "default", "c")).Should().BeTrue();
        (await Client.TryGetAsync(ConfigMap, "default", "c")).Should().BeNull();
    }

    [Fact]
    public async Task A_three_way_patch_leaves_what_others_set()
    {
        KubernetesObject live = await Client.CreateAsync(Web(1));
        live = await Client.PatchAsync(Deployment, "default", "web", new PatchBody(PatchType.Merge, new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["by"] = "hand" } } }));
        KubernetesObject target = Web(3);
        target.Spec!["template"]!["spec"]!["containers"]!.AsArray().Add(new JsonObject { ["name"] = "side", ["image"] = "example.invalid/side:1" });

        JsonObject patch = StrategicMergePatch.ThreeWay(Web(1).Json, target.Json, live.Json, Deployment);
        KubernetesObject after = await Client.PatchAsync(Deployment, "default", "web", new PatchBody(PatchType.Strategic, patch));

        after.GetAnnotation("by").Should().Be("hand");
        after.Spec!["replicas"]!.GetValue<long>().Should().Be(3);
        after.Spec["template"]!["spec"]!["containers"]!.AsArray().Select(c => (string)c!["name"]!).Should().Equal("app", "side");
    }

    [Fact]
    public async Task Fields_that_client_side_updates_own_are_handed_to_server_side_apply()
    {
        KubernetesObject live = await Client.CreateAsync(Map("c", ("a", "1"), ("b", "1")));
        JsonArray migration = ManagedFieldsMigration.CreatePatch(live, "helm")!;
        await Client.PatchAsync(ConfigMap, "default", "c", new PatchBody(PatchType.Json, migration));

        KubernetesObject applied = await Client.ApplyAsync(Map("c", ("a", "2")));

        applied.Json["data"]!.ToJsonString().Should().Be("""{"a":"2"}""", "the dropped key goes, since helm alone owned it");
        ManagedFieldsMigration.CreatePatch(applied, "helm").Should().BeNull();
    }

    [Fact]
    public async Task A_conflict_names_manager_and_field_and_force_takes_it()
    {
        await Client.ApplyAsync(Map("c", ("a", "1")), new ApplyOptions { FieldManager = "other" });
        KubernetesApiException e = (await Client.Awaiting(c => c.ApplyAsync(Map("c", ("a", "2")))).Should().ThrowAsync<KubernetesApiException>()).Which;
        e.Message.Should().Be("Apply failed with 1 conflict: conflict with \"other\": .data.a");
        e.Causes.Single().Field.Should().Be(".data.a");
        (await Client.ApplyAsync(Map("c", ("a", "2")), new ApplyOptions { Force = true })).Json["data"]!["a"]!.GetValue<string>().Should().Be("2");
    }

    [Fact]
    public async Task A_dry_run_stores_nothing_and_unknown_fields_warn_or_are_refused()
    {
        var warnings = new List<string>();
        using var client = new KubernetesClient(_cluster.Connect(), new KubernetesClientOptions { OnWarning = w => warnings.Add(w.Text), TimeProvider = _cluster.Time });
        KubernetesObject odd = Web(1);
        odd.Spec!["replica"] = 1;
        await client.CreateAsync(odd, new WriteOptions { DryRun = true });
        warnings.Should().Equal("unknown field \"spec.replica\"");
        (await client.TryGetAsync(Deployment, "default", "web")).Should().BeNull();
        await client.Awaiting(c => c.CreateAsync(odd, new WriteOptions { FieldValidation = FieldValidation.Strict })).Should().ThrowAsync<KubernetesApiException>();
    }

    [Fact]
    public async Task Lists_come_in_pages_and_as_tables_and_as_metadata()
    {
        for (int i = 0; i < 5; i++) await Client.CreateAsync(Map($"page-{i}"), new WriteOptions());
        var options = new ListOptions { Limit = 2, FieldSelector = "metadata.namespace=default" };
        (await Client.ListPageAsync(ConfigMap, "default", options)).Continue.Should().NotBeNull();
        (await Client.ListAsync(ConfigMap, "default", options)).Items.Select(i => i.Name).Should().Contain(["page-0", "page-4"]);
        (await Client.ListAsync(ConfigMap, "default", new ListOptions { MetadataOnly = true })).Items.Should().OnlyContain(i => i.Kind == "ConfigMap" && i.Json["data"] == null);
        (await Client.TableAsync(ConfigMap, "default"))["columnDefinitions"]!.AsArray().Should().NotBeEmpty();
    }

    [Fact]
    public async Task A_watch_tells_what_is_there_and_what_changes()
    {
        await Client.CreateAsync(Map("seen", ("a", "1")));
        var told = new List<string>();
        await foreach (WatchEvent e in Client.WatchAsync(ConfigMap, "default", new WatchOptions { FieldSelector = "metadata.name=seen" }))
        {
            told.Add($"{e.Type} {e.Object.Json["data"]?["a"]}");
            if (told.Count == 2) await Client.ApplyAsync(Map("seen", ("a", "2")), new ApplyOptions { Force = true });
            if (told.Count == 3) await Client.DeleteAsync(ConfigMap, "default", "seen");
            if (told.Count == 4) break;
        }
        told.Should().Equal("Added 1", "Bookmark ", "Modified 2", "Deleted 2");
    }

    [Fact]
    public async Task A_five_minute_time_out_passes_in_virtual_time()
    {
        await Client.CreateAsync(KubernetesObject.FromYaml("""
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: never, namespace: default}
            spec: {storageClassName: none, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi} } }
            """));
        var claim = new KubernetesObject(new GroupVersionKind("", "v1", "PersistentVolumeClaim"), "never", "default");
        DateTimeOffset before = _cluster.Time.GetUtcNow();
        NotReadyException e = (await new ReadinessWaiter(Client).Awaiting(w => w.WaitUntilReadyAsync([claim])).Should().ThrowAsync<NotReadyException>()).Which;
        e.Message.Should().Be("resource not ready, name: never, kind: PersistentVolumeClaim, status: InProgress\ncontext deadline exceeded");
        (_cluster.Time.GetUtcNow() - before).Should().BeGreaterThanOrEqualTo(TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task A_kubeconfig_leads_over_TCP_to_the_same_cluster()
    {
        string path = Path.GetTempFileName();
        try
        {
            await _cluster.WriteKubeConfigAsync(path, default);
            await using ClusterConnection connection = await ClusterConnection.FromKubeConfigAsync(new KubeConfigOptions { Paths = [path] });
            using var client = new KubernetesClient(connection);
            await client.CreateAsync(Map("over-tcp"));
            (await Client.GetAsync(ConfigMap, "default", "over-tcp")).Name.Should().Be("over-tcp");
        }
        finally
        {
            File.Delete(path);
        }
    }
}
