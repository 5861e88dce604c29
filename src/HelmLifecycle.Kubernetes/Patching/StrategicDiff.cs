namespace HelmLifecycle.Kubernetes;

/// <summary>Computes strategic merge patches: apimachinery's diffMaps and diffLists.</summary>
/// <param name="ignoreDeletions">Leave out what is gone.</param>
/// <param name="ignoreChanges">Leave out what is new or different.</param>
internal sealed class StrategicDiff(bool ignoreDeletions, bool ignoreChanges)
{
    public PlainMap Maps(PlainMap original, PlainMap modified, PatchSchema? type, bool retainKeys = false)
    {
        var patch = new PlainMap();
        var retained = new List<object?>();
        foreach ((string key, object? after) in modified)
        {
            if (retainKeys && after is not null) retained.Add(key);
            if (!original.TryGetValue(key, out object? before))
            {
                if (!ignoreChanges) patch[key] = after;
                continue;
            }
            if (key == Directive.Marker)
            {
                if (before is not string || after is not string) throw new PatchException($"invalid value for special key: {Directive.Marker}");
                if (!Equals(before, after)) patch[key] = after;
                continue;
            }
            PatchField field = PatchSchema.Field(type, key);
            switch (before, after)
            {
                case (PlainMap x, PlainMap y):
                    if (field.Replace)
                    {
                        if (!ignoreChanges) patch[key] = y;
                    }
                    else if (Maps(x, y, field.Type, field.RetainKeys) is { Count: > 0 } inner) patch[key] = inner;
                    break;
                case (List<object?> x, List<object?> y) when field.Merge:
                    AddListDiff(patch, key, x, y, field);
                    break;
                default:
                    if (!ignoreChanges && !PlainJson.DeepEquals(before, after)) patch[key] = after;
                    break;
            }
        }
        if (!ignoreDeletions)
            foreach (string key in original.Keys)
                if (!modified.ContainsKey(key)) patch[key] = null;
        if (retained.Count > 0 && (patch.Count > 0 || original.Any(e => e.Value is not null && !modified.ContainsKey(e.Key))))
            patch[Directive.RetainKeys] = StrategicLists.SortScalars(retained);
        return patch;
    }

    private void AddListDiff(PlainMap patch, string key, List<object?> original, List<object?> modified, PatchField field)
    {
        if (original.Count == 0)
        {
            if (modified.Count > 0 && !ignoreChanges) patch[key] = modified;
            return;
        }
        List<object?> changes, deletions = [], order = [];
        if (StrategicLists.ElementsAreMaps(original, modified))
        {
            (changes, List<object?> deleted) = ListsOfMaps(original, modified, field);
            changes = StrategicLists.SortBy(changes, modified, field.Key, maps: true);
            bool sameOrder = original.Count == modified.Count;
            for (int i = 0; sameOrder && i < modified.Count; i++) sameOrder = StrategicLists.SameElement(original[i], modified[i], field.Key);
            changes.AddRange(deleted);
            if (!ignoreChanges && (changes.Count > 0 || !sameOrder) || !ignoreDeletions && changes.Count > 0)
                order = [.. modified.Select(m => (object?)new PlainMap { [field.Key] = ((PlainMap)m!)[field.Key] })];
        }
        else
        {
            // Go sorts the original in place, so that the comparison below sees it sorted: an unsorted but equal list still yields an
            // order.
            List<object?> sorted = StrategicLists.SortScalars(original);
            (changes, deletions) = ListsOfScalars(sorted, StrategicLists.SortScalars(modified));
            changes = StrategicLists.SortBy(changes, modified, "", maps: false);
            if (!ignoreDeletions && deletions.Count > 0 || !ignoreChanges && !PlainJson.DeepEquals(sorted, modified)) order = modified;
        }
        if (changes.Count > 0) patch[key] = changes;
        if (deletions.Count > 0) patch[$"{Directive.DeleteFromPrimitiveList}/{key}"] = deletions;
        if (order.Count > 0) patch[$"{Directive.SetElementOrder}/{key}"] = order;
    }

    private (List<object?> Changes, List<object?> Deletions) ListsOfMaps(List<object?> original, List<object?> modified, PatchField field)
    {
        List<object?> changes = [], deletions = [];
        List<object?> before = StrategicLists.SortMaps(original, field.Key), after = StrategicLists.SortMaps(modified, field.Key);
        int i = 0, j = 0;
        while (i < before.Count || j < after.Count)
        {
            PlainMap? x = i < before.Count ? StrategicLists.Keyed(before[i], field.Key) : null;
            PlainMap? y = j < after.Count ? StrategicLists.Keyed(after[j], field.Key) : null;
            int comparison = x is null ? 1
                : y is null ? -1
                : string.CompareOrdinal(PlainJson.Print(x[field.Key]), PlainJson.Print(y[field.Key]));
            if (comparison == 0)
            {
                PlainMap inner = Maps(x!, y!, field.Type, field.RetainKeys);
                if (inner.Count > 0)
                {
                    inner[field.Key] = y![field.Key];
                    changes.Add(inner);
                }
                i++;
                j++;
            }
            else if (comparison > 0)
            {
                if (!ignoreChanges) changes.Add(y);
                j++;
            }
            else
            {
                if (!ignoreDeletions) deletions.Add(new PlainMap { [field.Key] = x![field.Key], [Directive.Marker] = Directive.Delete });
                i++;
            }
        }
        return (changes, deletions);
    }

    private (List<object?> Additions, List<object?> Deletions) ListsOfScalars(List<object?> before, List<object?> after)
    {
        List<object?> additions = [], deletions = [];
        int i = 0, j = 0;
        while (i < before.Count || j < after.Count)
        {
            int comparison = i == before.Count ? 1
                : j == after.Count ? -1
                : string.CompareOrdinal(PlainJson.Print(before[i]), PlainJson.Print(after[j]));
            if (comparison > 0)
            {
                if (!ignoreChanges) additions.Add(after[j]);
                j++;
            }
            else if (comparison < 0)
            {
                if (!ignoreDeletions) deletions.Add(before[i]);
                i++;
            }
            else
            {
                i++;
                j++;
            }
        }
        return (additions, StrategicLists.Distinct(deletions));
    }
}
