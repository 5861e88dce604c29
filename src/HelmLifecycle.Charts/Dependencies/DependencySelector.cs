namespace HelmLifecycle.Charts;

/// <summary>Picks the enabled dependencies: first by name and version, then by tags, then by conditions, which win.</summary>
internal static class DependencySelector
{
    internal static Chart Select(Chart chart, GoMap values, Action<string>? warn) => Select(chart, values, "", warn);

    private static Chart Select(Chart chart, GoMap values, string path, Action<string>? warn)
    {
        if (chart.Metadata.Dependencies is not { } declared)
            return chart;
        List<ChartDependency> named = [.. declared.Select(Named)];
        Chart candidates = chart.With(chart.Metadata with { Dependencies = named }, Candidates(chart, declared));
        GoMap coalesced = ChartValues.Coalesce(candidates, values, warn);
        var disabled = new HashSet<string>(StringComparer.Ordinal);
        GoMap? tags = coalesced["tags"].AsMap;
        foreach (ChartDependency dependency in named)
        {
            if (!IsEnabled(dependency, tags, coalesced, path, warn))
                disabled.Add(dependency.Name);
        }

        List<ChartDependency> kept = [.. named.Where(d => !disabled.Contains(d.Name))];
        List<Chart> charts = [];
        foreach (Chart candidate in candidates.Dependencies)
        {
            if (!disabled.Contains(candidate.Name))
                charts.Add(Select(candidate, coalesced, $"{path}{candidate.Name}.", warn));
        }

        return chart.With(chart.Metadata with { Dependencies = kept.Count == 0 ? null : kept }, charts);
    }

    private static ChartDependency Named(ChartDependency dependency) =>
        dependency with { Name = dependency.Alias.Length > 0 ? dependency.Alias : dependency.Name, Enabled = true };

    /// <summary>The charts that no declared dependency means, then for each declared one the first that fits, under its alias.</summary>
    private static List<Chart> Candidates(Chart chart, IReadOnlyList<ChartDependency> declared)
    {
        List<Chart> candidates = [.. chart.Dependencies.Where(c => !declared.Any(d => Fits(d, c)))];
        foreach (ChartDependency dependency in declared)
        {
            if (chart.Dependencies.FirstOrDefault(c => Fits(dependency, c)) is not { } found)
                continue;
            candidates.Add(dependency.Alias.Length > 0 ? found.With(found.Metadata with { Name = dependency.Alias }, found.Dependencies) : found);
        }

        return candidates;
    }

    private static bool Fits(ChartDependency dependency, Chart chart) =>
        dependency.Name == chart.Name && IsCompatible(dependency.Version, chart.Metadata.Version);

    internal static bool IsCompatible(string constraint, string version) =>
        SemanticVersion.TryParse(version, out SemanticVersion? parsed)
        && VersionConstraint.TryParse(constraint, out VersionConstraint? range)
        && range.IsSatisfiedBy(parsed);

    private static bool IsEnabled(ChartDependency dependency, GoMap? tags, GoMap values, string path, Action<string>? warn)
    {
        bool enabled = tags is null || IsEnabledByTags(dependency, tags, warn);
        foreach (string condition in GoText.Trim(dependency.Condition).ToString().Split(','))
        {
            if (condition.Length == 0 || !ValuesPath.TryGetValue(values, path + condition, out GoValue value))
                continue;
            if (value.Kind == GoKind.Bool)
                return value.BoolValue;
            warn?.Invoke($"returned non-bool value path={condition} chart={dependency.Name}");
        }

        return enabled;
    }

    private static bool IsEnabledByTags(ChartDependency dependency, GoMap tags, Action<string>? warn)
    {
        bool someFalse = false;
        foreach (string tag in dependency.Tags ?? [])
        {
            if (!tags.TryGetValue(tag, out GoValue value))
                continue;
            if (value.Kind != GoKind.Bool)
                warn?.Invoke($"returned non-bool value tag={tag} chart={dependency.Name}");
            else if (value.BoolValue)
                return true;
            else
                someFalse = true;
        }

        return !someFalse;
    }
}
