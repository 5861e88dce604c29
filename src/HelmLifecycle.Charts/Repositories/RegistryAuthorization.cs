using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Charts;

/// <summary>How a registry wants to be asked: nothing, Basic, or Bearer with a token of its token service for each scope.</summary>
internal sealed class RegistryAuthorization(HttpClient http, RegistryCredentials credentials, RegistryCredential? given)
{
    private readonly ConcurrentDictionary<string, RegistryCredential?> _credentials = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Registry, string Scope), AuthenticationHeaderValue> _headers = new();

    public Task UseAsync(string registry, RegistryCredential credential)
    {
        Forget(registry);
        _credentials[registry] = credential;
        return Task.CompletedTask;
    }

    public void Forget(string registry)
    {
        _credentials.TryRemove(registry, out _);
        foreach ((string Registry, string Scope) key in _headers.Keys)
        {
            if (key.Registry == registry)
                _headers.TryRemove(key, out _);
        }
    }

    public Task ApplyAsync(HttpRequestMessage request, string registry, string scope, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_headers.TryGetValue((registry, scope), out AuthenticationHeaderValue? header))
            request.Headers.Authorization = header;
        return Task.CompletedTask;
    }

    /// <summary>Answers a 401.</summary>
    /// <returns>Whether there is something new to try with.</returns>
    public async Task<bool> AnswerAsync(HttpResponseMessage response, string registry, string scope, CancellationToken cancellationToken)
    {
        RegistryCredential? credential = await CredentialAsync(registry, cancellationToken).ConfigureAwait(false);
        foreach (AuthenticationHeaderValue challenge in response.Headers.WwwAuthenticate)
        {
            if (challenge.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) && credential is { Username.Length: > 0 })
            {
                _headers[(registry, scope)] = Basic(credential);
                return true;
            }

            if (challenge.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            {
                Dictionary<string, string> parameters = Parameters(challenge.Parameter ?? "");
                if (!parameters.TryGetValue("realm", out string? realm) || !Uri.TryCreate(realm, UriKind.Absolute, out Uri? service))
                    throw new RegistryException($"the registry {registry} asks for a token but names no token service");
                string asked = parameters.TryGetValue("scope", out string? named) ? named : scope;
                string token = await TokenAsync(service, parameters.GetValueOrDefault("service"), asked, credential, cancellationToken).ConfigureAwait(false);
                _headers[(registry, scope)] = new AuthenticationHeaderValue("Bearer", token);
                return true;
            }
        }

        return false;
    }

    private async Task<RegistryCredential?> CredentialAsync(string registry, CancellationToken cancellationToken)
    {
        if (_credentials.TryGetValue(registry, out RegistryCredential? known))
            return known;
        return _credentials[registry] = given ?? await credentials.FindAsync(registry, cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> TokenAsync(
        Uri service, string? name, string scope, RegistryCredential? credential, CancellationToken cancellationToken)
    {
        HttpRequestMessage request;
        if (credential?.IdentityToken is { } refresh)
        {
            var form = new Dictionary<string, string>
            {
                ["grant_type"] = "refresh_token",
                ["refresh_token"] = refresh,
                ["client_id"] = "helm",
                ["service"] = name ?? "",
                ["scope"] = scope,
            };
            request = new HttpRequestMessage(HttpMethod.Post, service) { Content = new FormUrlEncodedContent(form) };
        }
        else
        {
            var query = new StringBuilder(service.Query.Length > 1 ? service.Query + "&" : "?");
            if (name is not null)
                query.Append("service=").Append(Uri.EscapeDataString(name)).Append('&');
            foreach (string part in scope.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                query.Append("scope=").Append(Uri.EscapeDataString(part)).Append('&');
            request = new HttpRequestMessage(HttpMethod.Get, new Uri(service, query.ToString().TrimEnd('&', '?')));
            if (credential is { Username.Length: > 0 })
                request.Headers.Authorization = Basic(credential);
        }

        using (request)
        using (HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false))
        {
            await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            byte[]? bytes = await BoundedReader.ReadAsync(body, 1 << 20, cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode || bytes is null)
            {
                throw new RegistryException($"the token service {service.Host} refused: response status code {(int)response.StatusCode}")
                {
                    StatusCode = (int)response.StatusCode,
                };
            }

            return TokenOf(bytes) ?? throw new RegistryException($"the token service {service.Host} answered without a token");
        }
    }

    private static string? TokenOf(byte[] answer)
    {
        try
        {
            JsonNode? parsed = JsonNode.Parse(answer);
            return (string?)parsed?["token"] ?? (string?)parsed?["access_token"];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static AuthenticationHeaderValue Basic(RegistryCredential credential) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.Username}:{credential.Password}")));

    // realm="https://…",service="…",scope="a:b:pull,push": a comma inside quotes belongs to the value.
    private static Dictionary<string, string> Parameters(string text)
    {
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        int i = 0;
        while (i < text.Length)
        {
            int equals = text.IndexOf('=', i);
            if (equals < 0)
                break;
            string key = text[i..equals].Trim(' ', ',');
            int start = equals + 1, end;
            if (start < text.Length && text[start] == '"')
            {
                end = text.IndexOf('"', ++start);
                if (end < 0)
                    end = text.Length;
                i = end + 1;
            }
            else
            {
                end = text.IndexOf(',', start);
                if (end < 0)
                    end = text.Length;
                i = end + 1;
            }

            parameters[key] = text[start..end];
        }

        return parameters;
    }
}
