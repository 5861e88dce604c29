using System.IO.Compression;
using System.Text.Json;

namespace HelmLifecycle.Charts.Tests.Schema;

/// <summary>The published suite of JSON Schema (its licence lies beside the data).</summary>
internal static class SchemaSuite
{
    private static readonly Lazy<(Dictionary<string, string> Remotes, Dictionary<string, string> Tests)> s_data = new(Load);

    /// <summary>The names of the files of a draft's folder, such as <c>draft7/ref.json</c>.</summary>
    internal static IEnumerable<string> Files => s_data.Value.Tests.Keys;

    /// <summary>Runs a file of the suite.</summary>
    /// <returns>How many answers are right, and the names of the tests whose answer is wrong.</returns>
    internal static (int Right, List<string> Wrong) Run(string file)
    {
        int draft = file.Split('/')[0] switch { "draft4" => 4, "draft6" => 6, "draft7" => 7, "draft2019-09" => 2019, _ => 2020 };
        bool format = file.Contains("/format", StringComparison.Ordinal) && file.Contains("optional", StringComparison.Ordinal);
        var options = new JsonSchemaOptions
        {
            Uri = "file:///schema.json",
            Draft = draft,
            AssertFormat = file.EndsWith("format-assertion.json", StringComparison.Ordinal) ? null : format,
            CheckSchema = false,
            Load = Remote,
        };
        int right = 0;
        var wrong = new List<string>();
        using JsonDocument document = JsonDocument.Parse(s_data.Value.Tests[file]);
        foreach (JsonElement group in document.RootElement.EnumerateArray())
        {
            string name = $"{file}: {group.GetProperty("description").GetString()}: ";
            JsonSchema schema;
            try
            {
                schema = JsonSchema.Parse(group.GetProperty("schema").GetRawText(), options);
            }
            catch (ValuesException e)
            {
                wrong.AddRange(group.GetProperty("tests").EnumerateArray().Select(_ => name + e.Message));
                continue;
            }

            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                if (WrongOf(schema, test) is { } reason)
                    wrong.Add(name + test.GetProperty("description").GetString() + ": " + reason);
                else
                    right++;
            }
        }

        return (right, wrong);
    }

    private static string? WrongOf(JsonSchema schema, JsonElement test)
    {
        try
        {
            IReadOnlyList<JsonSchemaError> errors = schema.Validate(HelmJson.Read(test.GetProperty("data").GetRawText()));
            if ((errors.Count == 0) == test.GetProperty("valid").GetBoolean())
                return null;
            return errors.Count == 0 ? "passes" : string.Join("; ", errors.Select(error => error.Line));
        }
        catch (Exception e) when (e is ValuesException or JsonSyntaxException)
        {
            return e.Message;
        }
    }

    private static string? Remote(string uri)
    {
        const string prefix = "http://localhost:1234/";
        return uri.StartsWith(prefix, StringComparison.Ordinal) ? s_data.Value.Remotes.GetValueOrDefault(uri[prefix.Length..]) : null;
    }

    private static (Dictionary<string, string>, Dictionary<string, string>) Load()
    {
        using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Data", "schema-suite.json.gz"));
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        var all = JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, string>>>(unzipped)!;
        return (all["remotes"], all["tests"]);
    }
}
