using HelmLifecycle.Charts;

namespace HelmLifecycle.Cli;

/// <summary>What every command that takes a chart and values has in common.</summary>
internal abstract class ChartCommand : Command
{
    private readonly ListFlag _values, _set, _setString, _setJson, _setFile, _setLiteral;

    protected ChartCommand(string use, string summary)
        : base(use, summary)
    {
        _values = Add(new ListFlag("values", "specify values in a YAML file or a URL (can specify multiple)", 'f', splits: true, typeName: "strings"));
        _set = Add(new ListFlag("set", "set values on the command line (can specify multiple or separate values with commas: key1=val1,key2=val2)"));
        _setString = Add(new ListFlag("set-string", "set STRING values on the command line (can specify multiple or separate values with commas: key1=val1,key2=val2)"));
        _setJson = Add(new ListFlag("set-json", "set JSON values on the command line (can specify multiple or separate values with commas: key1=jsonval1,key2=jsonval2 or using json format: {\"key1\": jsonval1, \"key2\": \"jsonval2\"})"));
        _setFile = Add(new ListFlag("set-file", "set values from respective files specified via the command line (can specify multiple or separate values with commas: key1=path1,key2=path2)"));
        _setLiteral = Add(new ListFlag("set-literal", "set a literal STRING value on the command line"));
        Source = new ChartSourceFlags(Add);
    }

    protected ChartSourceFlags Source { get; }

    /// <summary>The values in helm's order: files, then JSON, then --set, strings, files, literals, however they stood on the line.</summary>
    protected async Task<ValuesSource[]> ValuesAsync(Session session, CancellationToken ct)
    {
        var sources = new List<ValuesSource>();
        foreach (string path in _values.Values)
        {
            sources.Add(path.Trim() == "-"
                ? ValuesSource.Yaml(await session.In.ReadToEndAsync(ct).ConfigureAwait(false), "-")
                : ValuesSource.File(path));
        }

        sources.AddRange(_setJson.Values.Select(ValuesSource.SetJson));
        sources.AddRange(_set.Values.Select(ValuesSource.Set));
        sources.AddRange(_setString.Values.Select(ValuesSource.SetString));
        sources.AddRange(_setFile.Values.Select(ValuesSource.SetFile));
        sources.AddRange(_setLiteral.Values.Select(ValuesSource.SetLiteral));
        return [.. sources];
    }
}

/// <summary>The flags that say where a chart comes from.</summary>
internal sealed class ChartSourceFlags
{
    private readonly TextFlag _version, _repo;
    private readonly BoolFlag _devel, _passCredentials;
    private readonly ConnectionFlags _connection;

    public ChartSourceFlags(Func<Flag, Flag> add)
    {
        T Add<T>(T flag)
            where T : Flag => (T)add(flag);
        _version = Add(new TextFlag("version", "specify a version constraint for the chart version to use. This constraint can be a specific tag (e.g. 1.1.1) or it may reference a valid range (e.g. ^2.0.0). If this is not specified, the latest version is used"));
        _repo = Add(new TextFlag("repo", "chart repository url where to locate the requested chart"));
        _devel = Add(BoolFlag.Make("devel", "use development versions, too. Equivalent to version '>0.0.0-0'. If --version is set, this is ignored"));
        _passCredentials = Add(BoolFlag.Make("pass-credentials", "pass credentials to all domains"));
        _connection = new ConnectionFlags(add, "download");
    }

    public ChartSourceOptions Options(Session session) => _connection.Apply(session.ChartSources) with
    {
        Version = _version.Value.Length > 0 ? _version.Value : _devel ? ">0.0.0-0" : null,
        RepositoryUrl = _repo.Value.Length > 0 ? _repo.Value : null,
        PassCredentialsAll = _passCredentials,
    };

    public async Task<Chart> LoadAsync(Session session, string reference, CancellationToken ct, bool dependencyUpdate = false)
    {
        ChartSourceOptions options = Options(session);
        ChartReference parsed = CliChartResolver.Parse(reference, options);
        if (dependencyUpdate && parsed.Kind == ChartReferenceKind.Path && Directory.Exists(reference))
            await new DependencyUpdater(options).UpdateAsync(reference, ct).ConfigureAwait(false);
        return await parsed.LoadAsync(options, ct).ConfigureAwait(false);
    }
}
