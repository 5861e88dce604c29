namespace HelmLifecycle.Templates;

/// <summary>Finds on which line each value of a document stands.</summary>
internal static class YamlLines
{
    private sealed class Frame(string path, bool isMap)
    {
        public string Path { get; } = path;

        public bool IsMap { get; } = isMap;

        public string? Key { get; set; }

        public int KeyLine { get; set; }

        public int Items { get; set; }
    }

    /// <returns>Lines from 1 by JSON pointer; of a map's value the line of its key.</returns>
    public static Dictionary<string, int> Find(string yaml)
    {
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        var frames = new Stack<Frame>();
        var parser = new YamlParser(yaml);
        for (YamlEventKind kind = parser.Read(); kind is not (YamlEventKind.StreamEnd or YamlEventKind.DocumentEnd); kind = parser.Read())
        {
            if (kind == YamlEventKind.DocumentStart)
                continue;
            if (kind is YamlEventKind.MappingEnd or YamlEventKind.SequenceEnd)
            {
                frames.Pop();
                continue;
            }

            bool isScalar = kind is YamlEventKind.Scalar or YamlEventKind.Alias;
            if (isScalar && frames.TryPeek(out Frame? map) && map is { IsMap: true, Key: null })
            {
                map.Key = kind == YamlEventKind.Alias ? parser.Text : YamlScalar.Resolve(parser.Text, parser.Tag, parser.Implicit).KeyText() ?? "";
                map.KeyLine = parser.Start.Line + 1;
                continue;
            }

            string path = Place(frames, parser.Start.Line + 1, out int line);
            lines[path] = line;
            if (!isScalar)
                frames.Push(new Frame(path, kind == YamlEventKind.MappingStart));
        }

        return lines;
    }

    private static string Place(Stack<Frame> frames, int valueLine, out int line)
    {
        line = valueLine;
        if (!frames.TryPeek(out Frame? frame))
            return "";
        if (!frame.IsMap)
            return $"{frame.Path}/{frame.Items++}";
        string key = frame.Key ?? "";
        frame.Key = null;
        line = frame.KeyLine;
        return $"{frame.Path}/{key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
    }
}
