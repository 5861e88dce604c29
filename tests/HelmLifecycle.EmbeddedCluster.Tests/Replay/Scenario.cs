using System.IO.Compression;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster.Tests;

/// <summary>A recorded scenario: requests and what a real API server of Kubernetes 1.30 answered.</summary>
internal sealed record Scenario(string Name, JsonObject Json)
{
    public IEnumerable<JsonObject> Steps => Json["steps"]!.AsArray().OfType<JsonObject>();

    public IReadOnlyList<string> Hashes => [.. (Json["hashes"] as JsonArray ?? []).Select(h => h!.GetValue<string>())];

    public IReadOnlyList<string> Ignored => [.. (Json["ignore"] as JsonArray ?? []).Select(h => h!.GetValue<string>())];

    /// <summary>Names of managers stay only where ownership is what the scenario is about.</summary>
    public bool KeepsManagedFields => Name.Contains("ssa-", StringComparison.Ordinal) || Name.Contains("crd-patches", StringComparison.Ordinal);

    /// <summary>The scenarios of a folder of JSON files.</summary>
    public static IReadOnlyList<Scenario> FromFolder(string folder) =>
        [.. Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(f => new Scenario(Path.GetFileNameWithoutExtension(f), (JsonObject)JsonNode.Parse(File.ReadAllText(f))!))];

    /// <summary>The copy that comes with the tests: one scenario a line.</summary>
    public static IReadOnlyList<Scenario> Recorded { get; } = Load();

    private static List<Scenario> Load()
    {
        using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Data", "api.jsonl.gz"));
        using var reader = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        var list = new List<Scenario>();
        while (reader.ReadLine() is { } line)
        {
            var json = (JsonObject)JsonNode.Parse(line)!;
            list.Add(new Scenario(json["file"]!.GetValue<string>(), json));
        }

        return list;
    }
}
