using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes;

public sealed partial class KubernetesClient
{
    private const string MetadataListAccept = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
    private const string TableAccept = "application/json;as=Table;g=meta.k8s.io;v=v1";

    /// <summary>Lists all objects of a kind, page after page.</summary>
    /// <param name="gvk">The kind.</param>
    /// <param name="ns">The namespace; null for all namespaces.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="ct">Stops the call.</param>
    /// <exception cref="KubernetesApiException">The API refused; 410 when a page came too late (after one new beginning).</exception>
    public async Task<KubernetesList> ListAsync(GroupVersionKind gvk, string? ns, ListOptions? options = null, CancellationToken ct = default)
    {
        options ??= new ListOptions();
        ApiResource resource = await ResourceForAsync(gvk, ct).ConfigureAwait(false);
        KubernetesList page = await ListPageAsync(resource, ns, options, ct).ConfigureAwait(false);
        if (page.Continue is null) return page;
        var items = new List<KubernetesObject>(page.Items);
        while (page.Continue is not null)
        {
            try
            {
                page = await ListPageAsync(resource, ns, Next(options, page.Continue), ct).ConfigureAwait(false);
            }
            catch (KubernetesApiException e) when (e.IsGone)
            {
                // The snapshot that the pages belong to is gone: once more from the start, in one piece, as client-go's pager does.
                return await ListPageAsync(resource, ns, options with { Limit = 0, Continue = null }, ct).ConfigureAwait(false);
            }
            items.AddRange(page.Items);
        }
        return page with { Items = items };
    }

    /// <summary>Reads one page of a list.</summary>
    /// <param name="gvk">The kind.</param>
    /// <param name="ns">The namespace; null for all namespaces.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="ct">Stops the call.</param>
    /// <exception cref="KubernetesApiException">The API refused.</exception>
    public async Task<KubernetesList> ListPageAsync(GroupVersionKind gvk, string? ns, ListOptions? options = null, CancellationToken ct = default) =>
        await ListPageAsync(await ResourceForAsync(gvk, ct).ConfigureAwait(false), ns, options ?? new ListOptions(), ct).ConfigureAwait(false);

    /// <summary>Lists all objects of a kind one by one; neither the list nor a page is held in memory.</summary>
    /// <param name="gvk">The kind.</param>
    /// <param name="ns">The namespace; null for all namespaces.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="ct">Stops the call.</param>
    /// <exception cref="KubernetesApiException">The API refused; 410 when a page was asked for too late.</exception>
    public async IAsyncEnumerable<KubernetesObject> EnumerateAsync(
        GroupVersionKind gvk, string? ns, ListOptions? options = null, [EnumeratorCancellation] CancellationToken ct = default)
    {
        options ??= new ListOptions();
        ApiResource resource = await ResourceForAsync(gvk, ct).ConfigureAwait(false);
        string? next = options.Continue;
        do
        {
            KubernetesRequest request = ListRequest(resource, ns, Next(options, next), streaming: true);
            using HttpResponseMessage response = await SendAsync(request, ct).ConfigureAwait(false);
            using Stream stream = await response.Content.ReadAsStreamAsync(ct).ConfigureAwait(false);
            var reader = new ListReader(stream);
            while (await ReadItemAsync(reader, resource, ct).ConfigureAwait(false) is { } item) yield return item;
            next = KubernetesObject.Text(reader.Metadata, "continue");
        }
        while (!string.IsNullOrEmpty(next));
    }

    /// <summary>Reads a list as a Table, the form that <c>kubectl get</c> prints.</summary>
    /// <param name="gvk">The kind.</param>
    /// <param name="ns">The namespace; null for all namespaces.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="ct">Stops the call.</param>
    /// <exception cref="KubernetesApiException">The API refused.</exception>
    public async Task<JsonObject> TableAsync(GroupVersionKind gvk, string? ns, ListOptions? options = null, CancellationToken ct = default)
    {
        ApiResource resource = await ResourceForAsync(gvk, ct).ConfigureAwait(false);
        KubernetesRequest request = ListRequest(resource, ns, options ?? new ListOptions(), streaming: false) with { Accept = TableAccept };
        return await SendJsonAsync(request, ct).ConfigureAwait(false) as JsonObject
            ?? throw new KubernetesException($"The answer of GET {request.Path} is no Table.");
    }

