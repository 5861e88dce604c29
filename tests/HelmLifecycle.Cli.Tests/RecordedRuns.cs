using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HelmLifecycle.EmbeddedCluster;
using HelmLifecycle.Kubernetes;
using HelmLifecycle.Tests;
using HelmLifecycle.Tests.Replay;

namespace HelmLifecycle.Cli.Tests;

/// <summary>Tests that set the folder of the process run one after another.</summary>
[CollectionDefinition(nameof(CurrentFolder))]
public sealed class CurrentFolder : ICollectionFixture<RecordedRuns>;

/// <summary>Recorded scenarios, each run once through <c>hlc</c> against an embedded cluster of its own.</summary>
public sealed class RecordedRuns
{
    private readonly ConcurrentDictionary<string, Task<IReadOnlyList<Printed>>> _runs = new(StringComparer.Ordinal);
    internal static JsonArray Steps(string scenario) => (JsonArray)Read(scenario)["steps"]!;

    internal static string[] Command(JsonNode step) => [.. ((JsonArray)step["command"]!).Select(c => c!.GetValue<string>())];

    internal async Task<Printed> StepAsync(string scenario, int step) => (await _runs.GetOrAdd(scenario, s => RunAsync(s, InThisProcessAsync)))[step];

    private static JsonObject Read(string scenario) => (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(LifecycleData.Folder, scenario + ".json")))!;

    /// <summary>Runs a scenario's command lines one after another; <paramref name="run"/> is given the cluster, its namespace, the recorded step and the words behind "helm".</summary>
    internal static async Task<IReadOnlyList<Printed>> RunAsync(string scenario, Func<EmbeddedCluster.EmbeddedCluster, string, JsonNode, string[], Task<Printed>> run)
    {
        // The recorded commands name charts relative to the folder of the recordings.
        Environment.CurrentDirectory = LifecycleData.Folder;
        JsonObject recorded = Read(scenario);
        string ns = recorded["namespace"]!.GetValue<string>();
        var printed = new List<Printed>();
        await using var cluster = await EmbeddedCluster.EmbeddedCluster.StartAsync(new EmbeddedClusterOptions { RandomSeed = 1 });
        await cluster.Client.CreateAsync(new KubernetesObject(new GroupVersionKind("", "v1", "Namespace"), ns));
        foreach (JsonNode? step in (JsonArray)recorded["steps"]!)
        {
            string[] command = Command(step!);
            if (command[0] == "kubectl")
            {
                await new KubectlCommand(cluster.Client, ns).RunAsync(command, step!["stdin"]?.GetValue<string>(), CancellationToken.None);
                printed.Add(new Printed(0, "", ""));
                continue;
            }

            // Helm 3's way of waiting has a name of its own in Helm 4.
            if (!scenario.StartsWith("helm4/", StringComparison.Ordinal))
                command = [.. command.Select(c => c == "--wait" ? "--wait=legacy" : c)];
            printed.Add(await run(cluster, ns, step!, command[1..]));
            await cluster.VirtualTime!.WhenQuietAsync();
            await Task.Delay(TimeSpan.FromSeconds(1), cluster.Time);
        }

        return printed;
    }

    internal static Dictionary<string, string>? Variables(JsonNode step) => (step["env"] as JsonObject)?.ToDictionary(e => e.Key, e => e.Value!.GetValue<string>());

    private static async Task<Printed> InThisProcessAsync(EmbeddedCluster.EmbeddedCluster cluster, string ns, JsonNode step, string[] words)
    {
        var killed = step["killed"] as JsonObject;
        using var recorder = new RecordingHandler(cluster.CreateHandler())
        {
            StopAfter = killed is null ? null : new Regex(killed["afterRequest"]!.GetValue<string>()),
            Kill = killed?["signal"]?.GetValue<string>() == "SIGKILL",
        };
        var client = new KubernetesClient(
            ClusterConnection.From(recorder, new Uri("http://cluster.local"), ns),
            new KubernetesClientOptions { TimeProvider = cluster.Time, Resilience = new ResilienceOptions { MaxRetries = 0 } });
        return await Printed.OfAsync(client, ns, words, Variables(step), recorder.Stop.Token);
    }
}
