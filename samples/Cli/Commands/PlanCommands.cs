using System.Globalization;
using System.Text.Json.Nodes;
using HelmLifecycle.Charts;

namespace HelmLifecycle.Cli;

/// <summary><c>plan</c>: what an upgrade (or install) would do. Not helm's own.</summary>
internal sealed class PlanCommand : ChartCommand
{
    private readonly DeployFlags _deploy;
    private readonly ChartActionFlags _chart;
    private readonly TextFlag _format;
    private readonly BoolFlag _detailedExitCode, _reuse, _resetThenReuse;

    public PlanCommand()
        : base("plan [RELEASE] [CHART]", "show what an upgrade or install would change, without changing it")
    {
        _deploy = new DeployFlags(Add, "auto");
        _chart = new ChartActionFlags(Add);
        _reuse = Bool("reuse-values", "reuse the last release's values");
        _resetThenReuse = Bool("reset-then-reuse-values", "reset the values to the ones built into the chart, then apply the last release's");
        _format = Add(new TextFlag("output", "text, json, markdown or html", "text", 'o', check: t => t is "text" or "json" or "markdown" or "html" ? null : "invalid format type"));
        _detailedExitCode = Bool("detailed-exitcode", "exit with 2 when there are changes");
    }

    public override void CheckArguments(IReadOnlyList<string> arguments) => Exactly(arguments, 2);

    public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        ReleaseClient releases = await session.ReleasesAsync(ct).ConfigureAwait(false);
        Chart chart = await Source.LoadAsync(session, arguments[1], ct, _chart.DependencyUpdate).ConfigureAwait(false);
        Plan plan = await releases.Upgrade(arguments[0]).Chart(chart).Values(await ValuesAsync(session, ct).ConfigureAwait(false))
            .With(o => _chart.Apply(_deploy.Apply(o)) with
            {
                Install = true,
                ReuseValues = _reuse ? ValuesReuse.Reuse : _resetThenReuse ? ValuesReuse.ResetThenReuse : ValuesReuse.Auto,
            })
            .PlanAsync(ct).ConfigureAwait(false);
        session.Out.Write(_format.Value switch
        {
            "json" => plan.ToJson().ToJsonString() + "\n",
            "markdown" => plan.ToMarkdown(),
            "html" => plan.ToHtml(),
            _ => plan.ToText(session.IsTerminal),
        });
        return _detailedExitCode && !plan.IsEmpty ? 2 : 0;
    }
}

/// <summary><c>diff</c>: two revisions of a release. Not helm's own.</summary>
internal sealed class DiffCommand : Command
{
    private readonly BoolFlag _showSecrets, _detailedExitCode;

    public DiffCommand()
        : base("diff RELEASE_NAME REVISION [REVISION]", "show what differs between two revisions; the second is the newest when left out")
    {
        _showSecrets = Bool("show-secrets", "do not mask the values of Secrets");
        _detailedExitCode = Bool("detailed-exitcode", "exit with 2 when there are changes");
    }

    public override void CheckArguments(IReadOnlyList<string> arguments) => AtLeast(arguments, 2);

    public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        int from = Revision(arguments[1]), to = arguments.Count > 2 ? Revision(arguments[2]) : 0;
        ReleaseClient releases = await session.ReleasesAsync(ct).ConfigureAwait(false);
        RevisionDiff diff = await releases.DiffAsync(arguments[0], from, to, _showSecrets, ct).ConfigureAwait(false);
        foreach (FieldChange change in diff.Values)
            session.Out.Write($"values {change}\n");
        session.Out.Write(diff.Manifest.ToUnifiedText());
        return _detailedExitCode && !diff.IsEmpty ? 2 : 0;
    }

    internal static int Revision(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out int revision)
        ? revision
        : throw new UsageException($"could not convert revision to a number: {text}");
}

/// <summary><c>drift</c>: live objects against the revision. Not helm's own.</summary>
internal sealed class DriftCommand : Command
{
    private readonly BoolFlag _showSecrets, _detailedExitCode, _correct;
    private readonly IntFlag _revision;

    public DriftCommand()
        : base("drift RELEASE_NAME", "show how live objects differ from what the release says")
    {
        _revision = Int("revision", "compare with this revision");
        _showSecrets = Bool("show-secrets", "do not mask the values of Secrets");
        _detailedExitCode = Bool("detailed-exitcode", "exit with 2 when there is drift");
        _correct = Bool("correct", "upgrade to put the drift right");
    }

    public override void CheckArguments(IReadOnlyList<string> arguments) => Exactly(arguments, 1);

