using System.Globalization;
using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <content>
/// Records over the limit of one object. The parts are written first, under names made of their content; then the head, which is what makes the revision exist; then what
/// no head refers to is deleted, such as the parts of a writer that died. Neither names nor owner labels are such as Helm asks for.
/// </content>
public abstract partial class KubernetesRevisionStore
{
    private const string HeadOwner = "hlc";
    private const string PartOwner = "hlc-part";
    private const string RecordAnnotation = "hlc/record";
    private const string PartsAnnotation = "hlc/parts";
    private const string ReplacesAnnotation = "hlc/replaces";

    private static string HeadKeyOf(string name, int revision) => $"hlc.release.v1.{name}.v{revision.ToString(CultureInfo.InvariantCulture)}";

    private static string PartKeyOf(string headKey, string hash, int part) => $"{headKey}.{hash}.{part.ToString(CultureInfo.InvariantCulture)}";

    private static bool IsHead(KubernetesObject o) => o.GetLabel("owner") == HeadOwner;

    private bool IsTooLarge(string payload) => _options.SplitLargeRecords && payload.Length > _options.LargestObject;

    private string? SplitType => Type is null ? null : "hlc/release.v1";

    private async Task<IReadOnlyList<StoredRevision>> JoinedAsync(IReadOnlyList<KubernetesObject> objects, CancellationToken ct)
    {
        var heads = objects.Where(IsHead).Select(o => (o.Namespace, Identity(o))).ToHashSet();
        var found = new List<StoredRevision>(objects.Count);
        foreach (var o in objects)
        {
            if (IsHead(o)) found.Add(await JoinedAsync(o, keepSystem: true, ct).ConfigureAwait(false));
            // Beside a head stands what was there before the record grew, left by a writer that died.
            else if (!heads.Contains((o.Namespace, Identity(o)))) found.Add(Stored(o, keepSystem: true));
        }

        return found;
    }

    private async Task<StoredRevision> JoinedAsync(KubernetesObject head, bool keepSystem, CancellationToken ct)
    {
        string? missing = null;
        for (int attempt = 0; attempt < 2; attempt++)
        {
            string hash = head.GetAnnotation(RecordAnnotation) ?? "";
            _ = int.TryParse(head.GetAnnotation(PartsAnnotation), NumberStyles.None, CultureInfo.InvariantCulture, out int count);
            var payload = new System.Text.StringBuilder();
            int part = 0;
            while (part < count && await _cluster.TryGetAsync(_kind, head.Namespace, PartKeyOf(head.Name, hash, part), ct).ConfigureAwait(false) is { } o && Payload(o) is { } text)
            {
                payload.Append(text);
                part++;
            }

            string whole = payload.ToString();
            if (part == count && Hash(whole) == hash) return Stored(head, keepSystem, () => whole);
            missing = part < count ? $"part {part + 1} of {count} is missing" : "the parts are not those of the record";
            // Written anew between the two looks.
            if (await _cluster.TryGetAsync(_kind, head.Namespace, head.Name, ct).ConfigureAwait(false) is not { } again || again.ResourceVersion == head.ResourceVersion) break;
            head = again;
        }

        return Stored(head, keepSystem, () => throw new ReleaseRecordException(missing!));
    }

    private async Task<Release> CreateSplitAsync(Release release, string payload, SortedDictionary<string, string> labels, CancellationToken ct)
    {
        var parts = await WritePartsAsync(release, payload, ct).ConfigureAwait(false);
        var version = await CreateHeadAsync(release, payload, parts.Count, labels, ct).ConfigureAwait(false);
        await YieldToAsync(RecordLabels.KeyOf(release.Name, release.Revision), release, HeadKeyOf(release.Name, release.Revision), ct).ConfigureAwait(false);
        await TidyAsync(release.Namespace, release.Name, parts, ct).ConfigureAwait(false);
        return release with { StoreVersion = version };
    }

    /// <summary>After a record of Helm's size was created: gives way to a split one of the same revision, and cleans up after dead writers.</summary>
    private async Task YieldToHeadAsync(Release release, CancellationToken ct)
    {
        await YieldToAsync(HeadKeyOf(release.Name, release.Revision), release, RecordLabels.KeyOf(release.Name, release.Revision), ct).ConfigureAwait(false);
        await TidyAsync(release.Namespace, release.Name, [], ct).ConfigureAwait(false);
    }

