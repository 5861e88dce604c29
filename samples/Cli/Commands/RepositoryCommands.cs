using System.Text.Json.Nodes;
using HelmLifecycle.Charts;

namespace HelmLifecycle.Cli;

/// <summary>The verbs below <c>repo</c>, <c>registry</c>, <c>search</c> and <c>dependency</c>.</summary>
internal static class RepositoryCommands
{
    public static Command Repo() => new CommandGroup("repo", "add, list, remove, update, and index chart repositories", new Add(), new List(), new Remove(), new Update(), new Index());

    public static Command Registry() => new CommandGroup("registry", "login to or logout from a registry", new Login(), new Logout());

    public static Command Search() => new CommandGroup("search", "search for a keyword in charts", new SearchRepo());

    public static Command Dependency() => new CommandGroup("dependency", "manage a chart's dependencies", new DependencyList(), new DependencyUpdate(), new DependencyBuild());

    private static string FileOf(Session session) => session.ChartSources.RepositoryFile;

    private sealed class Add : Command
    {
        private readonly TextFlag _username, _password, _cert, _key, _ca;
        private readonly BoolFlag _insecure, _force, _passAll;

        public Add()
            : base("add [NAME] [URL]", "add a chart repository")
        {
            _username = Text("username", "chart repository username");
            _password = Text("password", "chart repository password");
            _cert = Text("cert-file", "identify HTTPS client using this SSL certificate file");
            _key = Text("key-file", "identify HTTPS client using this SSL key file");
            _ca = Text("ca-file", "verify certificates of HTTPS-enabled servers using this CA bundle");
            _insecure = Bool("insecure-skip-tls-verify", "skip tls certificate checks for the repository");
            _force = Bool("force-update", "replace (overwrite) the repo if it already exists");
            _passAll = Bool("pass-credentials", "pass credentials to all domains");
        }

        public override void CheckArguments(IReadOnlyList<string> arguments) => Exactly(arguments, 2);

        public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
        {
            RepositoryFile file = await RepositoryFile.LoadAsync(FileOf(session), ct).ConfigureAwait(false);
            var entry = new RepositoryEntry
            {
                Name = arguments[0],
                Url = arguments[1],
                Username = _username.Value,
                Password = _password.Value,
                CertFile = _cert.Value,
                KeyFile = _key.Value,
                CaFile = _ca.Value,
                InsecureSkipTlsVerify = _insecure,
                PassCredentialsAll = _passAll,
            };
            if (file.Find(entry.Name) is { } known && !_force)
            {
                if (known != entry)
                    throw new RegistryException($"repository name ({entry.Name}) already exists, please specify a different name");
                session.Out.Write($"\"{entry.Name}\" already exists with the same configuration, skipping\n");
                return 0;
            }

            using var repository = new ChartRepository(entry);
            await repository.LoadIndexAsync(session.ChartSources.RepositoryCache, ct).ConfigureAwait(false);
            await file.With(entry).SaveAsync(FileOf(session), ct).ConfigureAwait(false);
            session.Out.Write($"\"{entry.Name}\" has been added to your repositories\n");
            return 0;
        }
    }

    private sealed class List : Command
    {
        private readonly TextFlag _output;

        public List()
            : base("list", "list chart repositories") => _output = Add(OutputFlag.Make());

        public override IReadOnlyList<string> Aliases => ["ls"];

        public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
        {
            RepositoryFile file = await RepositoryFile.LoadAsync(FileOf(session), ct).ConfigureAwait(false);
            OutputFormat format = OutputFlag.Of(_output);
            if (format != OutputFormat.Table)
            {
                OutputFlag.Write(session.Out, format, new JsonArray([.. file.Repositories.Select(r => (JsonNode)new JsonObject { ["name"] = r.Name, ["url"] = r.Url })]));
                return 0;
            }

            if (file.Repositories.Count == 0)
                throw new UsageException("no repositories to show");
            var table = new Table("NAME", "URL");
            foreach (RepositoryEntry entry in file.Repositories)
                table.Add(entry.Name, entry.Url);
            session.Out.Write(table.Write());
            return 0;
        }
    }

    private sealed class Remove() : Command("remove [REPO1 [REPO2 ...]]", "remove one or more chart repositories")
    {
        public override IReadOnlyList<string> Aliases => ["rm"];

        public override void CheckArguments(IReadOnlyList<string> arguments) => AtLeast(arguments, 1);

        public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
        {
            foreach (string name in arguments)
            {
                RepositoryFile file = await RepositoryFile.LoadAsync(FileOf(session), ct).ConfigureAwait(false);
                await file.Without(name).SaveAsync(FileOf(session), ct).ConfigureAwait(false);
                File.Delete(Path.Combine(session.ChartSources.RepositoryCache, name + "-index.yaml"));
                session.Out.Write($"\"{name}\" has been removed from your repositories\n");
            }

            return 0;
        }
    }

