using System.Globalization;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Charts;

/// <summary>
/// What Helm 4 gives a post-renderer and takes back: the documents of all files, hooks among them, in one stream, each with the name of its file in an annotation. What comes back is put to
/// files again by that annotation, and only then sorted.
/// </summary>
internal static class PostRenderStream
{
    private const string Annotation = "postrenderer.helm.sh/postrender-filename";

    /// <summary>All documents in one stream, in the order of their files' names.</summary>
    /// <param name="files">Rendered files by path.</param>
    /// <exception cref="PostRenderException">A document cannot be annotated.</exception>
    public static string Merge(IReadOnlyDictionary<string, string> files)
    {
        var documents = new List<string>();
        foreach (string path in files.Keys.Order(GoString.Comparer))
        {
            if (GoPath.Base(path).StartsWith('_')) continue;
            foreach (string text in Documents(files[path]))
            {
                if (Read(text, $"error merging manifests: parsing {path}") is { } json) documents.Add(Annotated(Plain(text, json), json, path));
            }
        }

        return string.Join("---\n", documents);
    }

    /// <summary>The files that a stream is of; a document without the annotation is a file of its own.</summary>
    /// <param name="stream">What the post-renderer made.</param>
    /// <exception cref="PostRenderException">It is no YAML.</exception>
    public static Dictionary<string, string> Split(string stream)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        int number = 0;
        foreach (string text in Documents(stream))
        {
            if (Read(text, "error while parsing post rendered output: error parsing YAML") is not { } json) continue;
            string path = (json as JsonObject)?["metadata"]?["annotations"]?[Annotation]?.ToString() is { Length: > 0 } named
                ? named
                : string.Create(CultureInfo.InvariantCulture, $"generated-by-postrender-{number}.yaml");
            number++;
            string document = Bare(Plain(text, json), json);
            files[path] = files.TryGetValue(path, out string? before) ? $"{before}---\n{document}" : document;
        }

        return files;
    }

    // The line feed at the end of a document belongs to a block scalar that stands there.
    private static IEnumerable<string> Documents(string text) => ManifestSplitter.Split(text).Select(d => d + "\n");

    private static JsonNode? Read(string text, string what)
    {
        try
        {
            return HelmYaml.ReadJson(text);
        }
        catch (YamlException e)
        {
            throw new PostRenderException($"{what}: {e.Message}", e);
        }
    }

    private static string Plain(string text, JsonNode json) => Same(YamlLayout.Normalize(text), json) ?? text;

    private static string Annotated(string text, JsonNode json, string path)
    {
        if (json is not JsonObject o || (o["metadata"] ?? new JsonObject()) is not JsonObject || (o["metadata"]?["annotations"] ?? new JsonObject()) is not JsonObject)
            throw new PostRenderException($"error merging manifests: annotating {path}: the document has no place for an annotation");
        var wanted = (JsonObject)o.DeepClone();
        if (wanted["metadata"] is not JsonObject metadata) wanted["metadata"] = metadata = [];
        if (metadata["annotations"] is not JsonObject annotations) metadata["annotations"] = annotations = [];
        annotations[Annotation] = path;
        return Same(YamlLayout.WithAnnotation(text, Annotation, path), wanted) ?? HelmYaml.WriteJson(wanted);
    }

    private static string Bare(string text, JsonNode json)
    {
        if (json is not JsonObject o || o["metadata"]?["annotations"] is not JsonObject annotations || !annotations.ContainsKey(Annotation)) return text;
        var wanted = (JsonObject)o.DeepClone();
        var left = (JsonObject)wanted["metadata"]!["annotations"]!;
        left.Remove(Annotation);
        if (left.Count == 0) ((JsonObject)wanted["metadata"]!).Remove("annotations");
        return Same(YamlLayout.WithoutAnnotation(text, Annotation), wanted) ?? HelmYaml.WriteJson(wanted);
    }

    // What was done to a text must not have changed what it says.
    private static string? Same(string text, JsonNode? json)
    {
        try
        {
            return JsonNode.DeepEquals(HelmYaml.ReadJson(text), json) ? text : null;
        }
        catch (YamlException)
        {
            return null;
        }
    }
}
