using System.Net;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Charts.Tests;

/// <summary>Log-ins that are kept elsewhere than in the file itself: by a credential helper, or as an identity token.</summary>
// Alone: the helpers are programs written here, and a process that another test starts at that moment would hold their file open; PATH is the whole process'.
[CollectionDefinition(nameof(RegistryLogInTests), DisableParallelization = true)]
[Collection(nameof(RegistryLogInTests))]
public sealed class RegistryLogInTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("helmlifecycle-login-").FullName;

    private readonly string? _path = Environment.GetEnvironmentVariable("PATH");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", _path);
        Directory.Delete(_folder, recursive: true);
    }

    [RequiresProgramFact("sh")]
    public async Task A_helper_is_asked_for_the_registries_that_are_its_own_and_the_store_for_the_rest()
    {
        string one = Helper("""read r; echo "{\"ServerURL\":\"$r\",\"Username\":\"one\",\"Secret\":\"for $r\"}";""");
        string rest = Helper("""read r; echo "{\"Username\":\"rest\",\"Secret\":\"for $r\"}";""");
        RegistryCredentials credentials = Credentials($$"""{"credHelpers": {"one.test:5000": "{{one}}"}, "credsStore": "{{rest}}"}""");

        (await credentials.FindAsync("one.test:5000")).Should().Be(new RegistryCredential("one", "for one.test:5000"));
        (await credentials.FindAsync("other.test")).Should().Be(new RegistryCredential("rest", "for other.test"));
        // Docker's hub has its old address in helpers, whatever host is asked.
        (await credentials.FindAsync("registry-1.docker.io")).Should().Be(new RegistryCredential("rest", "for https://index.docker.io/v1/"));
    }

    [RequiresProgramFact("sh")]
    public async Task A_helper_that_knows_nothing_leaves_it_to_the_file()
    {
        string helper = Helper("echo 'credentials not found in native keychain'; exit 1");
        RegistryCredentials credentials = Credentials($$"""{"credsStore": "{{helper}}", "auths": {"a.test": {"auth": "bWU6cHc="} } }""");
        (await credentials.FindAsync("a.test")).Should().Be(new RegistryCredential("me", "pw"));
        (await credentials.FindAsync("b.test")).Should().BeNull();
    }

    [RequiresProgramFact("sh")]
    public async Task A_helper_that_answers_nonsense_or_is_not_there_is_named()
    {
        string helper = Helper("echo nonsense");
        await FluentActions.Awaiting(() => Credentials($$"""{"credsStore": "{{helper}}"}""").FindAsync("a.test"))
            .Should().ThrowAsync<RegistryException>().WithMessage($"the credential helper docker-credential-{helper} failed: *");
        await FluentActions.Awaiting(() => Credentials("""{"credsStore": "not-here"}""").FindAsync("a.test"))
            .Should().ThrowAsync<RegistryException>().WithMessage("the credential helper docker-credential-not-here failed: *");
    }

    [RequiresProgramFact("sh")]
    public async Task A_helper_that_hangs_is_ended_with_the_call()
    {
        string helper = Helper("sleep 600");
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await FluentActions.Awaiting(() => Credentials($$"""{"credsStore": "{{helper}}"}""").FindAsync("a.test", cancel.Token)).Should().ThrowAsync<OperationCanceledException>();
    }

    [RequiresProgramFact("sh")]
    public async Task An_identity_token_of_a_helper_is_exchanged_for_one_of_the_scope()
    {
        string helper = Helper("""echo '{"Username":"<token>","Secret":"refresh-me"}'""");
        var seen = new List<string>();
        var handler = new ScriptedHandler(request =>
        {
            if (request.RequestUri!.Host == "tokens.test")
            {
                seen.Add($"{request.Method} {WebUtility.UrlDecode(request.Content!.ReadAsStringAsync().Result)} {request.Headers.Authorization}".TrimEnd());
                return ScriptedHandler.Json(new JsonObject { ["access_token"] = "T" });
            }

            if (request.Headers.Authorization?.ToString() == "Bearer T")
                return ScriptedHandler.Json(new JsonObject { ["tags"] = new JsonArray("1.0.0") });
            var challenge = new HttpResponseMessage(HttpStatusCode.Unauthorized);
            challenge.Headers.TryAddWithoutValidation("WWW-Authenticate", "Bearer realm=\"https://tokens.test/token\",service=\"registry.test\",scope=\"repository:a/web:pull\"");
            return challenge;
        });
        using var registry = new RegistryClient(new RegistryClientOptions { Handler = handler, Credentials = Credentials($$"""{"credsStore": "{{helper}}"}""") });

        (await registry.TagsAsync(OciReference.Parse("oci://registry.test/a/web"))).Should().Equal("1.0.0");
        seen.Should().Equal("POST grant_type=refresh_token&refresh_token=refresh-me&client_id=helm&service=registry.test&scope=repository:a/web:pull");
    }

    [Fact]
    public async Task An_identity_token_is_kept_in_the_file()
    {
        RegistryCredentials credentials = Credentials("{}");
        var token = new RegistryCredential("me", "", "refresh-me");
        await credentials.StoreAsync("a.test", token);
        (await credentials.FindAsync("a.test")).Should().Be(token);
        (await credentials.RemoveAsync("a.test")).Should().BeTrue();
        (await credentials.FindAsync("a.test")).Should().BeNull();
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("{\"token\": 1}")]
    [InlineData("{}")]
    public async Task A_token_service_that_gives_none_is_named(string answer)
    {
        var handler = new ScriptedHandler(request =>
        {
            if (request.RequestUri!.Host == "tokens.test")
                return new HttpResponseMessage { Content = new StringContent(answer) };
            var challenge = new HttpResponseMessage(HttpStatusCode.Unauthorized);
            challenge.Headers.TryAddWithoutValidation("WWW-Authenticate", "Bearer realm=\"https://tokens.test/token\"");
            return challenge;
        });
        using var registry = new RegistryClient(new RegistryClientOptions { Handler = handler, Credentials = Credentials("{}") });
        await FluentActions.Awaiting(() => registry.TagsAsync(OciReference.Parse("oci://registry.test/a/web")))
            .Should().ThrowAsync<RegistryException>().WithMessage("the token service tokens.test answered without a token");
    }

    private RegistryCredentials Credentials(string config)
    {
        string file = Path.Combine(_folder, Path.GetRandomFileName() + ".json");
        File.WriteAllText(file, config);
        return new RegistryCredentials(file);
    }

    // A program of its own on the PATH.
    private string Helper(string script)
    {
        string name = "test-" + Guid.NewGuid().ToString("N");
        string file = Path.Combine(_folder, "docker-credential-" + name);
        File.WriteAllText(file, "#!/bin/sh\n" + script + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Environment.SetEnvironmentVariable("PATH", _path + Path.PathSeparator + _folder);
        return name;
    }
}
