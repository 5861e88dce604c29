namespace HelmLifecycle.Charts;

/// <summary>Works out which dependencies of a chart are enabled, under which names, and imports their values.</summary>
public static class DependencyResolver
{
    /// <summary>
    /// Processes the dependencies (Helm's <c>ProcessDependencies</c>): aliases, tags, conditions, import-values.
    /// </summary>
    /// <param name="chart">The chart as loaded; it is not changed.</param>
    /// <param name="values">The user-supplied values.</param>
    /// <param name="warn">Hears Helm's warnings.</param>
    /// <returns>The chart with the enabled dependencies alone, and with values as Helm stores them. It may be the same chart.</returns>
    /// <exception cref="ValuesException">The value for a subchart is no map.</exception>
    public static Chart Resolve(Chart chart, GoMap values, Action<string>? warn = null)
    {
        ArgumentNullException.ThrowIfNull(chart);
        ArgumentNullException.ThrowIfNull(values);
        Chart enabled = DependencySelector.Select(chart, values, warn);
        return ValueImporter.Import(enabled, warn);
    }
}
