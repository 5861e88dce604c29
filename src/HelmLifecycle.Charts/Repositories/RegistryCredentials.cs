using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Charts;

/// <summary>A name and password, or an identity token, for one registry.</summary>
/// <param name="Username">The user; <c>&lt;token&gt;</c> by Docker's convention when <paramref name="IdentityToken"/> is set.</param>
/// <param name="Password">The password or access token.</param>
/// <param name="IdentityToken">A refresh token for the registry's token service; null for a plain password.</param>
public sealed record RegistryCredential(string Username, string Password, string? IdentityToken = null)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Username}:***";
}

/// <summary>
/// Registry log-ins in Docker's <c>config.json</c> format, as Helm and Docker keep them: <c>auths</c>, <c>credHelpers</c> and
/// <c>credsStore</c> (helpers are the programs <c>docker-credential-NAME</c> on the PATH). Helm's own file is asked first, then Docker's.
/// </summary>
public sealed class RegistryCredentials
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, IndentCharacter = '\t', IndentSize = 1 };
    private readonly string[] _files;

    /// <summary>Uses the given files; the first is the one that log-ins are written to.</summary>
    public RegistryCredentials(params string[] files)
    {
        ArgumentNullException.ThrowIfNull(files);
        _files = files;
    }

    /// <summary>
    /// Helm's file (<c>HELM_REGISTRY_CONFIG</c>, else <c>registry/config.json</c> in Helm's configuration folder) and Docker's
    /// (<c>DOCKER_CONFIG</c> or <c>~/.docker</c>, <c>config.json</c>).
    /// </summary>
    public static RegistryCredentials Default()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string docker = Environment.GetEnvironmentVariable("DOCKER_CONFIG") is { Length: > 0 } folder ? folder : Path.Combine(home, ".docker");
        string helm = Environment.GetEnvironmentVariable("HELM_REGISTRY_CONFIG") is { Length: > 0 } file
            ? file
            : Path.Combine(HelmFolders.Configuration, "registry", "config.json");
        return new RegistryCredentials(helm, Path.Combine(docker, "config.json"));
    }

    /// <summary>Finds the log-in for a registry.</summary>
    /// <param name="registry">Host and port.</param>
    /// <param name="cancellationToken">Cancels a credential helper.</param>
    /// <exception cref="RegistryException">A file cannot be read, or a helper fails.</exception>
    public async Task<RegistryCredential?> FindAsync(string registry, CancellationToken cancellationToken = default)
    {
        foreach (string file in _files)
        {
            if (await LoadAsync(file, cancellationToken).ConfigureAwait(false) is not { } config)
                continue;
            string? helper = Keys(registry).Select(key => (string?)(config["credHelpers"] as JsonObject)?[key]).FirstOrDefault(name => name is not null) ?? (string?)config["credsStore"];
            if (helper is not null && await AskHelperAsync(helper, IsDockerHub(registry) ? DockerHub : registry, cancellationToken).ConfigureAwait(false) is { } found)
                return found;
            if (config["auths"] is not JsonObject auths)
                continue;
            foreach (string key in Keys(registry))
            {
                if (auths[key] is JsonObject entry && Decode(entry) is { } credential)
                    return credential;
            }
        }

        return null;
    }

    /// <summary>Writes a log-in to the first file.</summary>
    public async Task StoreAsync(string registry, RegistryCredential credential, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(credential);
        JsonObject config = await LoadAsync(_files[0], cancellationToken).ConfigureAwait(false) ?? [];
        if (config["auths"] is not JsonObject auths)
            config["auths"] = auths = [];
        var entry = new JsonObject
        {
            ["auth"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.Username}:{credential.Password}")),
        };
        if (credential.IdentityToken is not null)
            entry["identitytoken"] = credential.IdentityToken;
        auths[registry] = entry;
        await SaveAsync(config, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes a log-in from the first file.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> RemoveAsync(string registry, CancellationToken cancellationToken = default)
    {
        if (await LoadAsync(_files[0], cancellationToken).ConfigureAwait(false) is not { } config ||
            config["auths"] is not JsonObject auths || !auths.Remove(registry))
        {
            return false;
        }

        await SaveAsync(config, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task SaveAsync(JsonObject config, CancellationToken cancellationToken)
    {
        string path = Path.GetFullPath(_files[0]);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string temporary = path + "." + Path.GetRandomFileName();
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var stream = new FileStream(temporary, options))
            await stream.WriteAsync(Encoding.UTF8.GetBytes(config.ToJsonString(Indented)), cancellationToken).ConfigureAwait(false);
        File.Move(temporary, path, overwrite: true);
    }

    private static async Task<JsonObject?> LoadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            byte[] bytes = await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false);
            return bytes.AsSpan().Trim(" \r\n\t"u8).IsEmpty ? [] : JsonNode.Parse(bytes)?.AsObject();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new RegistryException($"invalid config file {file}: {e.Message}", e);
        }
    }

    // Docker's own hub is filed under its first API's address, in helpers too.
    private const string DockerHub = "https://index.docker.io/v1/";

    private static bool IsDockerHub(string registry) => registry is "docker.io" or "registry-1.docker.io" or "index.docker.io";

    private static IEnumerable<string> Keys(string registry) => IsDockerHub(registry)
        ? [registry, DockerHub, "index.docker.io"]
        : [registry, "https://" + registry, "https://" + registry + "/", "http://" + registry];

    private static RegistryCredential? Decode(JsonObject entry)
    {
        string? token = (string?)entry["identitytoken"];
        string? user = (string?)entry["username"], password = (string?)entry["password"];
        if ((string?)entry["auth"] is { Length: > 0 } auth)
        {
            try
            {
                string text = Encoding.UTF8.GetString(Convert.FromBase64String(auth));
                int colon = text.IndexOf(':');
                if (colon >= 0)
                    (user, password) = (text[..colon], text[(colon + 1)..].TrimEnd('\0'));
            }
            catch (FormatException e)
            {
                throw new RegistryException("a registry log-in is not valid base64", e);
            }
        }

        return user is null && token is null ? null : new RegistryCredential(user ?? "", password ?? "", string.IsNullOrEmpty(token) ? null : token);
    }

    private static async Task<RegistryCredential?> AskHelperAsync(string helper, string registry, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("docker-credential-" + helper, ["get"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            try
            {
                Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
                Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
                await TellAsync(process, registry).ConfigureAwait(false);
                await Task.WhenAll(output, errors).ConfigureAwait(false);
                await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
                // A helper answers with a failure when it knows no such registry.
                if (process.ExitCode != 0 || JsonNode.Parse(await output.ConfigureAwait(false)) is not JsonObject answer)
                    return null;
                string user = (string?)answer["Username"] ?? "", secret = (string?)answer["Secret"] ?? "";
                return user == "<token>" ? new RegistryCredential("", "", secret) : new RegistryCredential(user, secret);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
        }
        catch (Exception e) when (e is Win32Exception or JsonException or InvalidOperationException)
        {
            throw new RegistryException($"the credential helper docker-credential-{helper} failed: {e.Message}", e);
        }
    }

    private static async Task TellAsync(Process helper, string registry)
    {
        try
        {
            await helper.StandardInput.WriteAsync(registry).ConfigureAwait(false);
            helper.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading; its exit code tells the rest.
        }
    }
}
