using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes;

/// <summary>
/// What command lines set over a kubeconfig, such as helm's <c>--kube-apiserver</c>. What is null stays as the kubeconfig has it.
/// </summary>
public sealed record KubeConfigOverrides
{
    /// <summary>The address of the API server.</summary>
    public string? Server { get; init; }

    /// <summary>A bearer token; it takes the place of every other credential.</summary>
    public string? Token { get; init; }

    /// <summary>The file of the authority that the server's certificate must come from.</summary>
    public string? CertificateAuthorityFile { get; init; }

    /// <summary>The name that the server's certificate must be for.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>Accept any server certificate.</summary>
    public bool? InsecureSkipTlsVerify { get; init; }

    /// <summary>Act as this user.</summary>
    public string? ImpersonateUser { get; init; }

    /// <summary>Act as a member of these groups; empty leaves the kubeconfig's.</summary>
    public IReadOnlyList<string> ImpersonateGroups { get; init; } = [];

    internal KubeTarget ApplyTo(KubeTarget target)
    {
        JsonObject cluster = target.Cluster.DeepClone().AsObject(), user = target.User.DeepClone().AsObject();
        if (Server is not null)
            cluster["server"] = Server;
        if (CertificateAuthorityFile is not null)
        {
            cluster.Remove("certificate-authority-data");
            cluster["certificate-authority"] = Path.GetFullPath(CertificateAuthorityFile);
        }

        if (TlsServerName is not null)
            cluster["tls-server-name"] = TlsServerName;
        if (InsecureSkipTlsVerify is { } insecure)
        {
            cluster["insecure-skip-tls-verify"] = insecure;
            if (insecure)
            {
                cluster.Remove("certificate-authority");
                cluster.Remove("certificate-authority-data");
            }
        }

        if (Token is not null)
            user = new JsonObject { ["token"] = Token, ["as"] = user["as"]?.DeepClone(), ["as-groups"] = user["as-groups"]?.DeepClone() };
        if (ImpersonateUser is not null)
            user["as"] = ImpersonateUser;
        if (ImpersonateGroups.Count > 0)
            user["as-groups"] = new JsonArray([.. ImpersonateGroups.Select(g => (JsonNode)g)]);
        return target with { Cluster = cluster, User = user };
    }
}
