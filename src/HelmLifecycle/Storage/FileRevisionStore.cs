using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HelmLifecycle;

/// <summary>
/// Keeps revisions as files: <c>namespace/release/sh.helm.release.v1.release.vN.json</c>, each the Secret that Helm would store (so that
/// <c>kubectl apply -f</c> brings it into a cluster). A file is written beside its place, flushed to disk and then moved there, so a crash leaves the old
/// record or the new one. One process at a time writes to a release: a lock file sees to that.
/// </summary>
public sealed class FileRevisionStore : ILeasedRevisionStore, ILeaseStore
{
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(15);

    private readonly string _folder;
    private readonly TimeProvider _time;

    /// <summary>A store in a folder, which is created when the first revision is.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="time">The clock of the time stamps; null is the system's.</param>
    public FileRevisionStore(string folder, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _folder = Path.GetFullPath(folder);
        _time = time ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    public async Task<StoredRevision> GetAsync(string ns, string name, int revision, CancellationToken ct = default)
    {
        string path = PathOf(ns, name, revision);
        return await ReadAsync(ns, name, revision, path, keepSystem: false, ct).ConfigureAwait(false) ?? throw new ReleaseNotFoundException(name);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredRevision>> QueryAsync(RevisionQuery query, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var found = new List<StoredRevision>();
        foreach (string nsFolder in Folders(_folder, query.Namespace))
        {
            foreach (string releaseFolder in Folders(nsFolder, query.Name))
            {
                string ns = Path.GetFileName(nsFolder), name = Path.GetFileName(releaseFolder);
                IEnumerable<(int Revision, string Path)> files = Revisions(releaseFolder, name);
                if (query.NewestOnly && query.Status is null) files = files.TakeLast(1);
                foreach (var (revision, path) in files)
                {
                    if (await ReadAsync(ns, name, revision, path, keepSystem: true, ct).ConfigureAwait(false) is { } stored
                        && (query.Status is null || stored.Status == query.Status))
                    {
                        if (query.NewestOnly && found.Count > 0 && found[^1].Namespace == ns && found[^1].Name == name) found.RemoveAt(found.Count - 1);
                        found.Add(stored);
                    }
                }
            }
        }

        return found;
    }

    /// <inheritdoc/>
    public async Task<Release> CreateAsync(Release release, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(release);
        string path = PathOf(release.Namespace, release.Name, release.Revision);
        var (text, version) = Text(release, RecordLabels.For(release, created: true, _time.GetUtcNow()));
        using var held = await LockAsync(path, ct).ConfigureAwait(false);
        if (File.Exists(path)) throw new RevisionExistsException(release.Name, release.Revision);
        await WriteAsync(path, text, ct).ConfigureAwait(false);
        return release with { StoreVersion = version };
    }

    /// <inheritdoc/>
    public async Task<Release> UpdateAsync(Release release, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(release);
        string path = PathOf(release.Namespace, release.Name, release.Revision);
        var (text, version) = Text(release, RecordLabels.For(release, created: false, _time.GetUtcNow()));
        using var held = await LockAsync(path, ct).ConfigureAwait(false);
        if (await LoadAsync(path, ct).ConfigureAwait(false) is not { } live) throw new ReleaseNotFoundException(release.Name);
        if (release.StoreVersion is not null && release.StoreVersion != VersionOf(live))
        {
            throw new RevisionStoreException($"update: failed to update: {RecordLabels.KeyOf(release.Name, release.Revision)} was changed by another since it was read");
        }

        await WriteAsync(path, text, ct).ConfigureAwait(false);
        return release with { StoreVersion = version };
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string ns, string name, int revision, CancellationToken ct = default)
    {
        string path = PathOf(ns, name, revision);
        if (!File.Exists(path)) throw new ReleaseNotFoundException(name);
        using var held = await LockAsync(path, ct).ConfigureAwait(false);
        Guard("delete: failed to delete", () => File.Delete(path));
    }

    /// <summary>Leases are files beside the records, <c>.lease</c> in the folder of the release.</summary>
    public ILeaseStore Leases => this;

    async Task<ReleaseLease?> ILeaseStore.FindAsync(string ns, string name, CancellationToken ct) => await LeaseAsync(LeasePathOf(ns, name), ct).ConfigureAwait(false);

    async Task<bool> ILeaseStore.TryWriteAsync(string ns, string name, ReleaseLease? seen, ReleaseLease? lease, CancellationToken ct)
    {
        string path = LeasePathOf(ns, name);
        using var held = await LockAsync(path, ct).ConfigureAwait(false);
        if ((await LeaseAsync(path, ct).ConfigureAwait(false))?.Version != seen?.Version) return false;
        if (lease is null) Guard("lease: failed to delete", () => File.Delete(path));
        else await WriteAsync(path, LeaseText.Write(lease).ToJsonString(), ct).ConfigureAwait(false);
        return true;
    }

    // A file that is no lease is there all the same, as nobody's.
    private static async Task<ReleaseLease?> LeaseAsync(string path, CancellationToken ct)
    {
        if (await LoadAsync(path, ct).ConfigureAwait(false) is not { } text) return null;
        try
        {
            return LeaseText.Read(JsonNode.Parse(text), VersionOf(text)) ?? Nobodys();
        }
        catch (JsonException)
        {
            return Nobodys();
        }

        ReleaseLease Nobodys() => new("", default, default, TimeSpan.Zero, VersionOf(text));
    }

    private static IEnumerable<string> Folders(string parent, string? one)
    {
        if (one is not null)
        {
            if (!IsSafe(one)) return [];
            string folder = Path.Combine(parent, one);
            return Directory.Exists(folder) ? [folder] : [];
        }

        return Directory.Exists(parent) ? Directory.EnumerateDirectories(parent).Order(StringComparer.Ordinal) : [];
    }

    private static IEnumerable<(int Revision, string Path)> Revisions(string folder, string name)
    {
        return Directory.EnumerateFiles(folder, "*.json")
            .Select(p => (Ok: RecordLabels.TryParseKey(Path.GetFileNameWithoutExtension(p), out string n, out int r) && n == name, Revision: r, Path: p))
            .Where(f => f.Ok).OrderBy(f => f.Revision).Select(f => (f.Revision, f.Path));
    }

    private async Task<StoredRevision?> ReadAsync(string ns, string name, int revision, string path, bool keepSystem, CancellationToken ct)
    {
        if (await LoadAsync(path, ct).ConfigureAwait(false) is not { } text) return null;
        JsonObject? secret = null;
        try
        {
            secret = JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            // Shown as a record that cannot be read, not as one that is not there.
        }

        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        if (secret?["metadata"]?["labels"] is JsonObject nodes)
        {
            foreach (var (key, value) in nodes)
            {
                if (value is JsonValue v && v.TryGetValue(out string? label)) labels[key] = label;
            }
        }

        return new StoredRevision(ns, name, revision, ReleaseStatusExtensions.Parse(labels.GetValueOrDefault("status")), labels, () =>
        {
            string key = RecordLabels.KeyOf(name, revision);
            try
            {
                string data = secret?["data"]?["release"]?.GetValue<string>() ?? throw new ReleaseRecordException("the file has no release");
                string payload = Encoding.UTF8.GetString(Convert.FromBase64String(data));
                return RecordLabels.With(ReleaseCodec.Decode(payload), labels, keepSystem) with { StoreVersion = VersionOf(text) };
            }
            catch (Exception e) when (e is ReleaseRecordException or FormatException or InvalidOperationException)
            {
                throw new ReleaseRecordException($"get: failed to decode data {Go.Quote(key)}: {e.Message}", e);
            }
        });
    }

    private static async Task<string?> LoadAsync(string path, CancellationToken ct)
    {
        try
        {
            return await File.ReadAllTextAsync(path, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RevisionStoreException($"get: failed to get {Go.Quote(Path.GetFileNameWithoutExtension(path))}: {e.Message}", e);
        }
    }

    private static (string Text, string Version) Text(Release release, SortedDictionary<string, string> labels)
    {
        var labelNodes = new JsonObject();
        foreach (var (key, value) in labels) labelNodes[key] = value;
        string text = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject
            {
                ["name"] = RecordLabels.KeyOf(release.Name, release.Revision),
                ["namespace"] = release.Namespace,
                ["labels"] = labelNodes,
            },
            ["type"] = "helm.sh/release.v1",
            ["data"] = new JsonObject { ["release"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(ReleaseCodec.Encode(release))) },
        }.ToJsonString();
        return (text, VersionOf(text));
    }

    private static string VersionOf(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)), 0, 16);

