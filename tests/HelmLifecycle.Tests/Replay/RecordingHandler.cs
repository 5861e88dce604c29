using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HelmLifecycle.Tests.Replay;

/// <summary>One request a command made.</summary>
internal sealed record SeenRequest(string Method, string Path, string? ContentType, JsonNode? Body, int Status);

/// <summary>Writes down what a command asks the API; at a given request the process "dies" or is told to stop.</summary>
internal sealed class RecordingHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private readonly Lock _lock = new();
    private readonly List<SeenRequest> _seen = [];
    private bool _dead;

    public Regex? StopAfter { get; init; }

    /// <summary>What happens at the request: a kill (true) or a cancellation (false).</summary>
    public bool Kill { get; init; }

    public CancellationTokenSource Stop { get; } = new();

    public bool Killed => _dead;

    public IReadOnlyList<SeenRequest> Seen
    {
        get
        {
            lock (_lock) return [.. _seen];
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_dead) throw new HttpRequestException("the process is dead");
        JsonNode? body = null;
        if (request.Content is not null)
        {
            string text = await request.Content.ReadAsStringAsync(cancellationToken);
            if (text.Length > 0) body = JsonNode.Parse(text);
        }

        string path = request.RequestUri!.PathAndQuery;
        var response = await base.SendAsync(request, cancellationToken);
        lock (_lock)
        {
            _seen.Add(new SeenRequest(request.Method.Method, path, request.Content?.Headers.ContentType?.MediaType, body, (int)response.StatusCode));
        }

        if (StopAfter is not null && StopAfter.IsMatch($"{request.Method.Method} {path}"))
        {
            if (Kill) _dead = true;
            await Stop.CancelAsync();
            if (Kill) throw new HttpRequestException("the process is dead");
        }

        return response;
    }
}
