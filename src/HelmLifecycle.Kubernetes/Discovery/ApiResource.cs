namespace HelmLifecycle.Kubernetes;

/// <summary>One resource that the API serves, with what is needed to build its paths.</summary>
public sealed record ApiResource
{
    /// <summary>The API group; empty for the core group.</summary>
    public required string Group { get; init; }

    /// <summary>The version.</summary>
    public required string Version { get; init; }

    /// <summary>The kind.</summary>
    public required string Kind { get; init; }

    /// <summary>The plural word used in paths.</summary>
    public required string Plural { get; init; }

    /// <summary>The singular word; may be empty on old servers.</summary>
    public string Singular { get; init; } = "";

    /// <summary>Whether objects live in a namespace.</summary>
    public required bool Namespaced { get; init; }

    /// <summary>The verbs allowed: <c>get</c>, <c>list</c>, <c>watch</c>, ...</summary>
    public IReadOnlyList<string> Verbs { get; init; } = [];

    /// <summary>Short names, <c>deploy</c> for instance.</summary>
    public IReadOnlyList<string> ShortNames { get; init; } = [];

    /// <summary>Categories, <c>all</c> for instance.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Subresources by their last word: <c>status</c>, <c>scale</c>, <c>log</c>, ...</summary>
    public IReadOnlyList<string> Subresources { get; init; } = [];

    /// <summary><c>group/version</c>, or the version alone for the core group.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : Group + "/" + Version;

    /// <summary>Group, version and kind.</summary>
    public GroupVersionKind Gvk => new(Group, Version, Kind);

    /// <summary>Group, version and plural word.</summary>
    public GroupVersionResource Gvr => new(Group, Version, Plural);

    /// <summary>The path of the collection, or of one object.</summary>
    /// <param name="ns">The namespace; ignored for cluster scope; null means all namespaces (collections only).</param>
    /// <param name="name">The object's name, or null for the collection.</param>
    /// <param name="subresource">A subresource, or null.</param>
    public string Path(string? ns, string? name = null, string? subresource = null)
    {
        string root = Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}";
        string scope = Namespaced && !string.IsNullOrEmpty(ns) ? $"/namespaces/{Uri.EscapeDataString(ns)}" : "";
        string path = $"{root}{scope}/{Plural}";
        if (name is null) return path;
        path += "/" + Uri.EscapeDataString(name);
        return subresource is null ? path : path + "/" + subresource;
    }
}

/// <summary>What <c>/version</c> says of the server.</summary>
/// <param name="Major">The major number, <c>1</c>.</param>
/// <param name="Minor">The minor number; may end in a plus sign on some providers.</param>
/// <param name="GitVersion">The whole version, <c>v1.30.14</c> for instance.</param>
public sealed record ServerVersion(string Major, string Minor, string GitVersion)
{
    /// <summary>The platform, <c>linux/amd64</c> for instance; empty if unknown.</summary>
    public string Platform { get; init; } = "";
}
