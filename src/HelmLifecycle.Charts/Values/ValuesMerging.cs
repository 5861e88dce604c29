namespace HelmLifecycle.Charts;

/// <summary>The way through the sources that mergers share: maps first, in order, then Helm's order of the kinds of <c>--set</c>.</summary>
internal static class ValuesMerging
{
    private static readonly SetKind[] s_order = [SetKind.Json, SetKind.Set, SetKind.String, SetKind.File, SetKind.Literal];

    /// <summary>The sources in the order of their precedence, the weakest first.</summary>
    internal static IEnumerable<ValuesSource> InHelmsOrder(IReadOnlyList<ValuesSource> sources) =>
        sources.Where(s => s is not ValuesSource.SetSource)
            .Concat(s_order.SelectMany(kind => sources.Where(s => s is ValuesSource.SetSource set && set.Kind == kind)));

    /// <param name="sources">The sources as given.</param>
    /// <param name="merge">Merges a map, the second, into the values so far, the first.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    internal static async ValueTask<GoMap> MergeAsync(
        IReadOnlyList<ValuesSource> sources, Action<GoMap, GoMap> merge, CancellationToken cancellationToken)
    {
        GoMap values = [];
        foreach (ValuesSource source in InHelmsOrder(sources))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (source is ValuesSource.SetSource set)
                await ApplyAsync(values, set, cancellationToken).ConfigureAwait(false);
            else
                merge(values, (await ValuesReader.ReadMapAsync(source, cancellationToken).ConfigureAwait(false))!);
        }

        return values;
    }

    /// <summary>Applies one <c>--set</c> expression to values, which are changed.</summary>
    /// <exception cref="ValuesException">It is not well formed, such as <c>failed parsing --set data: key "a" has no value</c>.</exception>
    internal static async ValueTask ApplyAsync(GoMap values, ValuesSource.SetSource set, CancellationToken cancellationToken)
    {
        if (set.Kind == SetKind.Json && GoText.Trim(set.Expression) is ['{', ..] whole)
        {
            try
            {
                ValuesDocuments.Merge(values, HelmJson.Read(whole.ToString()).AsMap!);
                return;
            }
            catch (JsonSyntaxException e)
            {
                throw new ValuesException($"failed parsing --set-json data JSON: {set.Expression}: {e.Message}", e);
            }
        }

        try
        {
            Dictionary<string, string> files = set.Kind == SetKind.File ? await ReadFilesAsync(set.Expression, cancellationToken).ConfigureAwait(false) : [];
            SetExpression.Apply(set.Kind, set.Expression, values, name => files[name]);
        }
        catch (ValuesException e)
        {
            string data = set.Kind == SetKind.Json ? $"data {set.Expression}" : "data";
            throw new ValuesException($"failed parsing {set.Flag} {data}: {e.Message}", e);
        }
    }

    // The grammar is read twice: once for the names of the files, which take time to read, and once with what they hold.
    private static async ValueTask<Dictionary<string, string>> ReadFilesAsync(string expression, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        try
        {
            SetExpression.Apply(SetKind.File, expression, [], name =>
            {
                names.Add(name);
                return "";
            });
        }
        catch (ValuesException)
        {
            // The second reading ends at the same place, unless a file before it cannot be read.
        }

        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string name in names)
            files[name] = await ValuesFile.ReadAsync(name, cancellationToken).ConfigureAwait(false);
        return files;
    }
}
