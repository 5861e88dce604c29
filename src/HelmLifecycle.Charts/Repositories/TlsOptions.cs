namespace HelmLifecycle.Charts;

/// <summary>How connections to a repository or registry are secured; Helm's flags of the same names. All files are PEM.</summary>
public sealed record TlsOptions
{
    /// <summary>The authorities that the server's certificate must come from, instead of the system's. Helm's <c>--ca-file</c>. Default: empty, the system's.</summary>
    public string CaFile { get; init; } = "";

    /// <summary>A client certificate, with the intermediate ones behind it. Helm's <c>--cert-file</c>. Default: empty, none.</summary>
    public string CertFile { get; init; } = "";

    /// <summary>The key of the client certificate. Helm's <c>--key-file</c>. Default: empty, the key is in <see cref="CertFile"/>.</summary>
    public string KeyFile { get; init; } = "";

    /// <summary>Accept any server certificate. Helm's <c>--insecure-skip-tls-verify</c>. Default: false.</summary>
    public bool InsecureSkipTlsVerify { get; init; }
}
