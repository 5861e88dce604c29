using System.Globalization;

namespace HelmLifecycle.Charts;

/// <summary>
/// Helm 4.0.5's coalescing. Maps are changed in place and shared where Helm shares them: what a child adds to a nested global table shows in its
/// parent, as in Helm. Chart defaults are never changed: what is taken from them is copied.
/// </summary>
internal sealed class Coalescer
{
    internal const string Global = "global";

    private readonly bool _merge;
    private readonly Action<string>? _warn;

    /// <param name="merge">Whether nulls are kept (Helm's <c>MergeValues</c>) instead of deleting keys.</param>
    /// <param name="warn">Hears warnings.</param>
    internal Coalescer(bool merge, Action<string>? warn)
    {
        _merge = merge;
        _warn = warn;
    }

    /// <summary>Coalesces a chart's values and its dependencies' into <paramref name="values"/>, which are changed.</summary>
    internal void Coalesce(Chart chart, GoMap values) => Coalesce(chart, values, "");

    /// <summary>
    /// Merges <paramref name="from"/> into <paramref name="into"/>, which wins and is changed.
    /// </summary>
    /// <param name="into">The winner.</param>
    /// <param name="from">The loser.</param>
    /// <param name="path">Where we are, for warnings.</param>
    /// <param name="merge">Whether nulls are kept.</param>
    /// <param name="share">
    /// Whether tables of <paramref name="from"/> become part of <paramref name="into"/> and nulls are noted in it, as Helm does; else they are copied.
    /// </param>
    internal void Tables(GoMap into, GoMap from, string path, bool merge, bool share)
    {
        List<string>? nulls = NullKeys(into);
        if (share && nulls is not null)
        {
            foreach (string key in nulls)
                from[key] = default;
        }

        foreach (string key in from.SortedKeys)
        {
            if (!from.TryGetValue(key, out GoValue value))
                continue;
            if (!into.TryGetValue(key, out GoValue existing))
                into[key] = share ? value : Copy(value);
            else if (existing.IsNil)
                continue;
            else if (value.AsMap is { } table)
                TablesAt(key, existing, table, path, merge, share);
            else if (existing.AsMap is not null && !value.IsNil)
                _warn?.Invoke($"warning: destination for {Join(path, key)} is a table. Ignoring non-table value ({GoPrint.Value(value)})");
        }

        if (merge || nulls is null)
            return;
        foreach (string key in nulls)
            into.Remove(key);
    }

    private void TablesAt(string key, GoValue existing, GoMap table, string path, bool merge, bool share)
    {
        if (existing.AsMap is { } existingTable)
            Tables(existingTable, table, Join(path, key), merge, share);
        else
            _warn?.Invoke($"warning: cannot overwrite table with non table for {Join(path, key)} ({GoPrint.Value(table)})");
    }

    private void Coalesce(Chart chart, GoMap values, string prefix)
    {
        string path = Join(prefix, chart.Name);
        if (chart.Values is { } defaults)
            Defaults(chart, defaults, values, path);
        foreach (Chart dependency in chart.Dependencies)
        {
            if (!values.TryGetValue(dependency.Name, out GoValue own))
                values[dependency.Name] = own = new GoMap();
            GoMap table = own.AsMap ?? throw TypeMismatch(dependency.Name, own);
            Globals(table, values, path);
            Coalesce(dependency, table, path);
        }
    }

    private void Defaults(Chart chart, GoMap defaults, GoMap values, string path)
    {
        foreach ((string key, GoValue value) in defaults)
        {
            if (!values.TryGetValue(key, out GoValue existing))
                values[key] = Copy(value);
            else if (existing.IsNil && !_merge)
                values.Remove(key);
            else if (existing.AsMap is not { } table)
                continue;
            else if (value.AsMap is { } defaultTable)
                // Nulls for a subchart are kept until that subchart's own defaults are seen.
                Tables(table, defaultTable, Join(path, key), _merge || IsDependency(chart, key), share: false);
            else if (!value.IsNil)
                _warn?.Invoke($"warning: skipped value for {path}.{key}: Not a table.");
        }
    }

    private void Globals(GoMap child, GoMap parent, string path)
    {
        GoMap? childGlobals = [], parentGlobals = [];
        if (child.TryGetValue(Global, out GoValue value) && (childGlobals = value.AsMap) is null)
        {
            _warn?.Invoke("warning: skipping globals because destination global is not a table.");
            return;
        }

        if (parent.TryGetValue(Global, out value) && (parentGlobals = value.AsMap) is null)
        {
            _warn?.Invoke("warning: skipping globals because source global is not a table.");
            return;
        }

        foreach ((string key, GoValue own) in parentGlobals)
            Global1(childGlobals, key, own, path);
        child[Global] = childGlobals;
    }

    private void Global1(GoMap childGlobals, string key, GoValue own, string path)
    {
        bool has = childGlobals.TryGetValue(key, out GoValue existing);
        if (own.AsMap is { } table)
        {
            if (!has)
            {
                childGlobals[key] = ShallowCopy(table);
            }
            else if (existing.AsMap is { } existingTable)
            {
                GoMap merged = ShallowCopy(table);
                Tables(merged, existingTable, Join(path, key), merge: true, share: true);
                childGlobals[key] = merged;
            }
            else
            {
                _warn?.Invoke($"Conflict: cannot merge map onto non-map for {GoQuote.String(key)}. Skipping.");
            }
        }
        else if (existing.AsMap is not null)
        {
            _warn?.Invoke($"key {key} is table. Skipping");
        }
        else
        {
            childGlobals[key] = own;
        }
    }

    private static bool IsDependency(Chart chart, string key)
    {
        foreach (Chart dependency in chart.Dependencies)
        {
            if (dependency.Name == key)
                return true;
        }

        return false;
    }

    private static List<string>? NullKeys(GoMap map)
    {
        List<string>? nulls = null;
        foreach ((string key, GoValue value) in map)
        {
            if (value.IsNil)
                (nulls ??= []).Add(key);
        }

        return nulls;
    }

    private static GoMap ShallowCopy(GoMap map)
    {
        var copy = new GoMap(map.Count, map.Type);
        foreach ((string key, GoValue value) in map)
            copy[key] = value;
        return copy;
    }

    private static GoValue Copy(GoValue value) => value.AsMap is { } map ? map.DeepCopy() : value;

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    // Helm writes the message with a verb that does not fit, and Go says so.
    private static ValuesException TypeMismatch(string name, GoValue value) => new(value switch
    {
        { IsNil: true } => $"type mismatch on {name}: %!t(<nil>)",
        { Kind: GoKind.Bool } => $"type mismatch on {name}: {(value.BoolValue ? "true" : "false")}",
        { AsList: { } list } => $"type mismatch on {name}: [{string.Join(' ', list.Select(BadVerb))}]",
        _ => $"type mismatch on {name}: {BadVerb(value)}",
    });

    private static string BadVerb(GoValue value) => value.Kind switch
    {
        GoKind.Nil => "%!t(<nil>)",
        GoKind.Bool => value.BoolValue ? "true" : "false",
        _ => string.Create(CultureInfo.InvariantCulture, $"%!t({value.Type}={GoPrint.Value(value)})"),
    };
}
