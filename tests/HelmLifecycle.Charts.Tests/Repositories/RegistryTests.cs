using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Charts.Tests;

public sealed class RegistryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("oci").FullName;

    [RequiresProgramFact("docker-registry")]
    public async Task A_chart_that_was_pushed_is_pulled_with_the_same_bytes()
    {
        await using RegistryProcess server = await RegistryProcess.StartAsync();
        using var registry = new RegistryClient(Options());
        byte[] archive = Pack("web", "1.2.3+build.5");

        RegistryResult pushed = await registry.PushAsync(archive, OciReference.ParseBase($"oci://{server.Address}/charts"));
        PulledChart pulled = await registry.PullAsync(OciReference.Parse($"oci://{server.Address}/charts/web").WithVersion("1.2.3+build.5"));

        pushed.Reference.Tag.Should().Be("1.2.3_build.5");
        pulled.Archive.ToArray().Should().Equal(archive);
        pulled.Result.Digest.Should().Be(pushed.Digest);
    }

    [RequiresProgramFact("docker-registry")]
    public async Task The_newest_version_in_a_range_is_found_by_the_tags()
    {
        await using RegistryProcess server = await RegistryProcess.StartAsync();
        using var registry = new RegistryClient(Options());
        foreach (string version in (string[])["1.0.0", "1.2.0", "1.10.0", "2.0.0-rc.1"])
            await registry.PushAsync(Pack("web", version), OciReference.ParseBase($"oci://{server.Address}"));
        OciReference web = OciReference.Parse($"oci://{server.Address}/web");

        (await registry.VersionsAsync(web)).Should().Equal("2.0.0-rc.1", "1.10.0", "1.2.0", "1.0.0");
        (await registry.ResolveAsync(web, "~1.2")).Tag.Should().Be("1.2.0");
        (await registry.ResolveAsync(web, null)).Tag.Should().Be("1.10.0", "a pre-release must be asked for");
        Func<Task> none = () => registry.ResolveAsync(web, ">3");
        await none.Should().ThrowAsync<RegistryException>();
    }

    [RequiresProgramFact("docker-registry")]
    public async Task A_registry_with_passwords_takes_the_right_one_only()
    {
        // Hashed by the templates' own bcrypt, which the registry's must agree with.
        string users = GoTemplate.Parse("{{ htpasswd \"me\" \"secret\" }}", "users").WithFunctions(FunctionTable.Sprig).Render(GoValue.Nil);
        await using RegistryProcess server = await RegistryProcess.StartAsync(users);
        using var registry = new RegistryClient(Options());
        Func<Task> wrong = () => registry.LoginAsync(server.Address, "me", "guess");
        (await wrong.Should().ThrowAsync<RegistryException>()).Which.StatusCode.Should().Be(401);

        await registry.LoginAsync(server.Address, "me", "secret");
        await registry.PushAsync(Pack("web", "1.0.0"), OciReference.ParseBase($"oci://{server.Address}"));

        using var later = new RegistryClient(Options());
        PulledChart pulled = await later.PullAsync(OciReference.Parse($"oci://{server.Address}/web:1.0.0"));
        pulled.Archive.Length.Should().BePositive("the log-in was kept in the file");
        await later.LogoutAsync(server.Address);
        using var loggedOut = new RegistryClient(Options());
        Func<Task> denied = () => loggedOut.PullAsync(OciReference.Parse($"oci://{server.Address}/web:1.0.0"));
        (await denied.Should().ThrowAsync<RegistryException>()).Which.StatusCode.Should().Be(401);
    }

    [RequiresProgramFact("docker-registry")]
    public async Task Dependencies_come_from_a_registry()
    {
        await using RegistryProcess server = await RegistryProcess.StartAsync();
        using (var registry = new RegistryClient(Options()))
            await registry.PushAsync(Pack("common", "2.4.1"), OciReference.ParseBase($"oci://{server.Address}/libs"));
        string parent = Path.Combine(_folder, "parent");
        Directory.CreateDirectory(parent);
        await File.WriteAllTextAsync(
            Path.Combine(parent, "Chart.yaml"),
            $"apiVersion: v2\nname: parent\nversion: 1.0.0\ndependencies:\n- name: common\n  version: 2.x.x\n  repository: oci://{server.Address}/libs\n");

        ChartLock? locked = await new DependencyUpdater(new ChartSourceOptions { Registry = Options() }).UpdateAsync(parent);

        locked!.Dependencies!.Single().Version.Should().Be("2.4.1");
        (await ChartLoader.LoadAsync(parent)).Dependencies.Single().Name.Should().Be("common");
    }

    [Fact]
    public async Task A_token_is_asked_for_where_the_registry_says_and_used_for_the_scope()
    {
        var seen = new List<string>();
        var handler = new ScriptedHandler(request =>
        {
            seen.Add($"{request.RequestUri!.Host}{request.RequestUri.AbsolutePath}{request.RequestUri.Query} {request.Headers.Authorization}");
            if (request.RequestUri.Host == "tokens.test")
                return ScriptedHandler.Json(new JsonObject { ["token"] = "T" });
            if (request.Headers.Authorization?.Parameter == "T")
                return ScriptedHandler.Json(new JsonObject { ["tags"] = new JsonArray("1.0.0") });
            var challenge = new HttpResponseMessage(HttpStatusCode.Unauthorized);
            challenge.Headers.TryAddWithoutValidation("WWW-Authenticate", "Bearer realm=\"https://tokens.test/token\",service=\"registry.test\",scope=\"repository:a/web:pull\"");
            return challenge;
        });
        var credentials = new RegistryCredentials(Path.Combine(_folder, "config.json"));
        await credentials.StoreAsync("registry.test", new RegistryCredential("me", "pw"));
        using var registry = new RegistryClient(new RegistryClientOptions { Handler = handler, Credentials = credentials });

        (await registry.TagsAsync(OciReference.Parse("oci://registry.test/a/web"))).Should().Equal("1.0.0");

        seen.Should().Equal(
            "registry.test/v2/a/web/tags/list ",
            "tokens.test/token?service=registry.test&scope=repository%3Aa%2Fweb%3Apull Basic bWU6cHc=",
            "registry.test/v2/a/web/tags/list Bearer T");
    }

    [Fact]
    public async Task Content_that_does_not_match_its_digest_is_refused()
    {
        const string Manifest = """
            {"schemaVersion":2,"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json"},
             "layers":[{"mediaType":"application/vnd.cncf.helm.chart.content.v1.tar+gzip","digest":"sha256:00"}]}
            """;
        var handler = new ScriptedHandler(r => new HttpResponseMessage { Content = new StringContent(r.RequestUri!.AbsolutePath.Contains("/blobs/", StringComparison.Ordinal) ? "evil" : Manifest) });
        using var registry = new RegistryClient(Options() with { Handler = handler });
        Func<Task> pull = () => registry.PullAsync(OciReference.Parse("oci://registry.test/web:1.0.0"));
        (await pull.Should().ThrowAsync<RegistryException>()).WithMessage("*does not match its digest*");
    }

    [Theory]
    [InlineData("oci://host/a/web:1.2.3", "host", "a/web", "1.2.3")]
    [InlineData("oci://host:5000/web", "host:5000", "web", null)]
    [InlineData("oci://host/web:1.0.0+x", "host", "web", "1.0.0_x")]
    public void References_are_read(string text, string registry, string repository, string? tag)
    {
        OciReference reference = OciReference.Parse(text);
        (reference.Registry, reference.Repository, reference.Tag).Should().Be((registry, repository, tag));
    }

    [Theory]
    [InlineData("oci://")]
    [InlineData("oci://host")]
    [InlineData("oci://host/UPPER")]
    [InlineData("oci://host/a//b")]
    [InlineData("oci://ho st/a")]
    public void What_is_no_reference_is_refused(string text) => OciReference.TryParse(text, out _).Should().BeFalse();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    internal static byte[] Pack(string name, string version) => ChartPackager.Pack(ChartLoader.Load(
    [
        new ChartFile("Chart.yaml", $"apiVersion: v2\nname: {name}\nversion: {version}\nappVersion: \"9\"\ndescription: for tests\n"),
        new ChartFile("values.yaml", "a: 1\n"),
        new ChartFile("templates/cm.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n"),
    ]));

    private RegistryClientOptions Options() =>
        new() { PlainHttp = true, Credentials = new RegistryCredentials(Path.Combine(_folder, "config.json")) };
}

/// <summary>Answers requests by a function.</summary>
internal sealed class ScriptedHandler(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
{
    public static HttpResponseMessage Json(JsonNode body) => new() { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = answer(request);
        response.RequestMessage = request;
        return Task.FromResult(response);
    }
}
