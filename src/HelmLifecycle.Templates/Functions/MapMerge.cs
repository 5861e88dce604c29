namespace HelmLifecycle.Templates;

/// <summary>
/// Merges maps as dario.cat/mergo 1.0 does for Sprig. What is taken over is shared, not copied: nested maps of the source become
/// nested maps of the target.
/// </summary>
internal static class MapMerge
{
    /// <summary>Merges a map into another one.</summary>
    /// <param name="context">Charged for the work.</param>
    /// <param name="target">The map that is changed.</param>
    /// <param name="source">The map to merge in.</param>
    /// <param name="overwrite">
    /// Whether the source wins. If not, it only fills what the target lacks or has empty, and a nil in it counts for nothing.
    /// </param>
    public static void Into(GoCallContext context, GoMap target, GoMap source, bool overwrite)
    {
        DeepStack.Check();
        if (ReferenceEquals(target, source))
            return;
        context.Charge(source.Count);
        foreach (string key in source.SortedKeys)
        {
            if (!source.TryGetValue(key, out GoValue value))
                continue;
            if (value.IsNil)
            {
                if (overwrite)
                    target[key] = value;
                continue;
            }

            GoValue old = target[key];
            if (value.AsMap is { } map && old.AsMap is { } oldMap)
            {
                Into(context, oldMap, map, overwrite);
                if (oldMap.Count > 0)
                    continue;
            }
            else if (value.AsList is not null && !overwrite && !DefaultFunctions.IsEmpty(old))
            {
                continue;
            }

            if (overwrite || DefaultFunctions.IsEmpty(old))
                target[key] = value;
        }
    }
}
