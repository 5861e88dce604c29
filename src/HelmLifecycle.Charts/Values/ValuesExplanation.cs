namespace HelmLifecycle.Charts;

/// <summary>Where an effective value comes from.</summary>
/// <param name="Path">The path asked for.</param>
/// <param name="Value">The value that this source gives; nil when the source deletes the value.</param>
/// <param name="Source">A values file, a <c>--set</c> expression, or the <c>values.yaml</c> of a chart such as <c>web/charts/db/values.yaml</c>.</param>
/// <param name="Line">The line in that file; 0 where there are no lines.</param>
/// <param name="Overrides">What it overrides, the nearest first. Of a map, also the sources that give other parts of it.</param>
public sealed record ValueOrigin(string Path, GoValue Value, string Source, int Line, IReadOnlyList<ValueOrigin> Overrides)
{
    /// <inheritdoc/>
    public override string ToString() => Line > 0 ? $"{Source}:{Line}" : Source;
}

/// <summary>Tells of every effective value of a release which source set it, and what it overrides.</summary>
public sealed class ValuesExplanation
{
    private readonly Chart _chart;
    private readonly IReadOnlyList<Layer> _user;
    private readonly Dictionary<string, Layer> _defaults = new(StringComparer.Ordinal);

    private ValuesExplanation(Chart chart, GoMap values, IReadOnlyList<Layer> user)
    {
        _chart = chart;
        _user = user;
        Values = values;
        AddDefaults(chart, chart.Name);
    }

    /// <summary>The effective values: what templates see as <c>.Values</c>. Do not change them.</summary>
    public GoMap Values { get; }

    /// <summary>Reads the sources and works out the effective values by Helm's rules.</summary>
    /// <param name="chart">The chart as loaded.</param>
    /// <param name="sources">The user's sources, as given.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <exception cref="ValuesException">A source cannot be read, or the value for a subchart is no map.</exception>
    public static async Task<ValuesExplanation> CreateAsync(
        Chart chart, IReadOnlyList<ValuesSource> sources, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(chart);
        ArgumentNullException.ThrowIfNull(sources);
        GoMap user = [];
        var layers = new List<Layer>();
        foreach (ValuesSource source in ValuesMerging.InHelmsOrder(sources))
        {
            if (source is ValuesSource.SetSource set)
            {
                await ValuesMerging.ApplyAsync(user, set, cancellationToken).ConfigureAwait(false);
                layers.Add(await Layer.OfExpressionAsync(set, cancellationToken).ConfigureAwait(false));
            }
            else
            {
                Layer layer = await Layer.OfSourceAsync(source, cancellationToken).ConfigureAwait(false);
                layers.Add(layer);
                ValuesDocuments.Merge(user, layer.Values.DeepCopy());
            }
        }

        Chart resolved = DependencyResolver.Resolve(chart, user);
        return new ValuesExplanation(resolved, ChartValues.Coalesce(resolved, user), layers);
    }

    /// <summary>Explains a value.</summary>
    /// <param name="path">Its path with dots, such as <c>image.tag</c> or <c>db.hosts[0]</c>; <c>\.</c> is a dot in a key.</param>
    /// <returns>Where it comes from; null when no source gives it.</returns>
    public ValueOrigin? Explain(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string[] keys = [.. ValuesPath.Split(path)];
        ValueOrigin? origin = null;
        var below = new List<ValueOrigin>();
        foreach ((Layer layer, string[] inLayer) in Candidates(_chart, _chart.Name, keys))
        {
            if (!layer.TryGet(inLayer, out GoValue value, out int line))
                continue;
            if (origin is not null)
                below.Insert(0, origin with { Overrides = [] });
            origin = new ValueOrigin(path, value, layer.Name, line, []);
        }

        return origin is null ? null : origin with { Overrides = below };
    }

    // From the weakest to the strongest.
    private IEnumerable<(Layer Layer, string[] Keys)> Candidates(Chart chart, string chartPath, string[] keys)
    {
        foreach ((Layer, string[]) candidate in Defaults(chart, chartPath, keys))
            yield return candidate;
        foreach (Layer layer in _user)
            yield return (layer, keys);
        // A parent's global wins over what stands below the subchart's key.
        int global = keys.Length > 1 ? Array.IndexOf(keys, Coalescer.Global) : -1;
        if (global <= 0 || !IsDependencyPath(chart, keys[..global]))
            yield break;
        foreach ((Layer, string[]) candidate in Candidates(chart, chartPath, [.. keys[..(global - 1)], .. keys[global..]]))
            yield return candidate;
    }

