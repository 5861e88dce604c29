namespace HelmLifecycle.Charts;

/// <summary>
/// Merges as Helm does. Precedence, later wins: values files (and texts, maps, objects) in order, then all <c>--set-json</c>,
/// <c>--set</c>, <c>--set-string</c>, <c>--set-file</c>, <c>--set-literal</c>, each kind in order.
/// </summary>
public sealed class HelmValuesMerger : IValuesMerger
{
    private static readonly SetKind[] s_order = [SetKind.Json, SetKind.Set, SetKind.String, SetKind.File, SetKind.Literal];

    /// <inheritdoc/>
    public async ValueTask<GoMap> MergeAsync(IReadOnlyList<ValuesSource> sources, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sources);
        GoMap values = [];
        foreach (ValuesSource source in sources)
        {
            if (await ValuesReader.ReadMapAsync(source, cancellationToken).ConfigureAwait(false) is { } map)
                ValuesDocuments.Merge(values, map);
        }

        foreach (SetKind kind in s_order)
        {
            foreach (ValuesSource source in sources)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (source is ValuesSource.SetSource set && set.Kind == kind)
                    Apply(values, set);
            }
        }

        return values;
    }

    /// <summary>Applies one <c>--set</c> expression to values, which are changed.</summary>
    /// <exception cref="ValuesException">It is not well formed, such as <c>failed parsing --set data: key "a" has no value</c>.</exception>
    internal static void Apply(GoMap values, ValuesSource.SetSource set)
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
            SetExpression.Apply(set.Kind, set.Expression, values, ValuesReader.ReadFile);
        }
        catch (ValuesException e)
        {
            string flag = set.Kind == SetKind.Set ? "--set" : "--set-" + set.Kind.ToString().ToLowerInvariant();
            throw new ValuesException(
                set.Kind == SetKind.Json ? $"failed parsing {flag} data {set.Expression}: {e.Message}" : $"failed parsing {flag} data: {e.Message}", e);
        }
    }
}
