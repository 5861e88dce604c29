using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Benchmarks;

/// <summary>
/// Start, writes, memory, watches and a rollout of the embedded cluster, each measured whole and printed as a row. Some of them (memory held, a thousand open streams) are no repeated
/// operation, which is why this is no BenchmarkDotNet class.
/// </summary>
internal static class ClusterMeasurements
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";
    private const string Deployments = "/apis/apps/v1/namespaces/default/deployments";

    public static async Task RunAsync()
    {
        Console.WriteLine("| what | real time | processor time |\n| --- | --- | --- |");
        await StartAsync();
        await CreateAsync();
        await HoldAsync();
        await WatchAsync();
        await RollAsync();
    }

    private static async Task StartAsync()
    {
        await using (EmbeddedCluster.EmbeddedCluster cold = await EmbeddedCluster.EmbeddedCluster.StartAsync())
        {
        }

        var real = new List<double>();
        var processor = new List<double>();
        for (int i = 0; i < 21; i++)
        {
            Measured start = Measured.Now();
            await using EmbeddedCluster.EmbeddedCluster cluster = await EmbeddedCluster.EmbeddedCluster.StartAsync();
            (double elapsed, double used) = start.Passed();
            real.Add(elapsed);
            processor.Add(used);
        }

        Row("start of a cluster, warm process, median of 21", Median(real), Median(processor));
    }

    private static async Task CreateAsync()
    {
        const int count = 5000;
        await using EmbeddedCluster.EmbeddedCluster cluster = await EmbeddedCluster.EmbeddedCluster.StartAsync();
        using HttpClient http = Client(cluster);
        foreach (string which in new[] { "first", "next" })
        {
            Measured start = Measured.Now();
            await CreateAsync(http, which, count);
            (double elapsed, double used) = start.Passed();
            Row($"an object created in memory, mean of the {which} 5,000 of the process", elapsed / count, used / count);
        }
    }

    private static async Task HoldAsync()
    {
        const int count = 10_000;
        await using EmbeddedCluster.EmbeddedCluster cluster = await EmbeddedCluster.EmbeddedCluster.StartAsync();
        using HttpClient http = Client(cluster);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        await CreateAsync(http, "held", count);
        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| 10,000 ConfigMaps of 1 KB held | {held / 1048576.0:F0} MB | |"));
        GC.KeepAlive(cluster);
    }

    private static async Task WatchAsync()
    {
        const int watchers = 1000;
        await using EmbeddedCluster.EmbeddedCluster cluster = await EmbeddedCluster.EmbeddedCluster.StartAsync();
        using HttpClient http = Client(cluster);
        var readers = new List<StreamReader>(watchers);
        for (int i = 0; i < watchers; i++)
        {
            HttpResponseMessage response = await http.GetAsync(ConfigMaps + "?watch=1&resourceVersion=0&fieldSelector=metadata.name%3Dseen-0", HttpCompletionOption.ResponseHeadersRead);
            readers.Add(new StreamReader(await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync()));
        }

        Task<string?>[] lines = [.. readers.Select(r => r.ReadLineAsync())];
        Measured start = Measured.Now();
        await CreateAsync(http, "seen", 1);
        string?[] events = await Task.WhenAll(lines).WaitAsync(TimeSpan.FromMinutes(1));
        (double elapsed, double used) = start.Passed();
        int received = events.Count(e => JsonNode.Parse(e!)!["type"]!.GetValue<string>() == "ADDED");
        Row($"an event received by {received} of {watchers} watchers", elapsed, used);
        readers.ForEach(r => r.Dispose());
    }

    private static async Task RollAsync()
    {
        var real = new List<double>();
        var processor = new List<double>();
        var simulated = new List<double>();
        for (int i = 0; i < 4; i++)
        {
            await using EmbeddedCluster.EmbeddedCluster cluster = await EmbeddedCluster.EmbeddedCluster.StartAsync();
            using HttpClient http = Client(cluster);
            await SendAsync(http, HttpMethod.Post, Deployments, Web);
            await CompleteAsync(cluster, http, generation: 1);
            Measured start = Measured.Now();
            DateTimeOffset then = cluster.Time.GetUtcNow();
            await SendAsync(http, HttpMethod.Patch, Deployments + "/web", """{"spec":{"template":{"metadata":{"labels":{"version":"2"}}}}}""", "application/merge-patch+json");
            await CompleteAsync(cluster, http, generation: 2);
            (double elapsed, double used) = start.Passed();
            if (i > 0)
            {
                real.Add(elapsed);
                processor.Add(used);
                simulated.Add((cluster.Time.GetUtcNow() - then).TotalSeconds);
            }
        }

        Row(string.Create(CultureInfo.InvariantCulture, $"a Deployment of 100 pods rolled, {Median(simulated):F0} s of virtual time, median of 3"), Median(real), Median(processor));
    }

    private const string Web = """
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"},
         "spec": {"replicas": 100, "selector": {"matchLabels": {"app": "web"}},
                  "template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "app", "image": "registry.example/app:1"}]}}}}
        """;

    private static async Task CompleteAsync(EmbeddedCluster.EmbeddedCluster cluster, HttpClient http, int generation)
    {
        while (true)
        {
            JsonNode status = JsonNode.Parse(await http.GetStringAsync(Deployments + "/web"))!["status"]!;
            if ((int?)status["observedGeneration"] == generation && (int?)status["updatedReplicas"] == 100 && (int?)status["availableReplicas"] == 100 && (int?)status["replicas"] == 100)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromSeconds(1), cluster.Time);
        }
    }

    private static HttpClient Client(EmbeddedCluster.EmbeddedCluster cluster) => new(cluster.CreateHandler()) { BaseAddress = new Uri("http://cluster"), Timeout = Timeout.InfiniteTimeSpan };

    private static async Task CreateAsync(HttpClient http, string prefix, int count)
    {
        string text = new('x', 1000);
        for (int i = 0; i < count; i++)
        {
            await SendAsync(http, HttpMethod.Post, ConfigMaps, $$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{prefix}}-{{i}}","labels":{"app":"web"} },"data":{"text":"{{text}}" } }""");
        }
    }

    private static async Task SendAsync(HttpClient http, HttpMethod method, string path, string body, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, type) };
        using HttpResponseMessage response = await http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Row(string what, double real, double processor) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {real:F2} ms | {processor:F2} ms |"));

    private readonly record struct Measured(long Time, TimeSpan Processor)
    {
        public static Measured Now() => new(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);

        public (double Real, double Processor) Passed() => (Stopwatch.GetElapsedTime(Time).TotalMilliseconds, (Environment.CpuUsage.TotalTime - Processor).TotalMilliseconds);
    }
}
