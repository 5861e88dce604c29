namespace HelmLifecycle.Charts.Tests;

public sealed class TlsTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    [Fact]
    public async Task A_chart_is_pulled_from_a_server_whose_authority_is_given()
    {
        await using TlsFolder server = await SecureAsync();
        (await PullAsync(server.Url, new TlsOptions { CaFile = _authority.CaFile })).Metadata.Version.Should().Be("1.0.0");
    }

    [Fact]
    public async Task An_unknown_authority_is_refused_and_said()
    {
        await using TlsFolder server = await SecureAsync();
        await RefusedAsync(server.Url, new TlsOptions(), "tls: failed to verify certificate: x509: certificate signed by unknown authority");
        server.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task Another_authority_is_refused()
    {
        await using TlsFolder server = await SecureAsync();
        using var other = new TestAuthority();
        await RefusedAsync(server.Url, new TlsOptions { CaFile = other.CaFile }, "certificate signed by unknown authority");
    }

    [Fact]
    public async Task Any_certificate_is_taken_when_told_so()
    {
        using var certificate = _authority.Issue("other.test", expired: true);
        await using TlsFolder server = await (await TlsFolder.StartAsync(certificate)).WithAsync(("web", "1.0.0"));
        (await PullAsync(server.Url, new TlsOptions { InsecureSkipTlsVerify = true })).Name.Should().Be("web");
    }

    [Fact]
    public async Task The_own_certificate_of_a_server_is_an_authority_for_itself()
    {
        using var certificate = _authority.Issue(TestAuthority.Loopback);
        await using TlsFolder server = await (await TlsFolder.StartAsync(certificate)).WithAsync(("web", "1.0.0"));
        string file = _authority.Write("own.pem", certificate.ExportCertificatePem());
        (await PullAsync(server.Url, new TlsOptions { CaFile = file })).Name.Should().Be("web");
    }

    [Fact]
    public async Task A_certificate_for_another_host_is_refused_and_both_names_are_said()
    {
        using var certificate = _authority.Issue("other.test");
        await using TlsFolder server = await (await TlsFolder.StartAsync(certificate)).WithAsync(("web", "1.0.0"));
        await RefusedAsync(server.Url, new TlsOptions { CaFile = _authority.CaFile }, "x509: certificate is valid for other.test, not 127.0.0.1");
    }

    [Fact]
    public async Task An_expired_certificate_is_refused_and_its_time_is_said()
    {
        using var certificate = _authority.Issue(TestAuthority.Loopback, expired: true);
        await using TlsFolder server = await (await TlsFolder.StartAsync(certificate)).WithAsync(("web", "1.0.0"));
        string end = certificate.NotAfter.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        await RefusedAsync(server.Url, new TlsOptions { CaFile = _authority.CaFile }, $"x509: certificate has expired or is not yet valid: it holds from * to {end}");
    }

    [Fact]
    public async Task A_server_that_wants_a_client_certificate_lets_in_who_shows_one()
    {
        await using TlsFolder server = await SecureAsync(clientAuthority: _authority.CaFile);
        (string certificate, string key) = _authority.IssueFiles("client", "client.test");
        var tls = new TlsOptions { CaFile = _authority.CaFile, CertFile = certificate, KeyFile = key };
        (await PullAsync(server.Url, tls)).Name.Should().Be("web");

        string both = _authority.Write("both.pem", await File.ReadAllTextAsync(certificate) + await File.ReadAllTextAsync(key));
        (await PullAsync(server.Url, tls with { CertFile = both, KeyFile = "" })).Name.Should().Be("web");

        await RefusedAsync(server.Url, tls with { CertFile = "", KeyFile = "" }, "*");
    }

    [Fact]
    public async Task A_named_repository_has_its_TLS_settings_in_its_entry()
    {
        await using TlsFolder server = await SecureAsync(clientAuthority: _authority.CaFile);
        (string certificate, string key) = _authority.IssueFiles("client", "client.test");
        using var repository = new ChartRepository(new RepositoryEntry { Name = "safe", Url = server.Url, CaFile = _authority.CaFile, CertFile = certificate, KeyFile = key });
        (await repository.LoadIndexAsync()).Names.Should().Equal("web");
    }

    [Theory]
    [InlineData("missing.pem", "*missing.pem*")]
    [InlineData("empty.pem", "failed to append certificates from file: *empty.pem")]
    public void A_file_without_certificates_is_named(string file, string reason)
    {
        string path = Path.Combine(Path.GetDirectoryName(_authority.CaFile)!, file);
        _authority.Write("empty.pem", "nothing\n");
        Action make = () => new RegistryClient(new RegistryClientOptions { Tls = new TlsOptions { CaFile = path } }).Dispose();
        make.Should().Throw<RegistryException>().WithMessage("can't create TLS config for the registry: " + reason);
    }

    [Fact]
    public async Task A_server_that_does_not_speak_HTTPS_is_told_apart_from_a_bad_certificate()
    {
        await using TlsFolder server = await (await TlsFolder.StartAsync()).WithAsync(("web", "1.0.0"));
        await RefusedAsync(server.Url.Replace("http://", "https://", StringComparison.Ordinal), new TlsOptions(), "no TLS connection: *");
    }

    [RequiresProgramFact("docker-registry")]
    public async Task A_registry_with_HTTPS_and_a_password_takes_and_gives_charts()
    {
        string users = GoTemplate.Parse("{{ htpasswd \"me\" \"secret\" }}", "users").WithFunctions(FunctionTable.Sprig).Render(GoValue.Nil);
        await using RegistryProcess server = await RegistryProcess.StartAsync(users, _authority);
        RegistryClientOptions options = Registry(new TlsOptions { CaFile = _authority.CaFile });
        using var registry = new RegistryClient(options);
        await registry.LoginAsync(server.Address, "me", "secret");
        await registry.PushAsync(RegistryTests.Pack("web", "1.0.0"), OciReference.ParseBase($"oci://{server.Address}/charts"));

        var source = new ChartSourceOptions { Registry = options with { Tls = new TlsOptions() }, Tls = options.Tls };
        (await ChartReference.Parse($"oci://{server.Address}/charts/web").LoadAsync(source)).Metadata.Version.Should().Be("1.0.0");

        using var trusting = new RegistryClient(options with { Tls = new TlsOptions { InsecureSkipTlsVerify = true } });
        (await trusting.TagsAsync(OciReference.Parse($"oci://{server.Address}/charts/web"))).Should().Equal("1.0.0");

        using var careful = new RegistryClient(options with { Tls = new TlsOptions() });
        Func<Task> tags = () => careful.TagsAsync(OciReference.Parse($"oci://{server.Address}/charts/web"));
        (await tags.Should().ThrowAsync<RegistryException>()).WithMessage(
            $"the registry {server.Address} does not answer: tls: failed to verify certificate: x509: certificate signed by unknown authority");
    }

    [RequiresProgramFact("docker-registry")]
    public async Task A_registry_that_wants_client_certificates_is_shown_one()
    {
        await using RegistryProcess server = await RegistryProcess.StartAsync(tls: _authority, clientCertificates: true);
        (string certificate, string key) = _authority.IssueFiles("client", "client.test");
        var tls = new TlsOptions { CaFile = _authority.CaFile, CertFile = certificate, KeyFile = key };
        using var registry = new RegistryClient(Registry(tls));
        await registry.PushAsync(RegistryTests.Pack("web", "1.0.0"), OciReference.ParseBase($"oci://{server.Address}"));

        using var without = new RegistryClient(Registry(tls with { CertFile = "", KeyFile = "" }));
        Func<Task> pull = () => without.PullAsync(OciReference.Parse($"oci://{server.Address}/web:1.0.0"));
        await pull.Should().ThrowAsync<RegistryException>();
    }

    [RequiresProgramFact("docker-registry")]
    public async Task Plain_HTTP_is_spoken_only_when_asked_for()
    {
        await using RegistryProcess server = await RegistryProcess.StartAsync();
        OciReference place = OciReference.ParseBase($"oci://{server.Address}");
        using (var plain = new RegistryClient(Registry(new TlsOptions()) with { PlainHttp = true }))
            await plain.PushAsync(RegistryTests.Pack("web", "1.0.0"), place);
        using var secure = new RegistryClient(Registry(new TlsOptions()));
        Func<Task> push = () => secure.PushAsync(RegistryTests.Pack("web", "2.0.0"), place);
        (await push.Should().ThrowAsync<RegistryException>()).WithMessage("*no TLS connection: *");
    }

    public void Dispose() => _authority.Dispose();

    private async Task<TlsFolder> SecureAsync(string? clientAuthority = null)
    {
        // The server keeps the certificate for as long as it runs.
        TlsFolder server = await TlsFolder.StartAsync(_authority.Issue(TestAuthority.Loopback), clientAuthority);
        return await server.WithAsync(("web", "1.0.0"));
    }

    private RegistryClientOptions Registry(TlsOptions tls) =>
        new() { Tls = tls, Credentials = new RegistryCredentials(Path.Combine(Path.GetDirectoryName(_authority.CaFile)!, "config.json")) };

    private static Task<Chart> PullAsync(string url, TlsOptions tls)
    {
        var options = new ChartSourceOptions { RepositoryUrl = url, Tls = tls };
        return ChartReference.Parse("web", options).LoadAsync(options);
    }

    private static async Task RefusedAsync(string url, TlsOptions tls, string reason)
    {
        Func<Task> pull = () => PullAsync(url, tls);
        (await pull.Should().ThrowAsync<RegistryException>()).WithMessage($"looks like \"{url}/\" is not a valid chart repository or cannot be reached: Get \"{url}/index.yaml\": *{reason}");
    }
}
