using System.IO.Compression;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes.Tests;

/// <summary>Recorded answers of real Helm and a real API server, one JSON document per line, compressed into this assembly.</summary>
internal static class Recorded
{
    public static IEnumerable<JsonObject> Lines(string name)
    {
        using Stream resource = typeof(Recorded).Assembly.GetManifestResourceStream($"HelmLifecycle.Kubernetes.Tests.Data.{name}.gz")
            ?? throw new InvalidOperationException($"No recorded data {name}.");
        using var reader = new StreamReader(new GZipStream(resource, CompressionMode.Decompress));
        while (reader.ReadLine() is { } line) yield return (JsonObject)JsonNode.Parse(line)!;
    }

    public static TheoryData<string> Ids(string name)
    {
        var ids = new TheoryData<string>();
        foreach (JsonObject line in Lines(name)) ids.Add((string)line["id"]!);
        return ids;
    }

    public static JsonObject Line(string name, string id) => Lines(name).Single(line => (string)line["id"]! == id);

    public static void ShouldEqual(this JsonNode? actual, JsonNode? expected, string because = "") =>
        JsonNode.DeepEquals(actual, expected).Should().BeTrue("{0}\nexpected {1}\nbut got  {2}", because, expected?.ToJsonString() ?? "null", actual?.ToJsonString() ?? "null");
}
