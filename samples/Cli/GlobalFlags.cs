using HelmLifecycle.Kubernetes;

namespace HelmLifecycle.Cli;

/// <summary>The flags that every command knows.</summary>
internal sealed class GlobalFlags
{
    /// <summary>What <c>--embedded</c> alone means.</summary>
    public const string InMemory = "memory";

    public TextFlag Namespace { get; } = new("namespace", "namespace scope for this request", "", 'n');

    public TextFlag KubeConfig { get; } = new("kubeconfig", "path to the kubeconfig file");

    public TextFlag KubeContext { get; } = new("kube-context", "name of the kubeconfig context to use");

    public TextFlag KubeApiServer { get; } = new("kube-apiserver", "the address and the port for the Kubernetes API server");

    public TextFlag KubeToken { get; } = new("kube-token", "bearer token used for authentication");

    public TextFlag KubeCaFile { get; } = new("kube-ca-file", "the certificate authority file for the Kubernetes API server connection");

    public TextFlag KubeAsUser { get; } = new("kube-as-user", "username to impersonate for the operation");

    public ListFlag KubeAsGroup { get; } = new("kube-as-group", "group to impersonate for the operation, this flag can be repeated to specify multiple groups.");

    public TextFlag KubeTlsServerName { get; } = new("kube-tls-server-name", "server name to use for Kubernetes API server certificate validation");

    public BoolFlag KubeInsecure { get; } =
        BoolFlag.Make("kube-insecure-skip-tls-verify", "if true, the Kubernetes API server's certificate will not be checked for validity");

    public TextFlag RepositoryConfig { get; } = new("repository-config", "path to the file containing repository names and URLs");

    public TextFlag RepositoryCache { get; } = new("repository-cache", "path to the directory containing cached repository indexes");

    public TextFlag RegistryConfig { get; } = new("registry-config", "path to the registry config file");

    public BoolFlag Debug { get; } = BoolFlag.Make("debug", "enable verbose output");

    public TextFlag Embedded { get; } =
        new("embedded", "use a cluster inside this process: in memory, or kept in the snapshot file given with --embedded=FILE", typeName: "file") { Alone = InMemory };

    public IEnumerable<Flag> All =>
    [
        Namespace, KubeConfig, KubeContext, KubeApiServer, KubeToken, KubeCaFile, KubeAsUser, KubeAsGroup, KubeTlsServerName, KubeInsecure,
        RepositoryConfig, RepositoryCache, RegistryConfig, Debug, Embedded,
    ];

    public KubeConfigOptions ToKubeConfig(Session session) => new()
    {
        Paths = KubeConfig.Value.Length > 0 ? [KubeConfig.Value] : null,
        Context = First(KubeContext.Value, session.Variable("HELM_KUBECONTEXT")),
        Overrides = new KubeConfigOverrides
        {
            Server = First(KubeApiServer.Value, session.Variable("HELM_KUBEAPISERVER")),
            Token = First(KubeToken.Value, session.Variable("HELM_KUBETOKEN")),
            CertificateAuthorityFile = First(KubeCaFile.Value, session.Variable("HELM_KUBECAFILE")),
            TlsServerName = First(KubeTlsServerName.Value, session.Variable("HELM_KUBETLS_SERVER_NAME")),
            InsecureSkipTlsVerify = KubeInsecure.IsGiven ? KubeInsecure.Value : null,
            ImpersonateUser = First(KubeAsUser.Value, session.Variable("HELM_KUBEASUSER")),
            ImpersonateGroups = KubeAsGroup.Values,
        },
    };

    private static string? First(string flag, string? variable) => flag.Length > 0 ? flag : variable;
}
