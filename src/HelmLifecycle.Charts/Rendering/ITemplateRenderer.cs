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

/// <summary>Renders as Helm 4.0.5 does.</summary>
public sealed class HelmRenderer : ITemplateRenderer
{
    /// <summary>Makes a renderer.</summary>
    /// <param name="validator">Checks values against schemas; null checks nothing.</param>
    public HelmRenderer(IValuesValidator? validator = null) => Validator = validator;

    /// <summary>Checks values against schemas; null checks nothing.</summary>
    public IValuesValidator? Validator { get; }

    /// <inheritdoc/>
    public Task<RenderedChart> RenderAsync(RenderRequest request, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();
}
