using HelmLifecycle.EmbeddedCluster;

namespace HelmLifecycle.Cli;

/// <summary>An embedded cluster that is kept in a file between runs.</summary>
internal static class EmbeddedSnapshot
{
    /// <summary>The clock begins now, and runs ahead while something is waited for.</summary>
    public static EmbeddedClusterOptions Options => new() { VirtualTimeStart = DateTimeOffset.UtcNow };

    public static async Task<EmbeddedCluster.EmbeddedCluster> LoadAsync(string file, CancellationToken ct)
    {
        if (!File.Exists(file))
            return await EmbeddedCluster.EmbeddedCluster.StartAsync(Options, ct).ConfigureAwait(false);
        await using FileStream stream = File.OpenRead(file);
        ClusterSnapshot snapshot = await ClusterSnapshot.ReadAsync(stream, ct).ConfigureAwait(false);
        EmbeddedClusterOptions options = Options;
        if (snapshot.TakenAt > options.VirtualTimeStart)
            options = options with { VirtualTimeStart = snapshot.TakenAt };
        return await EmbeddedCluster.EmbeddedCluster.RestoreAsync(snapshot, options, ct).ConfigureAwait(false);
    }

    public static async Task SaveAsync(EmbeddedCluster.EmbeddedCluster cluster, string file)
    {
        string temporary = file + "." + Path.GetRandomFileName();
        await using (FileStream stream = File.Create(temporary))
            await (await cluster.SnapshotAsync().ConfigureAwait(false)).WriteAsync(stream).ConfigureAwait(false);
        File.Move(temporary, file, overwrite: true);
    }
}
