namespace HelmLifecycle.Charts;

/// <summary>What templates see as <c>.</c>, one map for each chart in the tree, made anew for each render: templates can change them.</summary>
internal sealed class RenderContexts
{
    private readonly Dictionary<string, GoMap> _byPath = new(StringComparer.Ordinal);
    private readonly GoValue _release;
    private readonly GoValue _capabilities;

    internal RenderContexts(Chart chart, GoMap values, RenderRequest request)
    {
        _release = new GoMap(6)
        {
            ["Name"] = request.ReleaseName,
            ["Namespace"] = request.Namespace,
            ["IsUpgrade"] = request.IsUpgrade,
            ["IsInstall"] = !request.IsUpgrade,
            ["Revision"] = request.Revision,
            ["Service"] = "Helm",
        };
        _capabilities = GoValue.Object(new CapabilitiesObject(request.Capabilities));
        Add(chart, chart.Name, values, isRoot: true);
    }

    /// <summary>The context of a chart, with <c>.Template</c> set for one of its templates.</summary>
    internal GoValue For(ChartTemplates.Entry template)
    {
        GoMap context = _byPath[template.ChartPath];
        context["Template"] = new GoMap(2) { ["Name"] = template.Path, ["BasePath"] = template.ChartPath + "/templates" };
        return context;
    }

    private GoMap Add(Chart chart, string path, GoMap values, bool isRoot)
    {
        var subcharts = new GoMap(chart.Dependencies.Count);
        var context = new GoMap(8, GoType.Values)
        {
            ["Chart"] = ChartObject.Of(chart.Metadata, isRoot),
            ["Files"] = chart.Cache.GetOrAdd("files", () => FilesObject.Of(chart.Files)).NewMap(),
            ["Release"] = _release,
            ["Capabilities"] = _capabilities,
            ["Values"] = values.WithType(GoType.Values),
            ["Subcharts"] = subcharts,
        };
        _byPath[path] = context;
        foreach (Chart dependency in chart.Dependencies)
        {
            // Helm looks the table up by a path: a name with a dot in it finds none.
            GoMap own = ValuesPath.Table(values, dependency.Name) ?? [];
            subcharts[dependency.Name] = Add(dependency, $"{path}/charts/{dependency.Name}", own, isRoot: false).WithType(GoType.Map);
        }

        return context;
    }
}