    /// <summary>
    /// Looks, after the own object was created, for one of the other form: of two who make one revision in both forms, at least one sees the other and gives way. So does one who cannot look.
    /// </summary>
    private async Task YieldToAsync(string other, Release release, string own, CancellationToken ct)
    {
        bool yields = true;
        try
        {
            yields = await _cluster.TryGetAsync(_kind, release.Namespace, other, ct).ConfigureAwait(false) is not null;
        }
        finally
        {
            if (yields) await TryDeleteAsync(release.Namespace, own, null, ct).ConfigureAwait(false);
        }

        if (!yields) return;
        await TidyAsync(release.Namespace, release.Name, [], ct).ConfigureAwait(false);
        throw new RevisionExistsException(release.Name, release.Revision);
    }

    private async Task<bool> IsSplitAsync(Release release, CancellationToken ct) => release.StoreVersion is { } version
        ? version.EndsWith(";split", StringComparison.Ordinal)
        : await _cluster.TryGetAsync(_kind, release.Namespace, HeadKeyOf(release.Name, release.Revision), ct).ConfigureAwait(false) is not null;

    private async Task<Release> UpdateSplitAsync(Release release, string payload, SortedDictionary<string, string> labels, bool isSplit, CancellationToken ct)
    {
        var parts = await WritePartsAsync(release, payload, ct).ConfigureAwait(false);
        string version = isSplit
            ? await RewriteHeadAsync(release, payload, parts.Count, labels, ct).ConfigureAwait(false)
            : await GrowAsync(release, payload, parts.Count, labels, ct).ConfigureAwait(false);
        await TidyAsync(release.Namespace, release.Name, parts, ct).ConfigureAwait(false);
        return release with { StoreVersion = version };
    }

    private async Task<string> RewriteHeadAsync(Release release, string payload, int parts, SortedDictionary<string, string> labels, CancellationToken ct)
    {
        string key = HeadKeyOf(release.Name, release.Revision);
        if (await _cluster.TryGetAsync(_kind, release.Namespace, key, ct).ConfigureAwait(false) is { } head) await EndGrowthAsync(head, ct).ConfigureAwait(false);
        return await ReplaceAsync(release, key, Hash(payload), v => Head(release, payload, parts, labels, v), ct).ConfigureAwait(false);
    }

    /// <summary>Deletes the object that a record has grown out of, if the writer died before it could.</summary>
    private async Task EndGrowthAsync(KubernetesObject head, CancellationToken ct)
    {
        if (head.GetAnnotation(ReplacesAnnotation) is not { } replaced) return;
        var (name, revision) = Identity(head);
        string ns = head.Namespace ?? "";
        if (await _cluster.TryGetAsync(_kind, ns, RecordLabels.KeyOf(name, revision), ct).ConfigureAwait(false) is { } plain && HashOf(plain) == replaced)
            await TryDeleteAsync(ns, plain.Name, plain.ResourceVersion, ct).ConfigureAwait(false);
    }

