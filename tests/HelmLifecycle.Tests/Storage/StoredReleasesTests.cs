using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using HelmLifecycle.EmbeddedCluster;
using HelmLifecycle.Kubernetes;
using HelmLifecycle.Templates;
using HelmLifecycle.Tests.Replay;

namespace HelmLifecycle.Tests;

/// <summary>Records as Helm stored them, put into a cluster and asked for through the library: the answers are those of <c>helm</c>.</summary>
public class StoredReleasesTests
{
    [Theory]
    [InlineData("storage")]
    [InlineData("helm4/storage")]
    public async Task Stored_releases_of_Helm_are_listed_and_described_as_helm_does(string folder)
    {
        string path = Path.Combine(LifecycleData.Folder, folder);
        var recorded = (JsonObject)JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(path, "expect.json")))!;
        string ns = recorded["namespace"]!.GetValue<string>();
        await using var embedded = await HelmLifecycle.EmbeddedCluster.EmbeddedCluster.StartAsync(new EmbeddedClusterOptions());
        using var handler = embedded.CreateHandler();
        var api = new KubernetesClient(ClusterConnection.From(handler, new Uri("http://cluster.local"), ns), new KubernetesClientOptions { TimeProvider = embedded.Time });
        await api.CreateAsync(new KubernetesObject(new GroupVersionKind("", "v1", "Namespace"), ns), null, default);
        foreach (string file in Directory.EnumerateFiles(path, "*.yaml"))
        {
            foreach (var item in (JsonArray)HelmYaml.ReadJson(await File.ReadAllTextAsync(file))!["items"]!) await StoreAsync(api, (JsonObject)item!, ns);
        }

        var differences = new List<string>();
        int answers = 0;
        foreach (var entry in (JsonArray)recorded["expect"]!)
        {
            string[] command = [.. ((JsonArray)entry!["command"]!).Select(c => c!.GetValue<string>())];
            bool configMaps = entry["driver"]?.GetValue<string>() == "configmap";
            var generation = entry["helm"]?.GetValue<string>().StartsWith('4') == true ? HelmGeneration.Helm4 : HelmGeneration.Helm3;
            var client = ReleaseClient.Create(o =>
            {
                o.UseCluster(api).InNamespace(ns).CompatibleWith(generation);
                if (configMaps) o.UseStore(new ConfigMapRevisionStore(api));
            });
            var expected = JsonNode.Parse(entry["stdout"]!.GetValue<string>());
            var actual = await AnswerAsync(client, command);
            if (command[1..3] is ["get", "metadata"]) (expected, actual) = (Known(expected!), Known(actual));
            answers++;
            if (JsonCompare.Difference(expected, actual) is { } difference) differences.Add($"{string.Join(' ', command)} ({generation}): {difference}");
        }

        differences.Should().BeEmpty();
        answers.Should().BeGreaterThan(0);
    }

    private static async Task StoreAsync(KubernetesClient api, JsonObject item, string ns)
    {
        var json = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = item["kind"]!.DeepClone(),
            ["metadata"] = new JsonObject
            {
                ["name"] = item["metadata"]!["name"]!.DeepClone(),
                ["namespace"] = ns,
                ["labels"] = item["metadata"]!["labels"]!.DeepClone(),
            },
            ["data"] = item["data"]!.DeepClone(),
        };
        if (item["type"] is { } type) json["type"] = type.DeepClone();
        await api.CreateAsync(new KubernetesObject(json), null, default);
    }

    private static async Task<JsonNode> AnswerAsync(ReleaseClient client, string[] command)
    {
        switch (command[1])
        {
            case "list":
                var filter = new ReleaseFilter { AllStatuses = command.Contains("-a"), Statuses = command.Contains("--uninstalled") ? [ReleaseStatus.Uninstalled] : [] };
                return new JsonArray([.. (await client.ListAsync(filter)).Select(Listed)]);
            case "history":
                return new JsonArray([.. (await client.HistoryAsync(command[2])).Select(Entry)]);
            case "status":
                var state = await client.StatusAsync(command[2]);
                state.Resources.Should().BeEmpty("nothing of the release lives");
                var record = Json(state.Release with { Form = client.Generation });
                record.Remove("chart");
                if (client.Generation == HelmGeneration.Helm3) record.Remove("apply_method");
                return record;
            case "get" when command[2] == "values":
                return Json(await client.GetAsync(command[3]))["config"]!.DeepClone();
            default:
                int at = Array.IndexOf(command, "--revision");
                var release = await client.GetAsync(command[3], at < 0 ? 0 : int.Parse(command[at + 1], CultureInfo.InvariantCulture));
                return new JsonObject
                {
                    ["name"] = release.Name,
                    ["chart"] = release.Chart.Metadata.Name,
                    ["version"] = release.Chart.Metadata.Version,
                    ["appVersion"] = release.AppVersion,
                    ["namespace"] = release.Namespace,
                    ["revision"] = release.Revision,
                    ["status"] = release.Status.ToText(),
                    ["deployedAt"] = new ReleaseTime(new DateTimeOffset(release.Info.LastDeployed.Value.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, release.Info.LastDeployed.Value.Offset)).ToString(),
                };
        }
    }

    private static JsonObject Json(Release release) => (JsonObject)JsonNode.Parse(Encoding.UTF8.GetString(ReleaseCodec.EncodeJson(release).Span))!;

    // Labels, dependencies and annotations are of the command line's making.
    private static JsonNode Known(JsonNode node)
    {
        var copy = (JsonObject)node.DeepClone();
        foreach (string key in (string[])["labels", "annotations", "dependencies", "applyMethod"]) copy.Remove(key);
        return copy;
    }

    private static JsonNode Listed(Release release) => new JsonObject
    {
        ["name"] = release.Name,
        ["namespace"] = release.Namespace,
        ["revision"] = release.Revision.ToString(CultureInfo.InvariantCulture),
        ["updated"] = GoTime(release.Info.LastDeployed),
        ["status"] = release.Status.ToText(),
        ["chart"] = release.ChartLabel,
        ["app_version"] = release.AppVersion,
    };

    private static JsonNode Entry(HistoryEntry entry) => new JsonObject
    {
        ["revision"] = entry.Revision,
        ["updated"] = entry.Updated.ToString(),
        ["status"] = entry.Status.ToText(),
        ["chart"] = entry.Chart,
        ["app_version"] = entry.AppVersion,
        ["description"] = entry.Description,
    };

    // 2006-01-02 15:04:05.999999999 -0700 MST; a zone without a name shows its offset again.
    private static string GoTime(ReleaseTime time)
    {
        string text = time.ToString();
        string clock = text.EndsWith('Z') ? text[..^1] : text[..^6];
        string offset = text.EndsWith('Z') ? "+0000" : text[^6..].Replace(":", "", StringComparison.Ordinal);
        return $"{clock.Replace('T', ' ')} {offset} {(text.EndsWith('Z') ? "UTC" : offset)}";
    }
}
