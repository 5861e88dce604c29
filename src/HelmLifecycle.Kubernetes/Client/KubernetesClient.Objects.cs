using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes;

public sealed partial class KubernetesClient
{
    /// <summary>Reads an object.</summary>
    /// <param name="gvk">The kind.</param>
    /// <param name="ns">The namespace; null for the default one (ignored for cluster scope).</param>
    /// <param name="name">The name.</param>
    /// <param name="ct">Stops the call.</param>
    /// <exception cref="KubernetesApiException">The API refused; 404 if there is no such object.</exception>
    public Task<KubernetesObject> GetAsync(GroupVersionKind gvk, string? ns, string name, CancellationToken ct = default) =>
        GetAsync(gvk, ns, name, subresource: null, ct);

    /// <summary>Reads an object or one of its subresources.</summary>
    /// <param name="gvk">The kind.</param>
    /// <param name="ns">The namespace; null for the default one (ignored for cluster scope).</param>
    /// <param name="name">The name.</param>
    /// <param name="subresource"><c>status</c>, <c>scale</c>, ..., or null.</param>
    /// <param name="ct">Stops the call.</param>
    /// <exception cref="KubernetesApiException">The API refused; 404 if there is no such object.</exception>
    public async Task<KubernetesObject> GetAsync(GroupVersionKind gvk, string? ns, string name, string? subresource, CancellationToken ct = default)
    {
        ApiResource resource = await ResourceForAsync(gvk, ct).ConfigureAwait(false);
        return await SendObjectAsync(HttpMethod.Get, resource.Path(ns ?? DefaultNamespace, name, subresource), null, null, ct).ConfigureAwait(false);
    }

