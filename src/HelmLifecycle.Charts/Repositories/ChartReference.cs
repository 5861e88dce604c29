namespace HelmLifecycle.Charts;

/// <summary>Settings of <see cref="ChartReference"/>'s resolution.</summary>
public sealed record ChartSourceOptions
{
    /// <summary>The version wanted: exact or a range such as <c>^1.2</c>. Default: the newest that is no pre-release. Helm's <c>--version</c>.</summary>
    public string? Version { get; init; }

    /// <summary>Looks the chart up in this repository, whose name need not be known. Helm's <c>--repo</c>.</summary>
    public string? RepositoryUrl { get; init; }

    /// <summary>Name and password for <see cref="RepositoryUrl"/>, an HTTP address or the registry of an <c>oci://</c> reference; dependencies' registries do not get it.</summary>
    public string Username { get; init; } = "";

    /// <summary>The password.</summary>
    public string Password { get; init; } = "";

    /// <summary>Send the password to other hosts too, when an index points there. Helm's <c>--pass-credentials</c>. Default: false.</summary>
    public bool PassCredentialsAll { get; init; }

    /// <summary>
    /// How connections are secured, where neither the named repository's entry nor <see cref="Registry"/> has settings of its own. Helm's <c>--ca-file</c>,
    /// <c>--cert-file</c>, <c>--key-file</c>, <c>--insecure-skip-tls-verify</c>.
    /// </summary>
    public TlsOptions Tls { get; init; } = new();

    /// <summary>The file of named repositories. Default: Helm's own.</summary>
    public string RepositoryFile { get; init; } = HelmLifecycle.Charts.RepositoryFile.DefaultPath;

    /// <summary>Where copies of indexes lie. Default: Helm's own.</summary>
    public string RepositoryCache { get; init; } = HelmLifecycle.Charts.RepositoryFile.DefaultCacheFolder;

    /// <summary>For <c>oci://</c> references.</summary>
    public RegistryClientOptions Registry { get; init; } = new();

    /// <summary>Makes HTTP connections to repositories, instead of .NET's own; it is not disposed.</summary>
    public HttpMessageHandler? Handler { get; init; }

    internal RegistryClientOptions RegistryWithTls => Registry.Tls == new TlsOptions() ? Registry with { Tls = Tls } : Registry;

    internal RegistryClientOptions RegistryWithLogin => Username.Length > 0 ? RegistryWithTls with { Credential = new RegistryCredential(Username, Password) } : RegistryWithTls;

    /// <summary>The entry for an address that has no name.</summary>
    internal RepositoryEntry Unnamed(string url) =>
        Complete(new RepositoryEntry { Name = "", Url = url, Username = Username, Password = Password, PassCredentialsAll = PassCredentialsAll });

    /// <summary>The entry, with these settings where it has none.</summary>
    internal RepositoryEntry Complete(RepositoryEntry entry)
    {
        if (entry.Username.Length == 0)
            entry = entry with { Username = Username, Password = Password, PassCredentialsAll = entry.PassCredentialsAll || PassCredentialsAll };
        return entry.Tls != new TlsOptions()
            ? entry
            : entry with { CaFile = Tls.CaFile, CertFile = Tls.CertFile, KeyFile = Tls.KeyFile, InsecureSkipTlsVerify = Tls.InsecureSkipTlsVerify };
    }
}

/// <summary>How a chart is named on Helm's command line.</summary>
public enum ChartReferenceKind
{
    /// <summary>A folder or a <c>.tgz</c> file.</summary>
    Path,
    /// <summary>The address of an archive: <c>https://host/web-1.2.3.tgz</c>.</summary>
    Url,
    /// <summary>An OCI registry: <c>oci://host/charts/web</c>.</summary>
    Oci,
    /// <summary>A chart of a named repository: <c>stable/web</c>.</summary>
    Repository,
    /// <summary>A chart of the repository given by <see cref="ChartSourceOptions.RepositoryUrl"/>: <c>web</c>.</summary>
    Name,
}

/// <summary>
/// A chart as Helm's command line understands it: a folder, an archive, an address, an <c>oci://</c> reference, or
/// <c>repository/name</c>. A path that exists wins over every other reading, as in Helm.
/// </summary>
/// <param name="Kind">How the text is meant.</param>
/// <param name="Text">The text.</param>
public sealed record ChartReference(ChartReferenceKind Kind, string Text)
{
    /// <summary>Reads a reference. Nothing is fetched.</summary>
    /// <exception cref="ChartException">It is none of the known forms, or the path does not exist.</exception>
    public static ChartReference Parse(string text, ChartSourceOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        text = text.Trim();
        if (OciReference.IsOci(text))
            return new(ChartReferenceKind.Oci, text);
        if (options?.RepositoryUrl is { Length: > 0 })
            return new(ChartReferenceKind.Name, text);
        if (Directory.Exists(text) || File.Exists(text))
            return new(ChartReferenceKind.Path, text);
        if (text.Contains("://", StringComparison.Ordinal))
            return new(ChartReferenceKind.Url, text);
        if (Path.IsPathRooted(text) || text[0] == '.')
            throw new ChartException($"path \"{text}\" not found");
        return text.Contains('/')
            ? new(ChartReferenceKind.Repository, text)
            : throw new ChartException($"path \"{text}\" not found");
    }

