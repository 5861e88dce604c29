using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using HelmLifecycle.Templates;

namespace HelmLifecycle.Charts;

/// <summary>A declared dependency and what lies in the chart's <c>charts/</c> folder for it: a line of <c>helm dependency list</c>.</summary>
/// <param name="Dependency">As declared in Chart.yaml.</param>
/// <param name="Status"><c>ok</c>, <c>unpacked</c>, <c>missing</c>, <c>wrong version</c>, <c>misnamed</c>, <c>corrupt</c>, <c>invalid version</c>, <c>mispackaged</c> or <c>too many matches</c>.</param>
public sealed record DependencyStatus(ChartDependency Dependency, string Status);

/// <summary>
/// Keeps the <c>charts/</c> folder and <c>Chart.lock</c> of a chart folder in step with the dependencies in its Chart.yaml, as
/// <c>helm dependency list|update|build</c> does. Nothing in the folder is changed before every dependency has been fetched.
/// </summary>
public sealed class DependencyUpdater
{
    private static readonly JsonSerializerOptions GoJson = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly ChartSourceOptions _options;
    private readonly TimeProvider _time;

    /// <summary>Makes an updater.</summary>
    /// <param name="options">Where repositories are named and cached, registries and connections; version and repository there are not used.</param>
    /// <param name="time">The clock for the lock's <c>generated</c>.</param>
    public DependencyUpdater(ChartSourceOptions? options = null, TimeProvider? time = null)
    {
        _options = options ?? new ChartSourceOptions();
        _time = time ?? TimeProvider.System;
    }

    /// <summary>What is there for each declared dependency.</summary>
    /// <exception cref="ChartException">The folder holds no valid chart.</exception>
    public async Task<IReadOnlyList<DependencyStatus>> ListAsync(string folder, CancellationToken cancellationToken = default)
    {
        Chart chart = await LoadFolderAsync(folder, cancellationToken).ConfigureAwait(false);
        var list = new List<DependencyStatus>();
        foreach (ChartDependency dependency in chart.Metadata.Dependencies ?? [])
            list.Add(new DependencyStatus(dependency, await StatusAsync(folder, dependency, cancellationToken).ConfigureAwait(false)));
        return list;
    }

    /// <summary>Picks the newest versions that the ranges allow, fetches them into <c>charts/</c> and writes the lock.</summary>
    /// <returns>The lock; null when the chart has no dependencies.</returns>
    /// <exception cref="ChartException">A dependency cannot be resolved.</exception>
    /// <exception cref="RegistryException">A repository or registry refuses or does not answer.</exception>
    public async Task<ChartLock?> UpdateAsync(string folder, CancellationToken cancellationToken = default)
    {
        Chart chart = await LoadFolderAsync(folder, cancellationToken).ConfigureAwait(false);
        if (chart.Metadata.Dependencies is not { Count: > 0 })
            return null;
        await using var sources = new Sources(folder, _options);
        IReadOnlyList<ChartDependency> wanted = await sources.NameRepositoriesAsync(chart.Metadata.Dependencies, cancellationToken).ConfigureAwait(false);

        var locked = new List<ChartDependency>();
        var missing = new List<string>();
        foreach (ChartDependency dependency in wanted)
        {
            string? version = await sources.ResolveAsync(dependency, cancellationToken).ConfigureAwait(false);
            if (version is null)
                missing.Add($"\"{dependency.Name}\" (repository \"{dependency.Repository}\", version \"{dependency.Version}\")");
            else
                locked.Add(new ChartDependency { Name = dependency.Name, Repository = dependency.Repository, Version = version });
        }

        if (missing.Count > 0)
        {
            throw new ChartException(
                $"can't get a valid version for {missing.Count} subchart(s): {string.Join(", ", missing)}. Make sure a matching chart version exists in the repo, or change the version constraint in Chart.yaml");
        }

        await FetchAsync(folder, locked, sources, cancellationToken).ConfigureAwait(false);
        string digest = Digest(wanted, locked);
        if (chart.Lock?.Digest == digest)
            return chart.Lock;
        var result = new ChartLock
        {
            Dependencies = locked,
            Digest = digest,
            Generated = RepositoryIndexReader.Time(_time.GetUtcNow()),
        };
        string file = Path.Combine(folder, chart.Metadata.ApiVersion == "v1" ? "requirements.lock" : "Chart.lock");
        await WriteAsync(file, Encoding.UTF8.GetBytes(HelmYaml.WriteJson(result.ToJson())), cancellationToken).ConfigureAwait(false);
        return result;
    }

