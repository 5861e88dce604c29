namespace HelmLifecycle.Charts;

/// <summary>Reads the files that <c>-f</c> and <c>--set-file</c> name: paths, and <c>http</c> or <c>https</c> addresses as Helm's getters do.</summary>
internal static class ValuesFile
{
    private const long MaxSize = 100 << 20;

    // One for the process, as .NET advises. It has no credentials, no cookies, and trusts the system's authorities, as Helm does for values.
    private static readonly HttpClient s_http = new(Connection()) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Whether a name is an address and not a path.</summary>
    internal static bool IsAddress(string name) =>
        name.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || name.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>What messages call a file: an address without the password it may hold.</summary>
    internal static string Shown(string name) => IsAddress(name) && Uri.TryCreate(name, UriKind.Absolute, out Uri? address) ? HttpFile.Shown(address) : name;

    /// <summary>The text of a file.</summary>
    /// <exception cref="ValuesException">It cannot be read or fetched.</exception>
    internal static async ValueTask<string> ReadAsync(string name, CancellationToken cancellationToken)
    {
        if (IsAddress(name))
            return await FetchAsync(name, cancellationToken).ConfigureAwait(false);
        try
        {
            return GoString.FromBytes(await File.ReadAllBytesAsync(name, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw CannotOpen(name, e);
        }
    }

    private static async Task<string> FetchAsync(string name, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(name, UriKind.Absolute, out Uri? address))
            throw new ValuesException($"parse \"{name}\": it is no address");
        try
        {
            return GoString.FromBytes(await HttpFile.GetAsync(s_http, address, MaxSize, credentials: null, cancellationToken).ConfigureAwait(false));
        }
        catch (RegistryException e)
        {
            throw new ValuesException(e.Message, e);
        }
    }

    private static SocketsHttpHandler Connection()
    {
        SocketsHttpHandler handler = TlsConnection.Handler(new TlsOptions(), "values");
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        return handler;
    }

    private static ValuesException CannotOpen(string path, Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => new($"open {path}: no such file or directory", e),
        UnauthorizedAccessException when Directory.Exists(path) => new($"read {path}: is a directory", e),
        UnauthorizedAccessException => new($"open {path}: permission denied", e),
        _ => new($"open {path}: {e.Message}", e),
    };
}
