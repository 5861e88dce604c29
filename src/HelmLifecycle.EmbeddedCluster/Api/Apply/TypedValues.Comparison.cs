using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

internal static partial class TypedValues
{
    /// <summary>What changed from <paramref name="before"/> to <paramref name="after"/>.</summary>
    public static Comparison Compare(JsonObject before, JsonObject after, FieldType type)
    {
        var result = new Comparison(new FieldSet(), new FieldSet(), new FieldSet());
        CompareMaps(before, after, type, result.Added, result.Modified, result.Removed);
        Prune(result.Added);
        Prune(result.Modified);
        Prune(result.Removed);
        return result;
    }

    private static void Prune(FieldSet set)
    {
        foreach ((string element, FieldSet child) in set.Children.ToArray())
        {
            Prune(child);
            if (child.IsEmpty)
            {
                set.Remove(element);
            }
        }
    }

    private static void CompareMaps(JsonObject? before, JsonObject? after, FieldType type, FieldSet added, FieldSet modified, FieldSet removed)
    {
        IEnumerable<string> names = before is null ? after!.Select(p => p.Key) : after is null ? before.Select(p => p.Key) : before.Select(p => p.Key).Union(after.Select(p => p.Key));
        foreach (string name in names)
        {
            JsonNode? left = null, right = null;
            bool hadLeft = before is not null && before.TryGetPropertyValue(name, out left);
            bool hasRight = after is not null && after.TryGetPropertyValue(name, out right);
            CompareItems(FieldSet.Field(name), hadLeft, left, hasRight, right, ChildType(type, name), added, modified, removed);
        }
    }

    /// <summary>Compares what is at one element of a map or list; the sets are those of the map or list.</summary>
    private static void CompareItems(string element, bool hadLeft, JsonNode? left, bool hasRight, JsonNode? right, FieldType type, FieldSet added, FieldSet modified, FieldSet removed)
    {
        if (!hadLeft)
        {
            CollectWhole(right, type, added.Ensure(element));
        }
        else if (!hasRight)
        {
            CollectWhole(left, type, removed.Ensure(element));
        }
        else if (!JsonNode.DeepEquals(left, right))
        {
            // Most of an object stays as it is and does not come here.
            CompareValues(left, right, type, added.Ensure(element), modified.Ensure(element), removed.Ensure(element));
        }
    }

    /// <summary>Everything at and below a value that only one side has.</summary>
    private static void CollectWhole(JsonNode? value, FieldType type, FieldSet set)
    {
        set.IsMember = true;
        if (value is JsonObject map && IsGranularMap(type, map))
        {
            foreach ((string name, JsonNode? item) in map)
            {
                CollectWhole(item, ChildType(type, name), set.Ensure(FieldSet.Field(name)));
            }
        }
        else if (value is JsonArray list && IsGranularList(type))
        {
            foreach ((string element, JsonNode? item) in Index(list, type))
            {
                CollectWhole(item, type.Element!, set.Ensure(element));
            }
        }
    }

    /// <summary>Compares two values that differ.</summary>
    private static void CompareValues(JsonNode? left, JsonNode? right, FieldType type, FieldSet added, FieldSet modified, FieldSet removed)
    {
        if (IsGranularMap(type, left ?? right) && IsGranularMap(type, right ?? left) && (left is null or JsonObject) && (right is null or JsonObject))
        {
            var leftMap = left as JsonObject;
            var rightMap = right as JsonObject;
            bool bothEmpty = (leftMap is null || leftMap.Count == 0) && (rightMap is null || rightMap.Count == 0);
            if (!bothEmpty)
            {
                CompareMaps(leftMap, rightMap, type, added, modified, removed);
                return;
            }
        }
        else if (IsGranularList(type) && (left is null or JsonArray) && (right is null or JsonArray))
        {
            var leftList = left as JsonArray;
            var rightList = right as JsonArray;
            if (leftList is { Count: > 0 } || rightList is { Count: > 0 })
            {
                CompareLists(leftList, rightList, type, added, modified, removed);
                return;
            }
        }

        modified.IsMember = true;
    }

    private static void CompareLists(JsonArray? before, JsonArray? after, FieldType type, FieldSet added, FieldSet modified, FieldSet removed)
    {
        Dictionary<string, JsonNode?> left = Index(before, type);
        Dictionary<string, JsonNode?> right = Index(after, type);
        foreach (string element in left.Keys.Union(right.Keys))
        {
            bool hadLeft = left.TryGetValue(element, out JsonNode? l);
            bool hasRight = right.TryGetValue(element, out JsonNode? r);
            CompareItems(element, hadLeft, l, hasRight, r, type.Element!, added, modified, removed);
        }
    }

    private static Dictionary<string, JsonNode?> Index(JsonArray? list, FieldType type)
    {
        var index = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (JsonNode? item in list ?? [])
        {
            index.TryAdd(Element(type, item), item);
        }

        return index;
    }
}
