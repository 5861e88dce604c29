namespace HelmLifecycle.Charts;

/// <summary>Reads the files of a chart's folder, in Helm's order, without those that <c>.helmignore</c> names.</summary>
internal sealed class FolderReader
{
    private readonly string _root;
    private readonly string _realRoot;
    private readonly ChartLoadOptions _options;
    private readonly IgnoreRules _rules;
    private readonly List<ChartFile> _files = [];
    private readonly HashSet<string> _openFolders = new(StringComparer.Ordinal);
    private long _bytes;

    private FolderReader(string root, ChartLoadOptions options)
    {
        _root = Path.GetFullPath(root);
        _realRoot = RealPath(new DirectoryInfo(_root));
        _options = options;
        string ignore = Path.Combine(_root, ".helmignore");
        _rules = IgnoreRules.Parse(File.Exists(ignore) ? File.ReadAllText(ignore) : "");
    }

    /// <exception cref="ChartException">A file cannot be read, is too large, is no regular file, or a link leaves the chart.</exception>
    internal static List<ChartFile> Read(string root, ChartLoadOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var reader = new FolderReader(root, options);
            reader.ReadFolder(new DirectoryInfo(reader._root), "", 0, cancellationToken);
            return reader._files;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ChartException($"cannot read chart folder {root}: {e.Message}", e);
        }
    }

    private void ReadFolder(DirectoryInfo folder, string path, int depth, CancellationToken cancellationToken)
    {
        if (depth > _options.MaxDepth * 2)
            throw new ChartException($"folders are nested deeper than {_options.MaxDepth * 2} levels: {path}");
        FileSystemInfo[] entries = folder.GetFileSystemInfos();
        Array.Sort(entries, (a, b) => GoString.Comparer.Compare(a.Name, b.Name));
        foreach (FileSystemInfo entry in entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string name = path + entry.Name;
            FileSystemInfo target = entry.LinkTarget is null ? entry : Follow(entry, name);
            bool isFolder = target is DirectoryInfo;
            if (_rules.Ignores(name, isFolder))
                continue;
            if (isFolder)
                Enter((DirectoryInfo)target, name, depth, cancellationToken);
            else
                ReadFile((FileInfo)target, name);
        }
    }

    private void Enter(DirectoryInfo folder, string name, int depth, CancellationToken cancellationToken)
    {
        string real = RealPath(folder);
        if (!_openFolders.Add(real))
            throw new ChartException($"link {name} leads back into a folder that holds it");
        ReadFolder(folder, name + "/", depth + 1, cancellationToken);
        _openFolders.Remove(real);
    }

    private void ReadFile(FileInfo file, string name)
    {
        if (file.Length > _options.MaxFileBytes)
            throw new ChartException($"chart file {GoQuote.String(file.Name)} is larger than the maximum file size {_options.MaxFileBytes}");
        if (_files.Count >= _options.MaxFiles)
            throw new ChartException($"chart contains more than {_options.MaxFiles} files");
        // Pipes, sockets and devices, which could block for ever, have no length and so are never opened: they load as empty files.
        byte[] data = file.Length == 0 ? [] : File.ReadAllBytes(file.FullName);
        _bytes += data.Length;
        if (_bytes > _options.MaxChartBytes)
            throw new ChartException($"chart is larger than the maximum size {_options.MaxChartBytes}");
        _files.Add(new ChartFile(name, ArchiveReader.WithoutMark(data)));
    }

    // Helm follows every link. Here one may not lead out of the chart, so that a chart from elsewhere cannot read this machine's files.
    private FileSystemInfo Follow(FileSystemInfo link, string name)
    {
        FileSystemInfo? target = link.ResolveLinkTarget(returnFinalTarget: true);
        if (target is null || !target.Exists)
        {
            if (_rules.Ignores(name, isFolder: false))
                return link;
            throw new ChartException($"link {name} leads to a file that does not exist");
        }

        string real = RealPath(target);
        if (real != _realRoot && !real.StartsWith(_realRoot + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new ChartException($"link {name} leads out of the chart");
        return target;
    }

    // The path with every link on the way resolved.
    private static string RealPath(FileSystemInfo entry)
    {
        string full = Path.GetFullPath(entry.FullName);
        string root = Path.GetPathRoot(full) ?? "";
        string real = root;
        foreach (string part in full[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            string next = Path.Combine(real, part);
            real = new DirectoryInfo(next) is { LinkTarget: not null } link && link.ResolveLinkTarget(returnFinalTarget: true) is { } target
                ? RealPath(target)
                : next;
        }

        return real;
    }
}
