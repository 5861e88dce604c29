using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HelmLifecycle.Charts;

/// <summary>Makes connections by <see cref="TlsOptions"/>, and says in Go's words why a server's certificate is refused.</summary>
internal static class TlsConnection
{
    /// <param name="tls">The settings.</param>
    /// <param name="what">What the connection is for, as messages name it: <c>repository stable</c>.</param>
    /// <exception cref="RegistryException">A file cannot be read.</exception>
    public static SocketsHttpHandler Handler(TlsOptions tls, string what)
    {
        var handler = new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.GZip,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(30),
        };
        try
        {
            if (tls.CertFile.Length > 0)
                handler.SslOptions.ClientCertificateContext = ClientCertificate(tls);
            if (tls.InsecureSkipTlsVerify)
            {
                handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
                return handler;
            }

            X509Certificate2Collection roots = [];
            if (tls.CaFile.Length > 0)
            {
                roots.ImportFromPemFile(tls.CaFile);
                if (roots.Count == 0)
                    throw new CryptographicException($"failed to append certificates from file: {tls.CaFile}");
                handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                    DisableCertificateDownloads = true,
                };
                handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
            }

            handler.SslOptions.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
                errors == SslPolicyErrors.None || IsTrusted(chain, errors, roots) ? true : throw Refusal((SslStream)sender, certificate, chain, errors);
            return handler;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            handler.Dispose();
            throw new RegistryException($"can't create TLS config for {what}: {e.Message}", e);
        }
    }

    /// <summary>Why there was no answer: .NET puts the cause of a failed handshake one exception deeper.</summary>
    public static string Reason(HttpRequestException e) => e switch
    {
        { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: CertificateRefusedException inner } => inner.Message,
        { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: { } inner } =>
            $"no TLS connection: {inner.Message} (does the server speak HTTPS, and does it want a client certificate?)",
        { HttpRequestError: HttpRequestError.Unknown or HttpRequestError.ConnectionError, InnerException: IOException inner } => inner.Message,
        _ => e.Message,
    };

    private static SslStreamCertificateContext ClientCertificate(TlsOptions tls)
    {
        X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(tls.CertFile, tls.KeyFile.Length > 0 ? tls.KeyFile : null);
        // Windows does not take a key that lives in memory only.
        if (OperatingSystem.IsWindows())
        {
            using X509Certificate2 fleeting = certificate;
            certificate = X509CertificateLoader.LoadPkcs12(fleeting.Export(X509ContentType.Pkcs12), null);
        }

        X509Certificate2Collection chain = [];
        chain.ImportFromPemFile(tls.CertFile);
        return SslStreamCertificateContext.Create(certificate, chain, offline: true);
    }

    // As in Go, a certificate of the file is trusted though it is an intermediate one, or the server's very own.
    private static bool IsTrusted(X509Chain? chain, SslPolicyErrors errors, X509Certificate2Collection roots) =>
        errors == SslPolicyErrors.RemoteCertificateChainErrors && chain is { ChainElements.Count: > 0 }
        && chain.ChainStatus.All(s => s.Status == X509ChainStatusFlags.PartialChain)
        && roots.Any(r => r.RawDataMemory.Span.SequenceEqual(chain.ChainElements[^1].Certificate.RawDataMemory.Span));

    private static CertificateRefusedException Refusal(SslStream stream, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        string reason = "the server shows no certificate";
        if (certificate is not null)
        {
            X509ChainStatus[] statuses = chain?.ChainStatus ?? [];
            if (statuses.Any(s => s.Status.HasFlag(X509ChainStatusFlags.NotTimeValid)))
                reason = $"x509: certificate has expired or is not yet valid: it holds from {Time(certificate.GetEffectiveDateString())} to {Time(certificate.GetExpirationDateString())}";
            else if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
                reason = $"x509: certificate is valid for {Names(certificate)}, not {stream.TargetHostName}";
            else if (statuses.Any(s => s.Status is X509ChainStatusFlags.PartialChain or X509ChainStatusFlags.UntrustedRoot or X509ChainStatusFlags.NotSignatureValid))
                reason = "x509: certificate signed by unknown authority";
            else
                reason = "x509: " + string.Join(", ", statuses.Select(s => s.StatusInformation.Trim()));
        }

        return new CertificateRefusedException("tls: failed to verify certificate: " + reason);
    }

    private static string Time(string text) =>
        DateTime.Parse(text, System.Globalization.CultureInfo.CurrentCulture).ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static string Names(X509Certificate certificate)
    {
        using var whole = new X509Certificate2(certificate);
        string[] names = [.. whole.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(e => e.EnumerateDnsNames().Concat(e.EnumerateIPAddresses().Select(a => a.ToString())))];
        return names.Length > 0 ? string.Join(", ", names) : "no name";
    }

    private sealed class CertificateRefusedException(string message) : AuthenticationException(message);
}
