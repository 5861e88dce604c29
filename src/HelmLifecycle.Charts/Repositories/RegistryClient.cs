using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HelmLifecycle.Templates;

namespace HelmLifecycle.Charts;

/// <summary>Settings of a <see cref="RegistryClient"/>.</summary>
public sealed record RegistryClientOptions
{
    /// <summary>Speak HTTP, not HTTPS; for registries on the own machine. Helm's <c>--plain-http</c>. Default: false.</summary>
    public bool PlainHttp { get; init; }

    /// <summary>Where log-ins are kept. Default: Helm's and Docker's files.</summary>
    public RegistryCredentials Credentials { get; init; } = RegistryCredentials.Default();

    /// <summary>The log-in for whichever registry this client is asked for, instead of a kept one. Helm's <c>--username</c> and <c>--password</c>. Default: null.</summary>
    public RegistryCredential? Credential { get; init; }

    /// <summary>A private authority, a client certificate. Default: the system's authorities, no certificate.</summary>
    public TlsOptions Tls { get; init; } = new();

    /// <summary>Makes the connection, instead of one made by <see cref="Tls"/>: a proxy, a test. It is not disposed. Default: null.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>The clock that the pushed manifest's creation time comes from.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The largest archive that is pulled, in bytes. Default: 100 MiB.</summary>
    public long MaxBlobSize { get; init; } = 100 << 20;
}

/// <summary>What was pushed or pulled.</summary>
/// <param name="Reference">Repository and tag.</param>
/// <param name="Digest">The digest of the manifest.</param>
/// <param name="Size">The size of the manifest in bytes.</param>
public sealed record RegistryResult(OciReference Reference, string Digest, long Size);

/// <summary>A chart pulled from a registry.</summary>
/// <param name="Result">Where it came from.</param>
/// <param name="Archive">The chart's <c>.tgz</c>.</param>
/// <param name="Provenance">The signature file, when the registry holds one.</param>
public sealed record PulledChart(RegistryResult Result, ReadOnlyMemory<byte> Archive, ReadOnlyMemory<byte>? Provenance);

/// <summary>
/// Charts in OCI registries, stored as Helm stores them: a manifest with Helm's configuration and content media types. Log-in by
/// password or token exchange. Safe for concurrent use.
/// </summary>
public sealed class RegistryClient : IDisposable
{
    private readonly RegistryClientOptions _options;
    private readonly HttpClient _http;
    private readonly RegistryAuthorization _authorization;

    /// <summary>Makes a client.</summary>
    /// <exception cref="RegistryException">A file of <see cref="RegistryClientOptions.Tls"/> cannot be read.</exception>
    public RegistryClient(RegistryClientOptions? options = null)
    {
        _options = options ?? new RegistryClientOptions();
        _http = _options.Handler is { } handler ? new HttpClient(handler, disposeHandler: false) : new HttpClient(TlsConnection.Handler(_options.Tls, "the registry"));
        _http.Timeout = Timeout.InfiniteTimeSpan;
        _authorization = new RegistryAuthorization(_http, _options.Credentials, _options.Credential);
    }

