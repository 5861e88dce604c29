namespace HelmLifecycle.Templates;

/// <summary>
/// The methods of Helm's <c>common.Values</c>, the type of <c>.Values</c> and of the root. As methods come before keys, a chart cannot reach a value by the
/// name of one of them but through <c>index</c>.
/// </summary>
internal static class ValuesMethods
{
    internal static GoFunction? Find(GoValue values, string name)
    {
        GoMap map = values.AsMap!;
        return name switch
        {
            "AsMap" => new GoFunction(name, [], (_, _) => map.Count == 0 ? new GoMap() : map.WithType(GoType.Map)),
            "YAML" => new GoFunction(name, [], (context, _) =>
            {
                string yaml = HelmYaml.Write(values);
                context.Charge(yaml.Length);
                return yaml;
            }),
            "Table" => new GoFunction(name, [GoParameter.String], (_, arguments) => Table(map, arguments[0].AsString!)),
            "PathValue" => new GoFunction(name, [GoParameter.String], (_, arguments) => PathValue(map, arguments[0].AsString!)),
            "Encode" => new GoFunction(name, [GoParameter.Object], (_, _) => default) { ObjectTypes = [Writer] },
            _ => null,
        };
    }

    // No template has a value of this type to give.
    private static GoType Writer { get; } = new("io.Writer", GoKind.Object, "interface");

    private static GoMap Table(GoMap map, string path)
    {
        foreach (string key in path.Split('.'))
            map = map[key].AsMap ?? throw new GoFunctionException(Strconv.Quote(key) + " is not a table");
        return map.WithType(GoType.Values);
    }

    private static GoValue PathValue(GoMap map, string path)
    {
        if (path.Length == 0)
            throw new GoFunctionException("YAML path cannot be empty");
        string[] keys = path.Split('.');
        GoMap? table = map;
        for (int i = 0; i < keys.Length - 1 && table is not null; i++)
            table = table[keys[i]].AsMap;
        return table is not null && table.TryGetValue(keys[^1], out GoValue value) && value.Kind != GoKind.Map
            ? value
            : throw new GoFunctionException(Strconv.Quote(keys[^1]) + " is not a value");
    }
}
