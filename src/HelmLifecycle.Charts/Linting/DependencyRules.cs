namespace HelmLifecycle.Charts;

/// <summary>That the dependencies in Chart.yaml and the charts in <c>charts/</c> are the same.</summary>
internal static class DependencyRules
{
    public static void Check(Chart chart, string path, List<LintMessage> messages)
    {
        IReadOnlyList<ChartDependency> declared = chart.Metadata.Dependencies ?? [];
        string[] undeclared = [.. chart.Dependencies.Select(d => d.Name).Where(n => declared.All(d => d.Name != n))];
        if (undeclared.Length > 0)
            messages.Add(new(LintSeverity.Error, path, "chart metadata is missing these dependencies: " + string.Join(',', undeclared)));
        string[] missing = [.. declared.Select(d => d.Name).Where(n => chart.Dependencies.All(d => d.Name != n))];
        if (missing.Length > 0)
            messages.Add(new(LintSeverity.Warning, path, "chart directory is missing these dependencies: " + string.Join(',', missing)));
    }
}