    /// <summary>Reads an object, or null if there is none.</summary>
    /// <param name="gvk">The kind.</param>
    /// <param name="ns">The namespace; null for the default one (ignored for cluster scope).</param>
    /// <param name="name">The name.</param>
    /// <param name="ct">Stops the call.</param>
    public async Task<KubernetesObject?> TryGetAsync(GroupVersionKind gvk, string? ns, string name, CancellationToken ct = default)
    {
        try
        {
            return await GetAsync(gvk, ns, name, ct).ConfigureAwait(false);
        }
        catch (KubernetesApiException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>Creates an object (POST).</summary>
    /// <param name="o">The object; without a namespace it goes into the default one.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="ct">Stops the call.</param>
    /// <returns>The object as stored.</returns>
    public async Task<KubernetesObject> CreateAsync(KubernetesObject o, WriteOptions? options = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(o);
        ApiResource resource = await ResourceForAsync(o.Gvk, ct).ConfigureAwait(false);
        string ns = o.Namespace ?? DefaultNamespace;
        string path = options?.Subresource is { } sub ? resource.Path(ns, o.Name, sub) : resource.Path(ns);
        return await SendObjectAsync(HttpMethod.Post, path + Query(options), o.Json, null, ct).ConfigureAwait(false);
    }

    /// <summary>Replaces an object (PUT). With a resourceVersion in it the write is refused when the object has changed since.</summary>
    /// <param name="o">The object.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="ct">Stops the call.</param>
    /// <returns>The object as stored.</returns>
    public async Task<KubernetesObject> ReplaceAsync(KubernetesObject o, WriteOptions? options = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(o);
        ApiResource resource = await ResourceForAsync(o.Gvk, ct).ConfigureAwait(false);
        string path = resource.Path(o.Namespace ?? DefaultNamespace, o.Name, options?.Subresource) + Query(options);
        return await SendObjectAsync(HttpMethod.Put, path, o.Json, null, ct).ConfigureAwait(false);
    }

    /// <summary>Patches an object.</summary>
    /// <param name="gvk">The kind.</param>
    /// <param name="ns">The namespace; null for the default one (ignored for cluster scope).</param>
    /// <param name="name">The name.</param>
    /// <param name="patch">The patch.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="ct">Stops the call.</param>
    /// <returns>The object as stored.</returns>
    public async Task<KubernetesObject> PatchAsync(
        GroupVersionKind gvk, string? ns, string name, PatchBody patch, WriteOptions? options = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(patch);
        ApiResource resource = await ResourceForAsync(gvk, ct).ConfigureAwait(false);
        string path = resource.Path(ns ?? DefaultNamespace, name, options?.Subresource) + Query(options);
        return await SendObjectAsync(HttpMethod.Patch, path, patch.Json, patch.ContentType, ct).ConfigureAwait(false);
    }

    /// <summary>Server-side apply: creates the object, or changes the fields it names and drops those it named before.</summary>
    /// <param name="o">The object, with no more than the fields to own.</param>
    /// <param name="options">Options; null for the defaults (no force).</param>
    /// <param name="ct">Stops the call.</param>
    /// <returns>The object as stored.</returns>
    /// <exception cref="KubernetesApiException">409 with one cause per field when another manager owns it with another value.</exception>
    public async Task<KubernetesObject> ApplyAsync(KubernetesObject o, ApplyOptions? options = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(o);
        options ??= new ApplyOptions();
        ApiResource resource = await ResourceForAsync(o.Gvk, ct).ConfigureAwait(false);
        string path = resource.Path(o.Namespace ?? DefaultNamespace, o.Name, options.Subresource) + Query(options);
        return await SendObjectAsync(HttpMethod.Patch, path, o.Json, "application/apply-patch+yaml", ct).ConfigureAwait(false);
    }

    /// <summary>Deletes an object.</summary>
    /// <param name="gvk">The kind.</param>
    /// <param name="ns">The namespace; null for the default one (ignored for cluster scope).</param>
    /// <param name="name">The name.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="ct">Stops the call.</param>
    /// <returns>The answer: a Status, or the object while something keeps it.</returns>
    /// <exception cref="KubernetesApiException">The API refused; 404 if there is no such object.</exception>
    public async Task<KubernetesObject> DeleteAsync(
        GroupVersionKind gvk, string? ns, string name, DeleteOptions? options = null, CancellationToken ct = default)
    {
        ApiResource resource = await ResourceForAsync(gvk, ct).ConfigureAwait(false);
        string path = resource.Path(ns ?? DefaultNamespace, name);
        return await SendObjectAsync(HttpMethod.Delete, path, DeleteBody(options), null, ct).ConfigureAwait(false);
    }

    /// <summary>Deletes an object if it is there.</summary>
    /// <param name="gvk">The kind.</param>
    /// <param name="ns">The namespace; null for the default one (ignored for cluster scope).</param>
    /// <param name="name">The name.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="ct">Stops the call.</param>
    /// <returns>False if there was none.</returns>
    public async Task<bool> TryDeleteAsync(
        GroupVersionKind gvk, string? ns, string name, DeleteOptions? options = null, CancellationToken ct = default)
    {
        try
        {
            await DeleteAsync(gvk, ns, name, options, ct).ConfigureAwait(false);
            return true;
        }
        catch (KubernetesApiException e) when (e.IsNotFound)
        {
            return false;
        }
    }

    /// <summary>Sets the replicas of a workload through its scale subresource.</summary>
    /// <param name="gvk">The kind.</param>
    /// <param name="ns">The namespace; null for the default one.</param>
    /// <param name="name">The name.</param>
    /// <param name="replicas">The number of replicas.</param>
    /// <param name="ct">Stops the call.</param>
    public Task ScaleAsync(GroupVersionKind gvk, string? ns, string name, int replicas, CancellationToken ct = default) =>
        PatchAsync(gvk, ns, name,
            new PatchBody(PatchType.Merge, new JsonObject { ["spec"] = new JsonObject { ["replicas"] = replicas } }),
            new WriteOptions { Subresource = "scale" }, ct);

    private async Task<KubernetesObject> SendObjectAsync(HttpMethod method, string path, JsonNode? body, string? contentType, CancellationToken ct)
    {
        JsonNode? answer = await SendJsonAsync(new KubernetesRequest
        {
            Method = method,
            Path = path,
            Body = body is null ? null : JsonText.WriteBytes(body),
            ContentType = contentType ?? "application/json",
        }, ct).ConfigureAwait(false);
        return answer is JsonObject o
            ? new KubernetesObject(o)
            : throw new KubernetesException($"The answer of {method} {path} is no JSON object.");
    }

    private string Query(WriteOptions? options)
    {
        var query = new StringBuilder();
        string manager = options?.FieldManager ?? _options.FieldManager;
        if (options is { DryRun: true }) Add("dryRun", "All");
        if (manager.Length > 0) Add("fieldManager", manager);
        if (options is { FieldValidation: not FieldValidation.Unset }) Add("fieldValidation", options.FieldValidation.ToString());
        if (options is ApplyOptions apply) Add("force", apply.Force ? "true" : "false");
        return query.ToString();

        void Add(string key, string value) =>
            query.Append(query.Length == 0 ? '?' : '&').Append(key).Append('=').Append(Uri.EscapeDataString(value));
    }

    private static JsonObject? DeleteBody(DeleteOptions? options)
    {
        if (options is null) return null;
        var body = new JsonObject();
        if (options.GracePeriodSeconds is long grace) body["gracePeriodSeconds"] = grace;
        if (options.Uid is not null || options.ResourceVersion is not null)
        {
            var preconditions = new JsonObject();
            if (options.Uid is not null) preconditions["uid"] = options.Uid;
            if (options.ResourceVersion is not null) preconditions["resourceVersion"] = options.ResourceVersion;
            body["preconditions"] = preconditions;
        }
        if (options.Propagation != DeletePropagation.Unset) body["propagationPolicy"] = options.Propagation.ToString();
        if (options.DryRun) body["dryRun"] = new JsonArray("All");
        return body.Count == 0 ? null : body;
    }
}
