using System.Diagnostics.CodeAnalysis;

namespace HelmLifecycle.Charts;

/// <summary>
/// Where a chart lies in an OCI registry: <c>oci://host[:port]/path/chart[:tag][@sha256:digest]</c>. Helm writes a chart's version as the
/// tag, with <c>_</c> in place of <c>+</c>, which tags may not hold.
/// </summary>
public sealed record OciReference
{
    /// <summary>What an OCI reference starts with.</summary>
    public const string Scheme = "oci://";

    private OciReference(string registry, string repository)
    {
        Registry = registry;
        Repository = repository;
    }

    /// <summary>Host and port of the registry.</summary>
    public string Registry { get; }

    /// <summary>The repository's path inside the registry, such as <c>charts/web</c>.</summary>
    public string Repository { get; }

    /// <summary>The tag, such as <c>1.2.3</c> or <c>1.2.3_build5</c>; null when the reference names none.</summary>
    public string? Tag { get; private init; }

    /// <summary>The digest, such as <c>sha256:…</c>; null when the reference names none.</summary>
    public string? Digest { get; private init; }

    /// <summary>The last part of the path, which is the chart's name.</summary>
    public string ChartName => Repository[(Repository.LastIndexOf('/') + 1)..];

    /// <summary>Whether a text is meant as an OCI reference.</summary>
    public static bool IsOci(string text) => text.StartsWith(Scheme, StringComparison.Ordinal);

    /// <summary>Reads a reference.</summary>
    /// <exception cref="FormatException">The text is no OCI reference.</exception>
    public static OciReference Parse(string text) =>
        TryParse(text, out OciReference? reference)
            ? reference
            : throw new FormatException($"invalid_reference: invalid reference \"{text}\": expected oci://host/path/chart[:tag][@digest]");

    /// <summary>Reads a reference.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out OciReference? reference)
    {
        reference = null;
        ReadOnlySpan<char> rest = IsOci(text) ? text.AsSpan(Scheme.Length) : text;
        int slash = rest.IndexOf('/');
        if (slash <= 0)
            return false;
        string registry = rest[..slash].ToString();
        rest = rest[(slash + 1)..].TrimEnd('/');

        string? digest = null, tag = null;
        int at = rest.IndexOf('@');
        if (at >= 0)
        {
            digest = rest[(at + 1)..].ToString();
            if (!digest.StartsWith("sha256:", StringComparison.Ordinal) && !digest.StartsWith("sha512:", StringComparison.Ordinal))
                return false;
            rest = rest[..at];
        }

        int colon = rest.IndexOf(':');
        if (colon >= 0)
        {
            tag = TagOf(rest[(colon + 1)..].ToString());
            if (!IsTag(tag))
                return false;
            rest = rest[..colon];
        }

        if (!IsRepository(rest) || registry.AsSpan().ContainsAnyExcept(HostCharacters))
            return false;
        reference = new OciReference(registry, rest.ToString()) { Tag = tag, Digest = digest };
        return true;
    }

    /// <summary>The same repository at the tag that Helm gives to a version.</summary>
    public OciReference WithVersion(string version) => this with { Tag = TagOf(version), Digest = null };

    /// <summary>The same repository without tag and digest.</summary>
    public OciReference WithoutTag() => this with { Tag = null, Digest = null };

    /// <summary>A chart in the repository below this one: what <c>helm push CHART oci://…</c> writes to.</summary>
    public OciReference ForChart(string name) => new(Registry, Repository.Length == 0 ? name : $"{Repository}/{name}");

    /// <summary>Reads the place that charts are pushed below: a registry with or without a path.</summary>
    /// <exception cref="FormatException">The text is no OCI reference.</exception>
    public static OciReference ParseBase(string text)
    {
        string rest = IsOci(text) ? text[Scheme.Length..].TrimEnd('/') : text.TrimEnd('/');
        if (rest.Length > 0 && !rest.Contains('/') && !rest.AsSpan().ContainsAnyExcept(HostCharacters))
            return new OciReference(rest, "");
        return Parse(rest).WithoutTag();
    }

    /// <summary>The tag for a version: <c>+</c> becomes <c>_</c>.</summary>
    public static string TagOf(string version) => version.Replace('+', '_');

    /// <summary>The version of a tag: <c>_</c> becomes <c>+</c>.</summary>
    public static string VersionOf(string tag) => tag.Replace('_', '+');

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Registry}/{Repository}{(Tag is null ? "" : ":" + Tag)}{(Digest is null ? "" : "@" + Digest)}";

    private static readonly System.Buffers.SearchValues<char> HostCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]_");

    private static bool IsTag(string tag) =>
        tag.Length is > 0 and <= 128 && tag[0] is not ('.' or '-') && tag.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');

    private static bool IsRepository(ReadOnlySpan<char> path)
    {
        if (path.IsEmpty)
            return false;
        foreach (Range range in path.Split('/'))
        {
            ReadOnlySpan<char> part = path[range];
            if (part.IsEmpty || !char.IsAsciiLetterOrDigit(part[0]) || !char.IsAsciiLetterOrDigit(part[^1]))
                return false;
            foreach (char c in part)
            {
                if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('.' or '_' or '-'))
                    return false;
            }
        }

        return true;
    }
}