    private IEnumerable<(Layer Layer, string[] Keys)> Defaults(Chart chart, string chartPath, string[] keys)
    {
        foreach ((string[] childKeys, Chart child) in Imports(chart, keys))
        {
            foreach ((Layer, string[]) candidate in Defaults(child, $"{chartPath}/charts/{child.Name}", childKeys))
                yield return candidate;
        }

        if (keys.Length > 1 && chart.Dependencies.FirstOrDefault(d => d.Name == keys[0]) is { } dependency)
        {
            foreach ((Layer, string[]) candidate in Defaults(dependency, $"{chartPath}/charts/{dependency.Name}", keys[1..]))
                yield return candidate;
        }

        if (_defaults.TryGetValue(chartPath, out Layer? own))
            yield return (own, keys);
    }

    // The paths in dependencies from which a value at this path is imported; the first import wins, so it comes last.
    private static IEnumerable<(string[] Keys, Chart Child)> Imports(Chart chart, string[] keys)
    {
        foreach (ChartDependency dependency in (chart.Metadata.Dependencies ?? []).Reverse())
        {
            if (chart.Dependencies.FirstOrDefault(d => d.Name == dependency.Name) is not { } child)
                continue;
            foreach (GoValue import in (dependency.ImportValues ?? []).Reverse())
            {
                string parent = GoPrint.Value(import.AsMap!["parent"]);
                string[] target = parent == "." ? [] : parent.Split('.');
                if (keys.Length > target.Length && keys.AsSpan().StartsWith(target))
                    yield return ([.. GoPrint.Value(import.AsMap!["child"]).Split('.'), .. keys[target.Length..]], child);
            }
        }
    }

    private static bool IsDependencyPath(Chart chart, string[] keys)
    {
        foreach (string key in keys)
        {
            if (chart.Dependencies.FirstOrDefault(d => d.Name == key) is not { } dependency)
                return false;
            chart = dependency;
        }

        return true;
    }

    private void AddDefaults(Chart chart, string path)
    {
        if (chart.Raw.FirstOrDefault(f => f.Name == "values.yaml") is { } file)
            _defaults[path] = Layer.OfYaml(file.Text, $"{path}/values.yaml");
        foreach (Chart dependency in chart.Dependencies)
            AddDefaults(dependency, $"{path}/charts/{dependency.Name}");
    }

    /// <summary>One source's values and where they stand in it.</summary>
    private sealed class Layer
    {
        private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);

        internal required string Name { get; init; }

        internal required GoMap Values { get; init; }

        // Nulls in a list that an index has reached over stand for nothing.
        private bool IsExpression { get; init; }

        internal static async Task<Layer> OfExpressionAsync(ValuesSource.SetSource set, CancellationToken cancellationToken)
        {
            GoMap values = [];
            await ValuesMerging.ApplyAsync(values, set, cancellationToken).ConfigureAwait(false);
            return new Layer { Name = $"{set.Flag} {set.Expression}", Values = values, IsExpression = true };
        }

        internal static async Task<Layer> OfSourceAsync(ValuesSource source, CancellationToken cancellationToken)
        {
            switch (source)
            {
                case ValuesSource.FileSource file:
                    return OfYaml(await ValuesFile.ReadAsync(file.Path, cancellationToken).ConfigureAwait(false), ValuesFile.Shown(file.Path));
                case ValuesSource.YamlSource yaml:
                    return OfYaml(yaml.Text, yaml.Name);
                default:
                    var map = (ValuesSource.MapSource)source;
                    return new Layer { Name = map.Name, Values = map.Values };
            }
        }

        internal static Layer OfYaml(string text, string name)
        {
            var layer = new Layer { Name = name, Values = ValuesReader.Parse(text, name) };
            foreach (YamlDocument document in HelmYaml.SplitDocuments(text))
            {
                foreach ((string pointer, int line) in HelmYaml.FindLines(document.Text))
                    layer._lines[pointer] = line + document.Line - 1;
            }

            return layer;
        }

        internal bool TryGet(string[] keys, out GoValue value, out int line)
        {
            value = Values;
            line = 0;
            string pointer = "";
            foreach (string key in keys)
            {
                if (value.AsMap is { } map && map.TryGetValue(key, out GoValue member))
                    value = member;
                else if (value.AsList is { } list && int.TryParse(key, out int index) && index >= 0 && index < list.Count && !(IsExpression && list[index].IsNil))
                    value = list[index];
                else
                    return false;
                pointer += "/" + key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
                line = _lines.GetValueOrDefault(pointer, line);
            }

            return true;
        }
    }
}
