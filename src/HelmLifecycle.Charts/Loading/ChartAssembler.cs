namespace HelmLifecycle.Charts;

/// <summary>Makes a chart of its files, whichever way they came: Helm's <c>LoadFiles</c>.</summary>
internal sealed class ChartAssembler
{
    private readonly ChartLoadOptions _options;
    private long _bytesLeft;
    private int _filesLeft;

    internal ChartAssembler(ChartLoadOptions options)
    {
        _options = options;
        _bytesLeft = options.MaxChartBytes;
        _filesLeft = options.MaxFiles;
    }

    /// <summary>Unpacks an archive and makes a chart of it. Nested archives share one budget.</summary>
    internal Chart LoadArchive(ReadOnlyMemory<byte> archive, int depth = 0)
    {
        List<ChartFile> files = new ArchiveReader(_options, _bytesLeft, _filesLeft).Read(archive, out long bytes);
        _bytesLeft -= bytes;
        _filesLeft -= files.Count;
        return Assemble(files, depth);
    }

    internal Chart Assemble(IReadOnlyList<ChartFile> files, int depth = 0)
    {
        if (depth > _options.MaxDepth)
            throw new ChartException($"charts are nested deeper than {_options.MaxDepth} levels");
        ChartMetadata? metadata = null;
        foreach (ChartFile file in files)
        {
            if (file.Name != "Chart.yaml")
                continue;
            metadata = Parse(file, node => ChartMetadataJson.Read(node, metadata));
            if (metadata.ApiVersion.Length == 0)
                metadata = metadata with { ApiVersion = "v1" };
        }

        var parts = new Parts { Metadata = metadata };
        foreach (ChartFile file in files)
            Sort(file, parts);
        if (parts.Metadata is null)
            throw new ChartException("Chart.yaml file is missing");
        metadata = ChartChecks.Check(parts.Metadata);
        return new Chart
        {
            Metadata = metadata,
            Lock = parts.Lock,
            Templates = parts.Templates,
            Files = parts.Files,
            Raw = files,
            Values = parts.Values,
            Schema = parts.Schema,
            Dependencies = LoadSubcharts(metadata.Name, parts.Subcharts, depth + 1),
        };
    }

    private static void Sort(ChartFile file, Parts parts)
    {
        switch (file.Name)
        {
            case "Chart.yaml":
                break;
            case "Chart.lock":
                parts.Lock = Parse(file, ChartMetadataJson.ReadLock);
                break;
            case "values.yaml":
                parts.Values = ReadValues(file);
                break;
            case "values.schema.json":
                parts.Schema = file.Data;
                break;
            case "requirements.yaml":
                parts.Metadata = Parse(file, node => ChartMetadataJson.Read(node, parts.Metadata));
                if (parts.Metadata.ApiVersion == "v1")
                    parts.Files.Add(file);
                break;
            case "requirements.lock":
                parts.Lock = Parse(file, ChartMetadataJson.ReadLock);
                if (parts.Metadata?.ApiVersion == "v1")
                    parts.Files.Add(file);
                break;
            default:
                if (file.Name.StartsWith("templates/", StringComparison.Ordinal))
                    parts.Templates.Add(file);
                else if (file.Name.StartsWith("charts/", StringComparison.Ordinal) && !file.Name.EndsWith(".prov", StringComparison.Ordinal))
                    parts.AddToSubchart(file with { Name = file.Name["charts/".Length..] });
                else
                    parts.Files.Add(file);
                break;
        }
    }

    private Chart[] LoadSubcharts(string parent, Dictionary<string, List<ChartFile>> subcharts, int depth)
    {
        string[] names = [.. subcharts.Keys.Where(name => name[0] is not ('_' or '.'))];
        Array.Sort(names, GoString.Comparer);
        return [.. names.Select(name => LoadSubchart(parent, name, subcharts[name], depth))];
    }

    private Chart LoadSubchart(string parent, string name, List<ChartFile> files, int depth)
    {
        try
        {
            if (!name.EndsWith(".tgz", StringComparison.Ordinal))
                return Assemble([.. files.Where(f => f.Name.Length > name.Length).Select(f => f with { Name = f.Name[(name.Length + 1)..] })], depth);
        }
        catch (ChartException e)
        {
            throw Wrap(e);
        }

        if (files[0].Name != name)
            throw new ChartException($"error unpacking subchart tar in {parent}: expected {name}, got {files[0].Name}");
        if (depth > _options.MaxDepth)
            throw new ChartException($"charts are nested deeper than {_options.MaxDepth} levels");
        try
        {
            return LoadArchive(files[0].Data, depth);
        }
        catch (ChartException e)
        {
            throw Wrap(e);
        }

        ChartException Wrap(ChartException e) => new($"error unpacking subchart {name} in {parent}: {e.Message}", e);
    }

    private static GoMap ReadValues(ChartFile file)
    {
        try
        {
            return ValuesDocuments.Read(file.Text);
        }
        catch (ValuesException e)
        {
            throw new ChartException($"cannot load {file.Name}: {e.Message}", e);
        }
    }

    private static T Parse<T>(ChartFile file, Func<System.Text.Json.Nodes.JsonNode?, T> read)
    {
        try
        {
            return read(HelmYaml.ReadJson(file.Text));
        }
        catch (Exception e) when (e is YamlException or ChartException)
        {
            throw new ChartException($"cannot load {file.Name}: {e.Message}", e);
        }
    }

    private sealed class Parts
    {
        internal ChartMetadata? Metadata { get; set; }

        internal ChartLock? Lock { get; set; }

        internal GoMap? Values { get; set; }

        internal ReadOnlyMemory<byte>? Schema { get; set; }

        internal List<ChartFile> Templates { get; } = [];

        internal List<ChartFile> Files { get; } = [];

        internal Dictionary<string, List<ChartFile>> Subcharts { get; } = new(StringComparer.Ordinal);

        internal void AddToSubchart(ChartFile file)
        {
            int slash = file.Name.IndexOf('/', StringComparison.Ordinal);
            string name = slash < 0 ? file.Name : file.Name[..slash];
            if (name.Length == 0)
                return;
            if (!Subcharts.TryGetValue(name, out List<ChartFile>? files))
                Subcharts[name] = files = [];

            files.Add(file);
        }
    }
}