    /// <summary>Checks name and password with the registry, then keeps them.</summary>
    /// <exception cref="RegistryException">The registry does not answer or does not know them.</exception>
    public async Task LoginAsync(string registry, string username, string password, CancellationToken cancellationToken = default)
    {
        var credential = new RegistryCredential(username, password);
        await _authorization.UseAsync(registry, credential).ConfigureAwait(false);
        using HttpResponseMessage response = await SendAsync(() => new(HttpMethod.Get, Address(registry, "")), registry, "", cancellationToken).ConfigureAwait(false);
        await CheckAsync(response, $"login to {registry}", cancellationToken).ConfigureAwait(false);
        await _options.Credentials.StoreAsync(registry, credential, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Forgets the log-in of a registry.</summary>
    /// <exception cref="RegistryException">There is none.</exception>
    public async Task LogoutAsync(string registry, CancellationToken cancellationToken = default)
    {
        _authorization.Forget(registry);
        if (!await _options.Credentials.RemoveAsync(registry, cancellationToken).ConfigureAwait(false))
            throw new RegistryException($"not logged in to {registry}");
    }

    /// <summary>The versions of a chart, newest first; tags that are no version are left out.</summary>
    public async Task<IReadOnlyList<string>> VersionsAsync(OciReference reference, CancellationToken cancellationToken = default)
    {
        var versions = new List<(SemanticVersion Version, string Text)>();
        foreach (string tag in await TagsAsync(reference, cancellationToken).ConfigureAwait(false))
        {
            string text = OciReference.VersionOf(tag);
            if (SemanticVersion.TryParse(text, out SemanticVersion? version))
                versions.Add((version, text));
        }

        return [.. versions.OrderByDescending(v => v.Version).Select(v => v.Text)];
    }

    /// <summary>All tags of a repository, in the registry's order.</summary>
    public async Task<IReadOnlyList<string>> TagsAsync(OciReference reference, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var tags = new List<string>();
        Uri? next = Address(reference.Registry, $"{reference.Repository}/tags/list");
        while (next is not null)
        {
            Uri page = next;
            using HttpResponseMessage response =
                await SendAsync(() => new(HttpMethod.Get, page), reference.Registry, Scope(reference, "pull"), cancellationToken).ConfigureAwait(false);
            await CheckAsync(response, $"list the tags of {reference.WithoutTag()}", cancellationToken).ConfigureAwait(false);
            JsonNode? body = JsonNode.Parse(await ReadAsync(response, 16 << 20, cancellationToken).ConfigureAwait(false));
            if (body?["tags"] is JsonArray list)
                tags.AddRange(list.Select(t => (string?)t ?? ""));
            next = NextPage(response, page);
        }

        return tags;
    }

    /// <summary>
    /// The newest version that meets a constraint (<c>^1.2</c>, <c>&gt;=1 &lt;2</c>; empty: the newest that is no pre-release), as Helm picks it.
    /// </summary>
    /// <exception cref="RegistryException">There is none.</exception>
    public async Task<OciReference> ResolveAsync(OciReference reference, string? constraint, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        if (reference.Tag is not null || reference.Digest is not null)
            return reference;
        if (constraint is { Length: > 0 } && SemanticVersion.TryParse(constraint, out _))
            return reference.WithVersion(constraint);
        VersionConstraint range = VersionConstraint.Parse(string.IsNullOrEmpty(constraint) ? "*" : constraint);
        foreach (string version in await VersionsAsync(reference, cancellationToken).ConfigureAwait(false))
        {
            if (range.IsSatisfiedBy(SemanticVersion.Parse(version)))
                return reference.WithVersion(version);
        }

        throw new RegistryException($"Could not locate a version matching provided version string {constraint}");
    }

    /// <summary>Pulls a chart. The content is checked against its digest.</summary>
    /// <exception cref="RegistryException">It is not there, is no chart, is too large, or is damaged.</exception>
    public async Task<PulledChart> PullAsync(OciReference reference, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        string wanted = reference.Digest ?? reference.Tag
            ?? throw new RegistryException($"{reference} names no version: resolve it first");
        string scope = Scope(reference, "pull");
        HttpRequestMessage Ask()
        {
            var request = new HttpRequestMessage(HttpMethod.Get, Address(reference.Registry, $"{reference.Repository}/manifests/{wanted}"));
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(MediaTypes.Manifest));
            return request;
        }

        using HttpResponseMessage response = await SendAsync(Ask, reference.Registry, scope, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
            throw new RegistryException($"{reference}: not found") { StatusCode = 404 };
        await CheckAsync(response, $"pull {reference}", cancellationToken).ConfigureAwait(false);
        byte[] bytes = await ReadAsync(response, 4 << 20, cancellationToken).ConfigureAwait(false);
        string digest = DigestOf(bytes);
        if (reference.Digest is { } expected && expected.StartsWith("sha256:", StringComparison.Ordinal) && expected != digest)
            throw new RegistryException($"{reference}: the manifest does not match its digest (it is {digest})");

        JsonNode manifest = JsonNode.Parse(bytes) ?? throw new RegistryException($"{reference}: the manifest is empty");
        if ((string?)manifest["config"]?["mediaType"] != MediaTypes.Config)
            throw new RegistryException($"could not load config with mediatype {MediaTypes.Config}: {reference} is no Helm chart");
        ReadOnlyMemory<byte>? archive = null, provenance = null;
        foreach (JsonNode? layer in manifest["layers"] as JsonArray ?? [])
        {
            switch ((string?)layer?["mediaType"])
            {
                case MediaTypes.Content or MediaTypes.OldContent:
                    archive = await BlobAsync(reference, layer, scope, cancellationToken).ConfigureAwait(false);
                    break;
                case MediaTypes.Provenance:
                    provenance = await BlobAsync(reference, layer, scope, cancellationToken).ConfigureAwait(false);
                    break;
            }
        }

        return new PulledChart(
            new RegistryResult(reference, digest, bytes.Length),
            archive ?? throw new RegistryException($"manifest does not contain a layer with mediatype {MediaTypes.Content}"),
            provenance);
    }

    /// <summary>Pushes a packed chart below a place: <c>oci://host/charts</c> and chart <c>web</c> 1.2.3 make <c>host/charts/web:1.2.3</c>.</summary>
    /// <param name="archive">The chart's <c>.tgz</c>.</param>
    /// <param name="place">The registry with or without a path.</param>
    /// <param name="provenance">A signature file to store beside it.</param>
    /// <param name="cancellationToken">Cancels the push.</param>
    public async Task<RegistryResult> PushAsync(
        ReadOnlyMemory<byte> archive, OciReference place, ReadOnlyMemory<byte>? provenance = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(place);
        Chart chart = await ChartLoader.LoadArchiveAsync(new MemoryStream(archive.ToArray(), writable: false), cancellationToken: cancellationToken).ConfigureAwait(false);
        OciReference target = place.ForChart(chart.Name).WithVersion(chart.Metadata.Version);
        string scope = Scope(target, "pull,push");
        byte[] config = Encoding.UTF8.GetBytes(chart.Metadata.ToJson().ToJsonString());

        var layers = new JsonArray { await UploadAsync(target, archive, MediaTypes.Content, scope, cancellationToken).ConfigureAwait(false) };
        if (provenance is { } signature)
            layers.Add((JsonNode)await UploadAsync(target, signature, MediaTypes.Provenance, scope, cancellationToken).ConfigureAwait(false));
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = MediaTypes.Manifest,
            ["config"] = await UploadAsync(target, config, MediaTypes.Config, scope, cancellationToken).ConfigureAwait(false),
            ["layers"] = layers,
            ["annotations"] = Annotations(chart.Metadata),
        };
        byte[] bytes = Encoding.UTF8.GetBytes(manifest.ToJsonString());
        HttpRequestMessage Put() => new(HttpMethod.Put, Address(target.Registry, $"{target.Repository}/manifests/{target.Tag}"))
        {
            Content = new ByteArrayContent(bytes) { Headers = { ContentType = new(MediaTypes.Manifest) } },
        };
        using HttpResponseMessage response = await SendAsync(Put, target.Registry, scope, cancellationToken).ConfigureAwait(false);
        await CheckAsync(response, $"push {target}", cancellationToken).ConfigureAwait(false);
        return new RegistryResult(target, DigestOf(bytes), bytes.Length);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<JsonNode> UploadAsync(
        OciReference target, ReadOnlyMemory<byte> content, string mediaType, string scope, CancellationToken cancellationToken)
    {
        string digest = DigestOf(content.Span);
        var descriptor = new JsonObject { ["mediaType"] = mediaType, ["digest"] = digest, ["size"] = content.Length };
        Uri blob = Address(target.Registry, $"{target.Repository}/blobs/{digest}");
        using (HttpResponseMessage there = await SendAsync(() => new(HttpMethod.Head, blob), target.Registry, scope, cancellationToken).ConfigureAwait(false))
        {
            if (there.IsSuccessStatusCode)
                return descriptor;
        }

        Uri uploads = Address(target.Registry, $"{target.Repository}/blobs/uploads/");
        using HttpResponseMessage begun = await SendAsync(() => new(HttpMethod.Post, uploads), target.Registry, scope, cancellationToken).ConfigureAwait(false);
        await CheckAsync(begun, $"push {target}", cancellationToken).ConfigureAwait(false);
        Uri location = begun.Headers.Location is { } given
            ? new Uri(uploads, given)
            : throw new RegistryException($"{target.Registry} gave no place to upload to");
        var put = new UriBuilder(location);
        put.Query = (put.Query.Length > 1 ? put.Query[1..] + "&" : "") + "digest=" + Uri.EscapeDataString(digest);
        HttpRequestMessage Put() => new(HttpMethod.Put, put.Uri)
        {
            Content = new ReadOnlyMemoryContent(content) { Headers = { ContentType = new("application/octet-stream") } },
        };
        using HttpResponseMessage done = await SendAsync(Put, target.Registry, scope, cancellationToken).ConfigureAwait(false);
        await CheckAsync(done, $"push {target}", cancellationToken).ConfigureAwait(false);
        return descriptor;
    }

    private async Task<ReadOnlyMemory<byte>> BlobAsync(OciReference reference, JsonNode? layer, string scope, CancellationToken cancellationToken)
    {
        string digest = (string?)layer?["digest"] ?? "";
        if (!digest.StartsWith("sha256:", StringComparison.Ordinal))
            throw new RegistryException($"{reference}: the digest {digest} is of an unknown kind");
        Uri address = Address(reference.Registry, $"{reference.Repository}/blobs/{digest}");
        using HttpResponseMessage response = await SendAsync(() => new(HttpMethod.Get, address), reference.Registry, scope, cancellationToken).ConfigureAwait(false);
        await CheckAsync(response, $"pull {reference}", cancellationToken).ConfigureAwait(false);
        byte[] bytes = await ReadAsync(response, _options.MaxBlobSize, cancellationToken).ConfigureAwait(false);
        return DigestOf(bytes) == digest ? bytes : throw new RegistryException($"{reference}: the content does not match its digest {digest}");
    }

    private async Task<HttpResponseMessage> SendAsync(
        Func<HttpRequestMessage> make, string registry, string scope, CancellationToken cancellationToken)
    {
        try
        {
            using HttpRequestMessage request = make();
            // A place to upload to, or a next page, may be on another host, which is not to see the log-in.
            bool isOwn = HttpFile.IsSameServer(Address(registry, ""), request.RequestUri!);
            if (isOwn)
                await _authorization.ApplyAsync(request, registry, scope, cancellationToken).ConfigureAwait(false);
            HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.Unauthorized || !isOwn)
                return response;
            if (!await _authorization.AnswerAsync(response, registry, scope, cancellationToken).ConfigureAwait(false))
                return response;
            response.Dispose();
            using HttpRequestMessage again = make();
            await _authorization.ApplyAsync(again, registry, scope, cancellationToken).ConfigureAwait(false);
            return await _http.SendAsync(again, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw new RegistryException($"the registry {registry} does not answer: {TlsConnection.Reason(e)}", e);
        }
    }

    private static async Task CheckAsync(HttpResponseMessage response, string what, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
            return;
        string detail = "";
        try
        {
            byte[] body = await ReadAsync(response, 1 << 16, cancellationToken).ConfigureAwait(false);
            if (JsonNode.Parse(body)?["errors"]?[0] is { } error)
                detail = $": {(string?)error["code"]}: {(string?)error["message"]}".ToLowerInvariant();
        }
        catch (JsonException)
        {
            // A body that is no JSON says nothing more than the status.
        }

        throw new RegistryException($"failed to {what}: response status code {(int)response.StatusCode}{detail}") { StatusCode = (int)response.StatusCode };
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, long limit, CancellationToken cancellationToken)
    {
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        return await BoundedReader.ReadAsync(body, limit, cancellationToken).ConfigureAwait(false)
            ?? throw new RegistryException($"the answer of {response.RequestMessage?.RequestUri?.Host} is larger than {limit} bytes");
    }

    private static Uri? NextPage(HttpResponseMessage response, Uri page)
    {
        if (!response.Headers.TryGetValues("Link", out IEnumerable<string>? links))
            return null;
        string link = links.First();
        int open = link.IndexOf('<'), close = link.IndexOf('>');
        return open >= 0 && close > open && link.Contains("rel=\"next\"", StringComparison.Ordinal) ? new Uri(page, link[(open + 1)..close]) : null;
    }

    private JsonObject Annotations(ChartMetadata metadata)
    {
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, string value) in metadata.Annotations ?? new Dictionary<string, string>())
        {
            // The standard keys come from the chart's own fields.
            if (key is not ("org.opencontainers.image.version" or "org.opencontainers.image.title"))
                annotations[key] = value;
        }

        void Set(string key, string? value)
        {
            if (!string.IsNullOrWhiteSpace(value))
                annotations["org.opencontainers.image." + key] = value;
        }

        Set("description", metadata.Description);
        Set("title", metadata.Name);
        Set("version", metadata.Version);
        Set("url", metadata.Home);
        Set("created", _options.Time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
        Set("source", metadata.Sources is [string source, ..] ? source : null);
        Set("authors", string.Join(", ", (metadata.Maintainers ?? []).Select(m => string.IsNullOrEmpty(m.Email) ? m.Name : $"{m.Name} ({m.Email})")));
        var json = new JsonObject();
        foreach ((string key, string value) in annotations)
            json[key] = value;
        return json;
    }

    private Uri Address(string registry, string path)
    {
        string host = registry == "docker.io" ? "registry-1.docker.io" : registry;
        return new Uri($"{(_options.PlainHttp ? "http" : "https")}://{host}/v2/{path}");
    }

    private static string Scope(OciReference reference, string actions) => $"repository:{reference.Repository}:{actions}";

    private static string DigestOf(ReadOnlySpan<byte> bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static class MediaTypes
    {
        public const string Manifest = "application/vnd.oci.image.manifest.v1+json";
        public const string Config = "application/vnd.cncf.helm.config.v1+json";
        public const string Content = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
        public const string OldContent = "application/tar+gzip";
        public const string Provenance = "application/vnd.cncf.helm.chart.provenance.v1.prov";
    }
}
