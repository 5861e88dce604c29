using HelmLifecycle.Charts;

namespace HelmLifecycle.Cli;

/// <summary>Finds the charts that a release client is asked for by name, with helm's sentences when there is none.</summary>
internal sealed class CliChartResolver(Session session) : IChartResolver
{
    public async Task<Chart> ResolveAsync(ChartSource.Reference reference, bool dependencyUpdate, CancellationToken ct = default)
    {
        ChartSourceOptions options = session.ChartSources with { Version = reference.Version, RepositoryUrl = reference.Repository };
        ChartReference parsed = Parse(reference.Path, options);
        if (dependencyUpdate && parsed.Kind == ChartReferenceKind.Path && Directory.Exists(reference.Path))
            await new DependencyUpdater(options).UpdateAsync(reference.Path, ct).ConfigureAwait(false);
        return await parsed.LoadAsync(options, ct).ConfigureAwait(false);
    }

    public static ChartReference Parse(string reference, ChartSourceOptions options)
    {
        if (!reference.Contains('/') && options.RepositoryUrl is null && !Directory.Exists(reference) && !File.Exists(reference))
            throw new ChartException($"non-absolute URLs should be in form of repo_name/path_to_chart, got: {reference}");
        return ChartReference.Parse(reference, options);
    }
}
