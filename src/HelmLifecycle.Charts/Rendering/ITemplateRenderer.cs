namespace HelmLifecycle.Charts;

/// <summary>Turns a chart and values into manifests. The default is <see cref="HelmRenderer"/>; replace it to render by other means.</summary>
public interface ITemplateRenderer
{
    /// <summary>Renders.</summary>
    /// <exception cref="ValuesException">The values do not fit the chart or its schema.</exception>
    /// <exception cref="TemplateException">A template cannot be parsed or executed.</exception>
    /// <exception cref="ManifestException">What was rendered is no YAML.</exception>
    /// <exception cref="ChartException">The chart cannot be rendered.</exception>
    Task<RenderedChart> RenderAsync(RenderRequest request, CancellationToken cancellationToken = default);
}