    private async Task<KubernetesList> ListPageAsync(ApiResource resource, string? ns, ListOptions options, CancellationToken ct)
    {
        using HttpResponseMessage response = await SendAsync(ListRequest(resource, ns, options, streaming: false), ct).ConfigureAwait(false);
        using Stream stream = await response.Content.ReadAsStreamAsync(ct).ConfigureAwait(false);
        var reader = new ListReader(stream);
        var items = new List<KubernetesObject>();
        while (await ReadItemAsync(reader, resource, ct).ConfigureAwait(false) is { } item) items.Add(item);
        return new KubernetesList
        {
            Items = items,
            ResourceVersion = KubernetesObject.Text(reader.Metadata, "resourceVersion") ?? "",
            Continue = KubernetesObject.Text(reader.Metadata, "continue") is { Length: > 0 } next ? next : null,
            RemainingItemCount = KubernetesObject.Number(reader.Metadata, "remainingItemCount"),
        };
    }

    private static async ValueTask<KubernetesObject?> ReadItemAsync(ListReader reader, ApiResource resource, CancellationToken ct)
    {
        try
        {
            return await reader.NextAsync(ct).ConfigureAwait(false) is { } json ? Named(json, resource) : null;
        }
        catch (FormatException e)
        {
            throw new KubernetesException($"The list of {resource.Plural} cannot be read.", e);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new ClusterUnreachableException($"The list of {resource.Plural} broke off: {e.Message}", e);
        }
    }

    // Lists leave apiVersion and kind of their items out; metadata-only answers name a kind that is not the object's.
    private static KubernetesObject Named(JsonObject json, ApiResource resource)
    {
        var o = new KubernetesObject(json);
        if (o.Kind is not ("" or "PartialObjectMetadata")) return o;
        if (o.Kind.Length > 0)
        {
            o.ApiVersion = resource.ApiVersion;
            o.Kind = resource.Kind;
            return o;
        }
        json.Insert(0, "kind", resource.Kind);
        json.Insert(0, "apiVersion", resource.ApiVersion);
        return o;
    }

    // A continue token holds the resourceVersion itself; the API refuses both together.
    private static ListOptions Next(ListOptions options, string? token) =>
        token is null ? options : options with { Continue = token, ResourceVersion = null, ResourceVersionMatch = null };

    private static KubernetesRequest ListRequest(ApiResource resource, string? ns, ListOptions options, bool streaming)
    {
        var query = new QueryText();
        query.Add("continue", options.Continue);
        query.Add("fieldSelector", options.FieldSelector);
        query.Add("labelSelector", options.LabelSelector);
        if (options.Limit > 0) query.Add("limit", options.Limit.ToString(CultureInfo.InvariantCulture));
        query.Add("resourceVersion", options.ResourceVersion);
        query.Add("resourceVersionMatch", options.ResourceVersionMatch);
        return new KubernetesRequest
        {
            Method = HttpMethod.Get,
            Path = resource.Path(ns) + query,
            Accept = options.MetadataOnly ? MetadataListAccept : "application/json",
            Streaming = streaming,
        };
    }
}

/// <summary>The query of a path; what is null or empty is left out.</summary>
internal sealed class QueryText
{
    private readonly StringBuilder _text = new();

    public void Add(string key, string? value)
    {
        if (string.IsNullOrEmpty(value)) return;
        _text.Append(_text.Length == 0 ? '?' : '&').Append(key).Append('=').Append(Uri.EscapeDataString(value));
    }

    public override string ToString() => _text.ToString();
}
