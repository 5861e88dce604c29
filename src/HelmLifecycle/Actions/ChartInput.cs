using HelmLifecycle.Charts;
using HelmLifecycle.Templates;

namespace HelmLifecycle;

/// <summary>The chart and values an action is given, loaded and checked the way Helm's command line does before an action begins.</summary>
internal static class ChartInput
{
    public static async Task<(Chart Chart, GoMap Values)> LoadAsync(ActionContext context, ChartActionOptions options, CancellationToken ct)
    {
        var source = options.Chart ?? throw new ReleaseException("no chart provided");
        var decrypted = await EncryptedValues.ResolveAsync(options.Values, context.Client.ValuesDecryptors, ct).ConfigureAwait(false);
        context.Secrets = decrypted.Secrets;
        var values = await context.Client.ValuesMerger.MergeAsync(decrypted.Sources, ct).ConfigureAwait(false);
        var chart = source switch
        {
            ChartSource.Loaded loaded => loaded.Chart,
            ChartSource.Reference reference => await ResolveAsync(context, reference, options.DependencyUpdate, ct).ConfigureAwait(false),
            _ => throw new NotSupportedException($"chart source {source.GetType().Name}"),
        };
        if (chart.Metadata.Type is not ("" or "application")) throw new ReleaseException($"{chart.Metadata.Type} charts are not installable");
        if (chart.Metadata.Deprecated) context.Warn("This chart is deprecated");
        CheckDependencies(context, chart);
        return (chart, values);
    }

    private static async Task<Chart> ResolveAsync(ActionContext context, ChartSource.Reference reference, bool update, CancellationToken ct)
    {
        if (context.Client.Charts is { } resolver) return await resolver.ResolveAsync(reference, update, ct).ConfigureAwait(false);
        if (update && Directory.Exists(reference.Path)) await new DependencyUpdater().UpdateAsync(reference.Path, ct).ConfigureAwait(false);
        var where = new ChartSourceOptions { Version = reference.Version, RepositoryUrl = reference.Repository };
        return await ChartReference.Parse(reference.Path, where).LoadAsync(where, ct).ConfigureAwait(false);
    }

    private static void CheckDependencies(ActionContext context, Chart chart)
    {
        var missing = (chart.Metadata.Dependencies ?? []).Select(d => d.Name).Where(n => !chart.Dependencies.Any(d => d.Name == n)).ToList();
        if (missing.Count == 0) return;
        string command = context.Helm3 ? "`helm dependency build`" : "'helm dependency build'";
        throw new ReleaseException(context.Sentence("An error occurred while checking for chart dependencies. You may need to run ")
            + $"{command} to fetch missing dependencies: found in Chart.yaml, but missing in charts/ directory: {string.Join(", ", missing)}");
    }
}
