using System.Text;
using HelmLifecycle.Charts;
using HelmLifecycle.Templates;

namespace HelmLifecycle.Cli;

/// <summary><c>show all|chart|values|readme|crds</c>.</summary>
internal sealed class ShowCommand : Command
{
    private readonly ChartSourceFlags _source;
    private readonly string _what;

    private ShowCommand(string what, string summary)
        : base($"{what} [CHART]", summary)
    {
        _what = what;
        _source = new ChartSourceFlags(Add);
    }

    public static Command Make() => new CommandGroup(
        "show",
        "show information of a chart",
        new ShowCommand("all", "show all information of the chart"),
        new ShowCommand("chart", "show the chart's definition"),
        new ShowCommand("values", "show the chart's values"),
        new ShowCommand("readme", "show the chart's README"),
        new ShowCommand("crds", "show the chart's CRDs"));

    public override void CheckArguments(IReadOnlyList<string> arguments) => Exactly(arguments, 1);

    public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        Chart chart = await _source.LoadAsync(session, arguments[0], ct).ConfigureAwait(false);
        string definition = HelmYaml.WriteJson(chart.Metadata.ToJson());
        string values = Raw(chart, "values.yaml") ?? "";
        string? readme = chart.Files.FirstOrDefault(f => f.Name.ToLowerInvariant() is "readme.md" or "readme.txt" or "readme")?.Text;
        var crds = new StringBuilder();
        foreach (CrdFile crd in chart.Crds)
        {
            string text = GoString.FromBytes(crd.File.Data.Span);
            crds.Append(text.StartsWith("---", StringComparison.Ordinal) ? "" : "---\n").Append(text).Append('\n');
        }

        session.Out.Write(_what switch
        {
            "chart" => definition + "\n",
            "values" => values + "\n",
            "readme" => readme is null ? "" : "\n---\n" + readme + "\n",
            "crds" => crds.ToString(),
            _ => definition + "\n---\n" + values + "\n" + (readme is null ? "" : "\n---\n" + readme + "\n") + crds,
        });
        return 0;
    }

    private static string? Raw(Chart chart, string name) => chart.Raw.FirstOrDefault(f => f.Name == name)?.Text;
}

internal sealed class PackageCommand : Command
{
    private readonly TextFlag _destination, _version, _appVersion;
    private readonly BoolFlag _dependencies;

    public PackageCommand()
        : base("package [CHART_PATH] [...]", "package a chart directory into a chart archive")
    {
        _destination = Text("destination", "location to write the chart.", ".", 'd');
        _version = Text("version", "set the version on the chart to this semver version");
        _appVersion = Text("app-version", "set the appVersion on the chart to this version");
        _dependencies = Bool("dependency-update", "update dependencies from \"Chart.yaml\" to dir \"charts/\" before packaging", 'u');
    }

    public override void CheckArguments(IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0)
            throw new UsageException("need at least one argument, the path to the chart");
    }

    public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        foreach (string path in arguments)
        {
            if (_dependencies)
                await new DependencyUpdater(session.ChartSources).UpdateAsync(path, ct).ConfigureAwait(false);
            Chart chart = await ChartLoader.LoadAsync(path, cancellationToken: ct).ConfigureAwait(false);
            var options = new ChartPackageOptions
            {
                Version = _version.Value.Length > 0 ? _version.Value : null,
                AppVersion = _appVersion.Value.Length > 0 ? _appVersion.Value : null,
            };
            string file = await ChartPackager.PackAsync(chart, Path.GetFullPath(_destination.Value), options, ct).ConfigureAwait(false);
            session.Out.Write($"Successfully packaged chart and saved it to: {file}\n");
        }

        return 0;
    }
}

internal sealed class PullCommand : Command
{
    private readonly ChartSourceFlags _source;
    private readonly TextFlag _destination, _untarFolder;
    private readonly BoolFlag _untar;

    public PullCommand()
        : base("pull [chart URL | repo/chartname] [...]", "download a chart from a repository and (optionally) unpack it in local directory")
    {
        _source = new ChartSourceFlags(Add);
        _destination = Text("destination", "location to write the chart. If this and untardir are specified, untardir is appended to this", ".", 'd');
        _untar = Bool("untar", "if set to true, will untar the chart after downloading it");
        _untarFolder = Text("untardir", "if untar is specified, this flag specifies the name of the directory into which the chart is expanded", ".");
    }

    public override IReadOnlyList<string> Aliases => ["fetch"];

    public override void CheckArguments(IReadOnlyList<string> arguments) => AtLeast(arguments, 1);

    public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        foreach (string reference in arguments)
        {
            ChartSourceOptions options = _source.Options(session);
            byte[] archive = await ChartReference.Parse(reference, options).PullAsync(options, ct).ConfigureAwait(false);
            Chart chart = await ChartLoader.LoadArchiveAsync(new MemoryStream(archive), cancellationToken: ct).ConfigureAwait(false);
            Directory.CreateDirectory(_destination.Value);
            if (_untar)
                await UnpackAsync(chart, Path.Combine(_destination.Value, _untarFolder.Value, chart.Name), ct).ConfigureAwait(false);
            else
                await File.WriteAllBytesAsync(Path.Combine(_destination.Value, ChartPackager.FileName(chart.Metadata)), archive, ct).ConfigureAwait(false);
        }

        return 0;
    }

    // The loader has already refused paths that leave the chart.
    private static async Task UnpackAsync(Chart chart, string folder, CancellationToken ct)
    {
        if (Directory.Exists(folder) || File.Exists(folder))
            throw new ChartException($"failed to untar: a file or directory with the name {folder} already exists");
        foreach (ChartFile file in chart.Raw)
        {
            string path = Path.Combine(folder, file.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, file.Data.ToArray(), ct).ConfigureAwait(false);
        }
    }
}

internal sealed class PushCommand : Command
{
    private readonly ConnectionFlags _connection;

    public PushCommand()
        : base("push [chart] [remote]", "push a chart to remote") =>
        _connection = new ConnectionFlags(Add, "upload");

    public override void CheckArguments(IReadOnlyList<string> arguments) => AtLeast(arguments, 2);

    public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        if (!OciReference.IsOci(arguments[1]))
            throw new UsageException($"scheme prefix missing from remote (e.g. \"{OciReference.Scheme}\")");
        byte[] archive = await File.ReadAllBytesAsync(arguments[0], ct).ConfigureAwait(false);
        using var registry = new RegistryClient(_connection.Apply(session.ChartSources.Registry));
        RegistryResult result = await registry.PushAsync(archive, OciReference.ParseBase(arguments[1]), cancellationToken: ct).ConfigureAwait(false);
        session.Error.Write($"Pushed: {result.Reference}\nDigest: {result.Digest}\n");
        return 0;
    }
}
