using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace HelmLifecycle.Charts;

/// <summary>A chart repository on an HTTP server, as one entry of Helm's <c>repositories.yaml</c> describes it.</summary>
public sealed record RepositoryEntry
{
    /// <summary>The name it goes by: <c>NAME/chart</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The address below which <c>index.yaml</c> lies.</summary>
    public required string Url { get; init; }

    /// <summary>For Basic authentication; empty for none.</summary>
    public string Username { get; init; } = "";

    /// <summary>For Basic authentication.</summary>
    public string Password { get; init; } = "";

    /// <summary>A client certificate, PEM file; empty for none.</summary>
    public string CertFile { get; init; } = "";

    /// <summary>The key of the client certificate, PEM file; empty when it is in <see cref="CertFile"/>.</summary>
    public string KeyFile { get; init; } = "";

    /// <summary>The authority that the server's certificate must come from, PEM file; empty for the system's.</summary>
    public string CaFile { get; init; } = "";

    /// <summary>Accept any server certificate. Default: false.</summary>
    public bool InsecureSkipTlsVerify { get; init; }

    /// <summary>Send the password to other hosts too, when the index points there. Default: false.</summary>
    public bool PassCredentialsAll { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {(Uri.TryCreate(Url, UriKind.Absolute, out Uri? address) ? HttpFile.Shown(address) : Url)}";

    internal TlsOptions Tls => new() { CaFile = CaFile, CertFile = CertFile, KeyFile = KeyFile, InsecureSkipTlsVerify = InsecureSkipTlsVerify };
}

/// <summary>Reads charts from one HTTP repository. Safe for concurrent use.</summary>
public sealed class ChartRepository : IDisposable
{
    private const long MaxIndexSize = 512L << 20;
    private readonly HttpClient _http;
    private readonly Uri _base;

    /// <summary>Makes a reader of a repository.</summary>
    /// <param name="entry">Where it is and how to log in.</param>
    /// <param name="handler">Makes the connection, instead of one made by the entry's TLS settings; it is not disposed.</param>
    /// <exception cref="RegistryException">The address is no HTTP address, or a certificate cannot be read.</exception>
    public ChartRepository(RepositoryEntry entry, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Entry = entry;
        if (!Uri.TryCreate(entry.Url, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
            throw new RegistryException($"could not find protocol handler for: {entry.Url}");
        _base = new UriBuilder(address) { Path = address.AbsolutePath.TrimEnd('/') + "/" }.Uri;
        _http = handler is null ? new HttpClient(Handler(entry)) : new HttpClient(handler, disposeHandler: false);
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("HelmLifecycle/0.1");
        _http.Timeout = Timeout.InfiniteTimeSpan;
    }

    /// <summary>Where the repository is.</summary>
    public RepositoryEntry Entry { get; }

    /// <summary>Loads the index.</summary>
    /// <param name="cacheFolder">Keeps a copy as <c>NAME-index.yaml</c> there, as Helm does; null keeps none.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="RegistryException">The server does not answer, or the index is damaged.</exception>
    public async Task<RepositoryIndex> LoadIndexAsync(string? cacheFolder = null, CancellationToken cancellationToken = default)
    {
        byte[] data = await GetAsync(Resolve("index.yaml"), MaxIndexSize, cancellationToken).ConfigureAwait(false);
        RepositoryIndex index = RepositoryIndex.Read(data, HttpFile.Shown(Resolve("index.yaml")));
        if (cacheFolder is not null)
        {
            Directory.CreateDirectory(cacheFolder);
            string file = IndexFile(cacheFolder, Entry.Name), temporary = file + "." + Path.GetRandomFileName();
            await File.WriteAllBytesAsync(temporary, data, cancellationToken).ConfigureAwait(false);
            File.Move(temporary, file, overwrite: true);
        }

        return index;
    }

    /// <summary>Loads the copy of the index that was kept last.</summary>
    /// <exception cref="RegistryException">There is none.</exception>
    public static async Task<RepositoryIndex> LoadCachedIndexAsync(string cacheFolder, string name, CancellationToken cancellationToken = default)
    {
        string file = IndexFile(cacheFolder, name);
        try
        {
            return RepositoryIndex.Read(await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false), file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new RegistryException($"no cached repo found. (try 'helm repo update'): open {file}: no such file or directory", e);
        }
    }

    /// <summary>Pulls the archive of a version and checks its digest, when the index gives one.</summary>
    /// <exception cref="RegistryException">It is not there or does not match.</exception>
    public async Task<byte[]> PullAsync(ChartVersion version, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(version);
        string name = $"{version.Metadata.Name}-{version.Metadata.Version}";
        if (version.Urls.Count == 0)
            throw new RegistryException($"chart \"{version.Metadata.Name}\" has no downloadable URLs");
        byte[] archive = await GetAsync(Resolve(version.Urls[0]), 100 << 20, cancellationToken).ConfigureAwait(false);
        if (version.Digest is { } digest)
        {
            string actual = Convert.ToHexStringLower(SHA256.HashData(archive));
            if (!actual.Equals(digest.Replace("sha256:", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase))
                throw new RegistryException($"{name}: the archive does not match the digest in the index: \"{actual}\" != \"{digest}\"");
        }

        return archive;
    }

    /// <summary>Pulls a file by its address.</summary>
    public Task<byte[]> PullAsync(Uri address, CancellationToken cancellationToken = default) => GetAsync(address, 100 << 20, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    internal static string IndexFile(string folder, string name) => Path.Combine(folder, name + "-index.yaml");

    private async Task<byte[]> GetAsync(Uri address, long limit, CancellationToken cancellationToken)
    {
        bool isOwn = Entry.PassCredentialsAll || (address.Scheme == _base.Scheme && address.Authority == _base.Authority);
        RegistryCredential? credentials = Entry.Username.Length > 0 && isOwn ? new RegistryCredential(Entry.Username, Entry.Password) : null;
        try
        {
            return await HttpFile.GetAsync(_http, address, limit, credentials, cancellationToken).ConfigureAwait(false);
        }
        catch (RegistryException e) when (e.InnerException is HttpRequestException)
        {
            throw new RegistryException($"looks like \"{HttpFile.Shown(_base)}\" is not a valid chart repository or cannot be reached: {e.Message}", e.InnerException);
        }
    }

    // An address in the index may be relative to the repository's, whose query goes with it, as Helm has it.
    internal bool TryResolve(string reference, [NotNullWhen(true)] out Uri? address)
    {
        if (Uri.TryCreate(reference, UriKind.Absolute, out address) && address.Scheme is "http" or "https")
            return true;
        if (!Uri.TryCreate(_base, reference, out address) || address.Scheme is not ("http" or "https"))
            return false;
        address = new UriBuilder(address) { Query = _base.Query }.Uri;
        return true;
    }

    private Uri Resolve(string reference) =>
        TryResolve(reference, out Uri? address) ? address : throw new RegistryException($"could not find protocol handler for: {reference}");

    // Redirects are followed with the password where it may go, which .NET's own way does not do.
    private static SocketsHttpHandler Handler(RepositoryEntry entry)
    {
        SocketsHttpHandler handler = TlsConnection.Handler(entry.Tls, "repository " + (entry.Name.Length > 0 ? entry.Name : entry.Url));
        handler.AllowAutoRedirect = false;
        return handler;
    }
}
