namespace HelmLifecycle.Charts;

/// <summary>Renders as Helm 4.0.5 does. It keeps nothing but what a chart itself keeps, and may be used by many threads at once.</summary>
public sealed class HelmRenderer : ITemplateRenderer
{
    private const string NotesFile = "NOTES.txt";

    /// <summary>Makes a renderer.</summary>
    /// <param name="validator">Checks values against schemas; the JSON Schema validator, <see cref="SchemaValidator"/>, by default.</param>
    public HelmRenderer(IValuesValidator? validator = null) => Validator = validator ?? SchemaValidator.Default;

    /// <summary>Checks values against schemas.</summary>
    public IValuesValidator Validator { get; }

    /// <inheritdoc/>
    public async Task<RenderedChart> RenderAsync(RenderRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        Chart chart = DependencyResolver.Resolve(request.Chart, request.Values, request.Warn);
        CheckKubeVersion(chart, request);
        GoMap values = Values(chart, request);
        Dictionary<string, string> files = Execute(chart, values, request, cancellationToken);
        Dictionary<string, string> manifests = new(files.Where(f => !f.Key.EndsWith(NotesFile, StringComparison.Ordinal)), StringComparer.Ordinal);
        if (request.PostRenderers.Count == 0)
            return Sort(chart, files, manifests, request, cancellationToken);
        if (request.Rules == ManifestRules.Helm4)
        {
            string stream = await PostRenderAsync(PostRenderStream.Merge(manifests), request, cancellationToken).ConfigureAwait(false);
            return Sort(chart, files, PostRenderStream.Split(stream), request, cancellationToken);
        }

        RenderedChart rendered = Sort(chart, files, manifests, request, cancellationToken);
        string manifest = await PostRenderAsync(rendered.Manifest, request, cancellationToken).ConfigureAwait(false);
        return rendered with { Manifest = manifest, Documents = ManifestSplitter.Read(manifest) };
    }

    private static async Task<string> PostRenderAsync(string manifest, RenderRequest request, CancellationToken cancellationToken)
    {
        foreach (IPostRenderer postRenderer in request.PostRenderers)
            manifest = await postRenderer.RunAsync(manifest, cancellationToken).ConfigureAwait(false);
        return manifest;
    }

    private GoMap Values(Chart chart, RenderRequest request)
    {
        GoMap values = ChartValues.Coalesce(chart, request.Values, request.Warn);
        if (!request.SkipSchemaValidation && Validator.Validate(chart, values) is { Count: > 0 } violations)
            throw new SchemaException(violations);
        return values;
    }

    /// <summary>Executes every template but the partials.</summary>
    internal static Dictionary<string, string> Execute(Chart chart, GoMap values, RenderRequest request, CancellationToken cancellationToken) =>
        ExecuteTexts(chart, values, request, cancellationToken).ToDictionary(f => f.Key, f => f.Value.ToString(), StringComparer.Ordinal);

    /// <summary>Executes every template but the partials, without joining the parts of long texts.</summary>
    internal static Dictionary<string, RenderedText> ExecuteTexts(Chart chart, GoMap values, RenderRequest request, CancellationToken cancellationToken)
    {
        ChartTemplates templates = ChartTemplates.Of(chart);
        var contexts = new RenderContexts(chart, values, request);
        var options = new RenderOptions
        {
            Budget = request.Budget,
            Time = request.Time,
            Random = request.Random ?? RenderOptions.Default.Random,
            Dns = request.Dns,
            Lookup = request.Lookup,
            Strict = request.Strict,
            LintMode = request.LintMode,
        };
        var files = new Dictionary<string, RenderedText>(templates.Entries.Count, StringComparer.Ordinal);
        foreach (ChartTemplates.Entry template in templates.Entries)
        {
            if (!GoPath.Base(template.Path).StartsWith('_'))
                files[template.Path] = templates.Set.Render(template.Path, contexts.For(template), options, cancellationToken);
        }

        return files;
    }

    private static RenderedChart Sort(
        Chart chart, Dictionary<string, string> files, Dictionary<string, string> manifests, RenderRequest request, CancellationToken cancellationToken)
    {
        KindOrder order = request.Rules == ManifestRules.Helm3 ? KindOrder.InstallHelm3 : KindOrder.Install;
        IReadOnlyList<Hook> hooks;
        IReadOnlyList<ManifestDocument> documents;
        try
        {
            (hooks, documents) = ManifestSorter.Sort(manifests, order, request.Warn, cancellationToken);
        }
        catch (ManifestException e)
        {
            throw new ManifestException(e.Path, e.InnerException!) { Files = manifests };
        }

        IReadOnlyList<CrdFile> crds = chart.Crds;
        return new RenderedChart
        {
            Manifest = Write(request.IncludeCrds ? crds : [], documents),
            Hooks = request.DisableHooks ? [] : hooks,
            Notes = Notes(chart, files, request.SubNotes),
            ValuesSource = () => ChartValues.Coalesce(chart, request.Values),
            Chart = chart,
            Crds = crds,
            Files = files,
            Documents = documents,
        };
    }

    private static string Write(IReadOnlyList<CrdFile> crds, IReadOnlyList<ManifestDocument> documents)
    {
        IEnumerable<ManifestDocument> definitions = crds.Select(c => new ManifestDocument(c.Path, c.File.Text, new ManifestHead()));
        return ManifestSplitter.Join([.. definitions, .. documents]);
    }

    // Helm joins subcharts' notes in no order; here it is that of their paths, the chart's own first.
    private static string Notes(Chart chart, Dictionary<string, string> files, bool subNotes)
    {
        string own = $"{chart.Name}/templates/{NotesFile}";
        string notes = files.GetValueOrDefault(own, "");
        if (!subNotes)
            return notes;
        foreach (string path in files.Keys.Where(p => p.EndsWith(NotesFile, StringComparison.Ordinal) && p != own).Order(GoString.Comparer))
            notes = notes.Length > 0 ? $"{notes}\n{files[path]}" : files[path];
        return notes;
    }

    private static void CheckKubeVersion(Chart chart, RenderRequest request)
    {
        string wanted = chart.Metadata.KubeVersion;
        string version = request.Capabilities.KubeVersion.Version;
        if (wanted.Length > 0 && !DependencySelector.IsCompatible(wanted, version))
            throw new ChartException($"chart requires kubeVersion: {wanted} which is incompatible with Kubernetes {version}");
    }
}
