using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace HelmLifecycle.Templates;

/// <summary>
/// A map with string keys. Templates can change it (<c>set</c>, <c>unset</c>, <c>merge</c>), so a map that is shared between
/// renders must be copied first (<see cref="DeepCopy()"/>). Enumeration and <see cref="SortedKeys"/> go by Go's key order: bytewise.
/// Not safe for concurrent change.
/// </summary>
public sealed class GoMap : IEnumerable<KeyValuePair<string, GoValue>>
{
    private readonly Dictionary<string, GoValue> _items;
    private string[]? _sortedKeys;

    /// <summary>Makes an empty map.</summary>
    /// <param name="type">The Go type; <c>map[string]interface {}</c> when left out.</param>
    public GoMap(GoType? type = null)
        : this(0, type)
    {
    }

    /// <summary>Makes an empty map with room for <paramref name="capacity"/> entries.</summary>
    public GoMap(int capacity, GoType? type = null)
    {
        _items = new Dictionary<string, GoValue>(capacity, StringComparer.Ordinal);
        Type = type ?? GoType.Map;
    }

    private GoMap(GoMap source, GoType type)
    {
        _items = source._items;
        Type = type;
    }

    /// <summary>The Go type of the map.</summary>
    public GoType Type { get; }

    /// <summary>How many entries there are.</summary>
    public int Count => _items.Count;

    /// <summary>Reads the value at a key, nil when there is none; or sets it.</summary>
    public GoValue this[string key]
    {
        get => _items.TryGetValue(key, out GoValue value) ? value : default;
        set
        {
            int before = _items.Count;
            _items[key] = value;
            if (_items.Count != before)
                _sortedKeys = null;
        }
    }

    /// <summary>The keys in Go's order, bytewise. The array is shared: do not change it.</summary>
    public IReadOnlyList<string> SortedKeys
    {
        get
        {
            // Two maps made by WithType share their entries, so a length that differs also means stale.
            if (_sortedKeys is null || _sortedKeys.Length != _items.Count)
            {
                var keys = new string[_items.Count];
                _items.Keys.CopyTo(keys, 0);
                Array.Sort(keys, GoString.Comparer);
                _sortedKeys = keys;
            }

            return _sortedKeys;
        }
    }

    /// <summary>Whether the key is there, be its value nil or not.</summary>
    public bool ContainsKey(string key) => _items.ContainsKey(key);

    /// <summary>Reads the value at a key.</summary>
    public bool TryGetValue(string key, out GoValue value) => _items.TryGetValue(key, out value);

    /// <summary>Reads the map at a key.</summary>
    public bool TryGetMap(string key, [NotNullWhen(true)] out GoMap? map)
    {
        map = this[key].AsMap;
        return map is not null;
    }

    /// <summary>Removes a key.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(string key)
    {
        if (!_items.Remove(key))
            return false;
        _sortedKeys = null;
        return true;
    }

    /// <summary>Adds an entry; for collection initialisers.</summary>
    public void Add(string key, GoValue value) => this[key] = value;

    /// <summary>The same entries, shared, under another Go type.</summary>
    public GoMap WithType(GoType type) => new(this, type);

    /// <summary>A copy whose maps and lists are copies too; objects and functions are shared.</summary>
    public GoMap DeepCopy()
    {
        var copy = new GoMap(Count, Type);
        foreach ((string key, GoValue value) in _items)
            copy._items[key] = DeepCopy(value);
        copy._sortedKeys = _sortedKeys;
        return copy;
    }

    private static GoValue DeepCopy(GoValue value)
    {
        if (value.AsMap is { } map)
            return map.DeepCopy();
        if (value.AsList is not { } list)
            return value;
        var items = new GoValue[list.Count];
        for (int i = 0; i < items.Length; i++)
            items[i] = DeepCopy(list[i]);
        return new GoList(items, list.Type);
    }

    /// <summary>The entries in Go's key order. The map may be changed meanwhile; entries removed are passed over.</summary>
    public IEnumerator<KeyValuePair<string, GoValue>> GetEnumerator()
    {
        foreach (string key in SortedKeys)
        {
            if (_items.TryGetValue(key, out GoValue value))
                yield return new(key, value);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
