using System.Net;
using System.Net.Http.Headers;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Takes requests of an <see cref="HttpClient"/> straight to the API server, without sockets.</summary>
internal sealed class InMemoryHandler(ApiServer server, string? token, IRequestGate gate) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        byte[] body;
        ApiRequest asked;
        using (server.Clock.EnterBusy())
        {
            body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            Uri uri = request.RequestUri ?? throw new InvalidOperationException("The request has no address.");
            string authorization = request.Headers.Authorization?.ToString() ?? (token is null ? "" : "Bearer " + token);
            asked = new ApiRequest
            {
                Method = request.Method.Method,
                Path = Uri.UnescapeDataString(uri.AbsolutePath),
                Query = QueryValues.Parse(uri.Query),
                ContentType = request.Content?.Headers.ContentType?.ToString() ?? Header(request.Content?.Headers, "Content-Type"),
                Accept = string.Join(",", request.Headers.TryGetValues("Accept", out IEnumerable<string>? accept) ? accept : []),
                UserAgent = request.Headers.UserAgent.ToString(),
                Authorization = authorization,
                ImpersonateUser = Header(request.Headers, "Impersonate-User"),
                ImpersonateGroups = request.Headers.TryGetValues("Impersonate-Group", out IEnumerable<string>? groups) ? [.. groups] : [],
                Body = body,
                Host = uri.Authority,
                IsUpgrade = request.Headers.Upgrade.Count > 0,
            };
        }

        ApiResponse answer = await gate.AnswerAsync(server, asked, cancellationToken).ConfigureAwait(false);
        using (server.Clock.EnterBusy())
        {
            return Message(request, answer);
        }
    }

    private static string Header(HttpHeaders? headers, string name) => headers is not null && headers.TryGetValues(name, out IEnumerable<string>? values) ? string.Join(",", values) : "";

    private static HttpResponseMessage Message(HttpRequestMessage request, ApiResponse answer)
    {
        HttpContent content = answer.Watch is { } watch ? new StreamContent(new WatchBody(watch)) : new ReadOnlyMemoryContent(answer.Body);
        if (answer.ContentType.Length > 0 && answer.Status != 204)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", answer.ContentType);
        }

        var message = new HttpResponseMessage((HttpStatusCode)answer.Status) { RequestMessage = request, Content = content, Version = HttpVersion.Version20 };
        foreach ((string name, string value) in answer.Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }
}

/// <summary>
/// Stands before the API server: faults on purpose. May wait, answer itself, or throw an <see cref="HttpRequestException"/> to break the connection. The server holds virtual time while it works.
/// </summary>
internal interface IRequestGate
{
    ValueTask<ApiResponse> AnswerAsync(ApiServer server, ApiRequest request, CancellationToken cancellationToken);
}

/// <summary>Lets everything pass.</summary>
internal sealed class OpenGate : IRequestGate
{
    public static readonly OpenGate Instance = new();

    public ValueTask<ApiResponse> AnswerAsync(ApiServer server, ApiRequest request, CancellationToken cancellationToken) => server.HandleAsync(request, cancellationToken);
}

/// <summary>A watch as a stream of bytes, for in-memory clients.</summary>
internal sealed class WatchBody(WatchStream watch) : Stream
{
    private WatchFrame _frame;
    private int _offset;
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length == 0 || _ended)
        {
            return 0;
        }

        if (_offset >= _frame.Length)
        {
            if (await watch.NextAsync(cancellationToken).ConfigureAwait(false) is not { } next)
            {
                _ended = true;
                return 0;
            }

            _frame = next;
            _offset = 0;
        }

        int copied = 0;
        foreach ((ReadOnlyMemory<byte> part, int start) in new[] { (_frame.Head, 0), (_frame.Object, _frame.Head.Length), (_frame.Tail, _frame.Head.Length + _frame.Object.Length) })
        {
            int from = _offset - start;
            if (from < 0 || from >= part.Length || copied == buffer.Length)
            {
                continue;
            }

            int count = Math.Min(part.Length - from, buffer.Length - copied);
            part.Slice(from, count).CopyTo(buffer[copied..]);
            copied += count;
            _offset += count;
        }

        return copied;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            watch.Dispose();
        }

        base.Dispose(disposing);
    }
}
