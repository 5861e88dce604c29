namespace HelmLifecycle.Charts;

/// <summary>
/// Decrypts values files. What it returns lives in memory only: it is not written to disk, not logged, masked in plans, and left out
/// of the messages of exceptions. (A release's record holds the values in plain, as with Helm: who may read the store, may read them.)
/// </summary>
public interface IValuesDecryptor
{
    /// <summary>The name that <c>secrets+NAME://file</c> asks for, such as <c>sops</c>.</summary>
    string Name { get; }

    /// <summary>Whether this is the decryptor for a file.</summary>
    /// <param name="content">The file's bytes.</param>
    bool Recognizes(ReadOnlySpan<byte> content);

    /// <summary>Decrypts a file.</summary>
    /// <param name="path">The encrypted file.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>YAML.</returns>
    /// <exception cref="ValuesException">It cannot be decrypted; the message holds nothing of what is in the file.</exception>
    Task<string> DecryptAsync(string path, CancellationToken cancellationToken = default);
}
