namespace HelmLifecycle.Charts;

/// <summary>What a cluster can do, as charts see it in <c>.Capabilities</c>.</summary>
public sealed record Capabilities
{
    /// <summary>Without a cluster: Kubernetes v1.34.0 and the API versions that Helm 4.0.5 knows.</summary>
    public static Capabilities Default { get; } = new();

    /// <summary>The version of Kubernetes.</summary>
    public KubeVersion KubeVersion { get; init; } = KubeVersion.Default;

    /// <summary>
    /// The API versions: <c>apps/v1</c>, and from a cluster also <c>apps/v1/Deployment</c>.
    /// </summary>
    public IReadOnlyList<string> ApiVersions { get; init; } = KnownApiVersions.All;

    /// <summary>What templates see as Helm's own version.</summary>
    public HelmVersion HelmVersion { get; init; } = HelmVersion.Default;

    /// <summary>These capabilities with more API versions, as with <c>--api-versions</c>.</summary>
    public Capabilities WithApiVersions(params IEnumerable<string> versions) => this with { ApiVersions = [.. ApiVersions, .. versions] };

    /// <summary>These capabilities with another version of Kubernetes, as with <c>--kube-version</c>.</summary>
    /// <exception cref="ChartException">It is no version.</exception>
    public Capabilities WithKubeVersion(string version) => this with { KubeVersion = KubeVersion.Parse(version) };
}

/// <summary>A version of Kubernetes.</summary>
/// <param name="Version">The whole version, with <c>v</c>.</param>
/// <param name="Major">The major number, as text.</param>
/// <param name="Minor">The minor number, as text; some clusters add a <c>+</c>.</param>
public sealed partial record KubeVersion(string Version, string Major, string Minor)
{
    /// <summary>v1.34.0, that of Helm 4.0.5 without a cluster.</summary>
    public static KubeVersion Default { get; } = new("v1.34.0", "1", "34");

    /// <summary>Reads a version as <c>--kube-version</c> does.</summary>
    /// <exception cref="ChartException">It is none.</exception>
    public static KubeVersion Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string reason = $"could not parse {GoQuote.String(text)} as version";
        string numbers = Numbers().Match(text).Groups[1].Value;
        string[] parts = numbers.Split('.');
        if (numbers.Length > 0 && parts.Length < 2)
            reason = $"illegal version string {GoQuote.String(text)}";
        if (parts.Length < 2)
            throw new ChartException($"invalid kube version '{text}': {reason}");
        return new KubeVersion("v" + string.Join('.', parts.Select(TrimZeros)), TrimZeros(parts[0]), TrimZeros(parts[1]));
    }

    private static string TrimZeros(string number) => number.TrimStart('0') is { Length: > 0 } trimmed ? trimmed : "0";

    [System.Text.RegularExpressions.GeneratedRegex(@"\A\s*v?([0-9]+(?:\.[0-9]+)*)")]
    private static partial System.Text.RegularExpressions.Regex Numbers();

    /// <inheritdoc/>
    public override string ToString() => Version;
}

/// <summary>The build of Helm that templates see.</summary>
/// <param name="Version">The version.</param>
/// <param name="GitCommit">The commit.</param>
/// <param name="GitTreeState">Whether the tree was clean.</param>
/// <param name="GoVersion">The version of Go.</param>
/// <param name="KubeClientVersion">The version of the Kubernetes client library.</param>
public sealed record HelmVersion(string Version, string GitCommit, string GitTreeState, string GoVersion, string KubeClientVersion = "v1.34")
{
    /// <summary>Helm 4.0.5.</summary>
    public static HelmVersion Default { get; } = new("v4.0.5", "", "", "go1.25.5");
}
