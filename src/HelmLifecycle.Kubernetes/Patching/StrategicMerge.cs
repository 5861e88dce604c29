namespace HelmLifecycle.Kubernetes;

/// <summary>Applies strategic merge patches: apimachinery's mergeMap and mergeSlice. Changes its arguments.</summary>
internal sealed class StrategicMerge
{
    /// <summary>A patch into an object, as the server does: directives are carried out.</summary>
    public static readonly StrategicMerge OfPatchIntoObject = new(carryOut: true);

    /// <summary>A patch into a patch, as the client does for three ways: directives are kept.</summary>
    public static readonly StrategicMerge OfPatches = new(carryOut: false);

    private readonly bool _carryOut;

    private StrategicMerge(bool carryOut) => _carryOut = carryOut;

    public PlainMap Maps(PlainMap original, PlainMap patch, PatchSchema? type)
    {
        if (patch.TryGetValue(Directive.Marker, out object? marker))
        {
            if (Equals(marker, Directive.Replace))
            {
                patch.Remove(Directive.Marker);
                return patch;
            }
            return Equals(marker, Directive.Delete) ? [] : throw UnknownDirective(marker, patch);
        }
        RetainKeys(original, patch);
        foreach (string key in patch.Keys.Where(k => k.StartsWith(Directive.SetElementOrder, StringComparison.Ordinal)).ToList())
            OrderedList(original, patch, key, type);
        foreach ((string key, object? value) in patch.ToList()) MergeField(original, key, value, type);
        return original;
    }

    private void MergeField(PlainMap original, string key, object? value, PatchSchema? type)
    {
        bool isDeletionList = key.StartsWith(Directive.DeleteFromPrimitiveList, StringComparison.Ordinal);
        if (isDeletionList)
        {
            if (!_carryOut)
            {
                original[key] = value;
                return;
            }
            key = FieldOf(key, Directive.DeleteFromPrimitiveList, "invalid patch format of primitive list");
        }
        if (value is null)
        {
            original.Remove(key);
            if (_carryOut) return;
        }
        bool known = original.TryGetValue(key, out object? before);
        if (!known || !PlainJson.SameType(before, value))
        {
            if (isDeletionList) return;
            if (_carryOut) DropNulls(value);
            if (WithoutDirectives(ref value)) original[key] = value;
            else original.Remove(key);
            return;
        }
        PatchField field = PatchSchema.Field(type, key);
        original[key] = (before, value) switch
        {
            (PlainMap x, PlainMap y) => field.Replace ? y : Maps(x, y, field.Type),
            (List<object?> x, List<object?> y) => field.Merge || isDeletionList ? Lists(x, y, field, isDeletionList) : y,
            _ => value,
        };
    }

    private void RetainKeys(PlainMap original, PlainMap patch)
    {
        if (!patch.Remove(Directive.RetainKeys, out object? directive)) return;
        if (!_carryOut)
        {
            if (!original.TryGetValue(Directive.RetainKeys, out object? other)) original[Directive.RetainKeys] = directive;
            else if (!PlainJson.DeepEquals(other, directive))
                throw new PatchException($"{PlainJson.Print(other)} and {PlainJson.Print(directive)} are not deep equal: "
                    + "this may happen when calculating the 3-way diff patch");
            return;
        }
        const string malformed = "invalid patch format of retainKeys";
        if (directive is not List<object?> list) throw new PatchException(malformed);
        var keep = new HashSet<string>(list.OfType<string>(), StringComparer.Ordinal);
        foreach ((string key, object? value) in patch)
            if (value is not null && !keep.Contains(key) && !key.StartsWith(Directive.DeleteFromPrimitiveList, StringComparison.Ordinal)
                && !key.StartsWith(Directive.SetElementOrder, StringComparison.Ordinal))
                throw new PatchException(malformed);
        foreach (string key in original.Keys.Where(k => !keep.Contains(k)).ToList()) original.Remove(key);
    }

    private void OrderedList(PlainMap original, PlainMap patch, string directive, PatchSchema? type)
    {
        const string malformed = "invalid patch format of setElementOrder list";
        patch.Remove(directive, out object? value);
        if (!_carryOut)
        {
            if (!original.TryGetValue(directive, out object? other)) original[directive] = value;
            else if (!PlainJson.DeepEquals(other, value)) throw new PatchException(malformed);
        }
        List<object?> order = AsList(value);
        string key = FieldOf(directive, Directive.SetElementOrder, malformed);
        List<object?>? before = original.TryGetValue(key, out object? o) ? AsList(o) : null;
        List<object?>? change = patch.TryGetValue(key, out object? p) ? AsList(p) : null;
        PatchField field = PatchSchema.Field(type, key);
        if (change is not null) CheckOrder(change, order, field.Key);
        List<object?> merged;
        if (change is null)
        {
            if (before is null) return;
            merged = before;
        }
        else if (before is null)
        {
            object? clean = change;
            WithoutDirectives(ref clean);
            merged = (List<object?>)clean!;
        }
        else merged = field.Merge ? Lists(before, change, field, isDeletionList: false) : change;
        (List<object?> ordered, List<object?> serverOnly) = StrategicLists.Partition(merged, order, field.Key);
        bool maps = StrategicLists.ElementsAreMaps(before ?? [], change ?? []);
        original[key] = StrategicLists.Interleave(ordered, serverOnly, order, before ?? [], field.Key, maps);
        patch.Remove(key);
    }

