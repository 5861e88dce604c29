namespace HelmLifecycle.Charts;

/// <summary>What templates see as <c>.Files</c>: a map from path to bytes, with methods.</summary>
internal sealed class FilesObject
{
    private readonly Dictionary<string, ChartFile> _files = new(StringComparer.Ordinal);
    private readonly GoType _type;

    private FilesObject(IReadOnlyList<ChartFile> files)
    {
        foreach (ChartFile file in files)
            _files[file.Name] = file;
        _type = new GoType("engine.files", GoKind.Map, "map", GoType.Bytes) { Methods = FindMethod };
    }

    /// <summary>The files, for the templates of one chart. It may be used by many renders: <see cref="NewMap"/> makes what a render may change.</summary>
    internal static FilesObject Of(IReadOnlyList<ChartFile> files) => new(files);

    internal GoMap NewMap() => MapOf(_files.Values);

    private GoMap MapOf(IEnumerable<ChartFile> files)
    {
        var map = new GoMap(_type);
        foreach (ChartFile file in files)
            map[file.Name] = GoList.OfBytes(file.Data);
        return map;
    }

    private GoFunction? FindMethod(GoValue receiver, string name)
    {
        GoMap map = receiver.AsMap!;
        return name switch
        {
            "Get" => new(name, [GoParameter.String], (_, arguments) => TextOf(map, arguments[0].AsString!)),
            "GetBytes" => new(name, [GoParameter.String], (_, arguments) => map[arguments[0].AsString!].AsList ?? GoList.OfBytes(ReadOnlyMemory<byte>.Empty)),
            "Glob" => new(name, [GoParameter.String], (_, arguments) => Glob(map, arguments[0].AsString!)),
            "AsConfig" => new(name, [], (_, _) => ToYaml(map, key => TextOf(map, key))),
            "AsSecrets" => new(name, [], (_, _) => ToYaml(map, key => Convert.ToBase64String(BytesOf(map, key).Span))),
            "Lines" => new(name, [GoParameter.String], (_, arguments) => Lines(TextOf(map, arguments[0].AsString!))),
            _ => null,
        };
    }

    private GoMap Glob(GoMap map, string pattern)
    {
        GlobPattern glob = GlobPattern.Parse(pattern);
        var found = new GoMap(_type);
        foreach ((string name, GoValue bytes) in map)
        {
            if (glob.IsMatch(name))
                found[name] = bytes;
        }

        return found;
    }

    private static string ToYaml(GoMap files, Func<string, string> content)
    {
        var map = new GoMap(GoType.StringMap);
        foreach (string name in files.SortedKeys)
            map[GoPath.Base(name)] = content(name);
        return HelmYaml.Write(map).TrimEnd('\n');
    }

    private static GoValue Lines(string text)
    {
        if (text.Length == 0)
            return GoList.OfStrings([]);
        return GoList.OfStrings((text.EndsWith('\n') ? text[..^1] : text).Split('\n'));
    }

    // The file's own text is kept and need not be made again.
    private string TextOf(GoMap map, string name)
    {
        if (!map.ContainsKey(name))
            return "";
        return _files.TryGetValue(name, out ChartFile? file) ? file.Text : GoString.FromBytes(BytesOf(map, name).Span);
    }

    private static ReadOnlyMemory<byte> BytesOf(GoMap map, string name) =>
        map[name].AsList is { } list && list.TryGetBytes(out ReadOnlyMemory<byte> bytes) ? bytes : default;
}
