using System.Net;

namespace HelmLifecycle.Charts.Tests;

/// <summary>Where a repository's password goes, and where not.</summary>
public sealed class PasswordTests : IDisposable
{
    private const string Basic = "Basic bWU6cHc=";
    private readonly string _folder = Directory.CreateTempSubdirectory("passwords").FullName;

    [Fact]
    public async Task A_redirect_within_the_server_keeps_the_password()
    {
        await using TlsFolder server = await (await TlsFolder.StartAsync()).WithAsync(("web", "1.0.0"));
        server.Redirects["/old/index.yaml"] = "/index.yaml";
        using var repository = new ChartRepository(Entry(server.Url + "/old"));
        (await repository.LoadIndexAsync()).Names.Should().Equal("web");
        server.Requests.Should().Equal("/old/index.yaml " + Basic, "/index.yaml " + Basic);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_redirect_to_another_server_does_not_take_the_password_along(bool passCredentials)
    {
        await using TlsFolder other = await (await TlsFolder.StartAsync()).WithAsync(("web", "1.0.0"));
        await using TlsFolder server = await TlsFolder.StartAsync();
        server.Redirects["/index.yaml"] = other.Url + "/index.yaml";
        using var repository = new ChartRepository(Entry(server.Url) with { PassCredentialsAll = passCredentials });
        await repository.LoadIndexAsync();
        other.Requests.Should().Equal("/index.yaml");
    }

    [Theory]
    [InlineData(false, "/web-1.0.0.tgz")]
    [InlineData(true, "/web-1.0.0.tgz " + Basic)]
    public async Task An_archive_elsewhere_gets_the_password_only_when_credentials_are_passed_to_all(bool passCredentials, string request)
    {
        await using TlsFolder other = await (await TlsFolder.StartAsync()).WithAsync(("web", "1.0.0"));
        await using TlsFolder server = await TlsFolder.StartAsync();
        server.Files["/index.yaml"] = System.Text.Encoding.UTF8.GetBytes(
            $"apiVersion: v1\nentries:\n  web:\n  - apiVersion: v2\n    name: web\n    urls:\n    - {other.Url}/web-1.0.0.tgz\n    version: 1.0.0\n");
        var options = new ChartSourceOptions { RepositoryUrl = server.Url, Username = "me", Password = "pw", PassCredentialsAll = passCredentials };
        await ChartReference.Parse("web", options).LoadAsync(options);
        other.Requests.Should().Equal(request);
    }

    [Fact]
    public async Task An_endless_redirect_ends()
    {
        await using TlsFolder server = await TlsFolder.StartAsync();
        server.Redirects["/index.yaml"] = "/index.yaml";
        using var repository = new ChartRepository(Entry(server.Url));
        Func<Task> load = () => repository.LoadIndexAsync();
        (await load.Should().ThrowAsync<RegistryException>()).WithMessage("*stopped after 10 redirects");
    }

    [Fact]
    public async Task A_password_in_the_address_is_used_and_not_shown()
    {
        await using TlsFolder server = await TlsFolder.StartAsync();
        var entry = new RepositoryEntry { Name = "stable", Url = server.Url.Replace("//", "//me:p%77@", StringComparison.Ordinal) };
        using var repository = new ChartRepository(entry);
        Func<Task> load = () => repository.LoadIndexAsync();
        (await load.Should().ThrowAsync<RegistryException>()).Which.ToString().Should().Contain("404").And.NotContain("me:");
        server.Requests.Should().Equal("/index.yaml " + Basic);
        entry.ToString().Should().NotContain("me:");
    }

    [Fact]
    public async Task A_query_of_the_repository_goes_with_relative_addresses()
    {
        await using TlsFolder server = await (await TlsFolder.StartAsync()).WithAsync(("web", "1.0.0"));
        var options = new ChartSourceOptions { RepositoryUrl = server.Url + "/?token=x" };
        await ChartReference.Parse("web", options).LoadAsync(options);
        server.Requests.Should().Equal("/index.yaml?token=x", "/web-1.0.0.tgz?token=x");
    }

    [Fact]
    public async Task An_archive_by_its_address_gets_the_password_of_the_repository_whose_index_has_it()
    {
        await using TlsFolder server = await (await TlsFolder.StartAsync()).WithAsync(("web", "1.0.0"));
        var options = new ChartSourceOptions { RepositoryFile = Path.Combine(_folder, "repositories.yaml"), RepositoryCache = _folder };
        RepositoryEntry entry = Entry(server.Url);
        await new RepositoryFile().With(entry).SaveAsync(options.RepositoryFile);
        using (var repository = new ChartRepository(entry))
            await repository.LoadIndexAsync(_folder);
        await ChartReference.Parse(server.Url + "/web-1.0.0.tgz").LoadAsync(options);
        server.Requests.Should().EndWith("/web-1.0.0.tgz " + Basic);
    }

    [Fact]
    public async Task An_upload_to_another_host_does_not_see_the_log_in_of_the_registry()
    {
        var seen = new List<string>();
        var handler = new ScriptedHandler(request =>
        {
            seen.Add($"{request.Method} {request.RequestUri!.Host} {request.Headers.Authorization}");
            if (request.RequestUri.Host == "registry.test" && request.Headers.Authorization is null)
                return new HttpResponseMessage(HttpStatusCode.Unauthorized) { Headers = { { "WWW-Authenticate", "Basic realm=\"x\"" } } };
            var answer = new HttpResponseMessage(request.Method.Method is "HEAD" ? HttpStatusCode.NotFound : HttpStatusCode.Created);
            if (request.Method == HttpMethod.Post)
                answer.Headers.Location = new Uri("https://storage.test/upload?u=1");
            return answer;
        });
        var credentials = new RegistryCredentials(Path.Combine(_folder, "config.json"));
        await credentials.StoreAsync("registry.test", new RegistryCredential("me", "pw"));
        using var registry = new RegistryClient(new RegistryClientOptions { Handler = handler, Credentials = credentials });
        await registry.PushAsync(RegistryTests.Pack("web", "1.0.0"), OciReference.ParseBase("oci://registry.test"));
        seen.Should().Contain("PUT storage.test ").And.NotContain("PUT storage.test " + Basic).And.Contain("PUT registry.test " + Basic);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static RepositoryEntry Entry(string url) => new() { Name = "stable", Url = url, Username = "me", Password = "pw" };
}
