using System.Text;

namespace HelmLifecycle.Templates;

/// <summary>Sprig's functions on lists. They take lists of any type and make new ones.</summary>
internal static class ListFunctions
{
    private static readonly GoType ListOfLists = new("[][]interface {}", GoKind.List, "slice", GoType.List);
    private static readonly GoParameter[] AnyList = [GoParameter.Any, GoParameter.Any];

    internal static IEnumerable<GoFunction> All =>
    [
        new("list", GoParameters.Any, true, static (_, a) => New(a.ToArray())),
        new("tuple", GoParameters.Any, true, static (_, a) => New(a.ToArray())),
        ..Pair("append", AnyList, Append),
        ..Pair("push", AnyList, Append),
        ..Pair("prepend", AnyList, Prepend),
        new("concat", GoParameters.Any, true, Concat),
        ..Pair("first", GoParameters.Any, static (_, a) => Items(a[0], "find first on") is { Count: > 0 } l ? l[0] : default),
        ..Pair("last", GoParameters.Any, static (_, a) => Items(a[0], "find last on") is { Count: > 0 } l ? l[^1] : default),
        ..Pair("rest", GoParameters.Any, static (_, a) => Part(Items(a[0], "find rest on"), 1, 0)),
        ..Pair("initial", GoParameters.Any, static (_, a) => Part(Items(a[0], "find initial on"), 0, 1)),
        ..Pair("reverse", GoParameters.Any, Reverse),
        ..Pair("uniq", GoParameters.Any, Unique),
        ..Pair("compact", GoParameters.Any,
            static (_, a) => Where(Items(a[0], "compact on"), static item => !DefaultFunctions.IsEmpty(item))),
        ..Pair("without", AnyList, true, Without),
        ..Pair("has", AnyList, Has),
        ..Pair("slice", AnyList, true, Slice),
        ..Pair("chunk", GoParameters.IntAny, Chunk),
        new("join", GoParameters.StringAny, Join),
        new("sortAlpha", GoParameters.Any, SortAlpha),
        new("split", GoParameters.StringString, static (c, a) => ToMap(Split(c, a[0].AsString!, a[1].AsString!, -1))),
        new("splitn", [GoParameter.String, GoParameter.Int, GoParameter.String],
            static (c, a) => ToMap(Split(c, a[0].AsString!, a[2].AsString!, a[1].IntValue))),
        new("splitList", GoParameters.StringString, static (c, a) => Strings(Split(c, a[0].AsString!, a[1].AsString!, -1))),
        new("toStrings", GoParameters.Any, static (_, a) => Strings(ToStrings(a[0]))),
        new("until", GoParameters.Int, static (c, a) => Integers(c, 0, a[0].IntValue, a[0].IntValue < 0 ? -1 : 1)),
        new("untilStep", [GoParameter.Int, GoParameter.Int, GoParameter.Int],
            static (c, a) => Integers(c, a[0].IntValue, a[1].IntValue, a[2].IntValue)),
    ];

    // Most have a twin whose name begins with must; in a template both fail alike.
    private static GoFunction[] Pair(string name, GoParameter[] parameters, GoFunctionBody body) => Pair(name, parameters, false, body);

    private static GoFunction[] Pair(string name, GoParameter[] parameters, bool variadic, GoFunctionBody body) =>
    [
        new(name, parameters, variadic, body),
        new(string.Concat("must", char.ToUpperInvariant(name[0]).ToString(), name.AsSpan(1)), parameters, variadic, body),
    ];

    private static GoValue New(GoValue[] items) => GoValue.List(new GoList(items));

    /// <summary>The list that a value is.</summary>
    /// <param name="value">The value.</param>
    /// <param name="verb">For the error message: what cannot be done on another type.</param>
    private static ReadOnlyItems Items(GoValue value, string verb)
    {
        if (value.AsList is { } list)
            return new ReadOnlyItems(list);
        if (value.IsNil)
            throw NilPointer();
        throw new GoFunctionException($"Cannot {verb} type {value.Type!.KindName}");
    }

    /// <summary>A list whose items are taken from the end too.</summary>
    private readonly struct ReadOnlyItems(GoList list)
    {
        public int Count => list.Count;
        public int Length => list.Count;
        public GoValue this[int index] => list[index];
        public ReadOnlySpan<GoValue> Span => list.Span;
    }

    internal static GoFunctionException NilPointer() => new("runtime error: invalid memory address or nil pointer dereference");

    private static GoValue Append(GoCallContext context, ReadOnlySpan<GoValue> a)
    {
        ReadOnlyItems items = Items(a[0], "push on");
        context.Charge(items.Count);
        var result = new GoValue[items.Count + 1];
        items.Span.CopyTo(result);
        result[^1] = a[1];
        return New(result);
    }