    private static async Task WriteAsync(string path, string text, CancellationToken ct)
    {
        string temporary = path + ".new";
        try
        {
            await using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                await file.WriteAsync(Encoding.UTF8.GetBytes(text), ct).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RevisionStoreException($"create: failed to create: {e.Message}", e);
        }
    }

    // The lock is the open handle, not the file: it is free again when the process dies, however it dies.
    private async Task<FileStream> LockAsync(string path, CancellationToken ct)
    {
        string folder = Path.GetDirectoryName(path)!;
        Guard("create: failed to create", () => Directory.CreateDirectory(folder));
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Directory.Exists(folder))
            {
                // A lock is held for one write, so real time is right here whatever the clock of the release is.
                await Task.Delay(LockPoll, ct).ConfigureAwait(false);
            }
            catch (UnauthorizedAccessException e)
            {
                throw new RevisionStoreException($"create: failed to create: {e.Message}", e);
            }
        }
    }

    private static void Guard(string what, Action deed)
    {
        try
        {
            deed();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RevisionStoreException($"{what}: {e.Message}", e);
        }
    }

    private string LeasePathOf(string ns, string name) => Path.Combine(Path.GetDirectoryName(PathOf(ns, name, 1))!, ".lease");

    private string PathOf(string ns, string name, int revision)
    {
        if (!IsSafe(ns) || !IsSafe(name)) throw new RevisionStoreException($"{Go.Quote(ns + "/" + name)} cannot be a namespace and a release name");
        return Path.Combine(_folder, ns, name, RecordLabels.KeyOf(name, revision) + ".json");
    }

    // Names come from the outside and become paths.
    private static bool IsSafe(string name) =>
        name.Length is > 0 and <= 253 && name[0] != '.' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_');
}
