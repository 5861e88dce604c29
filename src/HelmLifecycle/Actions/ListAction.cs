using HelmLifecycle.Templates;

namespace HelmLifecycle;

/// <summary>Lists releases.</summary>
internal sealed class ListAction(ReleaseClient client, ReleaseFilter filter)
{
    public async Task<IReadOnlyList<Release>> RunAsync(CancellationToken ct)
    {
        var context = new ActionContext(client, new TestOptions { Name = "" });
        var selector = LabelSelector.Parse(filter.LabelSelector ?? "");
        GoRegex? pattern = filter.NamePattern is { Length: > 0 } text ? Pattern(text) : null;
        await context.ReachAsync(ct).ConfigureAwait(false);
        // Only a list of superseded revisions alone shows old ones; any other looks at the newest of each release.
        bool everyRevision = filter.Statuses is [ReleaseStatus.Superseded] && !filter.AllStatuses;
        var found = await client.Store.QueryAsync(
            new RevisionQuery
            {
                Namespace = filter.AllNamespaces ? null : client.Namespace,
                NewestOnly = !everyRevision,
                Status = everyRevision ? ReleaseStatus.Superseded : null,
            },
            ct).ConfigureAwait(false);
        StoredRevision[] named = [.. found.Where(r => (pattern is null || pattern.IsMatch(r.Name)) && selector.Matches(r.Labels))];
        // Most of the time goes into unpacking records, which do not depend on each other.
        var read = new Release?[named.Length];
        Parallel.For(0, named.Length, new ParallelOptions { CancellationToken = ct }, i => read[i] = context.Records.TryRead(named[i]));
        var releases = read.OfType<Release>().Where(r => IsWanted(r.Status));
        releases = filter.ByDate
            ? releases.OrderBy(r => r.Info.LastDeployed.Value.ToUnixTimeSeconds()).ThenBy(r => r.Name, StringComparer.Ordinal)
            : releases.OrderBy(r => r.Name, StringComparer.Ordinal).ThenBy(r => r.Namespace, StringComparer.Ordinal);
        if (filter.Reverse) releases = releases.Reverse();
        releases = releases.Skip(Math.Max(0, filter.Offset));
        return [.. filter.Max > 0 ? releases.Take(filter.Max) : releases];
    }

    private static GoRegex Pattern(string text)
    {
        try
        {
            return GoRegex.Compile(text);
        }
        catch (FormatException e)
        {
            throw new ReleaseException(e.Message, e);
        }
    }

    private bool IsWanted(ReleaseStatus status)
    {
        if (filter.AllStatuses) return true;
        if (filter.Statuses.Count > 0) return filter.Statuses.Contains(status);
        return client.Generation == HelmGeneration.Helm4 || status is ReleaseStatus.Deployed or ReleaseStatus.Failed;
    }
}
