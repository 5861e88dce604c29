using HelmLifecycle.Templates;

namespace HelmLifecycle;

public sealed partial class ReleaseClient
{
    /// <summary>A revision as stored (<c>helm get</c>).</summary>
    /// <param name="name">The release.</param>
    /// <param name="revision">The revision; 0 is the last.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ReleaseNotFoundException">There is none.</exception>
    public Task<Release> GetAsync(string name, int revision = 0, CancellationToken ct = default) => throw new NotSupportedException();

    /// <summary>A revision and its objects as they live (<c>helm status</c>).</summary>
    /// <param name="name">The release.</param>
    /// <param name="revision">The revision; 0 is the last.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ReleaseNotFoundException">There is none.</exception>
    public Task<ReleaseState> StatusAsync(string name, int revision = 0, CancellationToken ct = default) => throw new NotSupportedException();

    /// <summary>The newest revisions, oldest first (<c>helm history</c>).</summary>
    /// <param name="name">The release.</param>
    /// <param name="max">How many at most; Helm's default is 256.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ReleaseNotFoundException">There is no such release.</exception>
    public Task<IReadOnlyList<HistoryEntry>> HistoryAsync(string name, int max = 256, CancellationToken ct = default) => throw new NotSupportedException();

    /// <summary>Releases, by default the newest revision of each in the client's namespace (<c>helm list</c>).</summary>
    /// <param name="filter">Which, in which order; null is Helm's default.</param>
    /// <param name="ct">Cancels.</param>
    public Task<IReadOnlyList<Release>> ListAsync(ReleaseFilter? filter = null, CancellationToken ct = default) => throw new NotSupportedException();

    /// <summary>The values of a revision (<c>helm get values</c>).</summary>
    /// <param name="name">The release.</param>
    /// <param name="revision">The revision; 0 is the last.</param>
    /// <param name="all">Whether the chart's defaults are merged in.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ReleaseNotFoundException">There is none.</exception>
    public Task<GoMap> GetValuesAsync(string name, int revision = 0, bool all = false, CancellationToken ct = default) => throw new NotSupportedException();

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
}

/// <summary>Which releases are listed (the flags of <c>helm list</c>).</summary>
public sealed record ReleaseFilter
{
    /// <summary>Whether all namespaces are listed (<c>-A</c>).</summary>
    public bool AllNamespaces { get; init; }

    /// <summary>A regular expression (RE2) the name must match somewhere; null: all.</summary>
    public string? NamePattern { get; init; }

    /// <summary>A label selector over the labels of the record, Helm's own among them; null: all.</summary>
    public string? LabelSelector { get; init; }

    /// <summary>The statuses wanted; empty: the generation's default (Helm 3: deployed and failed; Helm 4: all).</summary>
    public IReadOnlyList<ReleaseStatus> Statuses { get; init; } = [];

    /// <summary>Whether releases of every status are listed (Helm 3's <c>-a</c>).</summary>
    public bool AllStatuses { get; init; }

    /// <summary>Whether they are ordered by date, oldest first, in place of name.</summary>
    public bool ByDate { get; init; }

    /// <summary>Whether the order is turned round.</summary>
    public bool Reverse { get; init; }

    /// <summary>How many are skipped.</summary>
    public int Offset { get; init; }

    /// <summary>How many are listed at most; 0 or less: all. Default: 256, as Helm.</summary>
    public int Max { get; init; } = 256;
}
