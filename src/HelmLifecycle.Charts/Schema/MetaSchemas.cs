using System.Reflection;
using System.Text.Json;

namespace HelmLifecycle.Charts;

/// <summary>The schemas of schemas, which are part of this assembly: none is ever fetched.</summary>
internal static class MetaSchemas
{
    private static readonly Lazy<Dictionary<string, JsonElement>> s_all = new(ReadAll);

    /// <summary>The meta-schema, or part of one, with this identifier.</summary>
    public static JsonElement? Find(string uri)
    {
        string key = uri.TrimEnd('#');
        key = key.StartsWith("http://", StringComparison.Ordinal) ? key[7..] : key.StartsWith("https://", StringComparison.Ordinal) ? key[8..] : key;
        return s_all.Value.TryGetValue(key, out JsonElement schema) ? schema : null;
    }

    /// <summary>The identifier of a draft's meta-schema.</summary>
    public static string UriOf(int draft) => draft switch
    {
        4 => "http://json-schema.org/draft-04/schema",
        6 => "http://json-schema.org/draft-06/schema",
        7 => "http://json-schema.org/draft-07/schema",
        2019 => "https://json-schema.org/draft/2019-09/schema",
        _ => "https://json-schema.org/draft/2020-12/schema",
    };

    private static Dictionary<string, JsonElement> ReadAll()
    {
        var all = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (int draft in (ReadOnlySpan<int>)[4, 6, 7])
            all[$"json-schema.org/draft-0{draft}/schema"] = Read($"draft{draft}.json");
        foreach (string year in (ReadOnlySpan<string>)["2019-09", "2020-12"])
        {
            // One file holds the parts, by name.
            foreach (JsonProperty part in Read($"draft{year}.json").EnumerateObject())
                all[$"json-schema.org/draft/{year}/{part.Name}"] = part.Value;
        }

        return all;
    }

    private static JsonElement Read(string name)
    {
        using Stream data = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using JsonDocument document = JsonDocument.Parse(data);
        return document.RootElement.Clone();
    }
}
