using HelmLifecycle.EmbeddedCluster;

namespace HelmLifecycle.Cli;

/// <summary>An embedded cluster that is kept in a file between runs.</summary>
internal static class EmbeddedSnapshot
{
    public static async Task<EmbeddedCluster.EmbeddedCluster> LoadAsync(string file, CancellationToken ct)
    {
        if (!File.Exists(file))
            return await EmbeddedCluster.EmbeddedCluster.StartAsync(ct: ct).ConfigureAwait(false);
        await using FileStream stream = File.OpenRead(file);
        return await EmbeddedCluster.EmbeddedCluster.RestoreAsync(stream, ct: ct).ConfigureAwait(false);
    }

    public static async Task SaveAsync(EmbeddedCluster.EmbeddedCluster cluster, string file)
    {
        string temporary = file + "." + Path.GetRandomFileName();
        await using (FileStream stream = File.Create(temporary))
            await cluster.SnapshotAsync(stream).ConfigureAwait(false);
        File.Move(temporary, file, overwrite: true);
    }
}
