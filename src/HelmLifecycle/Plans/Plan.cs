using System.Text.Json.Nodes;

namespace HelmLifecycle;

/// <summary>A hook that an action will run.</summary>
/// <param name="Event">When: <c>pre-upgrade</c>.</param>
/// <param name="Kind">The kind of the hook's object.</param>
/// <param name="Name">Its name.</param>
/// <param name="Weight">Its weight; lower runs first.</param>
public sealed record PlannedHook(string Event, string Kind, string Name, int Weight);

/// <summary>
/// What an action would do, worked out without doing it: values, objects, hooks, resources and warnings. Apply it with
/// <see cref="ApplyAsync"/>: that does just what the plan shows, and refuses when the cluster has changed meanwhile.
/// </summary>
public sealed record Plan
{
    /// <summary>The verb: <c>install</c>, <c>upgrade</c>, <c>rollback</c> or <c>uninstall</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The release.</summary>
    public required string ReleaseName { get; init; }

    /// <summary>Its namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The revision that the changes are counted from; 0 for a first install.</summary>
    public int FromRevision { get; init; }

    /// <summary>The revision that will be made; 0 for an uninstall.</summary>
    public int ToRevision { get; init; }

    /// <summary>The values that differ: the effective ones, defaults of the chart included. Values under keys such as <c>password</c> are masked.</summary>
    public IReadOnlyList<FieldChange> Values { get; init; } = [];

    /// <summary>The objects and what happens to them.</summary>
    public ManifestDiff Diff { get; init; } = new();

    /// <summary>The hooks that will run, in order.</summary>
    public IReadOnlyList<PlannedHook> Hooks { get; init; } = [];

    /// <summary>What the release asks of the cluster, before and after.</summary>
    public ResourceImpact Impact { get; init; } = new(ResourceTotals.Zero, ResourceTotals.Zero);

    /// <summary>What to look at first.</summary>
    public IReadOnlyList<PlanWarning> Warnings { get; init; } = [];

    /// <summary>The notes that the release will show.</summary>
    public string Notes { get; init; } = "";

    /// <summary>
    /// Whether the API server was asked, object by object, what it would store (a dry run): then defaults and live edits are in the
    /// difference. Otherwise the stored manifests were compared.
    /// </summary>
    public bool IsExact { get; init; }

    /// <summary>Whether nothing would change.</summary>
    public bool IsEmpty => Diff.IsEmpty && Values.Count == 0;

    internal Func<IProgress<ReleaseEvent>?, CancellationToken, Task<Release?>>? Apply { get; init; }

    /// <summary>
    /// Does what the plan shows, with the very manifests it was made of.
    /// </summary>
    /// <param name="progress">Hears what happens; null for none.</param>
    /// <param name="ct">Cancels; a truthful status is stored all the same.</param>
    /// <returns>The new revision; null after an uninstall.</returns>
    /// <exception cref="PlanOutdatedException">The release or a live object has changed since the plan was made. Nothing was done.</exception>
    /// <exception cref="ReleaseException">The action failed.</exception>
    /// <exception cref="NotSupportedException">The plan was not made by a client, or for a dry run.</exception>
    public Task<Release?> ApplyAsync(IProgress<ReleaseEvent>? progress = null, CancellationToken ct = default) =>
        Apply is null ? throw new NotSupportedException("This plan cannot be applied.") : Apply(progress, ct);

    /// <summary>The plan as text for a terminal.</summary>
    /// <param name="color">Use ANSI colours.</param>
    public string ToText(bool color = false) => PlanText.Write(this, color);

    /// <summary>The plan as a JSON object.</summary>
    public JsonObject ToJson() => PlanJson.Write(this);

    /// <summary>The plan as Markdown, for a merge request.</summary>
    public string ToMarkdown() => PlanMarkdown.Write(this);

    /// <summary>The plan as one HTML page that needs no other file.</summary>
    public string ToHtml() => PlanHtml.Write(this);

    /// <inheritdoc/>
    public override string ToString() => ToText();
}
