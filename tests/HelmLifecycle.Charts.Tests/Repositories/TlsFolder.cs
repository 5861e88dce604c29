using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace HelmLifecycle.Charts.Tests;

/// <summary>A web server of a few files and redirects on the loopback address, with or without TLS.</summary>
internal sealed class TlsFolder : IAsyncDisposable
{
    private readonly WebApplication _application;

    private TlsFolder(WebApplication application) => _application = application;

    public string Url { get; private set; } = "";

    public ConcurrentDictionary<string, byte[]> Files { get; } = new();

    public ConcurrentDictionary<string, string> Redirects { get; } = new();

    /// <summary>Of each request: path, then what it sent as Authorization.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <param name="certificate">The server's; null for plain HTTP.</param>
    /// <param name="clientAuthority">Only clients with a certificate of this authority are let in.</param>
    public static async Task<TlsFolder> StartAsync(X509Certificate2? certificate = null, string? clientAuthority = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listener =>
        {
            if (certificate is null)
                return;
            listener.UseHttps(https =>
            {
                https.ServerCertificate = certificate;
                if (clientAuthority is null)
                    return;
                https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                https.ClientCertificateValidation = (client, _, _) => IsIssuedBy(client, clientAuthority);
            });
        }));
        WebApplication application = builder.Build();
        var server = new TlsFolder(application);
        application.Run(server.AnswerAsync);
        await application.StartAsync();
        server.Url = application.Urls.Single();
        return server;
    }

    /// <summary>With an index and the archives of charts.</summary>
    public async Task<TlsFolder> WithAsync(params (string Name, string Version)[] charts)
    {
        (string, ReadOnlyMemory<byte>)[] archives = [.. charts.Select(c => ($"{c.Name}-{c.Version}.tgz", (ReadOnlyMemory<byte>)RegistryTests.Pack(c.Name, c.Version)))];
        foreach ((string name, ReadOnlyMemory<byte> archive) in archives)
            Files["/" + name] = archive.ToArray();
        RepositoryIndex index = await RepositoryIndex.BuildAsync(archives);
        Files["/index.yaml"] = System.Text.Encoding.UTF8.GetBytes(index.Write());
        return this;
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        string path = context.Request.Path + context.Request.QueryString;
        Requests.Enqueue($"{path} {context.Request.Headers.Authorization}".TrimEnd());
        if (Redirects.TryGetValue(path, out string? target))
            context.Response.Redirect(target);
        else if (Files.TryGetValue(context.Request.Path, out byte[]? content))
            await context.Response.Body.WriteAsync(content);
        else
            context.Response.StatusCode = 404;
    }

    private static bool IsIssuedBy(X509Certificate2 certificate, string authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(authority);
        return chain.Build(certificate);
    }
}