    private List<object?> Lists(List<object?> original, List<object?> patch, PatchField field, bool isDeletionList)
    {
        if (original.Count == 0 && patch.Count == 0) return original;
        bool maps = StrategicLists.ElementsAreMaps(original, patch);
        List<object?> merged;
        if (!maps)
        {
            if (_carryOut && isDeletionList) return [.. original.Where(item => !patch.Contains(item))];
            merged = StrategicLists.Distinct([.. original, .. patch]);
        }
        else
        {
            if (field.Key.Length == 0) throw new PatchException("cannot merge lists without merge key for map");
            List<object?> array = original;
            (original, patch) = CarryOutListDirectives(original, patch, field.Key);
            merged = [.. original];
            foreach (PlainMap item in patch.Select(item => StrategicLists.Keyed(item, field.Key)))
            {
                int at = StrategicLists.Find(merged, field.Key, item[field.Key]);
                if (at >= 0) merged[at] = Maps((PlainMap)merged[at]!, item, field.Type);
                else
                {
                    // apimachinery appends to the array that deletions have left free; a caller that holds the list sees the element there.
                    if (merged.Count < array.Count) array[merged.Count] = item;
                    merged.Add(item);
                }
            }
        }
        (List<object?> present, List<object?> serverOnly) = StrategicLists.Partition(merged, patch, field.Key);
        return StrategicLists.Interleave(present, serverOnly, patch, original, field.Key, maps);
    }

    // Deletes in place as apimachinery does: what follows moves up and the last element stays behind as well. The caller takes its order
    // from the list that is left so.
    private static (List<object?> Original, List<object?> Patch) CarryOutListDirectives(List<object?> original, List<object?> patch, string key)
    {
        List<object?> rest = [];
        int count = original.Count;
        bool replace = false;
        foreach (PlainMap item in patch.Cast<PlainMap>())
        {
            if (!item.TryGetValue(Directive.Marker, out object? marker)) rest.Add(item);
            else if (Equals(marker, Directive.Delete))
            {
                object? doomed = StrategicLists.Keyed(item, key)[key];
                for (int at; (at = StrategicLists.Find(original[..count], key, doomed)) >= 0; count--)
                    for (int i = at + 1; i < count; i++) original[i - 1] = original[i];
            }
            else if (Equals(marker, Directive.Replace)) replace = true;
            else if (Equals(marker, Directive.Merge)) throw new PatchException("merging lists cannot yet be specified in the patch");
            else throw UnknownDirective(marker, item);
        }
        return replace ? (rest, []) : (original[..count], rest);
    }

    // What the patch has must stand in the order that it asks for.
    private static void CheckOrder(List<object?> patch, List<object?> order, string key)
    {
        if (order.Count == 0 || patch.Count == 0) return;
        List<object?> items = key.Length > 0 ? [.. patch.Where(item => !StrategicLists.IsDeletion(item))] : patch;
        int i = 0, j = 0;
        while (i < items.Count && j < order.Count)
        {
            if (items[i] is PlainMap map && map.ContainsKey(Directive.Marker))
            {
                i++;
                continue;
            }
            if (StrategicLists.SameElement(items[i], order[j], key)) i++;
            j++;
        }
        if (i < items.Count)
            throw new PatchException($"the order in patch list:\n{PlainJson.Print(patch)}\n doesn't match "
                + $"{Directive.SetElementOrder} list:\n{PlainJson.Print(order)}");
    }

    private static void DropNulls(object? value)
    {
        if (value is PlainMap map)
            foreach ((string key, object? item) in map.ToList())
            {
                if (item is null) map.Remove(key);
                else DropNulls(item);
            }
        else if (value is List<object?> list)
            foreach (object? item in list) DropNulls(item);
    }

    // A part that is new to the object is taken over as it stands, without what was meant as a directive.
    private static bool WithoutDirectives(ref object? value)
    {
        if (value is PlainMap map)
        {
            if (map.ContainsKey(Directive.Marker)) return false;
            foreach ((string key, object? item) in map.ToList())
            {
                object? clean = item;
                if (WithoutDirectives(ref clean)) map[key] = clean;
                else map.Remove(key);
            }
        }
        else if (value is List<object?> list)
        {
            var clean = new List<object?>(list.Count);
            foreach (object? item in list)
            {
                object? kept = item;
                if (WithoutDirectives(ref kept)) clean.Add(kept);
            }
            value = clean;
        }
        return true;
    }

    private static List<object?> AsList(object? value) => value as List<object?>
        ?? throw new PatchException($"expected a {PlainJson.TypeName(new List<object?>())}, but received a {PlainJson.TypeName(value)}");

    private static string FieldOf(string directive, string prefix, string malformed)
    {
        int slash = directive.IndexOf('/', StringComparison.Ordinal);
        return slash >= 0 && directive[..slash] == prefix ? directive[(slash + 1)..] : throw new PatchException(malformed);
    }

    private static PatchException UnknownDirective(object? marker, PlainMap map) =>
        new($"unknown patch type: {PlainJson.Print(marker)} in map: {PlainJson.Print(map)}");
}
