using System.Net.Http.Headers;
using System.Text;

namespace HelmLifecycle.Charts;

/// <summary>
/// Fetches a file over HTTP as Helm's getter does: it follows redirects, takes two minutes at most, and sends a password to the host it is meant for only.
/// </summary>
internal static class HttpFile
{
    private const int MaxRedirects = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <param name="http">The connection; whether it follows redirects by itself does not matter.</param>
    /// <param name="address">Where the file is; a name and password in it are used when there is no <paramref name="credentials"/>.</param>
    /// <param name="limit">The most bytes that are read.</param>
    /// <param name="credentials">Name and password for the first address.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="RegistryException">There is no answer, no success, or too much.</exception>
    public static async Task<byte[]> GetAsync(
        HttpClient http, Uri address, long limit, RegistryCredential? credentials, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            Uri current = address;
            AuthenticationHeaderValue? authorization = credentials is null ? FromAddress(address) : Basic(credentials);
            for (int hops = 0; ; hops++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, WithoutUser(current));
                request.Headers.Authorization = authorization;
                using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
                if ((int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } location)
                {
                    if (hops == MaxRedirects)
                        throw new RegistryException($"failed to fetch {Shown(address)} : stopped after {MaxRedirects} redirects");
                    var next = new Uri(current, location);
                    if (next.Scheme is not ("http" or "https"))
                        throw new RegistryException($"failed to fetch {Shown(address)} : redirected to the unsupported protocol scheme \"{next.Scheme}\"");
                    // Once it has left, a password does not come back.
                    authorization = IsSameServer(current, next) ? authorization : FromAddress(next);
                    current = next;
                    continue;
                }

                if (!response.IsSuccessStatusCode)
                {
                    throw new RegistryException($"failed to fetch {Shown(address)} : {(int)response.StatusCode} {response.ReasonPhrase}")
                    {
                        StatusCode = (int)response.StatusCode,
                    };
                }

                await using Stream body = await response.Content.ReadAsStreamAsync(patience.Token).ConfigureAwait(false);
                return await BoundedReader.ReadAsync(body, limit, patience.Token).ConfigureAwait(false)
                    ?? throw new RegistryException($"{Shown(address)} is larger than {limit} bytes");
            }
        }
        catch (HttpRequestException e)
        {
            throw new RegistryException($"Get \"{Shown(address)}\": {TlsConnection.Reason(e)}", e);
        }
        catch (IOException e)
        {
            throw new RegistryException($"Get \"{Shown(address)}\": {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RegistryException($"Get \"{Shown(address)}\": no whole answer in {Patience.TotalSeconds} s", e);
        }
    }

    /// <summary>The same scheme, host and port, or from HTTP up to HTTPS on one host.</summary>
    public static bool IsSameServer(Uri one, Uri other) =>
        one.Host.Equals(other.Host, StringComparison.OrdinalIgnoreCase)
        && ((one.Scheme == other.Scheme && one.Port == other.Port) || (one is { Scheme: "http", IsDefaultPort: true } && other is { Scheme: "https", IsDefaultPort: true }));

    /// <summary>An address as messages show it, without a password.</summary>
    public static string Shown(Uri address) => WithoutUser(address).AbsoluteUri;

    private static Uri WithoutUser(Uri address) => address.UserInfo.Length == 0
        ? address
        : new Uri(address.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.UserInfo, UriFormat.UriEscaped));

    private static AuthenticationHeaderValue? FromAddress(Uri address)
    {
        if (address.UserInfo.Length == 0)
            return null;
        string[] parts = address.UserInfo.Split(':', 2);
        return Basic(new RegistryCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : ""));
    }

    private static AuthenticationHeaderValue Basic(RegistryCredential credential) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.Username}:{credential.Password}")));
}
