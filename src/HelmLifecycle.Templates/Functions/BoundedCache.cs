using System.Collections.Concurrent;

namespace HelmLifecycle.Templates;

/// <summary>
/// Keeps what was made before, up to a number; when that is reached it starts anew. Simple, and enough for things that are cheap to make
/// again. Safe for concurrent use.
/// </summary>
internal sealed class BoundedCache<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private ConcurrentDictionary<TKey, TValue> _items = new();
    private int _count;

    /// <summary>Takes what was made before, or makes it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="make">Makes it.</param>
    /// <param name="isWorthKeeping">Whether to keep what was made; null for always.</param>
    public TValue GetOrAdd(TKey key, Func<TKey, TValue> make, Predicate<TValue>? isWorthKeeping = null)
    {
        if (_items.TryGetValue(key, out TValue? value))
            return value;
        value = make(key);
        if (isWorthKeeping is not null && !isWorthKeeping(value))
            return value;
        if (Interlocked.Increment(ref _count) > capacity)
        {
            _items = new ConcurrentDictionary<TKey, TValue>();
            Interlocked.Exchange(ref _count, 1);
        }

        _items.TryAdd(key, value);
        return value;
    }
}
