using System.Collections;

namespace HelmLifecycle.Templates;

/// <summary>
/// A list of the template language. It cannot be changed once made; <c>append</c> and its kind make new ones, and
/// <see cref="Slice"/> shares the items with the original, as in Go.
/// </summary>
public sealed class GoList : IReadOnlyList<GoValue>
{
    private readonly GoValue[] _items;
    private readonly int _offset;

    /// <summary>An empty <c>[]interface {}</c>.</summary>
    public static GoList Empty { get; } = new([]);

    /// <summary>Makes a list that takes over the array.</summary>
    /// <param name="items">The items; the caller must not change the array afterwards.</param>
    /// <param name="type">The Go type; <c>[]interface {}</c> when left out.</param>
    public GoList(GoValue[] items, GoType? type = null)
        : this(items, 0, items.Length, type ?? GoType.List)
    {
    }

    private GoList(GoValue[] items, int offset, int count, GoType type)
    {
        _items = items;
        _offset = offset;
        Count = count;
        Type = type;
    }

    /// <summary>A list of type <c>[]string</c>.</summary>
    public static GoList OfStrings(IEnumerable<string> items) =>
        new(items.Select(GoValue.String).ToArray(), GoType.StringList);

    /// <summary>A list of type <c>[]uint8</c>.</summary>
    public static GoList OfBytes(ReadOnlySpan<byte> bytes)
    {
        var items = new GoValue[bytes.Length];
        for (int i = 0; i < items.Length; i++)
            items[i] = GoValue.Integer(bytes[i], GoType.Uint8);
        return new GoList(items, GoType.Bytes);
    }

    /// <summary>The Go type of the list.</summary>
    public GoType Type { get; }

    /// <summary>How many items there are.</summary>
    public int Count { get; }

    /// <summary>The item at <paramref name="index"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public GoValue this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return _items[_offset + index];
        }
    }

    /// <summary>The items.</summary>
    public ReadOnlySpan<GoValue> Span => _items.AsSpan(_offset, Count);

    /// <summary>The items from <paramref name="start"/> up to, not including, <paramref name="end"/>; nothing is copied.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bounds lie outside the list.</exception>
    public GoList Slice(int start, int end)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)end, (uint)Count, nameof(end));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start, (uint)end, nameof(start));
        return new GoList(_items, _offset + start, end - start, Type);
    }

    /// <inheritdoc/>
    public IEnumerator<GoValue> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
            yield return _items[_offset + i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