    /// <summary>Fetches exactly what the lock says into <c>charts/</c>; without a lock the same as <see cref="UpdateAsync"/>.</summary>
    /// <exception cref="ChartException">The lock does not belong to the dependencies in Chart.yaml.</exception>
    /// <exception cref="RegistryException">A repository or registry refuses or does not answer.</exception>
    public async Task<ChartLock?> BuildAsync(string folder, CancellationToken cancellationToken = default)
    {
        Chart chart = await LoadFolderAsync(folder, cancellationToken).ConfigureAwait(false);
        if (chart.Lock is not { } locked)
            return await UpdateAsync(folder, cancellationToken).ConfigureAwait(false);
        await using var sources = new Sources(folder, _options);
        IReadOnlyList<ChartDependency> wanted =
            await sources.NameRepositoriesAsync(chart.Metadata.Dependencies ?? [], cancellationToken).ConfigureAwait(false);
        if (Digest(wanted, locked.Dependencies ?? []) != locked.Digest)
        {
            throw new ChartException(chart.Metadata.ApiVersion == "v1"
                ? "the lock file (requirements.lock) is out of sync with the dependencies file (requirements.yaml). Please update the dependencies"
                : "the lock file (Chart.lock) is out of sync with the dependencies file (Chart.yaml). Please update the dependencies");
        }

        await FetchAsync(folder, locked.Dependencies ?? [], sources, cancellationToken).ConfigureAwait(false);
        return locked;
    }

    /// <summary>The digest that Helm writes into the lock: over the declared and the locked dependencies.</summary>
    public static string Digest(IReadOnlyList<ChartDependency> declared, IReadOnlyList<ChartDependency> locked)
    {
        static JsonNode? Json(IReadOnlyList<ChartDependency> list) =>
            new ChartLock { Dependencies = list }.ToJson()["dependencies"]?.DeepClone();
        string json = new JsonArray(Json(declared), Json(locked)).ToJsonString(GoJson)
            .Replace("<", "\\u003c", StringComparison.Ordinal).Replace(">", "\\u003e", StringComparison.Ordinal).Replace("&", "\\u0026", StringComparison.Ordinal);
        return "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)));
    }

