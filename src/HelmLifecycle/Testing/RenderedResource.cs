using System.Globalization;
using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>One object that a chart rendered.</summary>
/// <param name="Object">The object.</param>
/// <param name="Source">The template it came from.</param>
public sealed record RenderedResource(KubernetesObject Object, string Source)
{
    /// <summary>The kind.</summary>
    public string Kind => Object.Kind;

    /// <summary>The name.</summary>
    public string Name => Object.Name;

    /// <summary>The labels.</summary>
    public IReadOnlyDictionary<string, string> Labels => Object.Labels;

    /// <summary>The annotations.</summary>
    public IReadOnlyDictionary<string, string> Annotations => Object.Annotations;

    /// <summary>
    /// The text of a field; null when it is not there. Items of lists are reached by their number or their name:
    /// <c>spec.ports[0].nodePort</c>, <c>spec.template.spec.containers[web].image</c>, <c>data["a.conf"]</c>.
    /// </summary>
    public string? this[string path] => FieldPath.Find(Object.Json, path) is { } node ? FieldDiff.Text(node) : null;

    /// <summary>The JSON of a field; null when it is not there.</summary>
    public JsonNode? Json(string path) => FieldPath.Find(Object.Json, path);

    /// <inheritdoc/>
    public override string ToString() => $"{Kind}/{Name}";
}

/// <summary>A workload that a chart rendered: its pods' template at hand.</summary>
public sealed class RenderedWorkload
{
    internal RenderedWorkload(RenderedResource resource) => Resource = resource;

    /// <summary>The object.</summary>
    public RenderedResource Resource { get; }

    /// <summary>How many replicas it asks for; 1 when it does not say.</summary>
    public int Replicas => Resource["spec.replicas"] is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : 1;

    /// <summary>The labels of the pods.</summary>
    public IReadOnlyDictionary<string, string> PodLabels => Map("spec.template.metadata.labels");

    /// <summary>The annotations of the pods.</summary>
    public IReadOnlyDictionary<string, string> PodAnnotations => Map("spec.template.metadata.annotations");

    /// <summary>The containers, init containers not among them.</summary>
    public IReadOnlyList<RenderedContainer> Containers =>
        [.. (Resource.Json("spec.template.spec.containers") as JsonArray ?? []).OfType<JsonObject>().Select(c => new RenderedContainer(c))];

    /// <summary>A container.</summary>
    /// <param name="name">Its name; null when there is only one.</param>
    /// <exception cref="ChartTestException">There is none, or more than one and no name is given.</exception>
    public RenderedContainer Container(string? name = null)
    {
        RenderedContainer[] found = [.. Containers.Where(c => name is null || c.Name == name)];
        return found.Length == 1
            ? found[0]
            : throw new ChartTestException($"{Resource} has {(found.Length == 0 ? "no" : "more than one")} container{(name is null ? "" : " named " + name)}; it has: {string.Join(", ", Containers.Select(c => c.Name))}");
    }

    private Dictionary<string, string> Map(string path) =>
        (Resource.Json(path) as JsonObject ?? []).ToDictionary(p => p.Key, p => FieldDiff.Text(p.Value), StringComparer.Ordinal);
}

/// <summary>A container that a chart rendered.</summary>
public sealed class RenderedContainer
{
    private readonly JsonObject _json;

    internal RenderedContainer(JsonObject json) => _json = json;

    /// <summary>The name.</summary>
    public string Name => this["name"] ?? "";

    /// <summary>The image.</summary>
    public string Image => this["image"] ?? "";

    /// <summary>The environment variables that have a value of their own.</summary>
    public IReadOnlyDictionary<string, string> Env => (_json["env"] as JsonArray ?? []).OfType<JsonObject>()
        .Where(e => e["value"] is not null).ToDictionary(e => FieldDiff.Text(e["name"]), e => FieldDiff.Text(e["value"]), StringComparer.Ordinal);

    /// <summary>The text of a field; null when it is not there: <c>resources.limits.cpu</c>, <c>ports[http].containerPort</c>.</summary>
    public string? this[string path] => FieldPath.Find(_json, path) is { } node ? FieldDiff.Text(node) : null;
}