    private sealed class Update() : Command("update [REPO1 [REPO2 ...]]", "update information of available charts locally from chart repositories")
    {
        public override IReadOnlyList<string> Aliases => ["up"];

        public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
        {
            RepositoryFile file = await RepositoryFile.LoadAsync(FileOf(session), ct).ConfigureAwait(false);
            foreach (string name in arguments)
            {
                if (file.Find(name) is null)
                    throw new RegistryException($"no repositories found matching '{name}'.  Nothing will be updated");
            }

            RepositoryEntry[] entries = [.. file.Repositories.Where(r => arguments.Count == 0 || arguments.Contains(r.Name))];
            if (entries.Length == 0)
                throw new RegistryException("no repositories found. You must add one before updating");
            session.Out.Write("Hang tight while we grab the latest from your chart repositories...\n");
            var failed = new List<string>();
            foreach (RepositoryEntry entry in entries)
            {
                try
                {
                    using var repository = new ChartRepository(entry);
                    await repository.LoadIndexAsync(session.ChartSources.RepositoryCache, ct).ConfigureAwait(false);
                    session.Out.Write($"...Successfully got an update from the \"{entry.Name}\" chart repository\n");
                }
                catch (RegistryException e)
                {
                    failed.Add(entry.Url);
                    session.Out.Write($"...Unable to get an update from the \"{entry.Name}\" chart repository ({entry.Url}):\n\t{e.Message}\n");
                }
            }

            if (failed.Count > 0)
                throw new RegistryException("failed to update the following repositories: [" + string.Join(" ", failed) + "]");
            session.Out.Write("Update Complete. ⎈Happy Helming!⎈\n");
            return 0;
        }
    }

    private sealed class Index : Command
    {
        private readonly TextFlag _url, _merge;

        public Index()
            : base("index [DIR]", "generate an index file given a directory containing packaged charts")
        {
            _url = Text("url", "url of chart repository");
            _merge = Text("merge", "merge the generated index into the given index");
        }

        public override void CheckArguments(IReadOnlyList<string> arguments) => Exactly(arguments, 1);

