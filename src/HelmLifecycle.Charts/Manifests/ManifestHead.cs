namespace HelmLifecycle.Charts;

/// <summary>What Helm reads of a document: enough to order it and to know a hook.</summary>
public sealed record ManifestHead
{
    private const string MetadataType = """struct { Name string "json:\"name\""; Annotations map[string]string "json:\"annotations\"" }""";

    private static readonly SortedDictionary<string, string> s_none = [];

    /// <summary><c>apiVersion</c>; empty when there is none.</summary>
    public string ApiVersion { get; init; } = "";

    /// <summary><c>kind</c>; empty when there is none, as in a document of comments.</summary>
    public string Kind { get; init; } = "";

    /// <summary><c>metadata.name</c></summary>
    public string Name { get; init; } = "";

    /// <summary><c>metadata.annotations</c></summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = s_none;

    /// <summary>Reads the head of a document; the whole of it must be YAML.</summary>
    /// <param name="document">The text of the document.</param>
    /// <param name="path">The template that it comes from, for the message.</param>
    /// <exception cref="ManifestException">It is no YAML, or what was read is of a wrong type.</exception>
    public static ManifestHead Read(string document, string path)
    {
        try
        {
            if (GoStruct.Read(HelmYaml.ReadJson(document), "util.SimpleHead", "SimpleHead") is not { } head)
                return new ManifestHead();
            string apiVersion = head.Text("apiVersion");
            string kind = head.Text("kind");
            GoStruct? metadata = head.Struct("metadata", MetadataType, "");
            return new ManifestHead
            {
                ApiVersion = apiVersion,
                Kind = kind,
                Annotations = metadata?.TextMap("annotations") ?? s_none,
                Name = metadata?.Text("name") ?? "",
            };
        }
        catch (Exception e) when (e is YamlException or ChartException)
        {
            throw new ManifestException(path, e);
        }
    }
}
