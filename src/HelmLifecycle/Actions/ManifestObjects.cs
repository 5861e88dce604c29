using System.Text.Json;
using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;
using HelmLifecycle.Templates;

namespace HelmLifecycle;

/// <summary>Makes objects of manifests, with the rules and words of kubectl's resource builder, which Helm uses.</summary>
internal static class ManifestObjects
{
    /// <summary>Reads a manifest: lists are taken apart, the namespace is filled in where the kind has one.</summary>
    /// <param name="cluster">Knows the kinds.</param>
    /// <param name="manifest">A stream of YAML documents.</param>
    /// <param name="ns">The namespace of objects that name none.</param>
    /// <param name="validate">Whether what every object must have is checked first.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ReleaseException">Something is no object, or of an unknown kind. All such are named.</exception>
    public static async Task<IReadOnlyList<KubernetesObject>> BuildAsync(
        KubernetesClient cluster, string manifest, string ns, bool validate, CancellationToken ct)
    {
        var objects = new List<KubernetesObject>();
        var errors = new List<string>();
        Exception? cause = null;
        foreach (var document in HelmYaml.SplitDocuments(manifest))
        {
            JsonNode? json;
            try
            {
                json = HelmYaml.ReadJson(document.Text);
            }
            catch (YamlException e)
            {
                // The stream ends where it cannot be read.
                errors.Add("error parsing : error converting YAML to JSON: " + e.Message);
                cause = e;
                break;
            }

            if (json is null) continue;
            foreach (var item in Flatten(json))
            {
                try
                {
                    if (await ReadAsync(cluster, item, ns, validate, ct).ConfigureAwait(false) is { } o) objects.Add(o);
                }
                catch (Exception e) when (e is ReleaseException or NoMatchException)
                {
                    if (!errors.Contains(e.Message)) errors.Add(e.Message);
                    cause ??= e;
                }
            }
        }

        return errors.Count switch
        {
            0 => objects,
            1 => throw new ReleaseException(errors[0], cause),
            _ => throw new ReleaseException($"[{string.Join(", ", errors)}]", cause),
        };
    }

    private static IEnumerable<JsonNode> Flatten(JsonNode json)
    {
        if (json is JsonObject list && list["items"] is JsonArray items && Text(list, "kind") is { } kind && kind.EndsWith("List", StringComparison.Ordinal))
        {
            foreach (var item in items)
            {
                if (item is not JsonObject o)
                {
                    if (item is not null) yield return item;
                    continue;
                }

                var copy = (JsonObject)o.DeepClone();
                if (kind != "List")
                {
                    if (!copy.ContainsKey("kind")) copy["kind"] = kind[..^4];
                    if (!copy.ContainsKey("apiVersion")) copy["apiVersion"] = Text(list, "apiVersion");
                }

                foreach (var inner in Flatten(copy)) yield return inner;
            }
        }
        else
        {
            yield return json;
        }
    }

    private static async Task<KubernetesObject?> ReadAsync(KubernetesClient cluster, JsonNode json, string ns, bool validate, CancellationToken ct)
    {
        if (json is not JsonObject root)
        {
            throw new ReleaseException(validate
                ? "error validating \"\": error validating data: invalid object to validate"
                : $"unable to decode \"\": json: cannot unmarshal {KindOf(json)} into Go value of type map[string]interface {{}}");
        }

        string? kind = Text(root, "kind"), apiVersion = Text(root, "apiVersion");
        if (validate)
        {
            var missing = new List<string>();
            if (string.IsNullOrEmpty(apiVersion)) missing.Add("apiVersion not set");
            if (string.IsNullOrEmpty(kind)) missing.Add("kind not set");
            if (missing.Count > 0)
            {
                throw new ReleaseException("error validating \"\": error validating data: "
                    + (missing.Count == 1 ? missing[0] : $"[{string.Join(", ", missing)}]"));
            }
        }

        if (string.IsNullOrEmpty(kind)) throw new ReleaseException($"unable to decode \"\": Object 'Kind' is missing in '{root.ToJsonString()}'");
        if (string.IsNullOrEmpty(apiVersion)) throw new ReleaseException($"unable to decode \"\": Object 'apiVersion' is missing in '{root.ToJsonString()}'");
        CheckTexts(root, "annotations");
        CheckTexts(root, "labels");
        var o = new KubernetesObject((JsonObject)(root.Parent is null ? root : root.DeepClone()));
        ApiResource resource;
        try
        {
            resource = await cluster.ResourceForAsync(o.Gvk, ct).ConfigureAwait(false);
        }
        catch (NoMatchException e)
        {
            throw new ReleaseException(e.ForObject(o), e);
        }

        if (resource.Namespaced && o.Namespace is null) o.Namespace = ns;
        return o;
    }

    // Go decodes metadata into a struct before anything else: labels and annotations must be texts.
    private static void CheckTexts(JsonObject root, string key)
    {
        if (root["metadata"] is not JsonObject metadata || metadata[key] is not JsonObject map) return;
        foreach (var (_, value) in map.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            if (value is not null && value.GetValueKind() != JsonValueKind.String)
            {
                throw new ReleaseException(
                    $"unable to decode \"\": json: cannot unmarshal {KindOf(value)} into Go struct field ObjectMeta.metadata.{key} of type string");
            }
        }
    }

    private static string KindOf(JsonNode node) => node.GetValueKind() switch
    {
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "bool",
        JsonValueKind.Array => "array",
        JsonValueKind.Object => "object",
        _ => "string",
    };

    private static string? Text(JsonObject o, string key) => o[key] is JsonValue v && v.TryGetValue(out string? text) ? text : null;
}
