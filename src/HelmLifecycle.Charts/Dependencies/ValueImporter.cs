namespace HelmLifecycle.Charts;

/// <summary>Imports values of dependencies into their parent (<c>import-values</c>), children before parents.</summary>
internal static class ValueImporter
{
    internal static Chart Import(Chart chart, Action<string>? warn)
    {
        if (chart.Dependencies.Count == 0 && chart.Metadata.Dependencies is null)
            return chart;
        Chart imported = chart.With(chart.Metadata, [.. chart.Dependencies.Select(d => Import(d, warn))]);
        return imported.Metadata.Dependencies is { } declared ? ImportInto(imported, declared, warn) : imported;
    }

    private static Chart ImportInto(Chart chart, IReadOnlyList<ChartDependency> declared, Action<string>? warn)
    {
        var coalescer = new Coalescer(merge: true, warn);
        GoMap values = ChartValues.Merge(chart, [], warn);
        GoMap imports = [];
        var noted = new List<ChartDependency>(declared.Count);
        foreach (ChartDependency dependency in declared)
        {
            var pairs = new List<GoValue>();
            foreach (GoValue item in dependency.ImportValues ?? [])
            {
                if (!TryRead(item, out string child, out string parent))
                    continue;
                pairs.Add(new GoMap(GoType.StringMap) { ["child"] = child, ["parent"] = parent });
                if (ValuesPath.Table(values, $"{dependency.Name}.{child}") is { } table)
                    // Tables are shared on purpose: Helm's imports see each other's additions.
                    coalescer.Tables(imports, At(parent, table), "", merge: true, share: true);
                else
                    warn?.Invoke($"ImportValues missing table from chart {dependency.Name}: \"{child}\" is not a table");
            }

            noted.Add(dependency with { ImportValues = pairs.Count == 0 ? null : pairs });
        }

        GoMap own = values.DeepCopy();
        coalescer.Tables(own, imports, "", merge: true, share: true);
        return chart.With(chart.Metadata with { Dependencies = noted }, chart.Dependencies, own);
    }

    private static bool TryRead(GoValue item, out string child, out string parent)
    {
        child = parent = "";
        if (item.AsString is { } name)
        {
            child = "exports." + name;
            parent = ".";
            return true;
        }

        if (item.AsMap is not { } map)
            return false;
        child = GoPrint.Value(map["child"]);
        parent = GoPrint.Value(map["parent"]);
        return true;
    }

    private static GoMap At(string path, GoMap table)
    {
        if (path == ".")
            return table;
        string[] keys = path.Split('.');
        for (int i = keys.Length - 1; i >= 0; i--)
            table = new GoMap { [keys[i]] = table };
        return table;
    }
}
