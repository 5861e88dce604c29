using HelmLifecycle.EmbeddedCluster;

namespace HelmLifecycle.Tests.Replay;

/// <summary>The embedded cluster as the API of a replay.</summary>
internal sealed class EmbeddedReplayCluster(HelmLifecycle.EmbeddedCluster.EmbeddedCluster cluster) : IReplayCluster
{
    public TimeProvider Time => cluster.Time;

    public HttpMessageHandler CreateHandler() => cluster.CreateHandler();

    public Task SettleAsync() => cluster.VirtualTime!.WhenQuietAsync();

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    public static async Task<IReplayCluster> StartAsync() =>
        new EmbeddedReplayCluster(await HelmLifecycle.EmbeddedCluster.EmbeddedCluster.StartAsync(new EmbeddedClusterOptions()));
}
