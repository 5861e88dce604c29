namespace HelmLifecycle.Charts;

/// <summary>Decrypts files that are encrypted whole with age, binary or armoured, with the installed <c>age</c>.</summary>
/// <param name="identityFile">
/// The file of private keys. Default: the environment variable <c>AGE_IDENTITY_FILE</c>, else <c>SOPS_AGE_KEY_FILE</c>, else
/// <c>age/keys.txt</c> in the user's configuration folder.
/// </param>
/// <param name="program">The program. Default: <c>age</c> on the PATH.</param>
public sealed class AgeDecryptor(string? identityFile = null, string program = "age") : IValuesDecryptor
{
    /// <inheritdoc/>
    public string Name => "age";

    /// <inheritdoc/>
    public bool Recognizes(ReadOnlySpan<byte> content) =>
        content.StartsWith("age-encryption.org/v1"u8) || content.StartsWith("-----BEGIN AGE ENCRYPTED FILE-----"u8);

    /// <inheritdoc/>
    public Task<string> DecryptAsync(string path, CancellationToken cancellationToken = default) =>
        ProgramRunner.RunAsync(program, ["--decrypt", "--identity", identityFile ?? DefaultIdentity(), path], path, cancellationToken);

    private static string DefaultIdentity() =>
        Environment.GetEnvironmentVariable("AGE_IDENTITY_FILE") is { Length: > 0 } own ? own
        : Environment.GetEnvironmentVariable("SOPS_AGE_KEY_FILE") is { Length: > 0 } sops ? sops
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "age", "keys.txt");
}
