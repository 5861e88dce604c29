using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes;

/// <summary>
/// JSON merge patches (RFC 7386), made and applied as the libraries of Kubernetes do. Arguments are never changed; results share nothing
/// with them.
/// </summary>
public static class JsonMergePatch
{
    /// <summary>The patch that turns one object into another; lists are replaced whole.</summary>
    /// <param name="from">The object before.</param>
    /// <param name="to">The object after.</param>
    /// <returns>The patch, keys sorted as Go writes them; empty if the objects are equal.</returns>
    public static JsonObject Create(JsonObject from, JsonObject to) =>
        (JsonObject)PlainJson.To(Difference(PlainJson.From(from), PlainJson.From(to)), sorted: true)!;

    /// <summary>Applies a merge patch. Nulls in new objects are dropped, also within lists.</summary>
    /// <param name="target">The value before; null is the JSON null.</param>
    /// <param name="patch">The patch.</param>
    public static JsonNode? Apply(JsonNode? target, JsonNode? patch) =>
        PlainJson.To(Merge(PlainJson.From(target), PlainJson.From(patch), keepNulls: false));

    /// <summary>
    /// The three-way patch of kubectl for custom resources: additions and changes from <paramref name="current"/> to
    /// <paramref name="modified"/>,
    /// deletions from <paramref name="original"/> to <paramref name="modified"/>.
    /// </summary>
    /// <param name="original">The manifest of the last time.</param>
    /// <param name="modified">The manifest now.</param>
    /// <param name="current">The live object.</param>
    /// <param name="requireSameIdentity">Refuse a patch that changes apiVersion, kind or metadata.name, as kubectl and Helm do.</param>
    /// <returns>The patch, keys sorted as Go writes them; empty if there is nothing to do.</returns>
    /// <exception cref="PatchException">The patch would change the object's identity.</exception>
    public static JsonObject ThreeWay(JsonObject original, JsonObject modified, JsonObject current, bool requireSameIdentity = true)
    {
        PlainMap target = PlainJson.From(modified);
        PlainMap changes = Filter(Difference(PlainJson.From(current), target), deletions: false);
        PlainMap deletions = Filter(Difference(PlainJson.From(original), target), deletions: true);
        var patch = (PlainMap)Merge(deletions, changes, keepNulls: true)!;
        bool renames = patch.TryGetValue("metadata", out object? m) && m is PlainMap metadata && metadata.ContainsKey("name");
        if (requireSameIdentity && (renames || patch.ContainsKey("apiVersion") || patch.ContainsKey("kind")))
            throw new PatchException("precondition failed for: " + PlainJson.Print(patch));
        return (JsonObject)PlainJson.To(patch, sorted: true)!;
    }

    private static PlainMap Difference(PlainMap from, PlainMap to)
    {
        var patch = new PlainMap();
        foreach ((string key, object? after) in to)
        {
            if (!from.TryGetValue(key, out object? before)) patch[key] = after;
            else if (before is PlainMap x && after is PlainMap y)
            {
                if (Difference(x, y) is { Count: > 0 } inner) patch[key] = inner;
            }
            else if (!PlainJson.DeepEquals(before, after)) patch[key] = after;
        }
        foreach (string key in from.Keys)
            if (!to.ContainsKey(key)) patch[key] = null;
        return patch;
    }

    // An object set to be empty is a value; one that is empty because nothing of it is wanted is not part of the patch.
    private static PlainMap Filter(PlainMap patch, bool deletions)
    {
        var result = new PlainMap();
        foreach ((string key, object? value) in patch)
        {
            if (value is PlainMap { Count: > 0 } map)
            {
                if (Filter(map, deletions) is { Count: > 0 } inner) result[key] = inner;
            }
            else if (value is null == deletions) result[key] = value;
        }
        return result;
    }

    private static object? Merge(object? target, object? patch, bool keepNulls)
    {
        if (patch is not PlainMap changes) return keepNulls ? patch : WithoutNulls(patch);
        PlainMap result = target as PlainMap ?? [];
        foreach ((string key, object? value) in changes)
        {
            if (value is null && !keepNulls) result.Remove(key);
            else if (value is PlainMap && result.TryGetValue(key, out object? before) && before is PlainMap)
                result[key] = Merge(before, value, keepNulls);
            else result[key] = keepNulls ? value : WithoutNulls(value);
        }
        return result;
    }

    private static object? WithoutNulls(object? value)
    {
        switch (value)
        {
            case PlainMap map:
                var kept = new PlainMap();
                foreach ((string key, object? item) in map)
                    if (item is not null) kept[key] = WithoutNulls(item);
                return kept;
            case List<object?> list: return list.ConvertAll(WithoutNulls);
            default: return value;
        }
    }
}
