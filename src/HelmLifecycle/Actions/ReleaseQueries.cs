using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>The questions about one release.</summary>
internal sealed class ReleaseQueries(ActionContext context)
{
    /// <summary>A revision; 0 is the last.</summary>
    public async Task<Release> GetAsync(int revision, CancellationToken ct)
    {
        await context.ReachAsync(ct).ConfigureAwait(false);
        if (!ActionContext.IsValidName(context.Name))
        {
            throw new InvalidReleaseNameException(context.Name, $"releaseContent: Release name is invalid: {context.Name}");
        }

        return revision <= 0
            ? await context.Records.LastAsync(ct).ConfigureAwait(false)
            : await context.Records.GetAsync(revision, ct).ConfigureAwait(false);
    }

    /// <summary>The newest revisions, oldest first.</summary>
    public async Task<IReadOnlyList<HistoryEntry>> HistoryAsync(int max, CancellationToken ct)
    {
        await context.ReachAsync(ct).ConfigureAwait(false);
        if (!ActionContext.IsValidName(context.Name)) throw new InvalidReleaseNameException(context.Name, $"release name is invalid: {context.Name}");
        var history = await context.Records.HistoryAsync(ct).ConfigureAwait(false);
        var releases = history.Skip(max > 0 ? Math.Max(0, history.Count - max) : 0).Select(context.Records.TryRead).OfType<Release>();
        return [.. releases.Select(r => new HistoryEntry(r.Revision, r.Info.LastDeployed, r.Status, r.ChartLabel, r.AppVersion, r.Description))];
    }

    /// <summary>A revision and its objects as they live.</summary>
    public async Task<ReleaseState> StatusAsync(int revision, CancellationToken ct)
    {
        var release = await GetAsync(revision, ct).ConfigureAwait(false);
        var live = new List<KubernetesObject>();
        if (context.Client.Cluster is { } cluster)
        {
            foreach (var o in await ManifestObjects.BuildAsync(cluster, release.Manifest, release.Namespace, validate: false, ct).ConfigureAwait(false))
            {
                if (await cluster.TryGetAsync(o.Gvk, o.Namespace, o.Name, ct).ConfigureAwait(false) is { } found) live.Add(found);
            }
        }

        return new ReleaseState(release, live);
    }
}
