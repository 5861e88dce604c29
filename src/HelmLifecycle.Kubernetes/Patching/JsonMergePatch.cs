using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes;

/// <summary>JSON merge patches (RFC 7386). Arguments are never changed; results share nothing with them.</summary>
public static class JsonMergePatch
{
    /// <summary>The patch that turns one object into another; lists are replaced whole.</summary>
    /// <param name="from">The object before.</param>
    /// <param name="to">The object after.</param>
    public static JsonObject Create(JsonObject from, JsonObject to) => throw new NotSupportedException();

    /// <summary>Applies a merge patch.</summary>
    /// <param name="target">The value before; null is the JSON null.</param>
    /// <param name="patch">The patch.</param>
    public static JsonNode? Apply(JsonNode? target, JsonNode? patch) => throw new NotSupportedException();

    /// <summary>
    /// The three-way patch of kubectl for custom resources: additions and changes from <paramref name="current"/> to <paramref name="modified"/>,
    /// deletions from <paramref name="original"/> to <paramref name="modified"/>.
    /// </summary>
    /// <param name="original">The manifest of the last time.</param>
    /// <param name="modified">The manifest now.</param>
    /// <param name="current">The live object.</param>
    /// <param name="requireSameIdentity">Refuse a patch that changes apiVersion, kind or metadata.name, as kubectl and Helm do.</param>
    /// <exception cref="PatchException">The patch would change the object's identity.</exception>
    public static JsonObject ThreeWay(JsonObject original, JsonObject modified, JsonObject current, bool requireSameIdentity = true) =>
        throw new NotSupportedException();
}
