using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>A pod of the embedded cluster, as scripts and traffic see it: a picture of one moment.</summary>
public sealed class SimulatedPod
{
    private readonly JsonNode _json;

    internal SimulatedPod(JsonNode json) => _json = json;

    /// <summary>Its name.</summary>
    public string Name => _json.Name();

    /// <summary>Its namespace.</summary>
    public string Namespace => _json.Namespace();

    /// <summary>The node it runs on, or null while it is not scheduled.</summary>
    public string? NodeName => _json.Text("spec", "nodeName");

    /// <summary>Its address, or null before it runs.</summary>
    public string? Ip => _json.Text("status", "podIP");

    /// <summary><c>Pending</c>, <c>Running</c>, <c>Succeeded</c> or <c>Failed</c>.</summary>
    public string Phase => _json.Text("status", "phase") ?? "";

    /// <summary>Whether its condition Ready holds.</summary>
    public bool IsReady => Conditions.IsTrue(_json.At("status"), "Ready");

    /// <summary>Whether it is being deleted.</summary>
    public bool IsTerminating => _json.IsDeleting();

    /// <summary>Kind of the object that manages it: <c>ReplicaSet</c>, <c>Job</c>, ... or null.</summary>
    public string? OwnerKind => _json.ControllerRef().Text("kind");

    /// <summary>Name of the object that manages it, or null.</summary>
    public string? OwnerName => _json.ControllerRef().Text("name");

    /// <summary>The images of its containers, in order.</summary>
    public IReadOnlyList<string> Images => [.. _json.Items("spec", "containers").Select(c => c.Text("image") ?? "")];

    /// <summary>Value of a label, or null.</summary>
    /// <param name="key">The label's key.</param>
    public string? Label(string key) => _json.Label(key);

    /// <summary>Value of an annotation, or null.</summary>
    /// <param name="key">The annotation's key.</param>
    public string? Annotation(string key) => _json.Annotation(key);

    /// <summary>Value of an environment variable written out in the pod's first container, or null.</summary>
    /// <param name="name">The variable's name.</param>
    public string? Env(string name) => _json.Items("spec", "containers").FirstOrDefault().Items("env").FirstOrDefault(e => e.Text("name") == name).Text("value");

    /// <summary>Namespace and name.</summary>
    public override string ToString() => Namespace + "/" + Name;

    internal JsonNode Json => _json;
}
