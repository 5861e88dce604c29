using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes;

/// <summary>
/// Strategic merge patches as apimachinery makes and applies them. Arguments are never changed; results share nothing with them.
/// </summary>
public static class StrategicMergePatch
{
    /// <summary>
    /// Whether Helm and kubectl send strategic merge patches for the kind: the built-in ones. Others (custom resources,
    /// CustomResourceDefinitions of v1beta1, APIServices) take JSON merge patches.
    /// </summary>
    /// <param name="gvk">The kind.</param>
    public static bool IsSupported(GroupVersionKind gvk) =>
        gvk.Group != "apiregistration.k8s.io" && gvk is not { Group: "apiextensions.k8s.io", Version: "v1beta1" }
        && PatchSchema.Find(gvk) is not null;

    /// <summary>
    /// Whether Helm sends a strategic merge patch for this very manifest: its kind is built in, and it decodes into the kind's Go type.
    /// With a number for an annotation, say, it does not; Helm then sends the JSON merge patch of old and new manifest, as for a custom
    /// resource.
    /// </summary>
    /// <param name="modified">The manifest.</param>
    public static bool IsSupported(KubernetesObject modified)
    {
        ArgumentNullException.ThrowIfNull(modified);
        return IsSupported(modified.Gvk) && TypedDecoding.Succeeds(modified);
    }

    /// <summary>
    /// The patch that kubectl and Helm 3 send: deletions from <paramref name="original"/> to <paramref name="modified"/>, additions and
    /// changes from
    /// <paramref name="current"/> to <paramref name="modified"/> (CreateThreeWayMergePatch with overwrite).
    /// </summary>
    /// <param name="original">The manifest of the last time.</param>
    /// <param name="modified">The manifest now.</param>
    /// <param name="current">The live object.</param>
    /// <param name="gvk">The kind, which decides the merge keys.</param>
    /// <returns>The patch, keys sorted as Go writes them; empty if there is nothing to do.</returns>
    /// <exception cref="PatchException">A list that merges by key holds an element without it, and the like.</exception>
    public static JsonObject ThreeWay(JsonObject original, JsonObject modified, JsonObject current, GroupVersionKind gvk)
    {
        PatchSchema? schema = PatchSchema.Find(gvk);
        PlainMap target = PlainJson.From(modified);
        PlainMap changes = new StrategicDiff(ignoreDeletions: true, ignoreChanges: false).Maps(PlainJson.From(current), target, schema);
        PlainMap deletions = new StrategicDiff(ignoreDeletions: false, ignoreChanges: true).Maps(PlainJson.From(original), target, schema);
        return (JsonObject)PlainJson.To(StrategicMerge.OfPatches.Maps(deletions, changes, schema), sorted: true)!;
    }

    /// <summary>The patch that turns one object into another (CreateTwoWayMergePatch).</summary>
    /// <param name="original">The object before.</param>
    /// <param name="modified">The object after.</param>
    /// <param name="gvk">The kind, which decides the merge keys.</param>
    /// <returns>The patch, keys sorted as Go writes them; empty if the objects are equal.</returns>
    /// <exception cref="PatchException">A list that merges by key holds an element without it, and the like.</exception>
    public static JsonObject TwoWay(JsonObject original, JsonObject modified, GroupVersionKind gvk)
    {
        var diff = new StrategicDiff(ignoreDeletions: false, ignoreChanges: false);
        return (JsonObject)PlainJson.To(diff.Maps(PlainJson.From(original), PlainJson.From(modified), PatchSchema.Find(gvk)), sorted: true)!;
    }

    /// <summary>Applies a strategic merge patch, directives included, as the API server does.</summary>
    /// <param name="target">The object.</param>
    /// <param name="patch">The patch.</param>
    /// <param name="gvk">The kind, which decides the merge keys.</param>
    /// <exception cref="PatchException">The patch is malformed or does not fit the object.</exception>
    public static JsonObject Apply(JsonObject target, JsonObject patch, GroupVersionKind gvk) =>
        (JsonObject)PlainJson.To(StrategicMerge.OfPatchIntoObject.Maps(PlainJson.From(target), PlainJson.From(patch), PatchSchema.Find(gvk)))!;
}

/// <summary>The directives that a strategic merge patch may hold.</summary>
internal static class Directive
{
    public const string Marker = "$patch";
    public const string Delete = "delete";
    public const string Replace = "replace";
    public const string Merge = "merge";
    public const string RetainKeys = "$retainKeys";
    public const string DeleteFromPrimitiveList = "$deleteFromPrimitiveList";
    public const string SetElementOrder = "$setElementOrder";
}