        public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
        {
            string folder = Path.GetFullPath(arguments[0]);
            var archives = new List<(string, ReadOnlyMemory<byte>)>();
            foreach (string file in Directory.EnumerateFiles(folder, "*.tgz", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
                archives.Add((Path.GetRelativePath(folder, file).Replace('\\', '/'), await File.ReadAllBytesAsync(file, ct).ConfigureAwait(false)));
            RepositoryIndex index = await RepositoryIndex.BuildAsync(archives, _url.Value, cancellationToken: ct).ConfigureAwait(false);
            if (_merge.Value.Length > 0)
                index = index.Merge(RepositoryIndex.Read(await File.ReadAllBytesAsync(_merge.Value, ct).ConfigureAwait(false), _merge.Value));
            await File.WriteAllTextAsync(Path.Combine(folder, "index.yaml"), index.Write(), ct).ConfigureAwait(false);
            return 0;
        }
    }

    private sealed class SearchRepo : Command
    {
        private readonly BoolFlag _versions;
        private readonly TextFlag _output;

        public SearchRepo()
            : base("repo [keyword]", "search repositories for a keyword in charts")
        {
            _versions = Bool("versions", "show the long listing, with each version of each chart on its own line, for repositories you have added", 'l');
            _output = Add(OutputFlag.Make());
        }

        public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
        {
            RepositoryFile file = await RepositoryFile.LoadAsync(FileOf(session), ct).ConfigureAwait(false);
            var found = new List<(string Name, ChartVersion Chart)>();
            foreach (RepositoryEntry entry in file.Repositories)
            {
                RepositoryIndex index = await ChartRepository.LoadCachedIndexAsync(session.ChartSources.RepositoryCache, entry.Name, ct).ConfigureAwait(false);
                foreach ((string name, ChartVersion newest) in index.Search(string.Join(" ", arguments)))
                    found.AddRange((_versions ? index.Versions(name) : [newest]).Select(v => ($"{entry.Name}/{name}", v)));
            }

            OutputFormat format = OutputFlag.Of(_output);
            if (format != OutputFormat.Table)
            {
                OutputFlag.Write(session.Out, format, new JsonArray([.. found.Select(f => (JsonNode)new JsonObject
                {
                    ["name"] = f.Name,
                    ["version"] = f.Chart.Metadata.Version,
                    ["app_version"] = f.Chart.Metadata.AppVersion,
                    ["description"] = f.Chart.Metadata.Description,
                })]));
                return 0;
            }

            if (found.Count == 0)
            {
                session.Out.Write("No results found\n");
                return 0;
            }

            var table = new Table("NAME", "CHART VERSION", "APP VERSION", "DESCRIPTION") { MaxColumnWidth = 50 };
            foreach ((string name, ChartVersion chart) in found)
                table.Add(name, chart.Metadata.Version, chart.Metadata.AppVersion, chart.Metadata.Description);
            session.Out.Write(table.Write());
            return 0;
        }
    }

    private sealed class Login : Command
    {
        private readonly TextFlag _username, _password, _certFile, _keyFile, _caFile;
        private readonly BoolFlag _stdin, _insecure, _plainHttp;

        public Login()
            : base("login [host]", "login to a registry")
        {
            _username = Text("username", "registry username", "", 'u');
            _password = Text("password", "registry password or identity token", "", 'p');
            _stdin = Bool("password-stdin", "read password or identity token from stdin");
            _insecure = Bool("insecure", "allow connections to TLS registry without certs");
            _certFile = Text("cert-file", "identify registry client using this SSL certificate file");
            _keyFile = Text("key-file", "identify registry client using this SSL key file");
            _caFile = Text("ca-file", "verify certificates of HTTPS-enabled servers using this CA bundle");
            _plainHttp = Bool("plain-http", "use insecure HTTP connections for the chart upload");
        }

        public override void CheckArguments(IReadOnlyList<string> arguments) => Exactly(arguments, 1);

        public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
        {
            string password = _stdin ? (await session.In.ReadToEndAsync(ct).ConfigureAwait(false)).TrimEnd('\r', '\n') : _password.Value;
            if (_username.Value.Length == 0 || password.Length == 0)
                throw new UsageException("--username and a password (--password or --password-stdin) are required");
            if (!_stdin)
                session.Warn("Using --password via the CLI is insecure. Use --password-stdin.");
            using var registry = new RegistryClient(session.ChartSources.Registry with
            {
                PlainHttp = _plainHttp,
                Tls = new TlsOptions { CertFile = _certFile.Value, KeyFile = _keyFile.Value, CaFile = _caFile.Value, InsecureSkipTlsVerify = _insecure },
            });
            await registry.LoginAsync(arguments[0], _username.Value, password, ct).ConfigureAwait(false);
            session.Error.Write("Login Succeeded\n");
            return 0;
        }
    }

    private sealed class Logout() : Command("logout [host]", "logout from a registry")
    {
        public override void CheckArguments(IReadOnlyList<string> arguments) => Exactly(arguments, 1);

        public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
        {
            using var registry = new RegistryClient(session.ChartSources.Registry);
            await registry.LogoutAsync(arguments[0], ct).ConfigureAwait(false);
            session.Error.Write($"Removing login credentials for {arguments[0]}\n");
            return 0;
        }
    }

    private sealed class DependencyList() : Command("list CHART", "list the dependencies for the given chart")
    {
        public override IReadOnlyList<string> Aliases => ["ls"];

        public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
        {
            string folder = arguments.Count > 0 ? arguments[0] : ".";
            IReadOnlyList<DependencyStatus> list = await new DependencyUpdater(session.ChartSources).ListAsync(folder, ct).ConfigureAwait(false);
            if (list.Count == 0)
            {
                session.Out.Write($"WARNING: no dependencies at {Path.Combine(folder, "charts")}\n");
                return 0;
            }

            var table = new Table("NAME", "VERSION", "REPOSITORY", "STATUS") { MaxColumnWidth = 80 };
            foreach ((ChartDependency dependency, string status) in list)
                table.Add(dependency.Name, dependency.Version, dependency.Repository, status);
            session.Out.Write(table.Write() + "\n");
            return 0;
        }
    }

    private static void Report(Session session, ChartLock? fetched)
    {
        if (fetched is null)
            return;
        IReadOnlyList<ChartDependency> dependencies = fetched.Dependencies ?? [];
        session.Out.Write($"Saving {dependencies.Count} charts\n");
        foreach (ChartDependency dependency in dependencies.Where(d => d.Repository.Contains("://", StringComparison.Ordinal) && !d.Repository.StartsWith("file://", StringComparison.Ordinal)))
            session.Out.Write($"Downloading {dependency.Name} from repo {dependency.Repository}\n");
        session.Out.Write("Deleting outdated charts\n");
    }

    private sealed class DependencyUpdate : Command
    {
        private readonly ConnectionFlags _connection;

        public DependencyUpdate()
            : base("update CHART", "update charts/ based on the contents of Chart.yaml") =>
            _connection = new ConnectionFlags(Add, "download");

        public override IReadOnlyList<string> Aliases => ["up"];

        public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
        {
            ChartLock? result = await new DependencyUpdater(_connection.Apply(session.ChartSources)).UpdateAsync(arguments.Count > 0 ? arguments[0] : ".", ct).ConfigureAwait(false);
            Report(session, result);
            return 0;
        }
    }

    private sealed class DependencyBuild : Command
    {
        private readonly ConnectionFlags _connection;

        public DependencyBuild()
            : base("build CHART", "rebuild the charts/ directory based on the Chart.lock file") =>
            _connection = new ConnectionFlags(Add, "download");

        public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
        {
            ChartLock? result = await new DependencyUpdater(_connection.Apply(session.ChartSources)).BuildAsync(arguments.Count > 0 ? arguments[0] : ".", ct).ConfigureAwait(false);
            Report(session, result);
            return 0;
        }
    }
}