    /// <summary>The head takes the place of the object that the record has grown out of. While both are there, the head counts.</summary>
    private async Task<string> GrowAsync(Release release, string payload, int parts, SortedDictionary<string, string> labels, CancellationToken ct)
    {
        string key = RecordLabels.KeyOf(release.Name, release.Revision), headKey = HeadKeyOf(release.Name, release.Revision);
        var plain = await _cluster.GetAsync(_kind, release.Namespace, key, ct).ConfigureAwait(false);
        if (release.StoreVersion?.Split(';')[1] is { } read && read != HashOf(plain))
            throw new RevisionStoreException($"update: failed to update: {key} was changed by another since it was read");
        string version = await CreateHeadAsync(release, payload, parts, labels, ct, replaces: HashOf(plain)).ConfigureAwait(false);
        try
        {
            await TryDeleteAsync(release.Namespace, key, plain.ResourceVersion, ct).ConfigureAwait(false);
            return version;
        }
        catch (KubernetesApiException e) when (e.IsConflict)
        {
            await TryDeleteAsync(release.Namespace, headKey, null, ct).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<List<(string Key, JsonObject Body)>> WritePartsAsync(Release release, string payload, CancellationToken ct)
    {
        string headKey = HeadKeyOf(release.Name, release.Revision), hash = Hash(payload);
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["name"] = release.Name,
            ["owner"] = PartOwner,
            ["version"] = release.Revision.ToString(CultureInfo.InvariantCulture),
        };
        var parts = new List<(string Key, JsonObject Body)>();
        for (int at = 0; at < payload.Length; at += _options.LargestObject)
        {
            string key = PartKeyOf(headKey, hash, parts.Count);
            string text = payload.Substring(at, Math.Min(_options.LargestObject, payload.Length - at));
            parts.Add((key, Body(key, labels, new JsonObject { [RecordAnnotation] = hash }, null, SplitType, new JsonObject { ["release"] = DataOf(text) })));
            await WritePartAsync(release.Namespace, parts[^1].Body, ct).ConfigureAwait(false);
        }

        return parts;
    }

    private async Task WritePartAsync(string ns, JsonObject part, CancellationToken ct)
    {
        try
        {
            await SendAsync(HttpMethod.Post, ns, null, part, ct).ConfigureAwait(false);
        }
        catch (KubernetesApiException e) when (e.IsAlreadyExists)
        {
            // The same name is the same content.
        }
    }

    private async Task<string> CreateHeadAsync(Release release, string payload, int parts, SortedDictionary<string, string> labels, CancellationToken ct, string? replaces = null)
    {
        try
        {
            return Version(await SendAsync(HttpMethod.Post, release.Namespace, null, Head(release, payload, parts, labels, null, replaces), ct).ConfigureAwait(false), Hash(payload));
        }
        catch (KubernetesApiException e) when (e.IsAlreadyExists)
        {
            await TidyAsync(release.Namespace, release.Name, [], ct).ConfigureAwait(false);
            throw;
        }
    }

    private JsonObject Head(Release release, string payload, int parts, SortedDictionary<string, string> labels, string? version, string? replaces = null)
    {
        var annotations = new JsonObject { [PartsAnnotation] = parts.ToString(CultureInfo.InvariantCulture), [RecordAnnotation] = Hash(payload) };
        if (replaces is not null) annotations[ReplacesAnnotation] = replaces;
        var own = new SortedDictionary<string, string>(labels, StringComparer.Ordinal) { ["owner"] = HeadOwner };
        return Body(HeadKeyOf(release.Name, release.Revision), own, annotations, version, SplitType, []);
    }

    /// <summary>
    /// Deletes the parts of a release that no head refers to, and what a record has grown out of. Runs after the record is written: a writer whose parts it takes has lost the
    /// revision, or finds them missing by this very look and writes them again.
    /// </summary>
    private async Task TidyAsync(string ns, string name, IReadOnlyList<(string Key, JsonObject Body)> own, CancellationToken ct)
    {
        try
        {
            var options = new ListOptions { LabelSelector = $"name={name},owner in ({HeadOwner},{PartOwner})", MetadataOnly = true, Limit = 0 };
            var all = (await _cluster.ListAsync(_kind, ns, options, ct).ConfigureAwait(false)).Items;
            var kept = all.Where(IsHead).Select(h => (h.Name, h.GetAnnotation(RecordAnnotation))).ToHashSet();
            foreach (var head in all.Where(IsHead)) await EndGrowthAsync(head, ct).ConfigureAwait(false);
            foreach (var part in all.Where(o => !IsHead(o)))
            {
                string? hash = part.GetAnnotation(RecordAnnotation);
                if (!kept.Contains(($"hlc.release.v1.{name}.v{part.GetLabel("version")}", hash))) await TryDeleteAsync(ns, part.Name, null, ct).ConfigureAwait(false);
            }

            var there = all.Select(o => o.Name).ToHashSet(StringComparer.Ordinal);
            foreach (var (key, body) in own)
            {
                if (!there.Contains(key)) await WritePartAsync(ns, body, ct).ConfigureAwait(false);
            }
        }
        catch (KubernetesException) when (own.Count == 0)
        {
            // The record itself is stored or gone as it should; the next write of the release cleans up.
        }
    }
}
