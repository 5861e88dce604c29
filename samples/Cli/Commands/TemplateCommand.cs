using HelmLifecycle.Charts;
using HelmLifecycle.Templates;

namespace HelmLifecycle.Cli;

internal sealed class TemplateCommand : ChartCommand
{
    private readonly ChartActionFlags _chart;
    private readonly BoolFlag _includeCrds, _isUpgrade, _validate, _skipTests, _noHooks, _generate, _releaseName;
    private readonly ListFlag _showOnly, _apiVersions;
    private readonly TextFlag _kubeVersion, _outputDir, _nameTemplate, _dryRun;

    public TemplateCommand()
        : base("template [NAME] [CHART]", "locally render templates")
    {
        _chart = new ChartActionFlags(Add);
        _includeCrds = Bool("include-crds", "include CRDs in the templated output");
        _isUpgrade = Bool("is-upgrade", "set .Release.IsUpgrade instead of .Release.IsInstall");
        _validate = Add(new BoolFlag("validate", "validate your manifests against the Kubernetes cluster you are currently pointing at") { Alone = "true", IsHidden = true, Deprecated = "use '--dry-run=server' instead" });
        _skipTests = Bool("skip-tests", "skip tests from templated output");
        _noHooks = Bool("no-hooks", "prevent hooks from running during install");
        _generate = Bool("generate-name", "generate the name (and omit the NAME parameter)", 'g');
        _releaseName = Bool("release-name", "use release name in the output-dir path.");
        _showOnly = Add(new ListFlag("show-only", "only show manifests rendered from the given templates", 's'));
        _apiVersions = Add(new ListFlag("api-versions", "Kubernetes api versions used for Capabilities.APIVersions (multiple can be specified)", 'a', splits: true, typeName: "strings"));
        _kubeVersion = Text("kube-version", "Kubernetes version used for Capabilities.KubeVersion");
        _outputDir = Text("output-dir", "writes the executed templates to files in output-dir instead of stdout");
        _nameTemplate = Text("name-template", "specify template used to name the release");
        _dryRun = Add(new TextFlag("dry-run", "simulates the operation without persisting changes. Must be \"client\" or \"server\"", "client") { Alone = "client" });
    }

    public override void CheckArguments(IReadOnlyList<string> arguments) => AtLeast(arguments, 1);

    public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        string name = arguments.Count > 1 ? arguments[0] : "release-name", reference = arguments[^1];
        bool validate = _validate || DeployFlags.DryRunOf(_dryRun) == DryRun.Server;
        Chart chart = await Source.LoadAsync(session, reference, ct, _chart.DependencyUpdate).ConfigureAwait(false);
        ReleaseClient releases = validate ? await session.ReleasesAsync(ct).ConfigureAwait(false) : session.LocalReleases();
        TemplateResult result = await RenderAsync(session, releases.Template(name).Chart(chart).Values(await ValuesAsync(session, ct).ConfigureAwait(false)).With(Options(validate)), ct).ConfigureAwait(false);
        if (_outputDir.Value.Length > 0)
            await WriteFilesAsync(session, result, ct).ConfigureAwait(false);
        else
            session.Out.Write(result.Output);
        return 0;
    }

    private Func<TemplateOptions, TemplateOptions> Options(bool validate) => o => _chart.Apply(o) with
    {
        IncludeCrds = _includeCrds,
        IsUpgrade = _isUpgrade,
        Validate = validate,
        SkipTests = _skipTests,
        DisableHooks = _noHooks,
        KubeVersion = _kubeVersion.Value.Length > 0 ? _kubeVersion.Value : null,
        ApiVersions = _apiVersions.Values,
        ShowOnly = _showOnly.Values,
    };

    private static async Task<TemplateResult> RenderAsync(Session session, TemplateBuilder template, CancellationToken ct)
    {
        try
        {
            return await template.RunAsync(ct).ConfigureAwait(false);
        }
        catch (ManifestException e) when (session.Flags.Debug)
        {
            session.Out.Write(string.Concat(e.Files.Where(f => !string.IsNullOrWhiteSpace(f.Value)).Select(f => $"---\n# Source: {f.Key}\n{f.Value}\n")).Trim() + "\n");
            throw;
        }
        catch (Exception e) when (!session.Flags.Debug && e is TemplateException or ManifestException or PostRenderException)
        {
            throw new UsageException(e.Message + "\n\nUse --debug flag to render out invalid YAML");
        }
    }

    private async Task WriteFilesAsync(Session session, TemplateResult result, CancellationToken ct)
    {
        string folder = Path.GetFullPath(_releaseName ? Path.Combine(_outputDir.Value, result.Release.Name) : _outputDir.Value);
        var written = new HashSet<string>(StringComparer.Ordinal);
        foreach (ManifestDocument document in ManifestSplitter.Read(result.Output))
        {
            string path = Path.GetFullPath(Path.Combine(folder, document.Path));
            if (!path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                throw new ChartException($"the template path {document.Path} leaves the output folder");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            string text = $"---\n# Source: {document.Path}\n{document.Text}\n";
            if (written.Add(path))
                await File.WriteAllTextAsync(path, text, ct).ConfigureAwait(false);
            else
                await File.AppendAllTextAsync(path, text, ct).ConfigureAwait(false);
            session.Out.Write($"wrote {path}\n");
        }
    }
}
