using System.IO.Compression;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Conformance.Cli;

/// <summary>Runs the recorded cases of public charts and compares, passing over the lines that vary by chance.</summary>
public static class ChartCases
{
    /// <summary>A case that differs: what, the first line wanted and the line there is.</summary>
    public sealed record Mismatch(string Chart, string Case, string What, string Expected, string Actual);

    /// <summary>The cases of one chart that differ.</summary>
    /// <param name="recorded">A <c>.json.gz</c> file; its chart lies beside it.</param>
    /// <param name="total">How many cases there are.</param>
    public static List<Mismatch> Check(string recorded, out int total)
    {
        string id = Path.GetFileName(recorded)[..^".json.gz".Length];
        var mismatches = new List<Mismatch>();
        var render = new RenderOperation();
        using var stream = new GZipStream(File.OpenRead(recorded), CompressionMode.Decompress);
        JsonArray cases = JsonNode.Parse(stream)!.AsArray();
        total = cases.Count;
        foreach (JsonObject expected in cases.OfType<JsonObject>())
        {
            var request = new JsonObject
            {
                ["chart"] = Path.Combine(Path.GetDirectoryName(recorded)!, id + ".tgz"),
                ["values"] = (string?)expected["values"],
            };
            JsonObject actual;
            try
            {
                actual = render.Answer(request);
            }
            catch (Exception e)
            {
                string trace = e is HelmLifecycle.Templates.TemplateException or Charts.ValuesException or Charts.ChartException or Charts.ManifestException ? "" : "\n" + e;
                actual = new JsonObject { ["error"] = AnswerLoop.Clean(e.Message + trace) };
            }

            if (Difference(expected, actual) is { } difference)
                mismatches.Add(new Mismatch(id, (string)expected["case"]!, difference.What, difference.Expected, difference.Actual));
        }

        return mismatches;
    }

    private static (string What, string Expected, string Actual)? Difference(JsonObject expected, JsonObject actual)
    {
        if (expected.ContainsKey("error") || actual.ContainsKey("error"))
        {
            string want = (string?)expected["error"] ?? "(no error)", got = (string?)actual["error"] ?? "(no error)";
            return want == got ? null : ("error", want, got);
        }

        JsonArray? chance = expected["volatile"] as JsonArray;
        if (Lines("manifest", expected["manifest"], actual["manifest"], chance?[0]) is { } manifest)
            return manifest;
        JsonArray wantHooks = expected["hooks"]!.AsArray(), gotHooks = actual["hooks"]!.AsArray();
        if (wantHooks.Count != gotHooks.Count)
            return ("hooks", $"{wantHooks.Count} hooks", $"{gotHooks.Count} hooks");
        for (int i = 0; i < wantHooks.Count; i++)
        {
            foreach ((string key, JsonNode? want) in wantHooks[i]!.AsObject())
            {
                JsonNode? got = gotHooks[i]![key];
                if (key == "manifest" && Lines($"hook {i}", want, got, chance?[1 + i]) is { } hook)
                    return hook;
                // A name that varies by chance does so in the manifest too.
                if (key is not "manifest" && !(key == "name" && chance?[1 + i] is JsonArray { Count: > 0 }) && !JsonNode.DeepEquals(want, got))
                    return ($"hook {i} {key}", want?.ToJsonString() ?? "null", got?.ToJsonString() ?? "null");
            }
        }

        return Lines("notes", expected["notes"], actual["notes"], chance?[1 + wantHooks.Count]);
    }

    private static (string What, string Expected, string Actual)? Lines(string what, JsonNode? expected, JsonNode? actual, JsonNode? chance)
    {
        string want = (string?)expected ?? "", got = (string?)actual ?? "";
        if (want == got)
            return null;
        string[] wanted = want.Split('\n'), found = got.Split('\n');
        HashSet<int> skipped = [.. (chance as JsonArray ?? []).Select(n => (int)n!)];
        string source = "";
        for (int i = 0; i < Math.Max(wanted.Length, found.Length); i++)
        {
            if (i < wanted.Length && wanted[i].StartsWith("# Source:", StringComparison.Ordinal))
                source = wanted[i];
            string a = i < wanted.Length ? wanted[i] : "(end)", b = i < found.Length ? found[i] : "(end)";
            if (a != b && !skipped.Contains(i))
                return ($"{what} line {i} {source}", a, b);
        }

        return null;
    }
}