    private static GoValue Prepend(GoCallContext context, ReadOnlySpan<GoValue> a)
    {
        ReadOnlyItems items = Items(a[0], "prepend on");
        context.Charge(items.Count);
        var result = new GoValue[items.Count + 1];
        items.Span.CopyTo(result.AsSpan(1));
        result[0] = a[1];
        return New(result);
    }

    private static GoValue Concat(GoCallContext context, ReadOnlySpan<GoValue> a)
    {
        int count = 0;
        foreach (GoValue value in a)
        {
            if (value.IsNil)
                throw NilPointer();
            if (value.AsList is not { } list)
                throw new GoFunctionException($"Cannot concat type {value.Type!.KindName} as list");
            count += list.Count;
        }

        context.Charge(count);
        // With nothing to add Go's list stays nil.
        if (count == 0)
            return GoValue.List(GoList.NilList);
        var result = new GoValue[count];
        Span<GoValue> rest = result;
        foreach (GoValue value in a)
        {
            ReadOnlySpan<GoValue> items = value.AsList!.Span;
            items.CopyTo(rest);
            rest = rest[items.Length..];
        }

        return New(result);
    }

    private static GoValue Part(ReadOnlyItems items, int fromStart, int fromEnd) => items.Count == 0
        ? GoValue.List(GoList.NilList)
        : New(items.Span[fromStart..^fromEnd].ToArray());

    private static GoValue Reverse(GoCallContext context, ReadOnlySpan<GoValue> a)
    {
        GoValue[] result = Items(a[0], "find reverse on").Span.ToArray();
        context.Charge(result.Length);
        Array.Reverse(result);
        return New(result);
    }

    private static GoValue Where(ReadOnlyItems items, Predicate<GoValue> wanted)
    {
        var result = new List<GoValue>(items.Count);
        foreach (GoValue item in items.Span)
        {
            if (wanted(item))
                result.Add(item);
        }

        return New(result.ToArray());
    }

    private static GoValue Unique(GoCallContext context, ReadOnlySpan<GoValue> a)
    {
        ReadOnlySpan<GoValue> items = Items(a[0], "find uniq on").Span;
        var result = new List<GoValue>(items.Length);
        HashSet<string>? seen = null;
        foreach (GoValue item in items)
        {
            if (item.AsString is { } text)
            {
                if ((seen ??= new HashSet<string>(StringComparer.Ordinal)).Add(text))
                    result.Add(item);
                continue;
            }

            context.Charge(result.Count);
            if (!IsIn(result, item))
                result.Add(item);
        }

        return New(result.ToArray());
    }

    private static bool IsIn(List<GoValue> list, GoValue item)
    {
        foreach (GoValue other in list)
        {
            if (GoEquality.DeepEqual(item, other))
                return true;
        }

        return false;
    }

    private static GoValue Without(GoCallContext context, ReadOnlySpan<GoValue> a)
    {
        ReadOnlyItems items = Items(a[0], "find without on");
        var omit = new List<GoValue>(a[1..].ToArray());
        context.Charge((long)items.Count * omit.Count);
        return Where(items, item => !IsIn(omit, item));
    }

    private static GoValue Has(GoCallContext context, ReadOnlySpan<GoValue> a)
    {
        if (a[1].IsNil)
            return GoValue.False;
        ReadOnlyItems items = Items(a[1], "find has on");
        context.Charge(items.Count);
        foreach (GoValue item in items.Span)
        {
            if (GoEquality.DeepEqual(a[0], item))
                return GoValue.True;
        }

        return GoValue.False;
    }

    private static GoValue Slice(GoCallContext context, ReadOnlySpan<GoValue> a)
    {
        if (a[0].IsNil)
            throw NilPointer();
        if (a[0].AsList is not { } list)
            throw new GoFunctionException("list should be type of slice or array but " + a[0].Type!.KindName);
        if (list.Count == 0)
            return default;
        long start = a.Length > 1 ? GoCast.ToInt64(a[1]) : 0;
        long end = a.Length > 2 ? GoCast.ToInt64(a[2]) : list.Count;
        if (start < 0 || start > end || end > list.Count)
            throw new GoFunctionException("reflect.Value.Slice: slice index out of bounds");
        return GoValue.List(list.Slice((int)start, (int)end));
    }

