using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HelmLifecycle.Templates;

namespace HelmLifecycle.Kubernetes;

/// <summary>
/// A Kubernetes object of any kind over its JSON. The object is a view: changes through it are changes of <see cref="Json"/>, and nothing
/// is lost that the view does not know. Not safe for concurrent writes.
/// </summary>
public sealed class KubernetesObject
{
    /// <summary>Wraps a JSON object; it is not copied.</summary>
    /// <param name="json">The object's JSON.</param>
    public KubernetesObject(JsonObject json)
    {
        ArgumentNullException.ThrowIfNull(json);
        Json = json;
    }

    /// <summary>A new object with no more than its kind and name.</summary>
    /// <param name="gvk">The kind.</param>
    /// <param name="name">The name.</param>
    /// <param name="namespace">The namespace, or null for none.</param>
    public KubernetesObject(GroupVersionKind gvk, string name, string? @namespace = null)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (@namespace is not null) metadata["namespace"] = @namespace;
        Json = new JsonObject { ["apiVersion"] = gvk.ApiVersion, ["kind"] = gvk.Kind, ["metadata"] = metadata };
    }

    /// <summary>The JSON of the object, whole and live.</summary>
    public JsonObject Json { get; }

    /// <summary><c>apiVersion</c>; empty if absent.</summary>
    public string ApiVersion
    {
        get => Text(Json, "apiVersion") ?? "";
        set => Json["apiVersion"] = value;
    }

    /// <summary><c>kind</c>; empty if absent.</summary>
    public string Kind
    {
        get => Text(Json, "kind") ?? "";
        set => Json["kind"] = value;
    }

    /// <summary>Group, version and kind.</summary>
    public GroupVersionKind Gvk => GroupVersionKind.From(ApiVersion, Kind);

    /// <summary>Kind, namespace and name together.</summary>
    public ObjectReference Reference => new(Gvk, Namespace, Name);

    /// <summary><c>metadata.name</c>; empty if absent.</summary>
    public string Name
    {
        get => Text(Metadata, "name") ?? "";
        set => MutableMetadata["name"] = value;
    }

    /// <summary><c>metadata.generateName</c>, or null.</summary>
    public string? GenerateName => Text(Metadata, "generateName") is { Length: > 0 } prefix ? prefix : null;

    /// <summary><c>metadata.namespace</c>, or null when absent or empty.</summary>
    public string? Namespace
    {
        get => Text(Metadata, "namespace") is { Length: > 0 } ns ? ns : null;
        set
        {
            if (value is null) MutableMetadata.Remove("namespace");
            else MutableMetadata["namespace"] = value;
        }
    }

    /// <summary><c>metadata.uid</c>, or null.</summary>
    public string? Uid => Text(Metadata, "uid");

    /// <summary><c>metadata.resourceVersion</c>, or null.</summary>
    public string? ResourceVersion
    {
        get => Text(Metadata, "resourceVersion");
        set
        {
            if (value is null) MutableMetadata.Remove("resourceVersion");
            else MutableMetadata["resourceVersion"] = value;
        }
    }

    /// <summary><c>metadata.generation</c>; 0 if absent.</summary>
    public long Generation => Number(Metadata, "generation") ?? 0;

    /// <summary><c>metadata.creationTimestamp</c>, or null.</summary>
    public DateTimeOffset? CreationTimestamp => Time(Metadata, "creationTimestamp");

    /// <summary><c>metadata.deletionTimestamp</c>: set while the object is being deleted.</summary>
    public DateTimeOffset? DeletionTimestamp => Time(Metadata, "deletionTimestamp");

    /// <summary><c>metadata</c>, or null.</summary>
    public JsonObject? Metadata => Json["metadata"] as JsonObject;

    /// <summary><c>spec</c>, or null.</summary>
    public JsonObject? Spec => Json["spec"] as JsonObject;

    /// <summary><c>status</c>, or null.</summary>
    public JsonObject? Status => Json["status"] as JsonObject;

    /// <summary><c>metadata.labels</c> as a copy; empty if absent.</summary>
    public IReadOnlyDictionary<string, string> Labels => Map("labels");

    /// <summary><c>metadata.annotations</c> as a copy; empty if absent.</summary>
    public IReadOnlyDictionary<string, string> Annotations => Map("annotations");

    /// <summary>One label, or null.</summary>
    /// <param name="key">The label's key.</param>
    public string? GetLabel(string key) => Text(Metadata?["labels"] as JsonObject, key);

    /// <summary>One annotation, or null.</summary>
    /// <param name="key">The annotation's key.</param>
    public string? GetAnnotation(string key) => Text(Metadata?["annotations"] as JsonObject, key);

    /// <summary>Sets a label, or removes it.</summary>
    /// <param name="key">The label's key.</param>
    /// <param name="value">The new value; null removes.</param>
    public void SetLabel(string key, string? value) => SetIn("labels", key, value);

    /// <summary>Sets an annotation, or removes it.</summary>
    /// <param name="key">The annotation's key.</param>
    /// <param name="value">The new value; null removes.</param>
    public void SetAnnotation(string key, string? value) => SetIn("annotations", key, value);

    /// <summary>A copy that shares nothing with this object.</summary>
    public KubernetesObject DeepClone() => new((JsonObject)Json.DeepClone());

    /// <summary>Reads an object from JSON.</summary>
    /// <param name="json">A JSON object.</param>
    /// <exception cref="FormatException">The text is no JSON object.</exception>
    public static KubernetesObject Parse(string json) => JsonText.Parse(json) is JsonObject o
        ? new KubernetesObject(o)
        : throw new FormatException("A Kubernetes object must be a JSON object.");

    /// <summary>Reads an object from YAML, as Kubernetes does (YAML 1.1: a bare <c>yes</c> is a boolean).</summary>
    /// <param name="yaml">One YAML document that is a map.</param>
    /// <exception cref="FormatException">The text is no YAML map.</exception>
    public static KubernetesObject FromYaml(string yaml)
    {
        try
        {
            return HelmYaml.ReadJson(yaml) is JsonObject o
                ? new KubernetesObject(o)
                : throw new FormatException("A Kubernetes object must be a YAML map.");
        }
        catch (YamlException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    /// <summary>The object as YAML, keys sorted, as <c>kubectl -o yaml</c> writes it.</summary>
    public string ToYaml() => HelmYaml.WriteJson(Json);

    /// <summary>The object as compact JSON.</summary>
    public string ToJson() => JsonText.Write(Json);

    /// <summary><c>Kind/namespace/name</c>.</summary>
    public override string ToString() => Reference.ToString();

    internal static string? Text(JsonObject? parent, string key) =>
        parent?[key] is JsonValue v && v.GetValueKind() == JsonValueKind.String ? v.GetValue<string>() : null;

    internal static long? Number(JsonObject? parent, string key) => JsonText.AsLong(parent?[key]);

    internal static DateTimeOffset? Time(JsonObject? parent, string key) =>
        DateTimeOffset.TryParse(Text(parent, key), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : null;

    private JsonObject MutableMetadata
    {
        get
        {
            if (Json["metadata"] is JsonObject metadata) return metadata;
            metadata = [];
            Json["metadata"] = metadata;
            return metadata;
        }
    }

    private Dictionary<string, string> Map(string key)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Metadata?[key] is JsonObject entries)
            foreach (KeyValuePair<string, JsonNode?> entry in entries)
                if (Text(entries, entry.Key) is { } value) map[entry.Key] = value;
        return map;
    }

    private void SetIn(string map, string key, string? value)
    {
        if (Metadata?[map] is not JsonObject entries)
        {
            if (value is null) return;
            entries = [];
            MutableMetadata[map] = entries;
        }
        if (value is null) entries.Remove(key);
        else entries[key] = value;
    }
}
