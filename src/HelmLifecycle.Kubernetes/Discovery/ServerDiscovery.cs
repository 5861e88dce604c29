using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace HelmLifecycle.Kubernetes;

/// <summary>
/// Discovery by asking the server: aggregated where it can, group version by group version where it cannot. One answer is kept.
/// </summary>
internal sealed class ServerDiscovery(KubernetesClient client, ILogger logger) : IDiscovery
{
    private const string Accept =
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList," +
        "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

    private readonly SemaphoreSlim _loading = new(1, 1);
    private volatile DiscoverySnapshot? _snapshot;
    private volatile ServerVersion? _version;

    public async Task<ServerVersion> VersionAsync(CancellationToken ct = default)
    {
        if (_version is { } known) return known;
        var answer = await GetAsync("version", "application/json", ct).ConfigureAwait(false) as JsonObject;
        return _version = new ServerVersion(Text("major"), Text("minor"), Text("gitVersion")) { Platform = Text("platform") };

        string Text(string key) => KubernetesObject.Text(answer, key) ?? "";
    }

    public async Task<IReadOnlyList<ApiResource>> ResourcesAsync(CancellationToken ct = default) =>
        (_snapshot ?? await LoadAsync(null, ct).ConfigureAwait(false)).Resources;

    public async Task<ApiResource?> FindAsync(GroupVersionKind gvk, CancellationToken ct = default)
    {
        DiscoverySnapshot? before = _snapshot;
        if (before is not null && before.ByKind.TryGetValue(gvk, out ApiResource? found)) return found;
        return (await LoadAsync(before, ct).ConfigureAwait(false)).ByKind.GetValueOrDefault(gvk);
    }

    public async Task<ApiResource?> FindByWordAsync(string word, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(word);
        DiscoverySnapshot? before = _snapshot;
        return before?.FindByWord(word) ?? (await LoadAsync(before, ct).ConfigureAwait(false)).FindByWord(word);
    }

    public async Task<IReadOnlyList<string>> ApiVersionsAsync(CancellationToken ct = default) =>
        (_snapshot ?? await LoadAsync(null, ct).ConfigureAwait(false)).ApiVersions;

    public void Invalidate()
    {
        _snapshot = null;
        _version = null;
    }

    /// <summary>Loads anew, unless someone else has done so since <paramref name="before"/> was the newest.</summary>
    private async Task<DiscoverySnapshot> LoadAsync(DiscoverySnapshot? before, CancellationToken ct)
    {
        await _loading.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            if (_snapshot is { } newer && !ReferenceEquals(newer, before)) return newer;
            JsonNode?[] roots = await Task.WhenAll(GetAsync("api", Accept, ct), GetAsync("apis", Accept, ct)).ConfigureAwait(false);
            var snapshot = new DiscoverySnapshot();
            foreach (JsonObject root in roots.OfType<JsonObject>())
            {
                if (KubernetesObject.Text(root, "kind") == "APIGroupDiscoveryList") snapshot.AddAggregated(root);
                else await AddClassicAsync(snapshot, root, ct).ConfigureAwait(false);
            }
            return _snapshot = snapshot;
        }
        finally
        {
            _loading.Release();
        }
    }

    private async Task AddClassicAsync(DiscoverySnapshot snapshot, JsonObject root, CancellationToken ct)
    {
        var groupVersions = new List<string>();
        if (root["versions"] is JsonArray core) groupVersions.AddRange(core.Select(v => v?.ToString() ?? ""));
        if (root["groups"] is JsonArray groups)
            foreach (JsonObject group in groups.OfType<JsonObject>())
            {
                string? preferred = KubernetesObject.Text(group["preferredVersion"] as JsonObject, "groupVersion");
                groupVersions.AddRange((group["versions"] as JsonArray ?? []).OfType<JsonObject>()
                    .Select(v => KubernetesObject.Text(v, "groupVersion") ?? "").OrderBy(gv => gv == preferred ? 0 : 1));
            }
        JsonNode?[] lists = await Task.WhenAll(groupVersions.Select(gv => ResourceListAsync(gv, ct))).ConfigureAwait(false);
        for (int i = 0; i < lists.Length; i++) snapshot.AddClassic(groupVersions[i], lists[i] as JsonObject);
    }

    // One broken extension server must not hide the rest of the API, as in client-go and Helm.
    private async Task<JsonNode?> ResourceListAsync(string groupVersion, CancellationToken ct)
    {
        try
        {
            return await GetAsync((groupVersion.Contains('/') ? "apis/" : "api/") + groupVersion, "application/json", ct).ConfigureAwait(false);
        }
        catch (KubernetesApiException e)
        {
            Log.DiscoveryFailed(logger, groupVersion, e.Message);
            return null;
        }
    }

    private Task<JsonNode?> GetAsync(string path, string accept, CancellationToken ct) =>
        client.SendJsonAsync(new KubernetesRequest { Method = HttpMethod.Get, Path = path, Accept = accept }, ct);
}
