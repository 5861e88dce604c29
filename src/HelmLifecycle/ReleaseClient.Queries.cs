using HelmLifecycle.Charts;
using HelmLifecycle.Templates;

namespace HelmLifecycle;

public sealed partial class ReleaseClient
{
    /// <summary>A revision as stored (<c>helm get</c>).</summary>
    /// <param name="name">The release.</param>
    /// <param name="revision">The revision; 0 is the last.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ReleaseNotFoundException">There is none.</exception>
    public Task<Release> GetAsync(string name, int revision = 0, CancellationToken ct = default) => Queries(name).GetAsync(revision, ct);

    /// <summary>A revision and its objects as they live (<c>helm status</c>).</summary>
    /// <param name="name">The release.</param>
    /// <param name="revision">The revision; 0 is the last.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ReleaseNotFoundException">There is none.</exception>
    public Task<ReleaseState> StatusAsync(string name, int revision = 0, CancellationToken ct = default) => Queries(name).StatusAsync(revision, ct);

    /// <summary>The newest revisions, oldest first (<c>helm history</c>).</summary>
    /// <param name="name">The release.</param>
    /// <param name="max">How many at most; Helm's default is 256; 0 or less: all.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ReleaseNotFoundException">There is no such release.</exception>
    public Task<IReadOnlyList<HistoryEntry>> HistoryAsync(string name, int max = 256, CancellationToken ct = default) => Queries(name).HistoryAsync(max, ct);

    /// <summary>Releases, by default the newest revision of each in the client's namespace (<c>helm list</c>).</summary>
    /// <param name="filter">Which, in which order; null is Helm's default.</param>
    /// <param name="ct">Cancels.</param>
    public Task<IReadOnlyList<Release>> ListAsync(ReleaseFilter? filter = null, CancellationToken ct = default) =>
        new ListAction(this, filter ?? new ReleaseFilter()).RunAsync(ct);

    /// <summary>The values of a revision (<c>helm get values</c>).</summary>
    /// <param name="name">The release.</param>
    /// <param name="revision">The revision; 0 is the last.</param>
    /// <param name="all">Whether the chart's defaults are merged in.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ReleaseNotFoundException">There is none.</exception>
    public async Task<GoMap> GetValuesAsync(string name, int revision = 0, bool all = false, CancellationToken ct = default)
    {
        var release = await GetAsync(name, revision, ct).ConfigureAwait(false);
        return all ? ChartValues.Coalesce(release.Chart, release.Config) : release.Config;
    }

    /// <summary>The manifest of a revision (<c>helm get manifest</c>).</summary>
    /// <exception cref="ReleaseNotFoundException">There is none.</exception>
    public async Task<string> GetManifestAsync(string name, int revision = 0, CancellationToken ct = default) =>
        (await GetAsync(name, revision, ct).ConfigureAwait(false)).Manifest;

    /// <summary>The hooks of a revision (<c>helm get hooks</c>).</summary>
    /// <exception cref="ReleaseNotFoundException">There is none.</exception>
    public async Task<IReadOnlyList<ReleaseHook>> GetHooksAsync(string name, int revision = 0, CancellationToken ct = default) =>
        (await GetAsync(name, revision, ct).ConfigureAwait(false)).Hooks;

    /// <summary>The notes of a revision (<c>helm get notes</c>).</summary>
    /// <exception cref="ReleaseNotFoundException">There is none.</exception>
    public async Task<string> GetNotesAsync(string name, int revision = 0, CancellationToken ct = default) =>
        (await GetAsync(name, revision, ct).ConfigureAwait(false)).Info.Notes;

    private ReleaseQueries Queries(string name) => new(new ActionContext(this, new TestOptions { Name = name }));
}
