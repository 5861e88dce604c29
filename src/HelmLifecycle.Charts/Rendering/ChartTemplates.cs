namespace HelmLifecycle.Charts;

/// <summary>
/// The templates of a chart and its enabled dependencies, parsed: what every render of them shares. Only what the values decide is left for the render.
/// </summary>
internal sealed class ChartTemplates
{
    private ChartTemplates(IReadOnlyList<Entry> entries, TemplateSet set)
    {
        Entries = entries;
        Set = set;
    }

    /// <summary>A template to execute, and the chart (by its path) in whose context.</summary>
    internal sealed record Entry(string Path, string ChartPath, string Text);

    /// <summary>The templates in Helm's order: those deepest in the tree first, and in one depth the last by name first. Partials are among them.</summary>
    internal IReadOnlyList<Entry> Entries { get; }

    internal TemplateSet Set { get; }

    /// <summary>The parsed templates of a chart whose dependencies have been processed.</summary>
    /// <exception cref="TemplateException">One cannot be parsed.</exception>
    internal static ChartTemplates Of(Chart chart)
    {
        var found = new Dictionary<string, Entry>(StringComparer.Ordinal);
        Collect(chart, chart.Name, found);
        Entry[] entries = [.. found.Values];
        Array.Sort(entries, Compare);
        string key = "templates:" + string.Join('\n', found.Values.Select(e => e.ChartPath).Distinct());
        return chart.Cache.GetOrAdd(key, () => new ChartTemplates(entries, TemplateSet.Parse([.. entries.Select(e => new TemplateSource(e.Path, e.Text))])));
    }

    private static void Collect(Chart chart, string path, Dictionary<string, Entry> found)
    {
        foreach (Chart dependency in chart.Dependencies)
            Collect(dependency, $"{path}/charts/{dependency.Name}", found);
        foreach (ChartFile template in chart.Templates)
        {
            if (chart.IsLibrary && !GoPath.Base(template.Name).StartsWith('_'))
                continue;
            string full = GoPath.Clean($"{path}/{template.Name}");
            found[full] = new Entry(full, path, template.Text);
        }
    }

    private static int Compare(Entry x, Entry y)
    {
        int depth = y.Path.AsSpan().Count('/') - x.Path.AsSpan().Count('/');
        return depth != 0 ? depth : GoString.Comparer.Compare(y.Path, x.Path);
    }
}
