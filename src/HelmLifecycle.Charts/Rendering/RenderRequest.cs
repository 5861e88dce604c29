namespace HelmLifecycle.Charts;

/// <summary>What is to be rendered.</summary>
public sealed record RenderRequest
{
    /// <summary>The chart as loaded: rendering processes its dependencies.</summary>
    public required Chart Chart { get; init; }

    /// <summary>The user-supplied values. They are not changed.</summary>
    public GoMap Values { get; init; } = [];

    /// <summary><c>.Release.Name</c></summary>
    public required string ReleaseName { get; init; }

    /// <summary><c>.Release.Namespace</c>; <c>default</c> by default.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary><c>.Release.Revision</c>; 1 by default.</summary>
    public int Revision { get; init; } = 1;

    /// <summary>Whether <c>.Release.IsUpgrade</c> is true; else <c>.Release.IsInstall</c> is.</summary>
    public bool IsUpgrade { get; init; }

    /// <summary><c>.Capabilities</c></summary>
    public Capabilities Capabilities { get; init; } = Capabilities.Default;

    /// <summary>Answers <c>lookup</c>; null (the default) gives empty maps, as without a cluster.</summary>
    public ILookup? Lookup { get; init; }

    /// <summary>Answers <c>getHostByName</c>; null (the default) gives empty texts, as without <c>--enable-dns</c>.</summary>
    public IDnsResolver? Dns { get; init; }

    /// <summary>Whether a missing value is an error, as with <c>lint --strict</c>. False by default.</summary>
    public bool Strict { get; init; }

    /// <summary>Whether <c>required</c> and <c>fail</c> do not fail, as with <c>lint</c>. False by default.</summary>
    public bool LintMode { get; init; }

    /// <summary>Whether the CRDs of <c>crds/</c> stand at the head of the manifest, as with <c>template --include-crds</c>. False by default.</summary>
    public bool IncludeCrds { get; init; }

    /// <summary>Whether hooks are left out, as with <c>--no-hooks</c>. False by default.</summary>
    public bool DisableHooks { get; init; }

    /// <summary>Whether values are not checked against schemas. False by default.</summary>
    public bool SkipSchemaValidation { get; init; }

    /// <summary>Whether the subcharts' notes are added to the notes. False by default.</summary>
    public bool SubNotes { get; init; }

    /// <summary>What changes the manifest after rendering, in order.</summary>
    public IReadOnlyList<IPostRenderer> PostRenderers { get; init; } = [];

    /// <summary>The rules by which files are cut into documents and ordered. Helm 4.0's by default.</summary>
    public ManifestRules Rules { get; init; } = ManifestRules.Helm4;

    /// <summary>How much work the render may do.</summary>
    public RenderBudget Budget { get; init; } = RenderBudget.Default;

    /// <summary>The clock of <c>now</c>.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The source of randomness; null (the default) is the operating system's.</summary>
    public IRandomSource? Random { get; init; }

    /// <summary>Hears Helm's warnings, such as of values that do not fit; null by default.</summary>
    public Action<string>? Warn { get; init; }
}
