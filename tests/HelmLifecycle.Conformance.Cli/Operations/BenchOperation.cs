using System.Diagnostics;
using System.Text.Json.Nodes;
using HelmLifecycle.Charts;

namespace HelmLifecycle.Conformance.Cli;

/// <summary><c>bench</c>: how long loading and rendering a chart take, and what rendering allocates.</summary>
public sealed class BenchOperation : IOperation
{
    private const int WarmUps = 3;

    public string Name => "bench";

    public JsonObject Answer(JsonObject request)
    {
        string path = (string)request["chart"]!;
        int n = Math.Max(1, (int?)request["n"] ?? 50);
        GoMap values = HelmYaml.ReadMap((string?)request["values"] ?? "");
        Chart chart = Load(path);
        for (int i = 1; i < WarmUps; i++)
            Load(path);
        TimeSpan cpuStart = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < n; i++)
            Load(path);
        double load = Stopwatch.GetElapsedTime(start).TotalMilliseconds / n;
        double loadCpu = (Environment.CpuUsage.TotalTime - cpuStart).TotalMilliseconds / n;

        Chart resolved = DependencyResolver.Resolve(chart, values);
        var render = new RenderRequest { Chart = chart, ReleaseName = "my-release", Namespace = "test-ns" };
        long bytes = 0;
        for (int i = 0; i < WarmUps; i++)
            bytes = HelmRenderer.ExecuteTexts(resolved, ChartValues.Coalesce(resolved, values), render, default).Values.Sum(t => t.ByteCount);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        cpuStart = Environment.CpuUsage.TotalTime;
        start = Stopwatch.GetTimestamp();
        for (int i = 0; i < n; i++)
            HelmRenderer.ExecuteTexts(resolved, ChartValues.Coalesce(resolved, values), render, default);
        return new JsonObject
        {
            ["load_ms"] = Math.Round(load, 3),
            ["render_ms"] = Math.Round(Stopwatch.GetElapsedTime(start).TotalMilliseconds / n, 3),
            // On a busy machine the time on the processor says more: that of all threads, the compiler's and collector's too.
            ["load_cpu_ms"] = Math.Round(loadCpu, 3),
            ["render_cpu_ms"] = Math.Round((Environment.CpuUsage.TotalTime - cpuStart).TotalMilliseconds / n, 3),
            ["bytes"] = bytes,
            ["allocated_bytes"] = (GC.GetAllocatedBytesForCurrentThread() - allocated) / n,
        };
    }

    private static Chart Load(string path) => ChartLoader.LoadAsync(path).GetAwaiter().GetResult();
}
