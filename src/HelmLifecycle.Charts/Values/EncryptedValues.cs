namespace HelmLifecycle.Charts;

/// <summary>Values sources after decryption.</summary>
/// <param name="Sources">The sources, encrypted files replaced by what they hold.</param>
/// <param name="Secrets">Every text that was decrypted; what shows values to people hides these.</param>
public sealed record DecryptedSources(IReadOnlyList<ValuesSource> Sources, IReadOnlySet<string> Secrets);

/// <summary>
/// Finds encrypted values files among the sources: those named <c>secrets://file</c> (or <c>secrets+NAME://file</c>), and those whose
/// content a decryptor recognises.
/// </summary>
public static class EncryptedValues
{
    private const string Prefix = "secrets://";
    private const string NamedPrefix = "secrets+";

    /// <summary>The decryptors there are when none are given: SOPS and age, each by its installed program.</summary>
    public static IReadOnlyList<IValuesDecryptor> Default { get; } = [new SopsDecryptor(), new AgeDecryptor()];

    /// <summary>Decrypts what is encrypted.</summary>
    /// <exception cref="ValuesException">A file cannot be read or decrypted, or asks for a decryptor that is not there.</exception>
    public static async Task<DecryptedSources> ResolveAsync(
        IReadOnlyList<ValuesSource> sources, IReadOnlyList<IValuesDecryptor> decryptors, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(decryptors);
        var resolved = new List<ValuesSource>(sources.Count);
        var secrets = new HashSet<string>(StringComparer.Ordinal);
        foreach (ValuesSource source in sources)
        {
            if (source is not ValuesSource.FileSource { Path: var path } || await FindAsync(path, decryptors, cancellationToken).ConfigureAwait(false) is not { } found)
            {
                resolved.Add(source);
                continue;
            }

            string text = await found.Decryptor.DecryptAsync(found.Path, cancellationToken).ConfigureAwait(false);
            GoMap values;
            try
            {
                values = ValuesDocuments.Read(text);
            }
            catch (Exception e) when (e is ValuesException or YamlException)
            {
                // The parser's message may quote the text, so it is not passed on.
                throw new ValuesException($"failed to parse {found.Path}: what was decrypted is not a YAML map");
            }

            Collect(values, secrets);
            resolved.Add(ValuesSource.Map(values, found.Path));
        }

        return new DecryptedSources(resolved, secrets);
    }

    private static async Task<(IValuesDecryptor Decryptor, string Path)?> FindAsync(
        string path, IReadOnlyList<IValuesDecryptor> decryptors, CancellationToken cancellationToken)
    {
        string? name = null;
        bool asked = path.StartsWith(Prefix, StringComparison.Ordinal);
        if (asked)
        {
            path = path[Prefix.Length..];
        }
        else if (path.StartsWith(NamedPrefix, StringComparison.Ordinal) && path.IndexOf("://", StringComparison.Ordinal) is > 0 and int end)
        {
            (name, path, asked) = (path[NamedPrefix.Length..end], path[(end + 3)..], true);
        }

        if (decryptors.Count == 0 && !asked)
            return null;
        byte[] content;
        try
        {
            content = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A plain file that cannot be read is the reader's to complain of.
            return asked ? throw new ValuesException($"open {path}: no such file or directory", e) : null;
        }

        IValuesDecryptor? decryptor = name is null
            ? decryptors.FirstOrDefault(d => d.Recognizes(content))
            : decryptors.FirstOrDefault(d => d.Name == name) ?? throw new ValuesException($"there is no values decryptor named {name}");
        if (decryptor is null && asked)
            throw new ValuesException($"{path} is not encrypted in a way that is known ({string.Join(", ", decryptors.Select(d => d.Name))})");
        return decryptor is null ? null : (decryptor, path);
    }

    // Truth values, numbers and the shortest texts would hide half of every plan and are no secrets.
    private static void Collect(GoValue value, HashSet<string> secrets)
    {
        if (value.AsMap is { } map)
        {
            foreach ((_, GoValue item) in map)
                Collect(item, secrets);
        }
        else if (value.AsList is { } list)
        {
            foreach (GoValue item in list)
                Collect(item, secrets);
        }
        else if (value.AsString is { Length: >= 3 } text)
        {
            secrets.Add(text);
        }
    }
}
