namespace HelmLifecycle.Charts;

/// <summary>Reads the sources of values that are whole maps, and the files that <c>--set-file</c> names.</summary>
internal static class ValuesReader
{
    /// <summary>The map of a source, which nobody shares; null when the source is a <c>--set</c> expression.</summary>
    internal static async ValueTask<GoMap?> ReadMapAsync(ValuesSource source, CancellationToken cancellationToken)
    {
        switch (source)
        {
            case ValuesSource.MapSource map:
                return map.Values.DeepCopy();
            case ValuesSource.YamlSource yaml:
                return Parse(yaml.Text, yaml.Name);
            case ValuesSource.FileSource file:
                return Parse(await ReadTextAsync(file.Path, cancellationToken).ConfigureAwait(false), file.Path);
            default:
                return null;
        }
    }

    /// <summary>The text of a values file.</summary>
    internal static async Task<string> ReadTextAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return GoString.FromBytes(await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw CannotOpen(path, e);
        }
    }

    /// <summary>The text of a file that <c>--set-file</c> names.</summary>
    internal static string ReadFile(string path)
    {
        try
        {
            return GoString.FromBytes(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw CannotOpen(path, e);
        }
    }

    /// <summary>Reads a values file's text.</summary>
    internal static GoMap Parse(string text, string name)
    {
        try
        {
            return ValuesDocuments.Read(text);
        }
        catch (ValuesException e)
        {
            throw new ValuesException($"failed to parse {name}: {e.Message}", e);
        }
    }

    private static ValuesException CannotOpen(string path, Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => new($"open {path}: no such file or directory", e),
        UnauthorizedAccessException when Directory.Exists(path) => new($"read {path}: is a directory", e),
        UnauthorizedAccessException => new($"open {path}: permission denied", e),
        _ => new($"open {path}: {e.Message}", e),
    };
}
