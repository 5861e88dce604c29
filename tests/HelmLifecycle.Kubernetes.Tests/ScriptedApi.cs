using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Polly;

namespace HelmLifecycle.Kubernetes.Tests;

internal sealed record SeenRequest(string Method, string Path, string Accept, string? ContentType, string? Body, IReadOnlyDictionary<string, string> Headers);

/// <summary>An API that answers what a test tells it to, and remembers what it was asked.</summary>
internal sealed class ScriptedApi : HttpMessageHandler
{
    private readonly List<(string Method, string Path, Func<SeenRequest, HttpResponseMessage> Answer)> _answers = [];
    private readonly Lock _lock = new();
    private readonly List<SeenRequest> _requests = [];

    public IReadOnlyList<SeenRequest> Requests
    {
        get
        {
            lock (_lock) return [.. _requests];
        }
    }

    /// <summary>The requests but for discovery.</summary>
    public IReadOnlyList<SeenRequest> Calls => [.. Requests.Where(r => r.Path is not ("/api" or "/apis"))];

    public ScriptedApi()
    {
        On("GET", "/api", """
            {"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","items":[{"metadata":{"name":""},"versions":[{"version":"v1","resources":[
              {"resource":"configmaps","responseKind":{"kind":"ConfigMap"},"scope":"Namespaced","singularResource":"configmap","verbs":["get","list","watch"],"shortNames":["cm"]},
              {"resource":"events","responseKind":{"kind":"Event"},"scope":"Namespaced","singularResource":"event","verbs":["get","list"]},
              {"resource":"namespaces","responseKind":{"kind":"Namespace"},"scope":"Cluster","singularResource":"namespace","verbs":["get","list"]},
              {"resource":"pods","responseKind":{"kind":"Pod"},"scope":"Namespaced","singularResource":"pod","verbs":["get","list"],
               "subresources":[{"subresource":"eviction","responseKind":{"kind":"Eviction"},"verbs":["create"]},{"subresource":"log","responseKind":{"kind":"Pod"},"verbs":["get"]}]},
              {"resource":"services","responseKind":{"kind":"Service"},"scope":"Namespaced","singularResource":"service","verbs":["get","list"]}]}]}]}
            """);
        On("GET", "/apis", """
            {"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","items":[
             {"metadata":{"name":"apps"},"versions":[{"version":"v1","resources":[
              {"resource":"deployments","responseKind":{"kind":"Deployment"},"scope":"Namespaced","singularResource":"deployment","verbs":["get"],"shortNames":["deploy"],
               "subresources":[{"subresource":"scale","responseKind":{"kind":"Scale"},"verbs":["get"]}]},
              {"resource":"replicasets","responseKind":{"kind":"ReplicaSet"},"scope":"Namespaced","singularResource":"replicaset","verbs":["get"]},
              {"resource":"statefulsets","responseKind":{"kind":"StatefulSet"},"scope":"Namespaced","singularResource":"statefulset","verbs":["get"]}]}]},
             {"metadata":{"name":"batch"},"versions":[{"version":"v1","resources":[
              {"resource":"jobs","responseKind":{"kind":"Job"},"scope":"Namespaced","singularResource":"job","verbs":["get"]}]}]}]}
            """);
    }

    /// <summary>Answers requests of a method and path; the path may end in a star. The newest rule wins.</summary>
    public ScriptedApi On(string method, string path, Func<SeenRequest, HttpResponseMessage> answer)
    {
        lock (_lock) _answers.Insert(0, (method, path, answer));
        return this;
    }

    public ScriptedApi On(string method, string path, string json, int status = 200) => On(method, path, _ => Json(json, status));

    /// <summary>Answers one after the other; the last one for ever.</summary>
    public ScriptedApi OnEach(string method, string path, params Func<SeenRequest, HttpResponseMessage>[] answers)
    {
        int next = -1;
        return On(method, path, r => answers[Math.Min(Interlocked.Increment(ref next), answers.Length - 1)](r));
    }

    public KubernetesClient Client(KubernetesClientOptions? options = null) => new(
        ClusterConnection.From(this, new Uri("https://cluster.test"), "ns1"),
        options ?? new KubernetesClientOptions { ResiliencePipeline = ResiliencePipeline<HttpResponseMessage>.Empty });

    public KubernetesClient Client(TimeProvider time) =>
        Client(new KubernetesClientOptions { ResiliencePipeline = ResiliencePipeline<HttpResponseMessage>.Empty, TimeProvider = time });

    public static HttpResponseMessage Json(string json, int status = 200) =>
        new((HttpStatusCode)status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    public static HttpResponseMessage Status(int code, string reason, string message) => Json(new JsonObject
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["status"] = "Failure",
        ["message"] = message,
        ["reason"] = reason,
        ["code"] = code,
    }.ToJsonString(), code);

    /// <summary>A watch: the lines, and then silence until the reader leaves, or the end.</summary>
    public static HttpResponseMessage Watch(bool thenEnd, params string[] lines) =>
        new(HttpStatusCode.OK) { Content = new StreamContent(new WatchStream(Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n"))), thenEnd)) };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string? body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
        var seen = new SeenRequest(request.Method.Method, request.RequestUri!.PathAndQuery, request.Headers.Accept.ToString(), request.Content?.Headers.ContentType?.ToString(), body,
            request.Headers.ToDictionary(h => h.Key, h => string.Join(',', h.Value)));
        Func<SeenRequest, HttpResponseMessage>? answer;
        lock (_lock)
        {
            _requests.Add(seen);
            answer = _answers.FirstOrDefault(a => a.Method == seen.Method && (a.Path.EndsWith('*') ? seen.Path.StartsWith(a.Path[..^1], StringComparison.Ordinal) : a.Path == seen.Path)).Answer;
        }
        HttpResponseMessage response = answer?.Invoke(seen) ?? Status(404, "NotFound", $"nothing scripted for {seen.Method} {seen.Path}");
        response.RequestMessage = request;
        return response;
    }

    private sealed class WatchStream(byte[] content, bool ends) : Stream
    {
        private int _position;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int count = Math.Min(buffer.Length, content.Length - _position);
            if (count == 0 && !ends) await Task.Delay(Timeout.Infinite, cancellationToken);
            content.AsSpan(_position, count).CopyTo(buffer.Span);
            _position += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => _position; set => throw new NotSupportedException(); }
        public override void Flush() => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
