namespace HelmLifecycle.Templates;

/// <summary>Sprig's functions on maps. <c>set</c>, <c>unset</c> and the merges change the map they are given.</summary>
internal static class DictFunctions
{
    private static readonly GoParameter[] MapStringAny = [GoParameter.Map, GoParameter.String, GoParameter.Any];
    private static readonly GoParameter[] MapMap = [GoParameter.Map, GoParameter.Map];

    internal static IEnumerable<GoFunction> All =>
    [
        new("dict", GoParameters.Any, true, static (_, a) => Make(a)),
        new("get", GoParameters.MapString, static (_, a) => Entries(a[0]).TryGetValue(a[1].AsString!, out GoValue v) ? v : ""),
        new("set", MapStringAny, Set),
        new("unset", GoParameters.MapString, Unset),
        new("hasKey", GoParameters.MapString, static (_, a) => Entries(a[0]).ContainsKey(a[1].AsString!)),
        new("pluck", [GoParameter.String, GoParameter.Map], true, Pluck),
        new("keys", GoParameters.Map, true, Keys),
        new("values", GoParameters.Map, Values),
        new("pick", GoParameters.MapString, true, Pick),
        new("omit", GoParameters.MapString, true, Omit),
        new("dig", GoParameters.Any, true, Dig),
        new("merge", MapMap, true, static (c, a) => Merge(c, a, false)),
        new("mustMerge", MapMap, true, static (c, a) => Merge(c, a, false)),
        new("mergeOverwrite", MapMap, true, static (c, a) => Merge(c, a, true)),
        new("mustMergeOverwrite", MapMap, true, static (c, a) => Merge(c, a, true)),
        new("deepCopy", GoParameters.Any, static (c, a) => Copy(c, a[0])),
        new("mustDeepCopy", GoParameters.Any, static (c, a) => Copy(c, a[0])),
    ];

    // A nil where a map is wanted is an empty map that cannot be written to.
    private static GoMap Entries(GoValue value) => value.AsMap ?? GoMap.NilMap;

    private static bool IsNilMap(GoValue value) => value.AsMap is not { } map || ReferenceEquals(map, GoMap.NilMap);

    private static GoValue Make(ReadOnlySpan<GoValue> a)
    {
        var map = new GoMap((a.Length + 1) / 2);
        for (int i = 0; i < a.Length; i += 2)
            map[a[i].AsString ?? GoText.Of(a[i])] = i + 1 < a.Length ? a[i + 1] : "";
        return map;
    }

    private static GoValue Set(GoCallContext context, ReadOnlySpan<GoValue> a)
    {
        if (IsNilMap(a[0]))
            throw new GoFunctionException("assignment to entry in nil map");
        GoMap map = a[0].AsMap!;
        map[a[1].AsString!] = a[2];
        return AsPlainMap(map);
    }

    private static GoValue Unset(GoCallContext context, ReadOnlySpan<GoValue> a)
    {
        GoMap map = Entries(a[0]);
        map.Remove(a[1].AsString!);
        return AsPlainMap(map);
    }

    // What goes through a parameter of type map[string]interface {} comes back as that.
    private static GoValue AsPlainMap(GoMap map) => map.Type == GoType.Map ? map : map.WithType(GoType.Map);

    private static GoValue Pluck(GoCallContext context, ReadOnlySpan<GoValue> a)
    {
        string key = a[0].AsString!;
        var found = new List<GoValue>();
        foreach (GoValue map in a[1..])
        {
            if (map.AsMap is { } entries && entries.TryGetValue(key, out GoValue value))
                found.Add(value);
        }

        return GoValue.List(new GoList(found.ToArray()));
    }

    // Go's order is random; ours is that of the keys.
    private static GoValue Keys(GoCallContext context, ReadOnlySpan<GoValue> a)
    {
        var keys = new List<GoValue>();
        foreach (GoValue map in a)
        {
            context.Charge(map.AsMap?.Count ?? 0);
            foreach (string key in Entries(map).SortedKeys)
                keys.Add(key);
        }

        return GoValue.List(new GoList(keys.ToArray(), GoType.StringList));
    }

    private static GoValue Values(GoCallContext context, ReadOnlySpan<GoValue> a)
    {
        GoMap map = Entries(a[0]);
        context.Charge(map.Count);
        var values = new GoValue[map.Count];
        int i = 0;
        foreach ((string _, GoValue value) in map)
            values[i++] = value;
        return GoValue.List(new GoList(values));
    }

    private static GoValue Pick(GoCallContext context, ReadOnlySpan<GoValue> a)
    {
        GoMap map = Entries(a[0]);
        var result = new GoMap();
        foreach (GoValue key in a[1..])
        {
            if (map.TryGetValue(key.AsString!, out GoValue value))
                result[key.AsString!] = value;
        }

        return result;
    }

    private static GoValue Omit(GoCallContext context, ReadOnlySpan<GoValue> a)
    {
        GoMap map = Entries(a[0]);
        context.Charge(map.Count);
        var result = new GoMap(map.Count);
        foreach ((string key, GoValue value) in map)
            result[key] = value;
        foreach (GoValue key in a[1..])
            result.Remove(key.AsString!);
        return result;
    }

    private static GoValue Dig(GoCallContext context, ReadOnlySpan<GoValue> a)
    {
        if (a.Length < 3)
            throw new GoFunctionException("dig needs at least three arguments");
        GoMap map = AssertMap(a[^1]);
        ReadOnlySpan<GoValue> path = a[..^2];
        foreach (GoValue key in path)
        {
            if (key.AsString is null)
                throw Conversion(key, "string");
        }

        for (int i = 0; i < path.Length; i++)
        {
            if (!map.TryGetValue(path[i].AsString!, out GoValue value))
                return a[^2];
            if (i == path.Length - 1)
                return value;
            map = AssertMap(value);
        }

        return default;
    }

    // A type assertion of Go: a named map type does not do.
    private static GoMap AssertMap(GoValue value) =>
        value.AsMap is { } map && map.Type == GoType.Map ? map : throw Conversion(value, "map[string]interface {}");

    private static GoFunctionException Conversion(GoValue value, string wanted) =>
        new($"interface conversion: interface {{}} is {value.Type?.Name ?? "nil"}, not {wanted}");

    private static GoValue Merge(GoCallContext context, ReadOnlySpan<GoValue> a, bool overwrite)
    {
        GoMap target = IsNilMap(a[0]) ? new GoMap() : a[0].AsMap!;
        foreach (GoValue source in a[1..])
        {
            if (source.AsMap is { } map)
                MapMerge.Into(context, target, map, overwrite);
        }

        return AsPlainMap(target);
    }

    private static GoValue Copy(GoCallContext context, GoValue value)
    {
        if (value.IsNil)
            throw new GoFunctionException("reflect: call of reflect.Value.Type on zero Value");
        return DeepCopy(context, value);
    }

    private static GoValue DeepCopy(GoCallContext context, GoValue value)
    {
        if (value.AsMap is { } map)
        {
            DeepStack.Check();
            // What the map takes in memory, in characters: maps that share entries can have copies without end.
            context.Charge(64 + (32L * map.Count));
            var copy = new GoMap(map.Count, map.Type);
            foreach ((string key, GoValue item) in map)
                copy[key] = DeepCopy(context, item);
            return copy;
        }

        if (value.AsList is not { } list || list.IsNil)
            return value;
        DeepStack.Check();
        context.Charge(list.Count);
        var items = new GoValue[list.Count];
        for (int i = 0; i < items.Length; i++)
            items[i] = DeepCopy(context, list[i]);
        return GoValue.List(new GoList(items, list.Type));
    }
}
