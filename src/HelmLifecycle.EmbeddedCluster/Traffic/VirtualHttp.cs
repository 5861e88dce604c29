namespace HelmLifecycle.EmbeddedCluster;

/// <summary>An HTTP request inside the simulated network.</summary>
public sealed record VirtualRequest
{
    /// <summary>HTTP method in capitals. Default: GET.</summary>
    public string Method { get; init; } = "GET";

    /// <summary>The host asked for; "" if none. Matters to Ingresses, VirtualServices and HTTPRoutes.</summary>
    public string Host { get; init; } = "";

    /// <summary>The path, with a leading slash. Default: <c>/</c>.</summary>
    public string Path { get; init; } = "/";

    /// <summary>Headers; names are compared without regard to case.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty;

    /// <summary>Cookies by name.</summary>
    public IReadOnlyDictionary<string, string> Cookies { get; init; } = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty;

    /// <summary>The port of the pod that is asked; 0 when it is not known.</summary>
    public int Port { get; init; }

    internal string? Header(string name)
    {
        foreach ((string key, string value) in Headers)
        {
            if (string.Equals(key, name, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return null;
    }
}

/// <summary>An HTTP answer inside the simulated network.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">The body as text.</param>
/// <param name="ContentType">Its type. Default: <c>text/plain</c>.</param>
public sealed record VirtualResponse(int Status, string Body = "", string ContentType = "text/plain");
