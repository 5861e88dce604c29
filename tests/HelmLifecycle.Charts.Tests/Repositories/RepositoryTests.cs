using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace HelmLifecycle.Charts.Tests;

public sealed class RepositoryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("repo").FullName;

    [Fact]
    public async Task An_index_of_packed_charts_is_read_back()
    {
        RepositoryIndex index = await RepositoryIndex.BuildAsync([File("web", "1.0.0"), File("web", "1.10.0"), File("api", "0.1.0")], "https://charts.test/x");
        RepositoryIndex again = RepositoryIndex.Read(Encoding.UTF8.GetBytes(index.Write()));

        again.Names.Should().Equal("api", "web");
        again.Versions("web").Select(v => v.Metadata.Version).Should().Equal("1.10.0", "1.0.0");
        again.Get("web").Urls.Should().Equal("https://charts.test/x/web-1.10.0.tgz");
        again.Get("web", "~1.0").Metadata.Description.Should().Be("for tests");
        again.Write().Should().Be(index.Write());
    }

    [Theory]
    [InlineData("{\"apiVersion\":\"v1\",\"entries\":{\"web\":[{\"name\":\"web\",\"version\":\"1.0.0\",\"urls\":[\"a.tgz\"]}]}}")]
    [InlineData("entries: {web: [{name: web, version: 1.0.0, urls: [a.tgz]}]}\napiVersion: v1\n")]
    [InlineData("apiVersion: v1\nentries:\n    web:\n      - name: web\n        version: 1.0.0\n        urls: [a.tgz]\n")]
    [InlineData("apiVersion: v1\nentries:\n  web:\n  - &one\n    name: web\n    version: 1.0.0\n    urls: [a.tgz]\n  other:\n  - *one\n")]
    public void An_index_in_any_form_of_YAML_is_read(string text) =>
        RepositoryIndex.Read(Encoding.UTF8.GetBytes(text)).Get("web", "1.0.0").Urls.Should().Equal("a.tgz");

    [Theory]
    [InlineData("nothing")]
    [InlineData("entries: {}\n")]
    [InlineData("apiVersion: v1\nentries: [\n")]
    public void What_is_no_index_is_refused(string text)
    {
        Action read = () => RepositoryIndex.Read(Encoding.UTF8.GetBytes(text)).Get("web");
        read.Should().Throw<RegistryException>();
    }

    [Fact]
    public void An_index_of_fifty_thousand_entries_is_read_without_decoding_them()
    {
        var text = new StringBuilder("apiVersion: v1\nentries:\n");
        for (int chart = 0; chart < 1000; chart++)
        {
            text.Append("  chart-").Append(chart).Append(":\n");
            for (int version = 0; version < 50; version++)
            {
                text.Append("  - apiVersion: v2\n    created: \"2024-01-02T03:04:05Z\"\n    description: one of many\n    digest: 00\n    name: chart-").Append(chart)
                    .Append("\n    urls:\n    - https://charts.test/c.tgz\n    version: 1.").Append(version).Append(".0\n");
            }
        }

        byte[] data = Encoding.UTF8.GetBytes(text.ToString());
        long before = GC.GetAllocatedBytesForCurrentThread();
        RepositoryIndex index = RepositoryIndex.Read(data);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(20_000_000);
        index.Names.Should().HaveCount(1000);
        index.Get("chart-999", ">=1.40 <1.45").Metadata.Version.Should().Be("1.44.0");
    }

    [Theory]
    [InlineData("  - name: web\n    version: 1.0.0\n    description: old\n  - name: web\n    version: 1.10.0\n    description: new\n  - version: 1.9.0\n    name: web\n    description: middle\n")]
    [InlineData("  - description: |\n      version: 9.0.0\n    dependencies:\n    - name: x\n      version: 8.0.0\n    name: web\n    version: \"1.9.0\"\n  - name: web\n    description: new\n    version: v1.10.0\n")]
    [InlineData("  - {name: web, version: 1.0.0, description: old}\n  - name: web\n    version: 1.10.0\n    description: new\n")]
    [InlineData("  - name: web\n    version: nonsense\n    description: none\n  - name: web\n    version:\n      1.10.0\n    description: new\n  - name: web\n    version: 1.9.0\n")]
    public void The_newest_version_is_the_same_decoded_alone_or_with_the_others(string entries)
    {
        RepositoryIndex Read() => RepositoryIndex.Read(Encoding.UTF8.GetBytes($"apiVersion: v1\nentries:\n  web:\n{entries}generated: \"2024-01-02T03:04:05Z\"\n"));
        Read().Newest("web")!.Metadata.Description.Should().Be("new");
        Read().Versions("web")[0].Metadata.Description.Should().Be("new");
        Read().Search("NEW").Single().Newest.Metadata.Description.Should().Be("new");
        Read().Newest("none").Should().BeNull();
    }

    [Fact]
    public async Task Merging_keeps_the_own_entry_of_a_version_that_both_have()
    {
        RepositoryIndex mine = await RepositoryIndex.BuildAsync([File("web", "1.0.0")], "https://mine.test");
        RepositoryIndex other = await RepositoryIndex.BuildAsync([File("web", "1.0.0"), File("web", "2.0.0")], "https://other.test");
        RepositoryIndex merged = mine.Merge(other);
        merged.Versions("web").Select(v => v.Urls[0]).Should().Equal("https://other.test/web-2.0.0.tgz", "https://mine.test/web-1.0.0.tgz");
    }

    [Fact]
    public async Task A_chart_is_found_by_repository_name_and_range_and_pulled_over_HTTP()
    {
        await using HttpFolder server = await ServeAsync(("web", "1.0.0"), ("web", "1.5.0"), ("web", "2.0.0"));
        ChartSourceOptions options = await KnownAsync(new RepositoryEntry { Name = "stable", Url = server.Url, Username = "me", Password = "pw" });

        Chart chart = await ChartReference.Parse("stable/web", options).LoadAsync(options with { Version = "^1.0" });

        chart.Metadata.Version.Should().Be("1.5.0");
        server.Authorizations.Should().OnlyContain(a => a == "Basic bWU6cHc=");
    }

    [Fact]
    public async Task An_archive_that_does_not_match_the_index_is_refused()
    {
        await using HttpFolder server = await ServeAsync(("web", "1.0.0"));
        ChartSourceOptions options = await KnownAsync(new RepositoryEntry { Name = "stable", Url = server.Url });
        server.Files["/web-1.0.0.tgz"] = RegistryTests.Pack("web", "6.6.6");
        Func<Task> load = () => ChartReference.Parse("stable/web", options).LoadAsync(options);
        (await load.Should().ThrowAsync<RegistryException>()).WithMessage("*does not match the digest*");
    }

    [Fact]
    public async Task A_password_is_not_sent_to_another_host()
    {
        await using HttpFolder other = await ServeAsync(("web", "1.0.0"));
        RepositoryIndex index = await RepositoryIndex.BuildAsync([File("web", "1.0.0")], other.Url);
        await using HttpFolder server = await HttpFolder.StartAsync();
        server.Files["/index.yaml"] = Encoding.UTF8.GetBytes(index.Write());
        ChartSourceOptions options = await KnownAsync(new RepositoryEntry { Name = "stable", Url = server.Url, Username = "me", Password = "pw" });

        await ChartReference.Parse("stable/web", options).LoadAsync(options);

        other.Authorizations.Should().OnlyContain(a => a.Length == 0);
    }

    [Fact]
    public async Task Dependencies_are_locked_fetched_and_built_again_from_the_lock()
    {
        await using HttpFolder server = await ServeAsync(("common", "1.0.0"), ("common", "1.9.0"), ("common", "2.0.0"));
        string parent = Path.Combine(_folder, "parent");
        Directory.CreateDirectory(parent);
        string yaml = $"apiVersion: v2\nname: parent\nversion: 1.0.0\ndependencies:\n- name: common\n  version: ^1.0.0\n  repository: {server.Url}\n";
        await System.IO.File.WriteAllTextAsync(Path.Combine(parent, "Chart.yaml"), yaml);
        var updater = new DependencyUpdater(new ChartSourceOptions { RepositoryFile = Path.Combine(_folder, "none.yaml") });

        (await updater.ListAsync(parent)).Single().Status.Should().Be("missing");
        ChartLock locked = (await updater.UpdateAsync(parent))!;
        locked.Dependencies!.Single().Version.Should().Be("1.9.0");
        (await updater.ListAsync(parent)).Single().Status.Should().Be("ok");

        Directory.Delete(Path.Combine(parent, "charts"), recursive: true);
        (await updater.BuildAsync(parent))!.Digest.Should().Be(locked.Digest);
        System.IO.File.Exists(Path.Combine(parent, "charts", "common-1.9.0.tgz")).Should().BeTrue();

        await System.IO.File.WriteAllTextAsync(Path.Combine(parent, "Chart.yaml"), yaml.Replace("^1.0.0", "^2.0.0", StringComparison.Ordinal));
        Func<Task> build = () => updater.BuildAsync(parent);
        (await build.Should().ThrowAsync<ChartException>()).WithMessage("the lock file (Chart.lock) is out of sync*");
    }

    [Fact]
    public void The_digest_of_a_lock_is_the_one_that_Helm_writes()
    {
        ChartDependency declared = new() { Name = "common", Version = "1.x.x", Repository = "https://charts.test" };
        ChartDependency locked = declared with { Version = "1.9.0" };
        const string Json = """[[{"name":"common","version":"1.x.x","repository":"https://charts.test"}],[{"name":"common","version":"1.9.0","repository":"https://charts.test"}]]""";
        DependencyUpdater.Digest([declared], [locked]).Should().Be("sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Json))));
    }

    [Fact]
    public async Task The_file_of_repositories_is_written_as_it_was_read()
    {
        string path = Path.Combine(_folder, "repositories.yaml");
        RepositoryFile file = new RepositoryFile().With(new RepositoryEntry { Name = "a", Url = "https://a.test", Username = "u", Password = "p", InsecureSkipTlsVerify = true });
        await file.SaveAsync(path);
        (await RepositoryFile.LoadAsync(path)).Repositories.Should().BeEquivalentTo(file.Repositories);
        (await RepositoryFile.LoadAsync(path)).Without("a").Repositories.Should().BeEmpty();
    }

    [Fact]
    public async Task The_same_chart_always_packs_to_the_same_bytes_and_loads_as_it_was()
    {
        byte[] archive = RegistryTests.Pack("web", "1.0.0");
        archive.Should().Equal(RegistryTests.Pack("web", "1.0.0"));
        Chart chart = await ChartLoader.LoadArchiveAsync(new MemoryStream(archive));
        (chart.Name, chart.Templates.Single().Name, chart.Values!["a"].FloatValue).Should().Be(("web", "templates/cm.yaml", 1.0));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static (string, ReadOnlyMemory<byte>) File(string name, string version) => ($"{name}-{version}.tgz", RegistryTests.Pack(name, version));

    private static async Task<HttpFolder> ServeAsync(params (string Name, string Version)[] charts)
    {
        HttpFolder server = await HttpFolder.StartAsync();
        RepositoryIndex index = await RepositoryIndex.BuildAsync(charts.Select(c => File(c.Name, c.Version)));
        server.Files["/index.yaml"] = Encoding.UTF8.GetBytes(index.Write());
        foreach ((string name, string version) in charts)
            server.Files[$"/{name}-{version}.tgz"] = RegistryTests.Pack(name, version);
        return server;
    }

    private async Task<ChartSourceOptions> KnownAsync(RepositoryEntry entry)
    {
        string file = Path.Combine(_folder, "repositories.yaml"), cache = Path.Combine(_folder, "cache");
        await new RepositoryFile().With(entry).SaveAsync(file);
        using var repository = new ChartRepository(entry);
        await repository.LoadIndexAsync(cache);
        return new ChartSourceOptions { RepositoryFile = file, RepositoryCache = cache };
    }
}

/// <summary>A web server of a few files on the loopback address.</summary>
internal sealed class HttpFolder : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private Task _serving = Task.CompletedTask;

    private HttpFolder(int port) => Url = $"http://127.0.0.1:{port}";

    public string Url { get; }

    public System.Collections.Concurrent.ConcurrentDictionary<string, byte[]> Files { get; } = new();

    public System.Collections.Concurrent.ConcurrentQueue<string> Authorizations { get; } = new();

    public static Task<HttpFolder> StartAsync()
    {
        for (int attempt = 0; ; attempt++)
        {
            using var free = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
            free.Start();
            int port = ((IPEndPoint)free.LocalEndpoint).Port;
            free.Stop();
            var server = new HttpFolder(port);
            server._listener.Prefixes.Add(server.Url + "/");
            try
            {
                server._listener.Start();
                server._serving = server.ServeAsync();
                return Task.FromResult(server);
            }
            catch (HttpListenerException) when (attempt < 5)
            {
                // Another took the port in between.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            Authorizations.Enqueue(context.Request.Headers["Authorization"] ?? "");
            if (Files.TryGetValue(context.Request.Url!.AbsolutePath, out byte[]? content))
                await context.Response.OutputStream.WriteAsync(content);
            else
                context.Response.StatusCode = 404;
            context.Response.Close();
        }
    }
}
