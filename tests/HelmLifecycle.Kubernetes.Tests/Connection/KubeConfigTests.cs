using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HelmLifecycle.Kubernetes.Tests.Connection;

public sealed class KubeConfigTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kubeconfig").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static string Config(string user, string cluster = "server: https://cluster.test:6443", string context = "namespace: team") => $$"""
        apiVersion: v1
        kind: Config
        current-context: main
        clusters: [{name: c, cluster: { {{cluster}} } }]
        users: [{name: u, user: { {{user}} } }]
        contexts: [{name: main, context: {cluster: c, user: u, {{context}} } }]
        """;

    [Fact]
    public async Task The_first_file_that_has_a_name_wins()
    {
        string first = Write("one", """
            current-context: a
            clusters: [{name: c, cluster: {server: "https://one.test"}}]
            """);
        string second = Write("two", """
            current-context: b
            clusters: [{name: c, cluster: {server: "https://two.test"}}, {name: d, cluster: {server: "https://d.test/path"}}]
            contexts: [{name: a, context: {cluster: c}}, {name: b, context: {cluster: d, namespace: prod}}]
            """);
        KubeConfig config = await KubeConfig.LoadAsync(new KubeConfigOptions { Paths = [first, second] });
        config.Contexts.Should().Equal("a", "b");
        await using ClusterConnection a = ClusterConnection.FromKubeConfig(config);
        (a.BaseAddress.ToString(), a.DefaultNamespace).Should().Be(("https://one.test/", "default"));
        await using ClusterConnection b = ClusterConnection.FromKubeConfig(config, new KubeConfigOptions { Context = "b" });
        (b.BaseAddress.ToString(), b.DefaultNamespace).Should().Be(("https://d.test/path/", "prod"));
    }

    [Theory]
    [InlineData("current-context: nope", "invalid configuration: context was not found for specified context: nope")]
    [InlineData("{}", "invalid configuration: no configuration has been provided*")]
    [InlineData("contexts: [{name: x, context: {cluster: c}}]\ncurrent-context: x", "*cluster \"c\"*does not exist")]
    public void What_is_missing_is_named(string yaml, string message) =>
        FluentActions.Invoking(() => ClusterConnection.FromKubeConfig(KubeConfig.Parse(yaml))).Should().Throw<ConnectionConfigurationException>().WithMessage(message);

    [Theory]
    [InlineData("auth-provider: {name: gcp}", "no Auth Provider found for name \"gcp\"")]
    [InlineData("exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}", "exec plugin: invalid apiVersion*")]
    [InlineData("exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Always}", "exec plugin cannot support interactive mode*")]
    [InlineData("client-certificate-data: YQ==", "*client-certificate and client-key must both be specified")]
    public void Credentials_that_cannot_be_used_are_refused_at_once(string user, string message) =>
        FluentActions.Invoking(() => ClusterConnection.FromKubeConfig(KubeConfig.Parse(Config(user)))).Should().Throw<ConnectionConfigurationException>().WithMessage(message);

    [Fact]
    public async Task A_named_file_must_exist_and_be_readable()
    {
        await FluentActions.Awaiting(() => KubeConfig.LoadAsync(new KubeConfigOptions { Paths = [Path.Combine(_folder, "no")] })).Should().ThrowAsync<ConnectionConfigurationException>();
        string broken = Write("broken", "a: [");
        await FluentActions.Awaiting(() => KubeConfig.LoadAsync(new KubeConfigOptions { Paths = [broken] })).Should().ThrowAsync<ConnectionConfigurationException>().WithMessage("error loading config file*");
    }

    [Fact]
    public async Task A_token_file_is_read_again_after_a_minute_and_survives_its_own_replacement()
    {
        var time = new ManualTime();
        string path = Write("token", "one\n");
        var source = new TokenFile(path, null, time);
        (await source.AuthorizationAsync(default))!.ToString().Should().Be("Bearer one");
        File.WriteAllText(path, "two");
        (await source.AuthorizationAsync(default))!.Parameter.Should().Be("one");
        time.Advance(TimeSpan.FromMinutes(1));
        (await source.AuthorizationAsync(default))!.Parameter.Should().Be("two");
        File.Delete(path);
        time.Advance(TimeSpan.FromMinutes(1));
        (await source.AuthorizationAsync(default))!.Parameter.Should().Be("two");
    }

    [Fact]
    public async Task Name_and_password_are_sent_as_basic_authentication()
    {
        var inner = new Recorder();
        using var client = new HttpClient(new CredentialsHandler(FixedCredentials.Basic("jo", "pw"), new Impersonation("sue"), inner));
        await client.GetAsync(new Uri("https://cluster.test/"));
        inner.Seen.Should().Equal("Basic am86cHc= as sue");
    }

    [Fact]
    public async Task A_plug_in_is_run_once_until_its_credentials_expire_or_are_refused()
    {
        var time = new ManualTime();
        string script = Write("plugin.sh", """
            n=$(cat count 2>/dev/null || echo 0); n=$((n+1)); echo $n > count
            echo "$KUBERNETES_EXEC_INFO" > info
            echo "{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"$PREFIX$n$1\",\"expirationTimestamp\":\"2030-01-01T01:00:00Z\"}}"
            """);
        string yaml = Config($"exec: {{apiVersion: client.authentication.k8s.io/v1, command: /bin/sh, provideClusterInfo: true, args: [-c, 'cd {_folder} && . {script}', x, -arg], env: [{{name: PREFIX, value: t}}]}}");
        KubeTarget target = KubeConfig.Parse(yaml, _folder).Resolve(null, null);
        using var source = new ExecCredentials((System.Text.Json.Nodes.JsonObject)target.User["exec"]!, target, time);
        var inner = new Recorder { Refuse = "Bearer t1-arg" };
        using var client = new HttpClient(new CredentialsHandler(source, null, inner));

        await client.GetAsync(new Uri("https://cluster.test/"));
        await client.GetAsync(new Uri("https://cluster.test/"));
        inner.Seen.Should().Equal("Bearer t1-arg", "Bearer t2-arg", "Bearer t2-arg");
        File.ReadAllText(Path.Combine(_folder, "info")).Should().Contain("\"server\":\"https://cluster.test:6443\"");
        time.Advance(TimeSpan.FromHours(1));
        (await source.AuthorizationAsync(default))!.Parameter.Should().Be("t3-arg");
    }

    [Theory]
    [InlineData("exit 3", "getting credentials: exec: executable /bin/sh failed with exit code 3\n\nInstall it")]
    [InlineData("echo no json", "getting credentials: decoding stdout*")]
    [InlineData("echo '{\"apiVersion\":\"client.authentication.k8s.io/v1beta1\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"x\"}}'", "*plugin returned version client.authentication.k8s.io/v1beta1")]
    [InlineData("echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{}}'", "*didn't return a token or cert/key pair")]
    public async Task A_plug_in_that_fails_says_how(string command, string message)
    {
        KubeTarget target = KubeConfig.Parse(Config("exec: {apiVersion: client.authentication.k8s.io/v1, command: /bin/sh}")).Resolve(null, null);
        var exec = (System.Text.Json.Nodes.JsonObject)target.User["exec"]!;
        exec["args"] = new System.Text.Json.Nodes.JsonArray("-c", command);
        exec["installHint"] = "Install it";
        using var source = new ExecCredentials(exec, target, TimeProvider.System);
        await source.Awaiting(s => s.AuthorizationAsync(default).AsTask()).Should().ThrowAsync<ConnectionConfigurationException>().WithMessage(message);
    }

    [Fact]
    public async Task A_plug_in_that_is_not_installed_is_named_with_its_hint()
    {
        KubeTarget target = KubeConfig.Parse(Config("exec: {apiVersion: client.authentication.k8s.io/v1, command: surely-not-installed, installHint: Get it}")).Resolve(null, null);
        using var source = new ExecCredentials((System.Text.Json.Nodes.JsonObject)target.User["exec"]!, target, TimeProvider.System);
        await source.Awaiting(s => s.AuthorizationAsync(default).AsTask()).Should().ThrowAsync<ConnectionConfigurationException>()
            .WithMessage("getting credentials: exec: executable surely-not-installed not found\n\nGet it");
    }

    [Fact]
    public void A_server_is_trusted_by_the_given_authority_and_name_alone()
    {
        using X509Certificate2 authority = Certificate("authority", null, isAuthority: true), other = Certificate("other", null, isAuthority: true);
        using X509Certificate2 server = Certificate("api.test", authority, isAuthority: false);
        X509Certificate2Collection mine = [authority], theirs = [other];
        const SslPolicyErrors unknown = SslPolicyErrors.RemoteCertificateChainErrors, misnamed = unknown | SslPolicyErrors.RemoteCertificateNameMismatch;

        Trusts(false, mine, null, unknown).Should().BeTrue();
        Trusts(false, theirs, null, unknown).Should().BeFalse();
        Trusts(false, null, null, unknown).Should().BeFalse();
        Trusts(false, null, null, SslPolicyErrors.None).Should().BeTrue();
        Trusts(false, mine, null, misnamed).Should().BeFalse();
        Trusts(false, mine, "api.test", misnamed).Should().BeTrue("tls-server-name is what counts");
        Trusts(false, mine, "evil.test", unknown).Should().BeFalse();
        Trusts(true, null, null, misnamed).Should().BeTrue("insecure-skip-tls-verify");

        bool Trusts(bool insecure, X509Certificate2Collection? authorities, string? name, SslPolicyErrors errors) =>
            ConnectionBuilder.Trusts(new ConnectionBuilder.ServerTrust(insecure, authorities, name), server, null, errors);
    }

    [Fact]
    public async Task A_service_account_gives_address_token_and_namespace()
    {
        using X509Certificate2 authority = Certificate("authority", null, isAuthority: true);
        Write("token", "t");
        Write("namespace", "prod\n");
        Write("ca.crt", authority.ExportCertificatePem());
        await using ClusterConnection connection = ConnectionBuilder.FromServiceAccount("fd00::1", "443", _folder, TimeProvider.System);
        (connection.BaseAddress.ToString(), connection.DefaultNamespace).Should().Be(("https://[fd00::1]/", "prod"));
    }

    [Fact]
    public async Task A_lent_client_is_not_disposed_with_the_connection()
    {
        var inner = new Recorder();
        using var client = new HttpClient(inner);
        await ClusterConnection.From(client, new Uri("https://cluster.test/base")).DisposeAsync();
        (await client.GetAsync(new Uri("https://cluster.test/"))).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    private static X509Certificate2 Certificate(string name, X509Certificate2? issuer, bool isAuthority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset from = DateTimeOffset.UtcNow.AddDays(-1), to = from.AddDays(10);
        return issuer is null ? request.CreateSelfSigned(from, to) : request.Create(issuer, from.AddHours(1), to.AddHours(-1), [1, 2, 3, 4]);
    }

    private sealed class Recorder : HttpMessageHandler
    {
        public List<string> Seen { get; } = [];
        public string? Refuse { get; init; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string who = request.Headers.TryGetValues("Impersonate-User", out IEnumerable<string>? users) ? " as " + string.Join(',', users) : "";
            Seen.Add(request.Headers.Authorization + who);
            return Task.FromResult(new HttpResponseMessage(Seen[^1] == Refuse ? HttpStatusCode.Unauthorized : HttpStatusCode.OK));
        }
    }
}
