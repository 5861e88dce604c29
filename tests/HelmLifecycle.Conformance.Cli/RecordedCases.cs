using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Conformance.Cli;

/// <summary>Runs a file of recorded cases and compares.</summary>
public static class RecordedCases
{
    /// <summary>A case whose answer differs.</summary>
    public sealed record Mismatch(string Id, string Request, string Expected, string Actual);

    /// <summary>Reads a gzipped file of JSON lines.</summary>
    public static IEnumerable<JsonObject> Read(Stream gzipped)
    {
        using var reader = new StreamReader(new GZipStream(gzipped, CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
            yield return JsonNode.Parse(line, null, new JsonDocumentOptions { MaxDepth = 1000 })!.AsObject();
    }

    /// <summary>The cases that differ, and how many there were in all.</summary>
    /// <param name="cases">The cases with their answers.</param>
    /// <param name="map">A general rule put over each text of both answers.</param>
    public static (int Total, List<Mismatch> Mismatches) Compare(IEnumerable<JsonObject> cases, Func<string, string>? map = null)
    {
        var loop = new AnswerLoop(Operations.All);
        var mismatches = new List<Mismatch>();
        int total = 0;
        foreach (JsonObject recorded in cases)
        {
            total++;
            JsonObject expected = recorded["answer"]!.AsObject();
            recorded.Remove("answer");
            JsonObject actual = loop.Answer(recorded);
            if (!IsSame(expected, actual, map))
            {
                string id = (string)recorded["id"]!;
                recorded.Remove("id");
                mismatches.Add(new Mismatch(id, recorded.ToJsonString(), expected.ToJsonString(), actual.ToJsonString()));
            }
        }

        return (total, mismatches);
    }

    private static bool IsSame(JsonObject expected, JsonObject actual, Func<string, string>? map)
    {
        // Where Helm itself dies the library must raise its own limit exception.
        if ((bool?)expected["crash"] == true)
            return (bool?)actual["limit"] == true;
        foreach ((string key, JsonNode? value) in expected)
        {
            JsonNode? mine = actual[key];
            if (JsonNode.DeepEquals(value, mine))
                continue;
            if (map is null || value is not JsonValue want || mine is not JsonValue got
                || !want.TryGetValue(out string? wanted) || !got.TryGetValue(out string? given) || map(wanted) != map(given))
                return false;
        }

        return true;
    }
}