    /// <summary>Finds and loads the chart.</summary>
    /// <exception cref="ChartException">The chart is not there or not valid.</exception>
    /// <exception cref="RegistryException">A repository or registry refuses or does not answer.</exception>
    public async Task<Chart> LoadAsync(ChartSourceOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (Kind == ChartReferenceKind.Path)
            return await ChartLoader.LoadAsync(Text, cancellationToken: cancellationToken).ConfigureAwait(false);
        byte[] archive = await PullAsync(options, cancellationToken).ConfigureAwait(false);
        return await ChartLoader.LoadArchiveAsync(new MemoryStream(archive, writable: false), cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Fetches the chart's archive: what <c>helm pull</c> does.</summary>
    /// <exception cref="ChartException">The reference is a path.</exception>
    /// <exception cref="RegistryException">A repository or registry refuses or does not answer.</exception>
    public async Task<byte[]> PullAsync(ChartSourceOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new ChartSourceOptions();
        switch (Kind)
        {
            case ChartReferenceKind.Oci:
                using (var registry = new RegistryClient(options.RegistryWithLogin))
                {
                    OciReference reference = await registry.ResolveAsync(OciReference.Parse(Text), options.Version, cancellationToken).ConfigureAwait(false);
                    return (await registry.PullAsync(reference, cancellationToken).ConfigureAwait(false)).Archive.ToArray();
                }

            case ChartReferenceKind.Url:
                if (!Uri.TryCreate(Text, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
                    throw new RegistryException($"could not find protocol handler for: {Text.Split(':')[0]}");
                using (var repository = new ChartRepository(await OwnerAsync(address, options, cancellationToken).ConfigureAwait(false), options.Handler))
                    return await repository.PullAsync(address, cancellationToken).ConfigureAwait(false);

            case ChartReferenceKind.Name:
                using (var repository = new ChartRepository(options.Unnamed(options.RepositoryUrl!), options.Handler))
                {
                    RepositoryIndex index = await repository.LoadIndexAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
                    return await repository.PullAsync(index.Get(Text, options.Version), cancellationToken).ConfigureAwait(false);
                }

            case ChartReferenceKind.Repository:
                int slash = Text.IndexOf('/');
                string name = Text[..slash], chart = Text[(slash + 1)..];
                RepositoryFile file = await Charts.RepositoryFile.LoadAsync(options.RepositoryFile, cancellationToken).ConfigureAwait(false);
                RepositoryEntry entry = file.Find(name) ?? throw new RegistryException($"repo {name} not found");
                using (var repository = new ChartRepository(options.Complete(entry), options.Handler))
                {
                    RepositoryIndex index = await ChartRepository.LoadCachedIndexAsync(options.RepositoryCache, name, cancellationToken).ConfigureAwait(false);
                    return await repository.PullAsync(index.Get(chart, options.Version), cancellationToken).ConfigureAwait(false);
                }

            default:
                throw new ChartException($"{Text} is a path: there is nothing to pull");
        }
    }

    // An archive that the index of a known repository points to is fetched with that repository's log-in, as in Helm.
    private static async Task<RepositoryEntry> OwnerAsync(Uri address, ChartSourceOptions options, CancellationToken cancellationToken)
    {
        RepositoryFile file = await Charts.RepositoryFile.LoadAsync(options.RepositoryFile, cancellationToken).ConfigureAwait(false);
        foreach (RepositoryEntry entry in file.Repositories)
        {
            // Only a log-in or a certificate makes a difference; the indexes may be large.
            if ((entry.Username.Length == 0 && entry.Tls == new TlsOptions()) || !File.Exists(ChartRepository.IndexFile(options.RepositoryCache, entry.Name)))
                continue;
            RepositoryIndex index = await ChartRepository.LoadCachedIndexAsync(options.RepositoryCache, entry.Name, cancellationToken).ConfigureAwait(false);
            using var repository = new ChartRepository(entry, options.Handler);
            if (index.Names.SelectMany(index.Versions).SelectMany(v => v.Urls).Any(url => repository.TryResolve(url, out Uri? found) && found == address))
                return options.Complete(entry);
        }

        return options.Unnamed(address.GetLeftPart(UriPartial.Authority));
    }
}
