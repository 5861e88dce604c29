using System.Net.Sockets;

namespace HelmLifecycle.Kubernetes.Tests.Client;

public sealed class ResilienceTests
{
    private static readonly GroupVersionKind ConfigMap = new("", "v1", "ConfigMap");
    private const string Answer = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"}}""";
    private readonly ManualTime _time = new();
    private readonly ScriptedApi _api = new();

    private KubernetesClient Client(RateLimit? limit = null) => _api.Client(new KubernetesClientOptions
    {
        TimeProvider = _time,
        RateLimit = limit,
        Resilience = new ResilienceOptions { TryTimeout = Timeout.InfiniteTimeSpan, TotalTimeout = Timeout.InfiniteTimeSpan },
    });

    private static HttpResponseMessage Lost(SeenRequest _) => throw new HttpRequestException("lost", new IOException("reset"));

    private static HttpResponseMessage Refused(SeenRequest _) => throw new HttpRequestException("refused", new SocketException((int)SocketError.ConnectionRefused));

    private static HttpResponseMessage Busy(SeenRequest _) => ScriptedApi.Status(503, "ServiceUnavailable", "busy");

    private static HttpResponseMessage Good(SeenRequest _) => ScriptedApi.Json(Answer);

    private async Task<Exception?> RunAsync(Func<KubernetesClient, Task> call)
    {
        Task running = call(Client());
        return await Record.ExceptionAsync(() => _time.RunAsync(running, TimeSpan.FromSeconds(11), timers: 1));
    }

    private Task<Exception?> GetAsync() => RunAsync(c => c.GetAsync(ConfigMap, "x", "c"));

    private Task<Exception?> CreateAsync() => RunAsync(c => c.CreateAsync(new KubernetesObject(ConfigMap, "c", "x")));

    [Fact]
    public async Task Reads_are_repeated_after_5xx_and_lost_connections()
    {
        _api.OnEach("GET", "/api/v1/namespaces/x/configmaps/c", Refused, Busy, Lost, Good);
        (await GetAsync()).Should().BeNull();
        _api.Calls.Should().HaveCount(4);
    }

    [Fact]
    public async Task Reads_give_up_after_four_retries_with_the_last_answer()
    {
        _api.On("GET", "/api/v1/namespaces/x/configmaps/c", Busy);
        (await GetAsync()).Should().BeOfType<KubernetesApiException>().Which.StatusCode.Should().Be(503);
        _api.Calls.Should().HaveCount(5);
    }

    [Fact]
    public async Task A_write_is_never_repeated_when_the_server_may_have_acted()
    {
        _api.OnEach("POST", "/*", Lost, Good);
        (await CreateAsync()).Should().BeOfType<ClusterUnreachableException>().Which.Message.Should().StartWith("Post \"https://cluster.test/api/v1/namespaces/x/configmaps?");
        _api.OnEach("POST", "/*", Busy, Good);
        (await CreateAsync()).Should().BeOfType<KubernetesApiException>();
        _api.Calls.Should().HaveCount(2);
    }

    [Fact]
    public async Task A_write_is_repeated_when_the_server_certainly_did_not_act()
    {
        _api.OnEach("POST", "/*", Refused, _ => ScriptedApi.Status(429, "TooManyRequests", "slow"), Good);
        (await CreateAsync()).Should().BeNull();
        _api.Calls.Should().HaveCount(3);
    }

    [Fact]
    public async Task A_change_of_etcds_leader_is_retried_once_for_writes_as_Helm_does()
    {
        static HttpResponseMessage Leader(SeenRequest _) => ScriptedApi.Status(500, "InternalError", "etcdserver: leader changed");
        _api.OnEach("POST", "/*", Leader, Good);
        (await CreateAsync()).Should().BeNull();
        _api.On("POST", "/*", Leader);
        (await CreateAsync()).Should().BeOfType<KubernetesApiException>().Which.Message.Should().Be("etcdserver: leader changed");
        _api.Calls.Should().HaveCount(4);
    }

    [Fact]
    public async Task Retry_After_is_honoured()
    {
        HttpResponseMessage Later(SeenRequest _)
        {
            HttpResponseMessage response = ScriptedApi.Status(429, "TooManyRequests", "slow");
            response.Headers.TryAddWithoutValidation("Retry-After", "7");
            return response;
        }
        _api.OnEach("GET", "/api/v1/namespaces/x/configmaps/c", Later, Good);
        Task running = Client().GetAsync(ConfigMap, "x", "c");
        await _time.TimersAsync(1);
        _time.Advance(TimeSpan.FromSeconds(6.9));
        _api.Calls.Should().HaveCount(1);
        running.IsCompleted.Should().BeFalse();
        _time.Advance(TimeSpan.FromSeconds(0.1));
        await running;
        _api.Calls.Should().HaveCount(2);
    }

    [Fact]
    public async Task A_refused_eviction_is_an_answer_and_not_repeated()
    {
        _api.On("POST", "/*", _ => ScriptedApi.Status(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget."));
        (await RunAsync(c => c.EvictAsync("x", "p"))).Should().BeOfType<KubernetesApiException>();
        _api.Calls.Should().HaveCount(1);
    }

    [Fact]
    public async Task A_connection_that_is_refused_is_told_in_the_words_of_Go()
    {
        _api.On("GET", "/api/v1/namespaces/x/configmaps/c", Refused);
        (await GetAsync())!.Message.Should().Be("Get \"https://cluster.test/api/v1/namespaces/x/configmaps/c\": dial tcp cluster.test:443: connect: connection refused");
    }

    [Fact]
    public async Task A_try_that_hangs_ends_at_its_time_out()
    {
        using var silent = new SilentHandler();
        var client = new KubernetesClient(ClusterConnection.From(silent, new Uri("https://cluster.test")), new KubernetesClientOptions
        {
            TimeProvider = _time,
            Resilience = new ResilienceOptions { MaxRetries = 0, TryTimeout = TimeSpan.FromSeconds(5), TotalTimeout = Timeout.InfiniteTimeSpan },
        });
        Task<ServerVersion> running = client.VersionAsync();
        await _time.TimersAsync(1);
        _time.Advance(TimeSpan.FromSeconds(5));
        await running.Awaiting(r => r).Should().ThrowAsync<ClusterUnreachableException>();
    }

    [Fact]
    public async Task The_rate_limit_lets_a_burst_through_and_then_so_many_a_second()
    {
        var bucket = new TokenBucket(new RateLimit(Qps: 2, Burst: 3), _time);
        for (int i = 0; i < 3; i++) bucket.TakeAsync(default).IsCompleted.Should().BeTrue();
        Task fourth = bucket.TakeAsync(default), fifth = bucket.TakeAsync(default);
        _time.Advance(TimeSpan.FromSeconds(0.5));
        await fourth;
        fifth.IsCompleted.Should().BeFalse();
        _time.Advance(TimeSpan.FromSeconds(0.5));
        await fifth;
    }

    private sealed class SilentHandler : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException();
        }
    }
}
