using System.Text.Json.Nodes;

namespace HelmLifecycle.Templates;

/// <summary>
/// YAML as Helm reads and writes it: <c>sigs.k8s.io/yaml</c> over go-yaml 2, that is YAML 1.1 converted to JSON and read by Go.
/// </summary>
public static class HelmYaml
{
    /// <summary>Reads the first document of a text, as Helm reads values. Every number becomes a float64; an empty text is nil.</summary>
    /// <exception cref="YamlException">The text is no YAML, or has no form in JSON.</exception>
    public static GoValue Read(string yaml)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        return YamlReader.ReadValue(yaml);
    }

    /// <summary>Reads the first document of a UTF-8 text.</summary>
    /// <exception cref="YamlException">The text is no YAML, or has no form in JSON.</exception>
    public static GoValue Read(ReadOnlySpan<byte> yaml) => Read(GoString.FromBytes(yaml));

    /// <summary>Reads the first document of a text, which must be a map; an empty text or <c>null</c> is an empty map.</summary>
    /// <exception cref="YamlException">The text is no YAML, has no form in JSON, or is no map.</exception>
    public static GoMap ReadMap(string yaml)
    {
        GoValue value = Read(yaml);
        if (value.IsNil)
            return new GoMap();
        return value.AsMap ?? throw new YamlException(
            $"error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {HelmJson.KindName(value)} into Go value of type map[string]interface {{}}");
    }

    /// <summary>Reads the first document of a UTF-8 text, which must be a map; an empty text or <c>null</c> is an empty map.</summary>
    /// <exception cref="YamlException">The text is no YAML, has no form in JSON, or is no map.</exception>
    public static GoMap ReadMap(ReadOnlySpan<byte> yaml) => ReadMap(GoString.FromBytes(yaml));

    /// <summary>Reads every document of a stream (see <see cref="SplitDocuments"/>), leaving out the empty ones.</summary>
    /// <exception cref="YamlException">A document is no YAML, or has no form in JSON.</exception>
    public static IReadOnlyList<GoValue> ReadAll(string yaml)
    {
        var values = new List<GoValue>();
        foreach (YamlDocument document in SplitDocuments(yaml))
        {
            GoValue value = Read(document.Text);
            if (!value.IsNil)
                values.Add(value);
        }

        return values;
    }

    /// <summary>
    /// Finds on which line, from 1, each value of the first document stands, by JSON pointer (<c>/image/tag</c>, <c>/args/0</c>); of a map's value, the line of its
    /// key. What an alias or a merge key brings in has the line of its anchor alone and is not listed.
    /// </summary>
    /// <exception cref="YamlException">The text is no YAML, or has no form in JSON.</exception>
    public static IReadOnlyDictionary<string, int> FindLines(string yaml)
    {
        // Reads it first, so that what is wrong with it is said as ever.
        Read(yaml);
        return YamlLines.Find(yaml);
    }

    /// <summary>Splits a stream at its <c>---</c> lines, as Kubernetes does.</summary>
    public static IReadOnlyList<YamlDocument> SplitDocuments(string yaml)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        var documents = new List<YamlDocument>();
        int start = 0;
        int startLine = 1;
        int line = 1;
        for (int at = 0; at < yaml.Length; line++)
        {
            int end = yaml.IndexOf('\n', at);
            int next = end < 0 ? yaml.Length : end + 1;
            // A separator is a line that starts with three dashes and has nothing but blanks after them.
            if (yaml.AsSpan(at, next - at).StartsWith("---") && yaml.AsSpan(at + 3, next - at - 3).IsWhiteSpace())
            {
                Add(at);
                start = next;
                startLine = line + 1;
            }

            at = next;
        }

        Add(yaml.Length);
        return documents;

        void Add(int end)
        {
            if (end > start)
                documents.Add(new YamlDocument(yaml[start..end], startLine));
        }
    }

    /// <summary>
    /// Reads the first document of a text for Kubernetes: whole numbers stay whole, as with <c>yaml.YAMLToJSON</c>.
    /// </summary>
    /// <exception cref="YamlException">The text is no YAML, or has no form in JSON.</exception>
    public static JsonNode? ReadJson(string yaml)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        return YamlReader.ReadNode(yaml);
    }

    /// <summary>Writes a value: the bytes of <c>yaml.Marshal</c>, with the final line feed.</summary>
    /// <exception cref="YamlException">The value has no form in YAML, or holds itself.</exception>
    public static string Write(GoValue value) => YamlWriter.Write(value, false);

    /// <summary>Writes a value as Helm's <c>toYamlPretty</c> does: lists are indented, long lines are not folded.</summary>
    /// <exception cref="YamlException">The value has no form in YAML, or holds itself.</exception>
    public static string WritePretty(GoValue value) => YamlWriter.Write(value, true);

    /// <summary>Writes JSON as YAML: the bytes of <c>yaml.JSONToYAML</c>.</summary>
    /// <exception cref="YamlException">The value has no form in YAML.</exception>
    public static string WriteJson(JsonNode? node) => YamlWriter.Write(JsonNodeValues.ToValue(node, 0), false);
}
