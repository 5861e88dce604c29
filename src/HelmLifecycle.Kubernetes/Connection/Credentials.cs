using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace HelmLifecycle.Kubernetes;

/// <summary>Where the credentials of a request come from.</summary>
internal interface ICredentialSource
{
    /// <summary>The Authorization header now, or null for none.</summary>
    ValueTask<AuthenticationHeaderValue?> AuthorizationAsync(CancellationToken ct);

    /// <summary>Forgets what is cached after a 401. False if asking anew cannot give anything else.</summary>
    bool Invalidate();
}

/// <summary>A header that never changes: a token or name and password of the kubeconfig.</summary>
internal sealed class FixedCredentials(AuthenticationHeaderValue? header) : ICredentialSource
{
    public static FixedCredentials Token(string token) => new(new AuthenticationHeaderValue("Bearer", token));

    public static FixedCredentials Basic(string name, string password) =>
        new(new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}"))));

    public ValueTask<AuthenticationHeaderValue?> AuthorizationAsync(CancellationToken ct) => ValueTask.FromResult(header);

    public bool Invalidate() => false;
}

/// <summary>
/// A token in a file that someone else renews (projected service account tokens): read again every minute, as client-go does.
/// </summary>
internal sealed class TokenFile(string path, string? otherwise, TimeProvider time) : ICredentialSource
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
    private readonly Lock _lock = new();
    private AuthenticationHeaderValue? _header;
    private long _readAt;

    public ValueTask<AuthenticationHeaderValue?> AuthorizationAsync(CancellationToken ct)
    {
        lock (_lock)
        {
            if (_header is null || time.GetElapsedTime(_readAt) >= Period) Read();
            return ValueTask.FromResult(_header);
        }
    }

    public bool Invalidate()
    {
        lock (_lock)
        {
            AuthenticationHeaderValue? before = _header;
            Read();
            return !Equals(before, _header);
        }
    }

    private void Read()
    {
        try
        {
            string token = File.ReadAllText(path).Trim();
            if (token.Length > 0) _header = new AuthenticationHeaderValue("Bearer", token);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The file may just be replaced: the last token that could be read stays good.
            if (_header is null && otherwise is null)
                throw new ConnectionConfigurationException($"failed to read token file \"{path}\": {e.Message}", e);
        }
        if (_header is null && otherwise is not null) _header = new AuthenticationHeaderValue("Bearer", otherwise);
        _readAt = time.GetTimestamp();
    }
}

/// <summary>Puts credentials and impersonation on requests; after a 401 asks for new credentials once.</summary>
internal sealed class CredentialsHandler(ICredentialSource credentials, Impersonation? impersonate, HttpMessageHandler inner)
    : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (impersonate is not null && !request.Headers.Contains("Impersonate-User")) impersonate.AddTo(request);
        request.Headers.Authorization ??= await credentials.AuthorizationAsync(cancellationToken).ConfigureAwait(false);
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != System.Net.HttpStatusCode.Unauthorized || !credentials.Invalidate()) return response;
        response.Dispose();
        request.Headers.Authorization = await credentials.AuthorizationAsync(cancellationToken).ConfigureAwait(false);
        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }
}

/// <summary>Reads PEM.</summary>
internal static class Pem
{
    public static X509Certificate2 ClientCertificate(byte[] certificate, byte[] key)
    {
        try
        {
            using var pair = X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(certificate), Encoding.ASCII.GetString(key));
            // TLS on Windows cannot use a key that was only ever in memory as PEM.
            return X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception e) when (e is System.Security.Cryptography.CryptographicException or ArgumentException)
        {
            throw new ConnectionConfigurationException("tls: failed to find any PEM data in certificate or key input: " + e.Message, e);
        }
    }

    public static X509Certificate2Collection Authorities(byte[] pem)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(Encoding.ASCII.GetString(pem));
        }
        catch (System.Security.Cryptography.CryptographicException e)
        {
            throw new ConnectionConfigurationException("unable to load root certificates: " + e.Message, e);
        }
        return authorities.Count > 0 ? authorities
            : throw new ConnectionConfigurationException("unable to load root certificates: unable to parse bytes as PEM block");
    }
}
