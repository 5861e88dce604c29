using HelmLifecycle.Charts;

namespace HelmLifecycle.Cli;

/// <summary>The flags that say how a repository or registry is reached, for every command that fetches or sends a chart.</summary>
internal sealed class ConnectionFlags
{
    private readonly TextFlag _username, _password, _certFile, _keyFile, _caFile;
    private readonly BoolFlag _insecure, _plainHttp;

    public ConnectionFlags(Func<Flag, Flag> add, string purpose)
    {
        T Add<T>(T flag)
            where T : Flag => (T)add(flag);
        _username = Add(new TextFlag("username", "chart repository username where to locate the requested chart"));
        _password = Add(new TextFlag("password", "chart repository password where to locate the requested chart"));
        _certFile = Add(new TextFlag("cert-file", "identify HTTPS client using this SSL certificate file"));
        _keyFile = Add(new TextFlag("key-file", "identify HTTPS client using this SSL key file"));
        _caFile = Add(new TextFlag("ca-file", "verify certificates of HTTPS-enabled servers using this CA bundle"));
        _insecure = Add(BoolFlag.Make("insecure-skip-tls-verify", $"skip tls certificate checks for the chart {purpose}"));
        _plainHttp = Add(BoolFlag.Make("plain-http", $"use insecure HTTP connections for the chart {purpose}"));
    }

    private TlsOptions Tls => new() { CertFile = _certFile.Value, KeyFile = _keyFile.Value, CaFile = _caFile.Value, InsecureSkipTlsVerify = _insecure };

    public ChartSourceOptions Apply(ChartSourceOptions options) => options with
    {
        Username = _username.Value,
        Password = _password.Value,
        Tls = Tls,
        Registry = Apply(options.Registry) with { Credential = null },
    };

    public RegistryClientOptions Apply(RegistryClientOptions options) => options with
    {
        PlainHttp = _plainHttp,
        Tls = Tls,
        Credential = _username.Value.Length > 0 ? new RegistryCredential(_username.Value, _password.Value) : null,
    };
}
