using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>What the Secret and ConfigMap stores share: names, labels and calls are Helm's; updates also carry the resourceVersion.</summary>
public abstract partial class KubernetesRevisionStore : ILeasedRevisionStore
{
    // Above this many releases one list of everything not superseded costs less than a read for each.
    private const int ReadsBeforeList = 8;

    private readonly KubernetesClient _cluster;
    private readonly GroupVersionKind _kind;
    private readonly string _plural;
    private readonly KubernetesRevisionStoreOptions _options;

    private protected KubernetesRevisionStore(KubernetesClient cluster, string kind, string plural, KubernetesRevisionStoreOptions? options)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        _cluster = cluster;
        _options = options ?? new KubernetesRevisionStoreOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.LargestObject, 1, nameof(options));
        _kind = new GroupVersionKind("", "v1", kind);
        _plural = plural;
    }

    /// <inheritdoc/>
    public ILeaseStore Leases => new KubernetesLeaseStore(_cluster);

    /// <inheritdoc/>
    public async Task<StoredRevision> GetAsync(string ns, string name, int revision, CancellationToken ct = default)
    {
        string key = RecordLabels.KeyOf(name, revision);
        try
        {
            if (_options.SplitLargeRecords && await _cluster.TryGetAsync(_kind, ns, HeadKeyOf(name, revision), ct).ConfigureAwait(false) is { } head)
                return await JoinedAsync(head, keepSystem: false, ct).ConfigureAwait(false);
            return Stored(await _cluster.GetAsync(_kind, ns, key, ct).ConfigureAwait(false), keepSystem: false);
        }
        catch (KubernetesApiException e) when (e.IsNotFound)
        {
            throw new ReleaseNotFoundException(name);
        }
        catch (KubernetesException e)
        {
            throw Failed($"get: failed to get {Go.Quote(key)}", e);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredRevision>> QueryAsync(RevisionQuery query, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        string owner = _options.SplitLargeRecords ? $"owner in (helm,{HeadOwner})" : "owner=helm";
        string selector = query.Name is null ? owner : $"name={query.Name},{owner}";
        if (query.Status is { } status) selector += ",status=" + status.ToText();
        try
        {
            var objects = query.NewestOnly
                ? await NewestAsync(query.Namespace, selector, ct).ConfigureAwait(false)
                : (await _cluster.ListAsync(_kind, query.Namespace, new ListOptions { LabelSelector = selector }, ct).ConfigureAwait(false)).Items;
            var found = _options.SplitLargeRecords
                ? await JoinedAsync(objects, ct).ConfigureAwait(false)
                : objects.Select(o => Stored(o, keepSystem: true));
            return [.. found
                .OrderBy(r => r.Namespace, StringComparer.Ordinal).ThenBy(r => r.Name, StringComparer.Ordinal).ThenBy(r => r.Revision)];
        }
        catch (KubernetesException e)
        {
            throw Failed(query.Name is null ? "list: failed to list" : "query: failed to query with labels", e);
        }
    }

    /// <inheritdoc/>
    public async Task<Release> CreateAsync(Release release, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(release);
        string payload = ReleaseCodec.Encode(release);
        var labels = RecordLabels.For(release, created: true, _cluster.Time.GetUtcNow());
        try
        {
            if (IsTooLarge(payload)) return await CreateSplitAsync(release, payload, labels, ct).ConfigureAwait(false);
            var answer = await SendAsync(HttpMethod.Post, release.Namespace, null, Body(release, payload, labels, null), ct).ConfigureAwait(false);
            if (_options.SplitLargeRecords) await YieldToHeadAsync(release, ct).ConfigureAwait(false);
            return release with { StoreVersion = Version(answer, Hash(payload)) };
        }
        catch (KubernetesApiException e) when (e.IsAlreadyExists)
        {
            throw new RevisionExistsException(release.Name, release.Revision, e);
        }
        catch (KubernetesException e)
        {
            throw Failed("create: failed to create", e);
        }
    }

    /// <inheritdoc/>
    public async Task<Release> UpdateAsync(Release release, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(release);
        string payload = ReleaseCodec.Encode(release);
        var labels = RecordLabels.For(release, created: false, _cluster.Time.GetUtcNow());
        try
        {
            if (_options.SplitLargeRecords)
            {
                bool split = await IsSplitAsync(release, ct).ConfigureAwait(false);
                if (split || IsTooLarge(payload)) return await UpdateSplitAsync(release, payload, labels, split, ct).ConfigureAwait(false);
            }

            string key = RecordLabels.KeyOf(release.Name, release.Revision), hash = Hash(payload);
            return release with { StoreVersion = await ReplaceAsync(release, key, hash, v => Body(release, payload, labels, v), ct).ConfigureAwait(false) };
        }
        catch (KubernetesException e)
        {
            throw Failed("update: failed to update", e);
        }
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string ns, string name, int revision, CancellationToken ct = default)
    {
        try
        {
            // The head first: without it the parts are nobody's, and the record is gone.
            bool split = _options.SplitLargeRecords && await TryDeleteAsync(ns, HeadKeyOf(name, revision), null, ct).ConfigureAwait(false);
            bool plain = await TryDeleteAsync(ns, RecordLabels.KeyOf(name, revision), null, ct).ConfigureAwait(false);
            if (!split && !plain) throw new ReleaseNotFoundException(name);
            if (split) await TidyAsync(ns, name, [], ct).ConfigureAwait(false);
        }
        catch (KubernetesException e)
        {
            throw new RevisionStoreException(e.Message, e);
        }
    }

    /// <summary>The payload inside the object's data; null when there is none.</summary>
    private protected abstract string? PayloadOf(string data);

    /// <summary>The object's data for a payload.</summary>
    private protected abstract string DataOf(string payload);

    /// <summary>Whether errors carry the driver's prefix: the Secret driver's do, the ConfigMap driver's do not.</summary>
    private protected abstract bool PrefixErrors { get; }

    /// <summary>The object's type; null when the kind has none.</summary>
    private protected abstract string? Type { get; }

    private async Task<IReadOnlyList<KubernetesObject>> NewestAsync(string? ns, string selector, CancellationToken ct)
    {
        var heads = await _cluster.ListAsync(_kind, ns, new ListOptions { LabelSelector = selector, MetadataOnly = true, Limit = 0 }, ct).ConfigureAwait(false);
        var newest = new Dictionary<(string, string), KubernetesObject>();
        foreach (var head in heads.Items)
        {
            var (name, revision) = Identity(head);
            var key = (head.Namespace ?? "", name);
            if (!newest.TryGetValue(key, out var known) || Identity(known).Revision < revision || (Identity(known).Revision == revision && IsHead(head))) newest[key] = head;
        }

        // A server that does not know PartialObjectMetadata answers with the whole objects.
        if (newest.Count == 0 || heads.Items[0].Json.ContainsKey("data")) return [.. newest.Values];
        var found = new List<KubernetesObject>(newest.Count);
        var wanted = newest.Values.ToDictionary(o => (o.Namespace ?? "", o.Name), o => o);
        if (wanted.Count > ReadsBeforeList)
        {
            var whole = await _cluster.ListAsync(_kind, ns, new ListOptions { LabelSelector = selector + ",status!=superseded", Limit = 0 }, ct).ConfigureAwait(false);
            found.AddRange(whole.Items.Where(o => wanted.Remove((o.Namespace ?? "", o.Name))));
        }

        foreach (var (objectNs, key) in wanted.Keys)
        {
            if (await _cluster.TryGetAsync(_kind, objectNs, key, ct).ConfigureAwait(false) is { } o) found.Add(o);
        }

        return found;
    }

    private StoredRevision Stored(KubernetesObject o, bool keepSystem) => Stored(o, keepSystem, () => Payload(o) ?? throw new ReleaseRecordException("the object has no release"));

    private static StoredRevision Stored(KubernetesObject o, bool keepSystem, Func<string> read)
    {
        var (name, revision) = Identity(o);
        var labels = o.Labels;
        return new StoredRevision(o.Namespace ?? "", name, revision, ReleaseStatusExtensions.Parse(labels.GetValueOrDefault("status")), labels, () =>
        {
            try
            {
                string payload = read();
                return RecordLabels.With(ReleaseCodec.Decode(payload), labels, keepSystem) with { StoreVersion = Version(o.ResourceVersion, Hash(payload), IsHead(o)) };
            }
            catch (ReleaseRecordException e)
            {
                throw new ReleaseRecordException($"get: failed to decode data {Go.Quote(o.Name)}: {e.Message}", e);
            }
        });
    }

    private static (string Name, int Revision) Identity(KubernetesObject o)
    {
        if (!RecordLabels.TryParseKey(o.Name, out string name, out int revision))
        {
            name = o.GetLabel("name") ?? o.Name;
            _ = int.TryParse(o.GetLabel("version"), NumberStyles.None, CultureInfo.InvariantCulture, out revision);
        }

        return (name, revision);
    }

    private string? Payload(KubernetesObject o) =>
        o.Json["data"] is JsonObject data && data["release"] is JsonValue value && value.TryGetValue(out string? text) ? PayloadOf(text) : null;

    /// <summary>Writes over an object of the release's, as often as somebody else labels it meanwhile. Answers with the new store version.</summary>
    private async Task<string> ReplaceAsync(Release release, string key, string hash, Func<string?, JsonObject> body, CancellationToken ct)
    {
        string[] read = release.StoreVersion?.Split(';') ?? [];
        string? version = read.Length > 0 ? read[0] : null;
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return Version(await SendAsync(HttpMethod.Put, release.Namespace, key, body(version), ct).ConfigureAwait(false), hash);
            }
            catch (KubernetesApiException e) when (e.IsConflict && version is not null && attempt < 5)
            {
                // Somebody labelled or annotated the object, or wrote the record. Only the former may be written over.
                var live = await _cluster.TryGetAsync(_kind, release.Namespace, key, ct).ConfigureAwait(false);
                string? lives = live is null ? null : HashOf(live);
                // An earlier try of this very write came through and its answer was lost.
                if (lives == hash) return Version(live!.ResourceVersion, hash, IsHead(live));
                if (lives is null || lives != read[1]) throw Failed("update: failed to update", e);
                version = live!.ResourceVersion;
            }
        }
    }

    private async Task<bool> TryDeleteAsync(string ns, string key, string? version, CancellationToken ct)
    {
        var options = new JsonObject { ["kind"] = "DeleteOptions", ["apiVersion"] = "v1" };
        if (version is not null) options["preconditions"] = new JsonObject { ["resourceVersion"] = version };
        try
        {
            await SendAsync(HttpMethod.Delete, ns, key, options, ct).ConfigureAwait(false);
            return true;
        }
        catch (KubernetesApiException e) when (e.IsNotFound)
        {
            return false;
        }
    }

    private string HashOf(KubernetesObject o) => IsHead(o) ? o.GetAnnotation(RecordAnnotation) ?? "" : Hash(Payload(o));

    private JsonObject Body(Release release, string payload, SortedDictionary<string, string> labels, string? version) =>
        Body(RecordLabels.KeyOf(release.Name, release.Revision), labels, null, version, Type, new JsonObject { ["release"] = DataOf(payload) });

    private JsonObject Body(string key, SortedDictionary<string, string> labels, JsonObject? annotations, string? version, string? type, JsonObject data)
    {
        var metadata = new JsonObject { ["name"] = key };
        if (!string.IsNullOrEmpty(version)) metadata["resourceVersion"] = version;
        var labelNodes = new JsonObject();
        foreach (var (label, value) in labels) labelNodes[label] = value;
        metadata["labels"] = labelNodes;
        if (annotations is not null) metadata["annotations"] = annotations;
        var body = new JsonObject { ["kind"] = _kind.Kind, ["apiVersion"] = "v1", ["metadata"] = metadata, ["data"] = data };
        if (type is not null) body["type"] = type;
        return body;
    }

    private Task<JsonNode?> SendAsync(HttpMethod method, string ns, string? key, JsonObject body, CancellationToken ct) => _cluster.SendJsonAsync(
        new KubernetesRequest
        {
            Method = method,
            Path = $"api/v1/namespaces/{Uri.EscapeDataString(ns)}/{_plural}{(key is null ? "" : "/" + Uri.EscapeDataString(key))}",
            Body = Encoding.UTF8.GetBytes(body.ToJsonString()),
        },
        ct);

    private RevisionStoreException Failed(string what, KubernetesException e) => new(PrefixErrors ? $"{what}: {e.Message}" : e.Message, e);

    private static string Version(JsonNode? answer, string hash) =>
        Version(answer?["metadata"]?["resourceVersion"]?.GetValue<string>(), hash, answer?["metadata"]?["annotations"]?[RecordAnnotation] is not null);

    // What was read: the object's version, the record's hash, and whether the record is split.
    private static string Version(string? resourceVersion, string hash, bool split) => split ? $"{resourceVersion};{hash};split" : $"{resourceVersion};{hash}";

    private static string Hash(string? payload) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(payload ?? "")), 0, 16);
}

