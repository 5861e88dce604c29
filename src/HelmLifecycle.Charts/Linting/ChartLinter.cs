namespace HelmLifecycle.Charts;

/// <summary>Examines charts with the rules of <c>helm lint</c>.</summary>
public sealed class ChartLinter
{
    private readonly IValuesValidator _validator;

    /// <summary>Makes a linter.</summary>
    /// <param name="validator">Checks values against schemas; the JSON Schema validator, <see cref="SchemaValidator"/>, by default.</param>
    public ChartLinter(IValuesValidator? validator = null) => _validator = validator ?? SchemaValidator.Default;

    /// <summary>Examines a chart folder or archive.</summary>
    /// <returns>One result for the chart, and one for each subchart when asked for.</returns>
    /// <exception cref="ChartException">There is no Chart.yaml, so nothing to examine.</exception>
    public async Task<IReadOnlyList<LintResult>> LintAsync(string path, LintOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new LintOptions();
        if (!File.Exists(path))
            return await LintFolderAsync(path, path, options, cancellationToken).ConfigureAwait(false);
        string folder = Directory.CreateTempSubdirectory("helm-lint").FullName;
        try
        {
            Chart chart = await ChartLoader.LoadAsync(path, cancellationToken: cancellationToken).ConfigureAwait(false);
            string unpacked = Path.Combine(folder, chart.Name);
            foreach (ChartFile file in chart.Raw)
            {
                string target = Path.Combine(unpacked, file.Name);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                await File.WriteAllBytesAsync(target, file.Data.ToArray(), cancellationToken).ConfigureAwait(false);
            }

            return await LintFolderAsync(unpacked, path, options, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<IReadOnlyList<LintResult>> LintFolderAsync(string folder, string name, LintOptions options, CancellationToken cancellationToken)
    {
        if (!File.Exists(Path.Combine(folder, "Chart.yaml")) && !Directory.Exists(Path.Combine(folder, "Chart.yaml")))
            throw new ChartException($"unable to check Chart.yaml file in chart: stat {Path.Combine(name, "Chart.yaml")}: no such file or directory");
        var results = new List<LintResult> { await LintOneAsync(folder, name, options, cancellationToken).ConfigureAwait(false) };
        string charts = Path.Combine(folder, "charts");
        if (!options.WithSubcharts || !Directory.Exists(charts))
            return results;
        foreach (string sub in Directory.GetDirectories(charts).Order(StringComparer.Ordinal))
        {
            if (File.Exists(Path.Combine(sub, "Chart.yaml")))
                results.AddRange(await LintFolderAsync(sub, Path.Combine(name, "charts", Path.GetFileName(sub)), options, cancellationToken).ConfigureAwait(false));
        }

        return results;
    }

    private async Task<LintResult> LintOneAsync(string folder, string name, LintOptions options, CancellationToken cancellationToken)
    {
        var messages = new List<LintMessage>();
        ChartFileRules.Check(folder, messages);
        ValuesRules.Check(folder, options, _validator, messages);
        if (File.Exists(Path.Combine(folder, "templates")))
            messages.Add(new(LintSeverity.Error, "templates/", "not a directory"));

        try
        {
            Chart chart = await ChartLoader.LoadAsync(folder, cancellationToken: cancellationToken).ConfigureAwait(false);
            TemplateRules.Check(chart, options, _validator, messages, cancellationToken);
            DependencyRules.Check(chart, name, messages);
        }
        catch (ChartException e)
        {
            messages.Add(new(LintSeverity.Error, "templates/", e.Message));
            messages.Add(new(LintSeverity.Error, "", "unable to load chart\n\t" + e.Message));
        }

        return new LintResult(name, messages);
    }
}
