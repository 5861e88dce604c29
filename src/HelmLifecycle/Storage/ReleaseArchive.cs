using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HelmLifecycle;

/// <summary>
/// Release history in a file: a backup, or the way to another cluster, namespace or store. A gzipped text, one JSON object a line: the
/// revision's labels and its record as Helm stores it, so nothing is lost.
/// </summary>
public static class ReleaseArchive
{
    private const string Format = "helmlifecycle.releases/v1";

    /// <summary>Writes the revisions of a store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="query">Which revisions; null is all that the store has.</param>
    /// <param name="destination">Where to; it is left open.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>How many revisions were written.</returns>
    /// <exception cref="ReleaseRecordException">A record cannot be read.</exception>
    public static async Task<int> ExportAsync(IRevisionStore store, RevisionQuery? query, Stream destination, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        IReadOnlyList<StoredRevision> revisions = await store.QueryAsync(query ?? new RevisionQuery(), ct).ConfigureAwait(false);
        await using var gzip = new GZipStream(destination, CompressionLevel.SmallestSize, leaveOpen: true);
        await using var writer = new StreamWriter(gzip, new UTF8Encoding(false));
        await writer.WriteAsync(new JsonObject { ["format"] = Format }.ToJsonString() + "\n").ConfigureAwait(false);
        foreach (StoredRevision revision in revisions)
        {
            ct.ThrowIfCancellationRequested();
            var labels = new JsonObject();
            foreach ((string key, string value) in revision.Labels.OrderBy(l => l.Key, StringComparer.Ordinal))
                labels[key] = value;
            // The record is a text inside the line: its numbers and the order of its keys stay as they are.
            var line = new JsonObject
            {
                ["namespace"] = revision.Namespace,
                ["labels"] = labels,
                ["record"] = Encoding.UTF8.GetString(ReleaseCodec.EncodeJson(revision.Release).Span),
            };
            await writer.WriteAsync(line.ToJsonString() + "\n").ConfigureAwait(false);
        }

        return revisions.Count;
    }

    /// <summary>Reads revisions back into a store. Revisions that are there already are left as they are.</summary>
    /// <param name="store">The store.</param>
    /// <param name="source">What <see cref="ExportAsync"/> wrote.</param>
    /// <param name="toNamespace">Puts all releases into this namespace; null leaves each in its own.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>How many revisions were stored.</returns>
    /// <exception cref="ReleaseRecordException">It is no such file, or is damaged.</exception>
    public static async Task<int> ImportAsync(IRevisionStore store, Stream source, string? toNamespace = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        await using var gzip = new GZipStream(source, CompressionMode.Decompress, leaveOpen: true);
        using var reader = new StreamReader(gzip, Encoding.UTF8);
        int number = 0, stored = 0;
        try
        {
            while (await reader.ReadLineAsync(ct).ConfigureAwait(false) is { } line)
            {
                JsonObject json = JsonNode.Parse(line)?.AsObject() ?? throw new ReleaseRecordException($"line {number + 1} is empty");
                if (number++ == 0)
                {
                    if ((string?)json["format"] != Format)
                        throw new ReleaseRecordException($"the file is no archive of releases: its format is not {Format}");
                    continue;
                }

                stored += await StoreAsync(store, json, toNamespace, ct).ConfigureAwait(false) ? 1 : 0;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or InvalidOperationException)
        {
            throw new ReleaseRecordException($"the archive of releases is damaged at line {number + 1}: {e.Message}", e);
        }

        return number > 0 ? stored : throw new ReleaseRecordException("the file is empty");
    }

    private static async Task<bool> StoreAsync(IRevisionStore store, JsonObject json, string? toNamespace, CancellationToken ct)
    {
        string record = (string?)json["record"] ?? throw new ReleaseRecordException("a line holds no record");
        var labels = (json["labels"] as JsonObject ?? []).ToDictionary(l => l.Key, l => (string?)l.Value ?? "", StringComparer.Ordinal);
        Release release = RecordLabels.With(ReleaseCodec.DecodeJson(Encoding.UTF8.GetBytes(record)), labels, keepSystem: true);
        if (toNamespace is not null)
            release = release with { Namespace = toNamespace };
        else if (release.Namespace.Length == 0)
            release = release with { Namespace = (string?)json["namespace"] ?? "default" };
        try
        {
            await store.CreateAsync(release, ct).ConfigureAwait(false);
            return true;
        }
        catch (RevisionExistsException)
        {
            return false;
        }
    }
}
