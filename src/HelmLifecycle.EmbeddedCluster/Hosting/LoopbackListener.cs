using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Serves the API on a TCP port of the loopback interface, over plain HTTP or TLS, for kubectl and other programs.</summary>
internal sealed class LoopbackListener : IAsyncDisposable
{
    private const int MaxBody = 8 * 1024 * 1024;

    private readonly WebApplication _app;

    private LoopbackListener(WebApplication app, Uri address)
    {
        _app = app;
        Address = address;
    }

    public Uri Address { get; }

    public static async Task<LoopbackListener> StartAsync(ApiServer server, IRequestGate gate, int port, X509Certificate2? certificate, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromMilliseconds(200));
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        if (certificate is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Listen(IPAddress.Loopback, port, l =>
            {
                l.Protocols = certificate is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
                if (certificate is not null)
                {
                    l.UseHttps(certificate);
                }
            });
            k.AddServerHeader = false;
            k.Limits.MaxRequestBodySize = MaxBody;
            k.Limits.MinResponseDataRate = null;
        });
        WebApplication app = builder.Build();
        app.Run(context => AnswerAsync(server, gate, context));
        await app.StartAsync(cancellationToken).ConfigureAwait(false);
        return new LoopbackListener(app, new Uri(app.Urls.First()));
    }

    private static async Task AnswerAsync(ApiServer server, IRequestGate gate, HttpContext context)
    {
        CancellationToken aborted = context.RequestAborted;
        ApiResponse answer;
        try
        {
            ApiRequest request;
            using (server.Clock.EnterBusy())
            {
                request = await ReadAsync(context.Request, aborted).ConfigureAwait(false);
            }

            answer = await gate.AnswerAsync(server, request, aborted).ConfigureAwait(false);
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException e)
        {
            context.Response.StatusCode = e.StatusCode;
            return;
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
            return; // the client went away
        }
        catch (HttpRequestException)
        {
            context.Abort(); // a fault on purpose: the connection breaks
            return;
        }

        await WriteAsync(context, answer, aborted).ConfigureAwait(false);
    }

    private static async Task<ApiRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken).ConfigureAwait(false);
        return new ApiRequest
        {
            Method = request.Method,
            Path = request.Path.Value ?? "/",
            Query = QueryValues.Parse(request.QueryString.Value),
            ContentType = request.ContentType ?? "",
            Accept = request.Headers.Accept.ToString(),
            UserAgent = request.Headers.UserAgent.ToString(),
            Authorization = request.Headers.Authorization.ToString(),
            ImpersonateUser = request.Headers["Impersonate-User"].ToString(),
            ImpersonateGroups = [.. request.Headers["Impersonate-Group"].OfType<string>()],
            Body = body.ToArray(),
            Host = request.Host.Value ?? "",
            IsUpgrade = request.Headers.Upgrade.Count > 0,
        };
    }

    private static async Task WriteAsync(HttpContext context, ApiResponse answer, CancellationToken cancellationToken)
    {
        HttpResponse response = context.Response;
        response.StatusCode = answer.Status;
        foreach ((string name, string value) in answer.Headers)
        {
            response.Headers.Append(name, value);
        }

        if (answer.Status != 204)
        {
            response.ContentType = answer.ContentType;
        }

        if (answer.Watch is not { } watch)
        {
            if (answer.Status != 204)
            {
                response.ContentLength = answer.Body.Length;
                await response.Body.WriteAsync(answer.Body, cancellationToken).ConfigureAwait(false);
            }

            return;
        }

        using (watch)
        {
            try
            {
                await response.StartAsync(cancellationToken).ConfigureAwait(false);
                await response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
                while (await watch.NextAsync(cancellationToken).ConfigureAwait(false) is { } frame)
                {
                    await response.Body.WriteAsync(frame.Head, cancellationToken).ConfigureAwait(false);
                    await response.Body.WriteAsync(frame.Object, cancellationToken).ConfigureAwait(false);
                    await response.Body.WriteAsync(frame.Tail, cancellationToken).ConfigureAwait(false);
                    await response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException)
            {
                return; // the client ended the watch
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The host must not listen for Ctrl+C: that belongs to the program around.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