    private static GoValue Chunk(GoCallContext context, ReadOnlySpan<GoValue> a)
    {
        ReadOnlyItems items = Items(a[1], "chunk");
        long size = a[0].IntValue;
        // The library reckons with floats, and so zero and negative sizes have answers of their own.
        long count = unchecked(GoCast.Truncate(Math.Floor((items.Count - 1) / (double)size)) + 1);
        if (count < 0 || count > int.MaxValue)
            throw MakeSlice();
        context.Charge(items.Count + count);
        var result = new GoValue[count];
        for (int i = 0; i < result.Length; i++)
        {
            long length = size;
            if (i == result.Length - 1)
            {
                length = GoCast.Truncate(Math.Floor(items.Count % (double)size));
                if (length == 0)
                    length = size;
            }

            if (length < 0)
                throw MakeSlice();
            result[i] = New(items.Span.Slice((int)(i * size), (int)length).ToArray());
        }

        return GoValue.List(new GoList(result, ListOfLists));
    }

    internal static GoFunctionException MakeSlice() => new("runtime error: makeslice: len out of range");

    private static GoValue Join(GoCallContext context, ReadOnlySpan<GoValue> a)
    {
        string separator = a[0].AsString!;
        List<string> parts = ToStrings(a[1]);
        if (parts.Count == 0)
            return "";
        if (parts.Count == 1)
            return parts[0];
        context.Charge(StringFunctions.SafeLength(parts.Count, separator.Length));
        var result = new StringBuilder(parts[0]);
        for (int i = 1; i < parts.Count; i++)
        {
            result.Append(separator).Append(parts[i]);
            if (result.Length > 1 << 20)
                context.Charge(parts[i].Length);
        }

        return GoString.Normalize(result.ToString());
    }

    private static GoValue SortAlpha(GoCallContext context, ReadOnlySpan<GoValue> a)
    {
        if (a[0].AsList is null)
            return Strings([GoText.Of(a[0])]);
        List<string> texts = ToStrings(a[0]);
        texts.Sort(GoString.Comparer);
        return Strings(texts);
    }

    /// <summary>The items as text without those that are nil; a value that is no list makes a list of one.</summary>
    internal static List<string> ToStrings(GoValue value)
    {
        if (value.IsNil)
            return [];
        if (value.AsList is not { } list)
            return [GoText.Of(value)];
        var texts = new List<string>(list.Count);
        foreach (GoValue item in list.Span)
        {
            if (!item.IsNil)
                texts.Add(GoText.Of(item));
        }

        return texts;
    }

    private static GoValue Strings(List<string> texts)
    {
        var items = new GoValue[texts.Count];
        for (int i = 0; i < items.Length; i++)
            items[i] = texts[i];
        return GoValue.List(new GoList(items, GoType.StringList));
    }

    /// <summary>Go's <c>strings.SplitN</c>: at most so many parts, the last one being the rest; below zero all.</summary>
    internal static List<string> Split(GoCallContext context, string separator, string text, long limit)
    {
        var parts = new List<string>();
        if (limit == 0)
            return parts;
        context.Charge(text.Length);
        bool bytes = GoString.HasInvalidBytes(separator);
        if (bytes)
            (separator, text) = (GoBytes.Of(separator), GoBytes.Of(text));
        int at = 0;
        while (limit < 0 || parts.Count < limit - 1)
        {
            int next;
            if (separator.Length == 0)
            {
                // Between all characters.
                if (at >= text.Length)
                    break;
                GoRune.At(text, at, out int width);
                next = at + width;
                if (next == text.Length)
                    break;
            }
            else
            {
                next = text.IndexOf(separator, at, StringComparison.Ordinal);
                if (next < 0)
                    break;
            }

            parts.Add(text[at..next]);
            at = next + separator.Length;
        }

        if (separator.Length > 0 || at < text.Length)
            parts.Add(text[at..]);
        if (bytes)
        {
            for (int i = 0; i < parts.Count; i++)
                parts[i] = GoBytes.From(parts[i]);
        }

        return parts;
    }

    private static GoValue ToMap(List<string> parts)
    {
        var map = new GoMap(parts.Count, GoType.StringMap);
        for (int i = 0; i < parts.Count; i++)
            map["_" + i.ToString(System.Globalization.CultureInfo.InvariantCulture)] = parts[i];
        return map;
    }

    /// <summary>The numbers from start towards stop, without it; none when the step leads away.</summary>
    internal static GoValue Integers(GoCallContext context, long start, long stop, long step)
    {
        long count = CountIntegers(start, stop, step);
        context.Charge(count);
        var items = new GoValue[checked((int)count)];
        for (int i = 0; i < items.Length; i++)
            items[i] = GoValue.Int(start + i * step);
        return GoValue.List(new GoList(items, GoType.IntList));
    }

    internal static long CountIntegers(long start, long stop, long step)
    {
        if (step == 0 || (stop < start) != (step < 0))
            return 0;
        Int128 distance = Int128.Abs((Int128)stop - start);
        Int128 stride = Int128.Abs(step);
        return (long)Int128.Min((distance + stride - 1) / stride, long.MaxValue);
    }
}
