using System.Collections.Concurrent;
using HelmLifecycle.Charts;
using HelmLifecycle.EmbeddedCluster;
using HelmLifecycle.Kubernetes;
using HelmLifecycle.Templates;

namespace HelmLifecycle.Tests;

public sealed class SecretRevisionStoreTests : RevisionStoreContract, IAsyncLifetime
{
    private HelmLifecycle.EmbeddedCluster.EmbeddedCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await ClusterWithNamespaces.StartAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    protected override Task<IRevisionStore> StoreAsync() => Task.FromResult<IRevisionStore>(new SecretRevisionStore(_cluster.Client));

    [Fact]
    public async Task A_label_put_on_by_another_hand_does_not_hinder_the_next_update()
    {
        var store = await StoreAsync();
        var created = await store.CreateAsync(new Release { Name = "web", Namespace = "one", Revision = 1, Info = new ReleaseInfo { Status = ReleaseStatus.PendingInstall } });
        await _cluster.Client.PatchAsync(new GroupVersionKind("", "v1", "Secret"), "one", "sh.helm.release.v1.web.v1", new PatchBody(PatchType.Merge,
            System.Text.Json.Nodes.JsonNode.Parse("{\"metadata\":{\"annotations\":{\"a\":\"b\"}}}")!));
        await store.UpdateAsync(created with { Info = created.Info with { Status = ReleaseStatus.Deployed } });
        (await store.GetAsync("one", "web", 1)).Status.Should().Be(ReleaseStatus.Deployed);
    }
}

public sealed class ConfigMapRevisionStoreTests : RevisionStoreContract, IAsyncLifetime
{
    private HelmLifecycle.EmbeddedCluster.EmbeddedCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await ClusterWithNamespaces.StartAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    protected override Task<IRevisionStore> StoreAsync() => Task.FromResult<IRevisionStore>(new ConfigMapRevisionStore(_cluster.Client));
}

internal static class ClusterWithNamespaces
{
    public static async Task<HelmLifecycle.EmbeddedCluster.EmbeddedCluster> StartAsync()
    {
        var cluster = await HelmLifecycle.EmbeddedCluster.EmbeddedCluster.StartAsync(new EmbeddedClusterOptions { RunControllers = false });
        foreach (string ns in (string[])["one", "two"]) await cluster.Client.CreateAsync(new KubernetesObject(new GroupVersionKind("", "v1", "Namespace"), ns));
        return cluster;
    }
}
