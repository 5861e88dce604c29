namespace HelmLifecycle.Charts;

/// <summary>How bad a finding is.</summary>
public enum LintSeverity
{
    /// <summary>A recommendation.</summary>
    Info,
    /// <summary>The chart works but should be mended; fails <c>helm lint --strict</c>.</summary>
    Warning,
    /// <summary>The chart does not work.</summary>
    Error,
}

/// <summary>One finding.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Path">The file or folder in the chart; empty for the chart as a whole.</param>
/// <param name="Text">What is wrong, in Helm's words.</param>
public sealed record LintMessage(LintSeverity Severity, string Path, string Text)
{
    /// <summary>As <c>helm lint</c> prints it: <c>[INFO] Chart.yaml: icon is recommended</c>.</summary>
    public override string ToString() => $"[{Severity.ToString().ToUpperInvariant()}] {Path}: {Text}";
}

/// <summary>What a chart was found to be.</summary>
/// <param name="Chart">The chart's path.</param>
/// <param name="Messages">The findings, in Helm's order.</param>
public sealed record LintResult(string Chart, IReadOnlyList<LintMessage> Messages)
{
    /// <summary>Whether the chart passes.</summary>
    /// <param name="strict">Fail on warnings too.</param>
    public bool Passes(bool strict = false) => !Messages.Any(m => m.Severity >= (strict ? LintSeverity.Warning : LintSeverity.Error));
}

/// <summary>Settings of <see cref="ChartLinter"/>.</summary>
public sealed record LintOptions
{
    /// <summary>User-supplied values to render with.</summary>
    public GoMap Values { get; init; } = [];

    /// <summary>The namespace to render for. Default: <c>default</c>.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>The Kubernetes version that decides which APIs are deprecated. Default: the newest that is known.</summary>
    public KubeVersion KubeVersion { get; init; } = KubeVersion.Default;

    /// <summary>Do not check values against the schema. Default: false.</summary>
    public bool SkipSchemaValidation { get; init; }

    /// <summary>Lint the charts in <c>charts/</c> too, each alone, as <c>--with-subcharts</c> does. Default: false.</summary>
    public bool WithSubcharts { get; init; }
}
