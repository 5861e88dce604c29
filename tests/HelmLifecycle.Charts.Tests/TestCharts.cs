namespace HelmLifecycle.Charts.Tests;

/// <summary>Small charts for tests, and how to render them.</summary>
internal static class TestCharts
{
    internal static Chart Load(params (string Name, string Text)[] files) =>
        ChartLoader.Load(files.Select(f => new ChartFile(f.Name, f.Text)));

    /// <summary>A chart named web with these files beside its Chart.yaml.</summary>
    internal static Chart Web(params (string Name, string Text)[] files) =>
        Load([("Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.2.3\n"), .. files]);

    internal static RenderRequest Request(Chart chart, string values = "") =>
        new() { Chart = chart, Values = HelmYaml.ReadMap(values), ReleaseName = "rel", Namespace = "ns" };

    internal static RenderedChart Render(RenderRequest request) => new HelmRenderer().RenderAsync(request).GetAwaiter().GetResult();

    internal static RenderedChart Render(Chart chart, string values = "") => Render(Request(chart, values));

    /// <summary>What the templates make, which need be no manifests.</summary>
    internal static Dictionary<string, string> Execute(Chart chart, string values = "")
    {
        RenderRequest request = Request(chart, values);
        Chart resolved = DependencyResolver.Resolve(chart, request.Values);
        return HelmRenderer.Execute(resolved, ChartValues.Coalesce(resolved, request.Values), request, default);
    }

    /// <summary>What one template of the chart web makes.</summary>
    internal static string Out(string template, string values = "", params (string Name, string Text)[] files) =>
        Execute(Web([("templates/t.yaml", template), .. files]), values)["web/templates/t.yaml"];

    internal static string Yaml(GoMap values) => HelmYaml.Write(values);
}
