using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes;

/// <summary>Makes the HTTP handlers that a kubeconfig or a service account asks for.</summary>
internal static class ConnectionBuilder
{
    /// <summary>What decides whether the server is who it should be.</summary>
    internal sealed record ServerTrust(bool Insecure, X509Certificate2Collection? Authorities, string? ServerName);

    public static ClusterConnection FromTarget(KubeTarget target, TimeProvider time)
    {
        string server = target.ClusterText("server") ?? "http://localhost:8080";
        if (!server.Contains("://", StringComparison.Ordinal)) server = "https://" + server;
        if (!Uri.TryCreate(server, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
            throw new ConnectionConfigurationException($"invalid configuration: \"{server}\" is no address of a server");
        bool insecure = target.Cluster["insecure-skip-tls-verify"] is JsonValue skip && skip.TryGetValue(out bool yes) && yes;
        byte[]? ca = target.ClusterData("certificate-authority");
        if (insecure && ca is not null)
            throw new ConnectionConfigurationException("specifying a root certificates file with the insecure flag is not allowed");
        ICredentialSource credentials = Credentials(target, time);
        X509Certificate2? certificate = Certificate(target);
        var trust = new ServerTrust(insecure, ca is null ? null : Pem.Authorities(ca), target.ClusterText("tls-server-name"));
        Func<X509Certificate2?>? present = credentials is ExecCredentials plugin ? () => plugin.Certificate ?? certificate
            : certificate is not null ? () => certificate : null;
        SocketsHttpHandler handler = Handler(trust, present, target.ClusterText("proxy-url"));
        return ClusterConnection.From(new CredentialsHandler(credentials, Impersonate(target), handler), address, target.Namespace);
    }

    public static ClusterConnection FromServiceAccount(string host, string port, string folder, TimeProvider time)
    {
        string token = Path.Combine(folder, "token"), ca = Path.Combine(folder, "ca.crt"), ns = Path.Combine(folder, "namespace");
        if (!File.Exists(token)) throw new ConnectionConfigurationException($"open {token}: no such file or directory");
        if (!File.Exists(ca)) throw new ConnectionConfigurationException($"open {ca}: no such file or directory");
        string authority = host.Contains(':') ? $"[{host}]:{port}" : $"{host}:{port}";
        var trust = new ServerTrust(Insecure: false, Pem.Authorities(File.ReadAllBytes(ca)), ServerName: null);
        var handler = new CredentialsHandler(new TokenFile(token, null, time), null, Handler(trust, certificate: null, proxy: null));
        return ClusterConnection.From(handler, new Uri($"https://{authority}/"), File.Exists(ns) ? File.ReadAllText(ns).Trim() : "default");
    }

    /// <summary>Whether a server certificate is to be trusted.</summary>
    internal static bool Trusts(ServerTrust trust, X509Certificate2? certificate, X509Chain? presented, SslPolicyErrors errors)
    {
        if (trust.Insecure) return true;
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable)) return false;
        bool isNamed = trust.ServerName is { } name
            ? certificate.MatchesHostname(name, allowWildcards: true, allowCommonName: false)
            : !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch);
        if (!isNamed) return false;
        if (trust.Authorities is null) return !errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.AddRange(trust.Authorities);
        // Go trusts any certificate of the bundle as a root, an intermediate one as well.
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        if (presented is not null)
            foreach (X509ChainElement element in presented.ChainElements) chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        return chain.Build(certificate)
            && chain.ChainElements.Any(e => trust.Authorities.Any(a => a.RawDataMemory.Span.SequenceEqual(e.Certificate.RawDataMemory.Span)));
    }

    private static ICredentialSource Credentials(KubeTarget target, TimeProvider time)
    {
        if (target.User["auth-provider"] is JsonObject provider)
            throw new ConnectionConfigurationException($"no Auth Provider found for name \"{KubernetesObject.Text(provider, "name")}\"");
        if (target.User["exec"] is JsonObject exec) return new ExecCredentials(exec, target, time);
        if (target.UserText("tokenFile") is { } file) return new TokenFile(Path.Combine(target.UserFolder, file), target.UserText("token"), time);
        if (target.UserText("token") is { } token) return FixedCredentials.Token(token);
        if (target.UserText("username") is { } name) return FixedCredentials.Basic(name, target.UserText("password") ?? "");
        return new FixedCredentials(null);
    }

    private static X509Certificate2? Certificate(KubeTarget target)
    {
        byte[]? certificate = target.UserData("client-certificate"), key = target.UserData("client-key");
        if (certificate is null != key is null)
            throw new ConnectionConfigurationException("invalid configuration: client-certificate and client-key must both be specified");
        return certificate is null ? null : Pem.ClientCertificate(certificate, key!);
    }

    private static Impersonation? Impersonate(KubeTarget target)
    {
        if (target.UserText("as") is not { } user) return null;
        return new Impersonation(user)
        {
            Uid = target.UserText("as-uid"),
            Groups = [.. (target.User["as-groups"] as JsonArray ?? []).Select(g => g?.ToString() ?? "")],
            Extra = (target.User["as-user-extra"] as JsonObject ?? []).ToDictionary(
                e => e.Key, e => (IReadOnlyList<string>)[.. (e.Value as JsonArray ?? []).Select(v => v?.ToString() ?? "")], StringComparer.Ordinal),
        };
    }

    private static SocketsHttpHandler Handler(ServerTrust trust, Func<X509Certificate2?>? certificate, string? proxy)
    {
        var handler = new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.GZip,
            EnableMultipleHttp2Connections = true,
            ConnectTimeout = TimeSpan.FromSeconds(30),
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(30),
            AllowAutoRedirect = false,
            UseCookies = false,
        };
        handler.SslOptions.RemoteCertificateValidationCallback =
            (_, remote, chain, errors) => Trusts(trust, remote as X509Certificate2, chain, errors);
        if (certificate is not null) handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate()!;
        if (proxy is not null)
        {
            if (!Uri.TryCreate(proxy, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https" or "socks5"))
                throw new ConnectionConfigurationException($"invalid configuration: invalid proxy URL \"{proxy}\"");
            handler.Proxy = new WebProxy(address);
        }
        else if (trust.ServerName is { } name) handler.ConnectCallback = (context, ct) => ConnectAsAsync(name, handler.SslOptions, context, ct);
        return handler;
    }

    // The handler takes the name for SNI from the address; to send tls-server-name the handshake is done here.
    private static async ValueTask<Stream> ConnectAsAsync(
        string name, SslClientAuthenticationOptions options, SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, ct).ConfigureAwait(false);
            var plain = new NetworkStream(socket, ownsSocket: true);
            if (context.InitialRequestMessage.RequestUri?.Scheme != Uri.UriSchemeHttps) return plain;
            var tls = new SslStream(plain);
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = name,
                RemoteCertificateValidationCallback = options.RemoteCertificateValidationCallback,
                LocalCertificateSelectionCallback = options.LocalCertificateSelectionCallback,
                ApplicationProtocols = [SslApplicationProtocol.Http11],
            }, ct).ConfigureAwait(false);
            return tls;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
