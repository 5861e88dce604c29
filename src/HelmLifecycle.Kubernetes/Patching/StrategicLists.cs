namespace HelmLifecycle.Kubernetes;

/// <summary>Order and identity in lists that are merged.</summary>
internal static class StrategicLists
{
    /// <summary>Whether the elements of all lists are objects; they must all be of one type.</summary>
    public static bool ElementsAreMaps(params List<object?>[] lists)
    {
        object? first = null;
        foreach (List<object?> list in lists)
            foreach (object? item in list)
            {
                if (item is null) throw new PatchException("a list that is merged holds a null");
                if (item is List<object?>) throw new PatchException("lists of lists are not supported");
                first ??= item;
                if (!PlainJson.SameType(first, item))
                    throw new PatchException("list element types are not identical: [" + string.Join(' ', lists.Select(PlainJson.Print)) + "]");
            }
        if (first is null) throw new PatchException("no elements in any of the given slices");
        return first is PlainMap;
    }

    /// <summary>The element as an object that has the merge key.</summary>
    public static PlainMap Keyed(object? item, string key)
    {
        if (item is not PlainMap map)
            throw new PatchException($"expected a {PlainJson.TypeName(new PlainMap())}, but received a {PlainJson.TypeName(item)}");
        if (!map.ContainsKey(key)) throw new PatchException($"map: {PlainJson.Print(map)} does not contain declared merge key: {key}");
        return map;
    }

    public static bool SameElement(object? a, object? b, string key) =>
        key.Length == 0 ? Equals(a, b) : Equals(Identity(Keyed(a, key)[key]), Identity(Keyed(b, key)[key]));

    public static int Find(List<object?> list, string key, object? value)
    {
        for (int i = 0; i < list.Count; i++)
        {
            if (list[i] is not PlainMap map) throw new PatchException($"value for key {i} is not a map");
            if (map.TryGetValue(key, out object? own) && Equals(own, value)) return i;
        }
        return -1;
    }

    // sort.Sort of Go with a comparison that says "less" of equals: for up to twelve elements that is an insertion sort which turns
    // runs of equals
    // round. Merge lists with equal keys (a port for TCP and UDP) are paired by it, so it shows in the patches that kubectl and Helm send.
    public static List<object?> SortMaps(List<object?> list, string key)
    {
        string[] keys = [.. list.Select(item => PlainJson.Print(Keyed(item, key)[key]))];
        return TurningSort(list, keys);
    }

    public static List<object?> SortScalars(List<object?> list) => TurningSort(list, [.. list.Select(PlainJson.Print)]);

    /// <summary>The first of each value, in the order that apimachinery's in-place removal leaves.</summary>
    public static List<object?> Distinct(List<object?> list)
    {
        var result = new List<object?>(list);
        for (int i = 0; i < result.Count - 1; i++)
            for (int j = i + 1; j < result.Count; j++)
                if (Equals(result[i], result[j]))
                {
                    result[j] = result[^1];
                    result.RemoveAt(result.Count - 1);
                    j--;
                }
        return result;
    }

    /// <summary>Sorts a list by the order of another; deletions go to the end.</summary>
    public static List<object?> SortBy(List<object?> list, List<object?> order, string key, bool maps)
    {
        List<object?> kept = list, deletions = [];
        if (maps)
        {
            foreach (object? item in list) Keyed(item, key);
            foreach (object? item in order) Keyed(item, key);
            kept = [.. list.Where(item => !IsDeletion(item))];
            deletions = [.. list.Where(IsDeletion)];
        }
        Dictionary<object, int> ranks = Ranks(order, key, maps);
        int[] rank = [.. kept.Select(item => ranks.GetValueOrDefault(Identity(item, key, maps), -1))];
        List<object?> sorted;
        if (Array.TrueForAll(rank, r => r >= 0)) sorted = [.. kept.Select((item, i) => (item, i)).OrderBy(e => rank[e.i]).Select(e => e.item)];
        else
        {
            // What the order does not know counts as less than anything before it.
            sorted = [.. kept];
            for (int i = 1; i < sorted.Count; i++)
                for (int j = i; j > 0 && (rank[j] < 0 || rank[j - 1] < 0 || rank[j] < rank[j - 1]); j--)
                {
                    (sorted[j], sorted[j - 1]) = (sorted[j - 1], sorted[j]);
                    (rank[j], rank[j - 1]) = (rank[j - 1], rank[j]);
                }
        }
        sorted.AddRange(deletions);
        return sorted;
    }

    /// <summary>
    /// Puts what the patch has and what only the server has into one list: both keep their order among themselves, and interleave by the
    /// server's order as far as that is known (normalizeElementOrder and mergeSortedSlice).
    /// </summary>
    public static List<object?> Interleave(
        List<object?> patch, List<object?> serverOnly, List<object?> patchOrder, List<object?> serverOrder, string key, bool maps)
    {
        List<object?> left = SortBy(serverOnly, serverOrder, key, maps), right = SortBy(patch, patchOrder, key, maps);
        Dictionary<object, int> ranks = Ranks(serverOrder, key, maps);
        var all = new List<object?>(left.Count + right.Count);
        int i = 0, j = 0;
        while (i < left.Count && j < right.Count)
        {
            bool leftFirst = ranks.TryGetValue(Identity(left[i], key, maps), out int l)
                && ranks.TryGetValue(Identity(right[j], key, maps), out int r) && l < r;
            all.Add(leftFirst ? left[i++] : right[j++]);
        }
        while (j < right.Count) all.Add(right[j++]);
        while (i < left.Count) all.Add(left[i++]);
        return all;
    }

    /// <summary>Parts a list into what another list also has, and the rest.</summary>
    public static (List<object?> Present, List<object?> Absent) Partition(List<object?> list, List<object?> by, string key)
    {
        bool maps = key.Length > 0;
        var known = new HashSet<object>(by.Select(item => Identity(maps ? Keyed(item, key) : item, key, maps)));
        List<object?> present = [], absent = [];
        foreach (object? item in list) (known.Contains(Identity(maps ? Keyed(item, key) : item, key, maps)) ? present : absent).Add(item);
        return (present, absent);
    }

    public static bool IsDeletion(object? item) =>
        item is PlainMap map && map.TryGetValue(Directive.Marker, out object? d) && Equals(d, Directive.Delete);

    private static readonly object Nil = new();

    private static object Identity(object? value) => value ?? Nil;

    private static object Identity(object? item, string key, bool maps) =>
        Identity(!maps ? item : item is PlainMap map && map.TryGetValue(key, out object? value) ? value : null);

    private static Dictionary<object, int> Ranks(List<object?> order, string key, bool maps)
    {
        var ranks = new Dictionary<object, int>(order.Count);
        for (int i = 0; i < order.Count; i++) ranks.TryAdd(Identity(order[i], key, maps), i);
        return ranks;
    }

    private static List<object?> TurningSort(List<object?> list, string[] keys)
    {
        // Sorting stably from the back to the front turns runs of equals round, as the insertion sort would, in n log n.
        IEnumerable<int> places = Enumerable.Range(0, list.Count).Reverse().OrderBy(i => keys[i], StringComparer.Ordinal);
        return [.. places.Select(i => list[i])];
    }
}
