namespace HelmLifecycle.Charts;

/// <summary>
/// Builds values in code, without YAML: <c>new ValuesBuilder().Set("image.tag", "1.27").Set("replicaCount", 3)</c>. Immutable: every call
/// returns a new builder. Numbers keep their kind: a whole number is Go's <c>int64</c>, as with <c>--set</c>.
/// </summary>
public sealed class ValuesBuilder
{
    private readonly GoMap _values;

    /// <summary>An empty builder.</summary>
    public ValuesBuilder()
        : this([])
    {
    }

    private ValuesBuilder(GoMap values) => _values = values;

    /// <summary>Sets a text.</summary>
    /// <param name="path">The way to the value: keys joined by dots; a dot inside a key is written <c>\.</c>.</param>
    /// <param name="value">The text; null sets null, which deletes the chart's default.</param>
    /// <exception cref="ValuesException">The path is empty, or leads through something that is no map.</exception>
    public ValuesBuilder Set(string path, string? value) => With(path, value is null ? GoValue.Nil : GoValue.String(value));

    /// <summary>Sets a truth value.</summary>
    /// <exception cref="ValuesException">The path is empty, or leads through something that is no map.</exception>
    public ValuesBuilder Set(string path, bool value) => With(path, GoValue.Bool(value));

    /// <summary>Sets a whole number.</summary>
    /// <exception cref="ValuesException">The path is empty, or leads through something that is no map.</exception>
    public ValuesBuilder Set(string path, long value) => With(path, GoValue.Int64(value));

    /// <summary>Sets a number.</summary>
    /// <exception cref="ValuesException">The path is empty, or leads through something that is no map.</exception>
    public ValuesBuilder Set(string path, double value) => With(path, GoValue.Float(value));

    /// <summary>Sets a list of texts.</summary>
    /// <exception cref="ValuesException">The path is empty, or leads through something that is no map.</exception>
    public ValuesBuilder Set(string path, IEnumerable<string> values) => With(path, GoValue.List([.. values.Select(GoValue.String)]));

    /// <summary>Sets a map, built by another builder.</summary>
    /// <exception cref="ValuesException">The path is empty, or leads through something that is no map.</exception>
    public ValuesBuilder Set(string path, ValuesBuilder value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return With(path, value.Build());
    }

    /// <summary>Sets a list of maps, each built by another builder.</summary>
    /// <exception cref="ValuesException">The path is empty, or leads through something that is no map.</exception>
    public ValuesBuilder Set(string path, IEnumerable<ValuesBuilder> values) => With(path, GoValue.List([.. values.Select(v => (GoValue)v.Build())]));

    /// <summary>Sets null, which deletes the chart's default.</summary>
    /// <exception cref="ValuesException">The path is empty, or leads through something that is no map.</exception>
    public ValuesBuilder Remove(string path) => With(path, GoValue.Nil);

    /// <summary>The values; the caller's own copy.</summary>
    public GoMap Build() => _values.DeepCopy();

    /// <summary>The values as a source for an install or upgrade.</summary>
    /// <param name="name">What messages and explanations call it.</param>
    public ValuesSource ToSource(string name = "values") => ValuesSource.Map(_values, name);

    private ValuesBuilder With(string path, GoValue value)
    {
        string[] keys = Keys(path);
        GoMap root = _values.DeepCopy(), map = root;
        foreach (string key in keys.AsSpan(0, keys.Length - 1))
        {
            if (!map.TryGetValue(key, out GoValue next) || next.IsNil)
                map[key] = next = new GoMap();
            map = next.AsMap ?? throw new ValuesException($"{path}: {key} is no map");
        }

        map[keys[^1]] = value;
        return new ValuesBuilder(root);
    }

    private static string[] Keys(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string[] keys = [.. path.Replace("\\.", "\0", StringComparison.Ordinal).Split('.').Select(k => k.Replace('\0', '.'))];
        return keys.All(k => k.Length > 0) ? keys : throw new ValuesException($"\"{path}\" is no path of a value");
    }
}
