using HelmLifecycle.Charts;
using HelmLifecycle.Kubernetes;
using HelmLifecycle.Templates;

namespace HelmLifecycle;

/// <summary>
/// Renders charts in unit tests: no cluster, no release, any test framework. The result is asked for its resources by kind and name, and
/// can be compared with a snapshot.
/// </summary>
public static class ChartTesting
{
    /// <summary>Renders a chart as <c>helm template test</c> would.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="values">The values, in order.</param>
    /// <exception cref="TemplateException">A template fails.</exception>
    /// <exception cref="ValuesException">Values cannot be read, or do not meet the chart's schema.</exception>
    public static Task<RenderedResources> RenderAsync(this Chart chart, params ValuesSource[] values) =>
        RenderAsync(chart, request => request, values);

    /// <summary>Renders a chart with more than values set: the release's name, the cluster's version, an upgrade.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="change">Changes the request before it is rendered.</param>
    /// <param name="values">The values, in order.</param>
    /// <exception cref="TemplateException">A template fails.</exception>
    /// <exception cref="ValuesException">Values cannot be read, or do not meet the chart's schema.</exception>
    public static async Task<RenderedResources> RenderAsync(this Chart chart, Func<RenderRequest, RenderRequest> change, params ValuesSource[] values)
    {
        ArgumentNullException.ThrowIfNull(chart);
        ArgumentNullException.ThrowIfNull(change);
        GoMap merged = await new HelmValuesMerger().MergeAsync(values).ConfigureAwait(false);
        RenderRequest request = change(new RenderRequest { Chart = chart, Values = merged, ReleaseName = "test", Namespace = "default" });
        return new RenderedResources(await new HelmRenderer().RenderAsync(request).ConfigureAwait(false));
    }
}

/// <summary>What a chart rendered to.</summary>
public sealed class RenderedResources
{
    internal RenderedResources(RenderedChart rendered)
    {
        Rendered = rendered;
        All = [.. PlanDocument.Read(rendered.Manifest).Select(d => new RenderedResource(d.Object, d.Path))];
    }

    /// <summary>The rendering itself: manifest, hooks, values.</summary>
    public RenderedChart Rendered { get; }

    /// <summary>Every object of the manifest, in install order. Hooks are apart: <see cref="RenderedChart.Hooks"/>.</summary>
    public IReadOnlyList<RenderedResource> All { get; }

    /// <summary>The text of NOTES.txt.</summary>
    public string Notes => Rendered.Notes;

    /// <summary>The object of a kind and name.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="name">The name; null when there is only one of the kind.</param>
    /// <exception cref="ChartTestException">There is none, or more than one; the message lists what there is.</exception>
    public RenderedResource Resource(string kind, string? name = null) => Find(kind, name);

    /// <summary>Whether there is an object of a kind and name.</summary>
    public bool Has(string kind, string? name = null) => All.Any(r => r.Kind == kind && (name is null || r.Name == name));

    /// <summary>A Deployment.</summary>
    /// <exception cref="ChartTestException">There is none, or more than one and no name is given.</exception>
    public RenderedWorkload Deployment(string? name = null) => new(Find("Deployment", name));

    /// <summary>A StatefulSet.</summary>
    /// <exception cref="ChartTestException">There is none, or more than one and no name is given.</exception>
    public RenderedWorkload StatefulSet(string? name = null) => new(Find("StatefulSet", name));

    /// <summary>A DaemonSet.</summary>
    /// <exception cref="ChartTestException">There is none, or more than one and no name is given.</exception>
    public RenderedWorkload DaemonSet(string? name = null) => new(Find("DaemonSet", name));

    /// <summary>A Service.</summary>
    /// <exception cref="ChartTestException">There is none, or more than one and no name is given.</exception>
    public RenderedResource Service(string? name = null) => Find("Service", name);

    /// <summary>A ConfigMap.</summary>
    /// <exception cref="ChartTestException">There is none, or more than one and no name is given.</exception>
    public RenderedResource ConfigMap(string? name = null) => Find("ConfigMap", name);

    /// <summary>
    /// Compares the manifest with a file. With the environment variable <c>UPDATE_SNAPSHOTS=1</c> the file is written instead.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ChartTestException">It differs, or is not there; the message is a line difference.</exception>
    public void MatchSnapshot(string path)
    {
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            File.WriteAllText(path, Rendered.Manifest);
            return;
        }

        if (!File.Exists(path))
            throw new ChartTestException($"there is no snapshot {path}: run the tests once with UPDATE_SNAPSHOTS=1 to write it");
        string diff = TextDiff.Unified(File.ReadAllText(path).ReplaceLineEndings("\n"), Rendered.Manifest, path, "rendered");
        if (diff.Length > 0)
            throw new ChartTestException($"the chart renders to something else than its snapshot (UPDATE_SNAPSHOTS=1 accepts it):\n{diff}");
    }

    private RenderedResource Find(string kind, string? name)
    {
        RenderedResource[] found = [.. All.Where(r => r.Kind == kind && (name is null || r.Name == name))];
        return found.Length == 1
            ? found[0]
            : throw new ChartTestException(
                $"the chart renders {(found.Length == 0 ? "no" : "more than one")} {kind}{(name is null ? "" : " named " + name)}; it renders: {string.Join(", ", All)}");
    }
}

/// <summary>A chart did not render what a test asked for.</summary>
public sealed class ChartTestException : Exception
{
    /// <summary>Makes the exception.</summary>
    public ChartTestException(string message)
        : base(message)
    {
    }
}
