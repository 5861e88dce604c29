using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>All objects of a cluster at one moment, to put them into another one later.</summary>
public sealed class ClusterSnapshot
{
    internal ClusterSnapshot(IReadOnlyList<(ResourceKey Resource, StoredObject Object)> objects, DateTimeOffset takenAt)
    {
        Objects = objects;
        TakenAt = takenAt;
    }

    internal IReadOnlyList<(ResourceKey Resource, StoredObject Object)> Objects { get; }

    /// <summary>
    /// What the cluster's clock said. A cluster on virtual time may have been ahead of the real one: to start its successor no earlier keeps the objects' times in order.
    /// </summary>
    public DateTimeOffset TakenAt { get; }

    /// <summary>How many objects it holds.</summary>
    public int Count => Objects.Count;

    /// <summary>Writes the snapshot as JSON, the time and then one object a line.</summary>
    /// <param name="stream">Where to write; it stays open.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public async Task WriteAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"{{\"takenAt\":\"{TakenAt:O}\"}}\n"), cancellationToken).ConfigureAwait(false);
        foreach ((ResourceKey resource, StoredObject stored) in Objects)
        {
            byte[] head = Encoding.UTF8.GetBytes($"{{\"group\":\"{resource.Group}\",\"resource\":\"{resource.Resource}\",\"object\":");
            await stream.WriteAsync(head, cancellationToken).ConfigureAwait(false);
            await stream.WriteAsync(stored.Utf8, cancellationToken).ConfigureAwait(false);
            await stream.WriteAsync("}\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads what <see cref="WriteAsync"/> wrote.</summary>
    /// <param name="stream">Where to read; it stays open.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidDataException">The stream holds no snapshot.</exception>
    public static async Task<ClusterSnapshot> ReadAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var objects = new List<(ResourceKey, StoredObject)>();
        DateTimeOffset takenAt = default;
        using var reader = new StreamReader(stream, Encoding.UTF8, false, -1, leaveOpen: true);
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (line.Length == 0)
            {
                continue;
            }

            try
            {
                JsonObject? entry = JsonNode.Parse(line) as JsonObject;
                if (objects.Count == 0 && entry?["takenAt"] is JsonValue time && time.TryGetValue(out DateTimeOffset at))
                {
                    takenAt = at;
                    continue;
                }

                if (entry is null || Json.Object(entry, "object") is not { } json || Json.Object(json, "metadata") is not { } metadata
                    || !long.TryParse(Json.Text(metadata, "resourceVersion"), out long revision) || Json.String(metadata, "name") is null)
                {
                    throw new InvalidDataException("A line of the snapshot is no stored object.");
                }

                var key = new ResourceKey(Json.Text(entry, "group"), Json.Text(entry, "resource"));
                objects.Add((key, StoredObject.From((JsonObject)json.DeepClone(), revision)));
            }
            catch (JsonException e)
            {
                throw new InvalidDataException("A line of the snapshot is no JSON.", e);
            }
        }

        return new ClusterSnapshot(objects, takenAt);
    }
}

public sealed partial class EmbeddedCluster
{
    /// <summary>All objects as they are now. Users, tokens, faults and pod scripts are not part of it.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<ClusterSnapshot> SnapshotAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var objects = new List<(ResourceKey, StoredObject)>();
        lock (Server.Store.WriteLock)
        {
            foreach (ResourceKey resource in Server.Store.Resources.OrderBy(r => r.Group, StringComparer.Ordinal).ThenBy(r => r.Resource, StringComparer.Ordinal))
            {
                objects.AddRange(Server.Store.List(resource).Select(o => (resource, o)));
            }
        }

        return Task.FromResult(new ClusterSnapshot(objects, Time.GetUtcNow()));
    }

    /// <summary>Starts a cluster that holds what the snapshot holds; uids and resourceVersions stay.</summary>
    /// <param name="snapshot">What to hold.</param>
    /// <param name="options">How the cluster is made.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static Task<EmbeddedCluster> RestoreAsync(ClusterSnapshot snapshot, EmbeddedClusterOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        cancellationToken.ThrowIfCancellationRequested();
        EmbeddedCluster cluster = Make(options ?? new EmbeddedClusterOptions());
        foreach ((ResourceKey resource, StoredObject stored) in snapshot.Objects)
        {
            cluster.Server.Store.Restore(resource, stored);
        }

        cluster.Server.Services.Rebuild();
        cluster.Server.Definitions.Serve();
        cluster.StartSimulation();
        return Task.FromResult(cluster);
    }
}