    public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        ReleaseClient releases = await session.ReleasesAsync(ct).ConfigureAwait(false);
        DriftReport report = await releases.DriftAsync(arguments[0], _revision, _showSecrets, ct).ConfigureAwait(false);
        session.Out.Write(report.HasDrift ? report.Summary + "\n" + report.Diff.ToUnifiedText() : $"{arguments[0]} revision {report.Release.Revision}: no drift\n");
        if (_correct && report.HasDrift)
        {
            Release release = await releases.Upgrade(arguments[0]).CorrectDrift().Description("Drift corrected").RunAsync(ct).ConfigureAwait(false);
            session.Out.Write($"corrected with revision {release.Revision}\n");
        }

        return _detailedExitCode && report.HasDrift ? 2 : 0;
    }
}

/// <summary><c>export</c> and <c>import</c>: release history to and from a file. Not helm's own.</summary>
internal sealed class ExportCommand : Command
{
    private readonly BoolFlag _allNamespaces;

    public ExportCommand()
        : base("export FILE [RELEASE_NAME]", "write release history to a file") =>
        _allNamespaces = Bool("all-namespaces", "export the releases of all namespaces", 'A');

    public override void CheckArguments(IReadOnlyList<string> arguments) => AtLeast(arguments, 1);

    public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        ReleaseClient releases = await session.ReleasesAsync(ct).ConfigureAwait(false);
        var query = new RevisionQuery { Namespace = _allNamespaces ? null : releases.Namespace, Name = arguments.Count > 1 ? arguments[1] : null };
        await using FileStream file = File.Create(arguments[0]);
        int count = await ReleaseArchive.ExportAsync(releases.Store, query, file, ct).ConfigureAwait(false);
        session.Out.Write($"{count} revision(s) written to {arguments[0]}\n");
        return 0;
    }
}

internal sealed class ImportCommand() : Command("import FILE", "read release history from a file; the namespace is the one given with -n, else that of each release")
{
    public override void CheckArguments(IReadOnlyList<string> arguments) => Exactly(arguments, 1);

    public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        ReleaseClient releases = await session.ReleasesAsync(ct).ConfigureAwait(false);
        await using FileStream file = File.OpenRead(arguments[0]);
        int count = await ReleaseArchive.ImportAsync(releases.Store, file, session.Flags.Namespace.IsGiven ? releases.Namespace : null, ct).ConfigureAwait(false);
        session.Out.Write($"{count} revision(s) stored\n");
        return 0;
    }
}

/// <summary><c>version</c> and <c>env</c>.</summary>
internal sealed class VersionCommand : Command
{
    private readonly BoolFlag _short;
    private readonly TextFlag _template;

    public VersionCommand()
        : base("version", "print the helm version information")
    {
        _short = Bool("short", "print the version number");
        _template = Text("template", "template for version string format");
    }

    public override Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        string version = Capabilities.Default.HelmVersion.Version;
        if (_template.Value.Length > 0)
            session.Out.Write(Templates.GoTemplate.Parse(_template.Value, "template").Render(new Templates.GoMap { ["Version"] = version, ["GoVersion"] = Capabilities.Default.HelmVersion.GoVersion }, cancellationToken: ct));
        else if (_short)
            session.Out.Write(version + "\n");
        else
            session.Out.Write($"hlc {typeof(VersionCommand).Assembly.GetName().Version!.ToString(3)}, compatible with helm {version}\n");
        return Task.FromResult(0);
    }
}

internal sealed class EnvCommand() : Command("env", "helm client environment information")
{
    public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        ChartSourceOptions sources = session.ChartSources;
        (string, string)[] variables =
        [
            ("HELM_CACHE_HOME", HelmFolders.Cache),
            ("HELM_CONFIG_HOME", HelmFolders.Configuration),
            ("HELM_DRIVER", session.Variable("HELM_DRIVER") ?? "secret"),
            ("HELM_KUBECONTEXT", session.Variable("HELM_KUBECONTEXT") ?? ""),
            ("HELM_MAX_HISTORY", session.Variable("HELM_MAX_HISTORY") ?? "10"),
            ("HELM_NAMESPACE", session.LocalNamespace),
            ("HELM_REPOSITORY_CACHE", sources.RepositoryCache),
            ("HELM_REPOSITORY_CONFIG", sources.RepositoryFile),
        ];
        foreach ((string name, string value) in variables)
        {
            if (arguments.Count == 0)
                session.Out.Write($"{name}=\"{value}\"\n");
            else if (arguments[0] == name)
                session.Out.Write(value + "\n");
        }

        return 0;
    }
}
