using HelmLifecycle.Templates;

namespace HelmLifecycle.Charts;

/// <summary>Helm's <c>repositories.yaml</c>: the repositories that have a name. Immutable; Helm reads what is written here.</summary>
public sealed record RepositoryFile
{
    /// <summary>The entries, in the file's order.</summary>
    public IReadOnlyList<RepositoryEntry> Repositories { get; init; } = [];

    /// <summary>Where Helm keeps the file: <c>HELM_REPOSITORY_CONFIG</c>, else in its configuration folder.</summary>
    public static string DefaultPath => Environment.GetEnvironmentVariable("HELM_REPOSITORY_CONFIG") is { Length: > 0 } file
        ? file
        : Path.Combine(HelmFolders.Configuration, "repositories.yaml");

    /// <summary>Where Helm keeps copies of indexes: <c>HELM_REPOSITORY_CACHE</c>, else in its cache folder.</summary>
    public static string DefaultCacheFolder => Environment.GetEnvironmentVariable("HELM_REPOSITORY_CACHE") is { Length: > 0 } folder
        ? folder
        : Path.Combine(HelmFolders.Cache, "repository");

    /// <summary>Loads the file; one that is not there counts as empty.</summary>
    /// <exception cref="RegistryException">The file is damaged.</exception>
    public static async Task<RepositoryFile> LoadAsync(string path, CancellationToken cancellationToken = default)
    {
        try
        {
            GoMap file = HelmYaml.ReadMap(await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false));
            return new RepositoryFile
            {
                Repositories = [.. (file["repositories"].AsList ?? GoList.Empty).Select(r => r.AsMap).OfType<GoMap>().Select(Entry)],
            };
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new RepositoryFile();
        }
        catch (YamlException e)
        {
            throw new RegistryException($"couldn't load repositories file ({path}).\nYou might need to run `helm repo add`: {e.Message}", e);
        }
    }

    /// <summary>Writes the file whole, in one step.</summary>
    public async Task SaveAsync(string path, CancellationToken cancellationToken = default)
    {
        var list = new GoList(Repositories.Select(r => (GoValue)new GoMap
        {
            ["caFile"] = r.CaFile,
            ["certFile"] = r.CertFile,
            ["insecure_skip_tls_verify"] = r.InsecureSkipTlsVerify,
            ["keyFile"] = r.KeyFile,
            ["name"] = r.Name,
            ["pass_credentials_all"] = r.PassCredentialsAll,
            ["password"] = r.Password,
            ["url"] = r.Url,
            ["username"] = r.Username,
        }).ToArray());
        var file = new GoMap { ["apiVersion"] = "", ["generated"] = "0001-01-01T00:00:00Z", ["repositories"] = list };
        string full = Path.GetFullPath(path), temporary = full + "." + Path.GetRandomFileName();
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var stream = new FileStream(temporary, options))
            await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(HelmYaml.Write(file)), cancellationToken).ConfigureAwait(false);
        File.Move(temporary, full, overwrite: true);
    }

    /// <summary>The entry with a name, or null.</summary>
    public RepositoryEntry? Find(string name) => Repositories.FirstOrDefault(r => r.Name == name);

    /// <summary>With the entry added, or put in the place of the one with its name.</summary>
    public RepositoryFile With(RepositoryEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Name.Contains('/'))
            throw new RegistryException($"repository name ({entry.Name}) contains '/', please specify a different name without '/'");
        return Find(entry.Name) is null
            ? this with { Repositories = [.. Repositories, entry] }
            : this with { Repositories = [.. Repositories.Select(r => r.Name == entry.Name ? entry : r)] };
    }

    /// <summary>Without the entry of that name.</summary>
    /// <exception cref="RegistryException">There is none.</exception>
    public RepositoryFile Without(string name) => Find(name) is null
        ? throw new RegistryException($"no repo named \"{name}\" found")
        : this with { Repositories = [.. Repositories.Where(r => r.Name != name)] };

    private static RepositoryEntry Entry(GoMap map) => new()
    {
        Name = map["name"].AsString ?? "",
        Url = map["url"].AsString ?? "",
        Username = map["username"].AsString ?? "",
        Password = map["password"].AsString ?? "",
        CertFile = map["certFile"].AsString ?? "",
        KeyFile = map["keyFile"].AsString ?? "",
        CaFile = map["caFile"].AsString ?? "",
        InsecureSkipTlsVerify = map["insecure_skip_tls_verify"] is { Kind: GoKind.Bool, BoolValue: true },
        PassCredentialsAll = map["pass_credentials_all"] is { Kind: GoKind.Bool, BoolValue: true },
    };
}
