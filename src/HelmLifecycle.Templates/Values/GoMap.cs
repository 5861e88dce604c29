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
    // Views of one map under several Go types share this.
    private readonly Entries _entries;

    /// <summary>Go's nil map: empty, and it cannot be written to.</summary>
    internal static GoMap NilMap { get; } = new(new Entries(0) { IsReadOnly = true }, GoType.Map);

    /// <summary>Makes an empty map.</summary>
    /// <param name="type">The Go type; <c>map[string]interface {}</c> when left out.</param>
    public GoMap(GoType? type = null)
        : this(0, type)
    {
    }

    /// <summary>Makes an empty map with room for <paramref name="capacity"/> entries.</summary>
    public GoMap(int capacity, GoType? type = null)
        : this(new Entries(capacity), type ?? GoType.Map)
    {
    }

    private GoMap(Entries entries, GoType type)
    {
        _entries = entries;
        Type = type;
    }

    /// <summary>The Go type of the map.</summary>
    public GoType Type { get; }

    /// <summary>How many entries there are.</summary>
    public int Count => _entries.Count;

    /// <summary>Reads the value at a key, nil when there is none; or sets it.</summary>
    public GoValue this[string key]
    {
        get => _entries.TryGetValue(key, out GoValue value) ? value : default;
        set
        {
            if (_entries.IsReadOnly)
                throw new GoFunctionException("assignment to entry in nil map");
            int before = _entries.Count;
            _entries[key] = value;
            if (_entries.Count != before)
                _entries.SortedKeys = null;
        }
    }

    /// <summary>The keys in Go's order, bytewise. The array is shared: do not change it.</summary>
    public IReadOnlyList<string> SortedKeys => SortedKeyArray;

    internal string[] SortedKeyArray
    {
        get
        {
            if (_entries.SortedKeys is { } sorted)
                return sorted;
            var keys = new string[_entries.Count];
            _entries.Keys.CopyTo(keys, 0);
            Array.Sort(keys, GoString.Comparer);
            return _entries.SortedKeys = keys;
        }
    }

    /// <summary>Whether the key is there, be its value nil or not.</summary>
    public bool ContainsKey(string key) => _entries.ContainsKey(key);

    /// <summary>Reads the value at a key.</summary>
    public bool TryGetValue(string key, out GoValue value) => _entries.TryGetValue(key, out value);

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
        if (!_entries.Remove(key))
            return false;
        _entries.SortedKeys = null;
        return true;
    }

    /// <summary>Adds an entry; for collection initialisers.</summary>
    public void Add(string key, GoValue value) => this[key] = value;

    /// <summary>Copies the entries, in no particular order, to the start of an array with room for <see cref="Count"/>.</summary>
    internal void CopyEntriesTo(KeyValuePair<string, GoValue>[] array) =>
        ((ICollection<KeyValuePair<string, GoValue>>)_entries).CopyTo(array, 0);

    /// <summary>The same entries, shared, under another Go type.</summary>
    public GoMap WithType(GoType type) => new(_entries, type);

    /// <summary>A copy whose maps and lists are copies too; objects and functions are shared.</summary>
    public GoMap DeepCopy()
    {
        var copy = new GoMap(Count, Type);
        foreach ((string key, GoValue value) in _entries)
            copy._entries[key] = DeepCopy(value);
        copy._entries.SortedKeys = _entries.SortedKeys;
        return copy;
    }

    private static GoValue DeepCopy(GoValue value)
    {
        DeepStack.Check();
        if (value.AsMap is { } map)
            return map.DeepCopy();
        if (value.AsList is not { } list || list.Type == GoType.Bytes)
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
            if (_entries.TryGetValue(key, out GoValue value))
                yield return new(key, value);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private sealed class Entries(int capacity) : Dictionary<string, GoValue>(capacity, StringComparer.Ordinal)
    {
        internal string[]? SortedKeys { get; set; }

        internal bool IsReadOnly { get; init; }
    }
}
