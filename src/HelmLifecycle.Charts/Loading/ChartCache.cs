using System.Collections.Concurrent;

namespace HelmLifecycle.Charts;

/// <summary>
/// What is worked out from a chart's files and kept with it: parsed templates, compiled schemas. A key names the kind of thing and what else it
/// depends on, such as the set of enabled subcharts. Bounded: when full it starts anew.
/// </summary>
internal sealed class ChartCache
{
    private const int Capacity = 16;

    private readonly ConcurrentDictionary<string, object> _items = new(StringComparer.Ordinal);

    internal T GetOrAdd<T>(string key, Func<T> make)
        where T : class
    {
        if (_items.TryGetValue(key, out object? item))
            return (T)item;
        T made = make();
        if (_items.Count >= Capacity)
            _items.Clear();
        return (T)_items.GetOrAdd(key, made);
    }
}
