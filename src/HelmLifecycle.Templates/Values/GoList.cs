using System.Collections;

namespace HelmLifecycle.Templates;

/// <summary>
/// A list of the template language. It cannot be changed once made; <c>append</c> and its kind make new ones, and
/// <see cref="Slice"/> shares the items with the original, as in Go.
/// </summary>
public sealed class GoList : IReadOnlyList<GoValue>
{
    private readonly int _offset;
    private readonly ReadOnlyMemory<byte> _bytes;
    private GoValue[]? _made;

    /// <summary>An empty <c>[]interface {}</c>.</summary>
    public static GoList Empty { get; } = new([]);

    /// <summary>Go's nil slice: empty, and <c>null</c> in JSON and YAML.</summary>
    internal static GoList NilList { get; } = NilOf(GoType.List);

    /// <summary>Makes a list that takes over the array.</summary>
    /// <param name="items">The items; the caller must not change the array afterwards.</param>
    /// <param name="type">The Go type; <c>[]interface {}</c> when left out.</param>
    public GoList(GoValue[] items, GoType? type = null)
        : this(items, 0, items.Length, type ?? GoType.List)
    {
    }

    private GoList(GoValue[] items, int offset, int count, GoType type)
    {
        _made = items;
        _offset = offset;
        Count = count;
        Type = type;
    }

    private GoList(ReadOnlyMemory<byte> bytes)
    {
        _bytes = bytes;
        Count = bytes.Length;
        Type = GoType.Bytes;
    }

    /// <summary>
    /// Go's nil slice: as good as empty, but written as <c>null</c> in JSON and YAML. <c>rest</c> of an empty list is one.
    /// </summary>
    public static GoList NilOf(GoType type) => new([], type) { IsNil = true };

    /// <summary>A list of type <c>[]string</c>.</summary>
    public static GoList OfStrings(IEnumerable<string> items) =>
        new(items.Select(GoValue.String).ToArray(), GoType.StringList);

    /// <summary>A list of type <c>[]uint8</c>; the bytes are copied.</summary>
    public static GoList OfBytes(ReadOnlySpan<byte> bytes) => new(bytes.ToArray().AsMemory());

    /// <summary>A list of type <c>[]uint8</c> over these bytes, which must not change. Items are made only when they are asked for.</summary>
    public static GoList OfBytes(ReadOnlyMemory<byte> bytes) => new(bytes);

    /// <summary>The Go type of the list.</summary>
    public GoType Type { get; }

    /// <summary>Whether this is Go's nil slice; see <see cref="NilOf"/>.</summary>
    public bool IsNil { get; private init; }

    /// <summary>How many items there are.</summary>
    public int Count { get; }

    /// <summary>The item at <paramref name="index"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public GoValue this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return Items[_offset + index];
        }
    }

    /// <summary>The items.</summary>
    public ReadOnlySpan<GoValue> Span => Items.AsSpan(_offset, Count);

    private GoValue[] Items => _made ?? MakeItems();

    /// <summary>The bytes of a list of type <c>[]uint8</c>, without making an item of each.</summary>
    /// <returns><see langword="false"/> when the list is of another type.</returns>
    public bool TryGetBytes(out ReadOnlyMemory<byte> bytes)
    {
        bytes = _bytes;
        if (Type != GoType.Bytes)
            return false;
        if (_bytes.Length != Count)
        {
            var copy = new byte[Count];
            for (int i = 0; i < copy.Length; i++)
                copy[i] = (byte)_made![_offset + i].IntValue;
            bytes = copy;
        }

        return true;
    }

    /// <summary>The items from <paramref name="start"/> up to, not including, <paramref name="end"/>; nothing is copied.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bounds lie outside the list.</exception>
    public GoList Slice(int start, int end)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)end, (uint)Count, nameof(end));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start, (uint)end, nameof(start));
        return _made is null ? new GoList(_bytes[start..end]) : new GoList(_made, _offset + start, end - start, Type);
    }

    /// <inheritdoc/>
    public IEnumerator<GoValue> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
            yield return Items[_offset + i];
    }

    private GoValue[] MakeItems()
    {
        var items = new GoValue[_bytes.Length];
        for (int i = 0; i < items.Length; i++)
            items[i] = GoValue.Integer(_bytes.Span[i], GoType.Uint8);
        return _made = items;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
