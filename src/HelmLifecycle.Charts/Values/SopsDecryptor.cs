namespace HelmLifecycle.Charts;

/// <summary>Decrypts SOPS files (YAML or JSON with a <c>sops</c> section) with the installed <c>sops</c>.</summary>
/// <param name="program">The program. Default: <c>sops</c> on the PATH.</param>
public sealed class SopsDecryptor(string program = "sops") : IValuesDecryptor
{
    /// <inheritdoc/>
    public string Name => "sops";

    /// <inheritdoc/>
    public bool Recognizes(ReadOnlySpan<byte> content) =>
        (content.IndexOf("\nsops:"u8) >= 0 || content.StartsWith("sops:"u8) || content.IndexOf("\"sops\":"u8) >= 0)
        && content.IndexOf("ENC["u8) >= 0 && content.IndexOf("mac"u8) >= 0;

    /// <inheritdoc/>
    public Task<string> DecryptAsync(string path, CancellationToken cancellationToken = default) =>
        ProgramRunner.RunAsync(program, ["--decrypt", "--output-type", "yaml", path], path, cancellationToken);
}
