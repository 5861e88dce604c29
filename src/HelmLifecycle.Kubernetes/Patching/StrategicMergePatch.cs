using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes;

/// <summary>Strategic merge patches as apimachinery makes and applies them. Arguments are never changed; results share nothing with them.</summary>
public static class StrategicMergePatch
{
    /// <summary>Whether the kind is one of the built-in ones, for which merge keys are known. Others take JSON merge patches.</summary>
    /// <param name="gvk">The kind.</param>
    public static bool IsSupported(GroupVersionKind gvk) => throw new NotSupportedException();

    /// <summary>
    /// The patch that kubectl and Helm 3 send: deletions from <paramref name="original"/> to <paramref name="modified"/>, additions and changes from
    /// <paramref name="current"/> to <paramref name="modified"/> (CreateThreeWayMergePatch with overwrite).
    /// </summary>
    /// <param name="original">The manifest of the last time.</param>
    /// <param name="modified">The manifest now.</param>
    /// <param name="current">The live object.</param>
    /// <param name="gvk">The kind, which decides the merge keys.</param>
    /// <returns>The patch; empty if there is nothing to do.</returns>
    /// <exception cref="PatchException">A list that merges by key holds an element without it, and the like.</exception>
    public static JsonObject ThreeWay(JsonObject original, JsonObject modified, JsonObject current, GroupVersionKind gvk) => throw new NotSupportedException();

    /// <summary>The patch that turns one object into another (CreateTwoWayMergePatch).</summary>
    /// <param name="original">The object before.</param>
    /// <param name="modified">The object after.</param>
    /// <param name="gvk">The kind, which decides the merge keys.</param>
    /// <exception cref="PatchException">A list that merges by key holds an element without it, and the like.</exception>
    public static JsonObject TwoWay(JsonObject original, JsonObject modified, GroupVersionKind gvk) => throw new NotSupportedException();

    /// <summary>Applies a strategic merge patch, directives included.</summary>
    /// <param name="target">The object.</param>
    /// <param name="patch">The patch.</param>
    /// <param name="gvk">The kind, which decides the merge keys.</param>
    /// <exception cref="PatchException">The patch is malformed or does not fit the object.</exception>
    public static JsonObject Apply(JsonObject target, JsonObject patch, GroupVersionKind gvk) => throw new NotSupportedException();
}