/// <summary>Keeps revisions in Secrets, as Helm does by default.</summary>
public sealed class SecretRevisionStore : KubernetesRevisionStore
{
    /// <summary>A store in the cluster of a client.</summary>
    /// <param name="cluster">The client; its namespace does not matter.</param>
    /// <param name="options">Options; null for Helm's way in all.</param>
    public SecretRevisionStore(KubernetesClient cluster, KubernetesRevisionStoreOptions? options = null)
        : base(cluster, "Secret", "secrets", options)
    {
    }

    private protected override bool PrefixErrors => true;

    private protected override string? Type => "helm.sh/release.v1";

    private protected override string? PayloadOf(string data)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(data));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private protected override string DataOf(string payload) => Convert.ToBase64String(Encoding.UTF8.GetBytes(payload));
}

/// <summary>Keeps revisions in ConfigMaps, as Helm does with <c>HELM_DRIVER=configmap</c>.</summary>
public sealed class ConfigMapRevisionStore : KubernetesRevisionStore
{
    /// <summary>A store in the cluster of a client.</summary>
    /// <param name="cluster">The client; its namespace does not matter.</param>
    /// <param name="options">Options; null for Helm's way in all.</param>
    public ConfigMapRevisionStore(KubernetesClient cluster, KubernetesRevisionStoreOptions? options = null)
        : base(cluster, "ConfigMap", "configmaps", options)
    {
    }

    private protected override bool PrefixErrors => false;

    private protected override string? Type => null;

    private protected override string? PayloadOf(string data) => data;

    private protected override string DataOf(string payload) => payload;
}
