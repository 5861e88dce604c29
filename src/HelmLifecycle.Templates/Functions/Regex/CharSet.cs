namespace HelmLifecycle.Templates;

/// <summary>A set of characters, built range by range and then frozen for matching.</summary>
internal sealed class CharSet
{
    private const int MaxRune = 0x10FFFF;
    // The characters that have other cases lie between these.
    private const int MinFold = 0x41, MaxFold = 0x1E943;

    private static readonly Lazy<int[]> Foldable = new(static () =>
        Enumerable.Range(MinFold, MaxFold - MinFold + 1).Where(static c => GoRune.SimpleFold(c) != c).ToArray());

    private List<(int Low, int High)> _ranges = [];
    private int[]? _frozen;
    private ulong _ascii0, _ascii1;

    /// <summary>How many ranges there are.</summary>
    public int Count => _ranges.Count;

    public void Add(int low, int high)
    {
        if (_ranges.Count > 0 && low == _ranges[^1].High + 1)
            _ranges[^1] = (_ranges[^1].Low, high);
        else
            _ranges.Add((low, high));
    }

    /// <summary>Adds a range and every character that is the same as one in it but for case.</summary>
    public void AddFolded(int low, int high)
    {
        Add(low, high);
        int from = Math.Max(low, MinFold), to = Math.Min(high, MaxFold);
        if (low <= MinFold && high >= MaxFold)
            return;
        ReadOnlySpan<int> foldable = to - from < 256 ? default : FoldableBetween(from, to);
        if (foldable.IsEmpty)
        {
            for (int c = from; c <= to; c++)
                AddOtherCases(c);
            return;
        }

        foreach (int c in foldable)
            AddOtherCases(c);
    }

    private void AddOtherCases(int c)
    {
        for (int f = GoRune.SimpleFold(c); f != c; f = GoRune.SimpleFold(f))
            Add(f, f);
    }

    private static ReadOnlySpan<int> FoldableBetween(int low, int high)
    {
        int[] all = Foldable.Value;
        int start = Array.BinarySearch(all, low), end = Array.BinarySearch(all, high + 1);
        return all.AsSpan((start < 0 ? ~start : start)..(end < 0 ? ~end : end));
    }

    public void AddAll(ReadOnlySpan<int> pairs, bool fold)
    {
        for (int i = 0; i < pairs.Length; i += 2)
        {
            if (fold)
                AddFolded(pairs[i], pairs[i + 1]);
            else
                Add(pairs[i], pairs[i + 1]);
        }
    }

    public void AddAll(CharSet other)
    {
        foreach ((int low, int high) in other._ranges)
            Add(low, high);
    }

    /// <summary>Adds what is not in the pairs.</summary>
    public void AddNegated(ReadOnlySpan<int> pairs, bool fold)
    {
        var set = new CharSet();
        set.AddAll(pairs, fold);
        set.Negate();
        AddAll(set);
    }

    /// <summary>Sorts the ranges and joins those that touch.</summary>
    public void Clean()
    {
        _ranges.Sort(static (a, b) => a.Low.CompareTo(b.Low));
        var clean = new List<(int Low, int High)>(_ranges.Count);
        foreach ((int low, int high) in _ranges)
        {
            if (clean.Count > 0 && low <= clean[^1].High + 1)
                clean[^1] = (clean[^1].Low, Math.Max(clean[^1].High, high));
            else
                clean.Add((low, high));
        }

        _ranges = clean;
    }

    public void Negate()
    {
        Clean();
        var rest = new List<(int Low, int High)>(_ranges.Count + 1);
        int next = 0;
        foreach ((int low, int high) in _ranges)
        {
            if (next < low)
                rest.Add((next, low - 1));
            next = high + 1;
        }

        if (next <= MaxRune)
            rest.Add((next, MaxRune));
        _ranges = rest;
    }

    /// <summary>The only character of the set, or -1.</summary>
    public int Single => _ranges.Count == 1 && _ranges[0].Low == _ranges[0].High ? _ranges[0].Low : -1;

    /// <summary>Makes the set ready for <see cref="Contains"/>; it must not change any more.</summary>
    public CharSet Freeze()
    {
        if (_frozen is not null)
            return this;
        Clean();
        var frozen = new int[_ranges.Count * 2];
        for (int i = 0; i < _ranges.Count; i++)
        {
            (int low, int high) = _ranges[i];
            frozen[2 * i] = low;
            frozen[2 * i + 1] = high;
            for (int c = low; c <= Math.Min(high, 127); c++)
            {
                if (c < 64)
                    _ascii0 |= 1UL << c;
                else
                    _ascii1 |= 1UL << (c - 64);
            }
        }

        _frozen = frozen;
        return this;
    }

    public bool Contains(int rune)
    {
        if (rune < 64)
            return (_ascii0 >> rune & 1) != 0;
        if (rune < 128)
            return (_ascii1 >> (rune - 64) & 1) != 0;
        int[] frozen = _frozen!;
        int low = 0, high = frozen.Length / 2;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (rune > frozen[2 * middle + 1])
                low = middle + 1;
            else if (rune < frozen[2 * middle])
                high = middle;
            else
                return true;
        }

        return false;
    }

    /// <summary>Whether the set holds any character from U+0080 on.</summary>
    public bool HasNonAscii => _ranges.Count > 0 && _ranges[^1].High > 127;
}
