namespace HelmLifecycle.Charts;

/// <summary>How a chart's default values and the user's come together.</summary>
public static class ChartValues
{
    /// <summary>
    /// The values that templates see: the user's over the chart's and its dependencies' defaults, globals handed down, nulls deleting keys
    /// (Helm's <c>CoalesceValues</c>). Neither argument is changed.
    /// </summary>
    /// <param name="chart">The chart; its dependencies are those that count, so process them first.</param>
    /// <param name="values">The user-supplied values.</param>
    /// <param name="warn">Hears Helm's warnings, such as <c>warning: cannot overwrite table with non table for web.image (map[])</c>.</param>
    /// <exception cref="ValuesException">The value for a subchart is no map.</exception>
    public static GoMap Coalesce(Chart chart, GoMap values, Action<string>? warn = null) =>
        Combine(chart, values, merge: false, warn);

    /// <summary>As <see cref="Coalesce"/>, but nulls are kept (Helm's <c>MergeValues</c>).</summary>
    /// <exception cref="ValuesException">The value for a subchart is no map.</exception>
    public static GoMap Merge(Chart chart, GoMap values, Action<string>? warn = null) =>
        Combine(chart, values, merge: true, warn);

    /// <summary>
    /// Merges two maps, the first wins; a null in it deletes (Helm's <c>CoalesceTables</c>, of <c>--reuse-values</c>). Neither is changed.
    /// </summary>
    public static GoMap CoalesceTables(GoMap winner, GoMap loser, Action<string>? warn = null)
    {
        ArgumentNullException.ThrowIfNull(winner);
        ArgumentNullException.ThrowIfNull(loser);
        GoMap result = winner.DeepCopy();
        new Coalescer(merge: false, warn).Tables(result, loser, "", merge: false, share: false);
        return result;
    }

    private static GoMap Combine(Chart chart, GoMap values, bool merge, Action<string>? warn)
    {
        ArgumentNullException.ThrowIfNull(chart);
        ArgumentNullException.ThrowIfNull(values);
        GoMap result = values.DeepCopy().WithType(GoType.Map);
        new Coalescer(merge, warn).Coalesce(chart, result);
        return result;
    }
}
