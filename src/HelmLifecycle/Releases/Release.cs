using System.Collections.ObjectModel;
using System.Text.Json.Nodes;
using HelmLifecycle.Charts;
using HelmLifecycle.Templates;

namespace HelmLifecycle;

/// <summary>One revision of a release, as stored. Immutable.</summary>
public sealed record Release
{
    /// <summary>The release's name.</summary>
    public required string Name { get; init; }

    /// <summary>The release's namespace.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>The revision, from 1.</summary>
    public int Revision { get; init; }

    /// <summary>Status, times, description, notes.</summary>
    public ReleaseInfo Info { get; init; } = new();

    /// <summary>The chart as a record keeps it: the sources of its templates, its files and default values, but not its subcharts. Read on first use.</summary>
    public Chart Chart
    {
        get => StoredChart.Chart;
        init => StoredChart = RecordChart.From(value);
    }

    /// <summary>The values the user gave (not the computed ones). Not to be changed.</summary>
    public GoMap Config { get; init; } = new();

    /// <summary>The rendered manifests, hooks apart, in install order, as one YAML stream.</summary>
    public string Manifest { get; init; } = "";

    /// <summary>The hooks.</summary>
    public IReadOnlyList<ReleaseHook> Hooks { get; init; } = [];

    /// <summary>The custom labels (Helm's own are left out).</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>How the objects were written.</summary>
    public ApplyMethod ApplyMethod { get; init; }

    /// <summary>The chart's name and version as Helm shows them, <c>web-1.2.3</c>; <c>MISSING</c> when the record has no chart.</summary>
    public string ChartLabel => StoredChart.Label;

    /// <summary>The chart's app version; empty when it has none, <c>MISSING</c> when the record has no chart.</summary>
    public string AppVersion => StoredChart.AppVersion;

    /// <summary>The status, short for <c>Info.Status</c>.</summary>
    public ReleaseStatus Status => Info.Status;

    /// <summary>The description, short for <c>Info.Description</c>.</summary>
    public string Description => Info.Description;

    /// <summary>The notes, short for <c>Info.Notes</c>.</summary>
    public string Notes => Info.Notes;

    /// <summary>Whose form the record has, or is to have when it is written: the generation of Helm that wrote it, or the client's.</summary>
    public HelmGeneration Form { get; init; }

    /// <summary>Helm's own labels that were read with the record (<c>createdAt</c> and its like). As in Helm they go on with it when it is written again. For stores.</summary>
    public IReadOnlyDictionary<string, string> SystemLabels { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>What a store needs to know that nobody else changed the record since it was read: a resourceVersion, for instance. For stores.</summary>
    public string? StoreVersion { get; init; }

    /// <summary>The chart in the form of the record.</summary>
    internal RecordChart StoredChart { get; init; } = RecordChart.Missing;

    /// <summary>Top-level keys of the record that this version does not know, written back as they were.</summary>
    internal JsonObject? Unknown { get; init; }
}

/// <summary>What a record tells about its revision besides chart, values and manifests.</summary>
public sealed record ReleaseInfo
{
    /// <summary>When the release was first installed.</summary>
    public ReleaseTime FirstDeployed { get; init; }

    /// <summary>When this revision was made.</summary>
    public ReleaseTime LastDeployed { get; init; }

    /// <summary>When it was uninstalled; zero otherwise.</summary>
    public ReleaseTime Deleted { get; init; }

    /// <summary>What was done, or why it failed.</summary>
    public string Description { get; init; } = "";

    /// <summary>The status.</summary>
    public ReleaseStatus Status { get; init; }

    /// <summary>The rendered NOTES.txt.</summary>
    public string Notes { get; init; } = "";

    /// <summary>Whether the record has a status at all; some very old ones have not.</summary>
    internal bool HasStatus { get; init; } = true;
}

/// <summary>How a hook ended.</summary>
public enum HookPhase
{
    /// <summary>It has not run.</summary>
    None,

    /// <summary>It is not known.</summary>
    Unknown,

    /// <summary>It runs, or its process died.</summary>
    Running,

    /// <summary>It ended well.</summary>
    Succeeded,

    /// <summary>It failed.</summary>
    Failed,
}

/// <summary>The last run of a hook.</summary>
/// <param name="StartedAt">When it began; zero when it has not run.</param>
/// <param name="CompletedAt">When it ended; zero when it has not.</param>
/// <param name="Phase">How it ended.</param>
public sealed record HookRun(ReleaseTime StartedAt, ReleaseTime CompletedAt, HookPhase Phase)
{
    /// <summary>It has not run.</summary>
    public static HookRun NotRun { get; } = new(default, default, HookPhase.None);
}

/// <summary>A hook of a revision.</summary>
public sealed record ReleaseHook
{
    /// <summary>The object's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>The object's kind.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The template it came from, with the chart's name first.</summary>
    public string Path { get; init; } = "";

    /// <summary>Its manifest.</summary>
    public string Manifest { get; init; } = "";

    /// <summary>The events it runs for.</summary>
    public IReadOnlyList<HookEvent> Events { get; init; } = [];

    /// <summary>Its last run.</summary>
    public HookRun LastRun { get; init; } = HookRun.NotRun;

    /// <summary>Hooks of one event run by ascending weight, then name.</summary>
    public int Weight { get; init; }

    /// <summary>When it is deleted: <c>before-hook-creation</c>, <c>hook-succeeded</c>, <c>hook-failed</c>. Other words are kept and do nothing, as in Helm.</summary>
    public IReadOnlyList<string> DeletePolicies { get; init; } = [];

    /// <summary>When its logs are shown: <c>hook-succeeded</c>, <c>hook-failed</c>.</summary>
    public IReadOnlyList<string> OutputLogPolicies { get; init; } = [];

    /// <summary>A rendered hook that has not run.</summary>
    public static ReleaseHook From(Hook hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        return new ReleaseHook
        {
            Name = hook.Name,
            Kind = hook.Kind,
            Path = hook.Path,
            Manifest = hook.Manifest,
            Events = hook.Events,
            Weight = hook.Weight,
            DeletePolicies = hook.DeletePolicies,
            OutputLogPolicies = hook.OutputLogPolicies,
        };
    }
}