    private static async Task<Chart> LoadFolderAsync(string folder, CancellationToken cancellationToken)
    {
        if (File.Exists(folder))
            throw new ChartException("only unpacked charts can be updated");
        if (!Directory.Exists(folder))
            throw new ChartException($"could not find {folder}: stat {folder}: no such file or directory");
        return await ChartLoader.LoadAsync(folder, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    private static async Task FetchAsync(string folder, IReadOnlyList<ChartDependency> locked, Sources sources, CancellationToken cancellationToken)
    {
        string charts = Path.Combine(folder, "charts");
        var archives = new List<(ChartDependency Dependency, string FileName, byte[] Archive)>();
        foreach (ChartDependency dependency in locked)
        {
            if (dependency.Repository.Length == 0)
            {
                await sources.CheckInPlaceAsync(dependency, cancellationToken).ConfigureAwait(false);
                continue;
            }

            byte[] archive = await sources.PullAsync(dependency, cancellationToken).ConfigureAwait(false);
            archives.Add((dependency, $"{dependency.Name}-{dependency.Version}.tgz", archive));
        }

        Directory.CreateDirectory(charts);
        foreach ((ChartDependency dependency, _, _) in archives)
        {
            foreach (string old in Directory.GetFiles(charts, dependency.Name + "-*.tgz"))
            {
                // web-*.tgz is the pattern of web-extra too, so the archive is asked for its name.
                if (await NameOfAsync(old, cancellationToken).ConfigureAwait(false) == dependency.Name)
                    File.Delete(old);
            }
        }

        foreach ((_, string fileName, byte[] archive) in archives)
            await WriteAsync(Path.Combine(charts, fileName), archive, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<string?> NameOfAsync(string archive, CancellationToken cancellationToken)
    {
        try
        {
            return (await ChartLoader.LoadAsync(archive, cancellationToken: cancellationToken).ConfigureAwait(false)).Name;
        }
        catch (ChartException)
        {
            return null;
        }
    }

    private static async Task WriteAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        string temporary = path + "." + Path.GetRandomFileName();
        await File.WriteAllBytesAsync(temporary, content, cancellationToken).ConfigureAwait(false);
        File.Move(temporary, path, overwrite: true);
    }

    private static async Task<string> StatusAsync(string folder, ChartDependency dependency, CancellationToken cancellationToken)
    {
        string charts = Path.Combine(folder, "charts"), unpacked = Path.Combine(charts, dependency.Name);
        var archives = new List<string>();
        foreach (string file in Directory.Exists(charts) ? Directory.GetFiles(charts, dependency.Name + "-*.tgz") : [])
        {
            string version = Path.GetFileName(file)[(dependency.Name.Length + 1)..^4];
            if (SemanticVersion.TryParse(version, out _))
                archives.Add(file);
        }

        if (archives.Count > 1)
            return "too many matches";
        if (archives.Count == 0 && !Directory.Exists(unpacked))
            return File.Exists(unpacked) ? "mispackaged" : "missing";
        try
        {
            Chart chart = await ChartLoader.LoadAsync(archives.Count == 1 ? archives[0] : unpacked, cancellationToken: cancellationToken).ConfigureAwait(false);
            if (chart.Name != dependency.Name)
                return "misnamed";
            if (chart.Metadata.Version != dependency.Version)
            {
                if (!VersionConstraint.TryParse(dependency.Version, out VersionConstraint? range) ||
                    !SemanticVersion.TryParse(chart.Metadata.Version, out SemanticVersion? version))
                {
                    return "invalid version";
                }

                if (!range.IsSatisfiedBy(version))
                    return "wrong version";
            }

            return archives.Count == 1 ? "ok" : "unpacked";
        }
        catch (ChartException)
        {
            return "corrupt";
        }
    }

    /// <summary>The places that dependencies come from, each index loaded once.</summary>
    private sealed class Sources(string folder, ChartSourceOptions options) : IAsyncDisposable
    {
        private readonly Dictionary<string, (ChartRepository Repository, RepositoryIndex Index)> _repositories = new(StringComparer.Ordinal);
        private RegistryClient? _registry;
        private RepositoryFile? _file;

        public async Task<IReadOnlyList<ChartDependency>> NameRepositoriesAsync(
            IReadOnlyList<ChartDependency> dependencies, CancellationToken cancellationToken)
        {
            _file = await Charts.RepositoryFile.LoadAsync(options.RepositoryFile, cancellationToken).ConfigureAwait(false);
            var named = new List<ChartDependency>();
            foreach (ChartDependency dependency in dependencies)
            {
                string repository = dependency.Repository;
                string? name = repository.StartsWith('@') ? repository[1..] : repository.StartsWith("alias:", StringComparison.Ordinal) ? repository[6..] : null;
                if (name is not null)
                {
                    repository = _file.Find(name)?.Url
                        ?? throw new RegistryException($"no repository definition for {dependency.Repository}. Please add the missing repos via 'helm repo add'");
                }

                named.Add(dependency with { Repository = repository });
            }

            return named;
        }

        public async Task<string?> ResolveAsync(ChartDependency dependency, CancellationToken cancellationToken)
        {
            if (!VersionConstraint.TryParse(dependency.Version, out VersionConstraint? range))
                throw new ChartException($"dependency \"{dependency.Name}\" has an invalid version/constraint format: improper constraint: {dependency.Version}");
            if (dependency.Repository.Length == 0)
            {
                await CheckInPlaceAsync(dependency, cancellationToken).ConfigureAwait(false);
                return dependency.Version;
            }

            IEnumerable<string> versions;
            if (LocalFolder(dependency) is { } local)
            {
                versions = [(await ChartLoader.LoadAsync(local, cancellationToken: cancellationToken).ConfigureAwait(false)).Metadata.Version];
            }
            else if (OciReference.IsOci(dependency.Repository))
            {
                // An exact version needs no list of tags, which some registries do not give.
                if (SemanticVersion.TryParse(dependency.Version, out _))
                    return dependency.Version;
                versions = await Registry.VersionsAsync(Oci(dependency), cancellationToken).ConfigureAwait(false);
            }
            else
            {
                (_, RepositoryIndex index) = await RepositoryAsync(dependency.Repository, cancellationToken).ConfigureAwait(false);
                versions = index.Versions(dependency.Name).Select(v => v.Metadata.Version);
            }

            return versions.FirstOrDefault(v => SemanticVersion.TryParse(v, out SemanticVersion? version) && range.IsSatisfiedBy(version));
        }

        public async Task<byte[]> PullAsync(ChartDependency dependency, CancellationToken cancellationToken)
        {
            if (LocalFolder(dependency) is { } local)
                return ChartPackager.Pack(await ChartLoader.LoadAsync(local, cancellationToken: cancellationToken).ConfigureAwait(false));
            if (OciReference.IsOci(dependency.Repository))
                return (await Registry.PullAsync(Oci(dependency).WithVersion(dependency.Version), cancellationToken).ConfigureAwait(false)).Archive.ToArray();
            (ChartRepository repository, RepositoryIndex index) = await RepositoryAsync(dependency.Repository, cancellationToken).ConfigureAwait(false);
            return await repository.PullAsync(index.Get(dependency.Name, dependency.Version), cancellationToken).ConfigureAwait(false);
        }

        public async Task CheckInPlaceAsync(ChartDependency dependency, CancellationToken cancellationToken)
        {
            string path = Path.Combine(folder, "charts", dependency.Name);
            if (!Directory.Exists(path))
                throw new ChartException($"directory {path} not found");
            string version = (await ChartLoader.LoadAsync(path, cancellationToken: cancellationToken).ConfigureAwait(false)).Metadata.Version;
            if (!VersionConstraint.Parse(dependency.Version).IsSatisfiedBy(SemanticVersion.Parse(version)))
                throw new ChartException($"dependency {dependency.Name} at version {version} does not satisfy the constraint {dependency.Version}");
        }

        public ValueTask DisposeAsync()
        {
            _registry?.Dispose();
            foreach ((ChartRepository repository, _) in _repositories.Values)
                repository.Dispose();
            return ValueTask.CompletedTask;
        }

        private RegistryClient Registry => _registry ??= new RegistryClient(options.RegistryWithTls);

        private static OciReference Oci(ChartDependency dependency) => OciReference.ParseBase(dependency.Repository).ForChart(dependency.Name);

        private string? LocalFolder(ChartDependency dependency) => dependency.Repository.StartsWith("file://", StringComparison.Ordinal)
            ? Path.GetFullPath(Path.Combine(folder, dependency.Repository["file://".Length..]))
            : null;

        private async Task<(ChartRepository Repository, RepositoryIndex Index)> RepositoryAsync(string url, CancellationToken cancellationToken)
        {
            string key = url.TrimEnd('/');
            if (_repositories.TryGetValue(key, out (ChartRepository, RepositoryIndex) known))
                return known;
            RepositoryEntry entry = _file!.Repositories.FirstOrDefault(r => r.Url.TrimEnd('/') == key) ?? new RepositoryEntry { Name = "", Url = url };
            var repository = new ChartRepository(options.Complete(entry), options.Handler);
            try
            {
                string? cache = entry.Name.Length > 0 ? options.RepositoryCache : null;
                return _repositories[key] = (repository, await repository.LoadIndexAsync(cache, cancellationToken).ConfigureAwait(false));
            }
            catch
            {
                repository.Dispose();
                throw;
            }
        }
    }
}
