using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes;

/// <summary>JSON patches (RFC 6902), with the deviations of the library that Kubernetes uses. Arguments are never changed.</summary>
public static class JsonPatch
{
    /// <summary>Applies the operations in order.</summary>
    /// <param name="target">The document.</param>
    /// <param name="operations">The operations.</param>
    /// <exception cref="PatchException">An operation is malformed, its path is missing, or a test failed.</exception>
    public static JsonNode? Apply(JsonNode? target, JsonArray operations) => throw new NotSupportedException();

    /// <summary>Operations that turn one document into another.</summary>
    /// <param name="from">The document before.</param>
    /// <param name="to">The document after.</param>
    public static JsonArray Create(JsonNode? from, JsonNode? to) => throw new NotSupportedException();
}
