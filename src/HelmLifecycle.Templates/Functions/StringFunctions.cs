using System.Text;

namespace HelmLifecycle.Templates;

/// <summary>Sprig's functions on strings. Lengths and positions count bytes, as Go's do.</summary>
internal static partial class StringFunctions
{
    internal static IEnumerable<GoFunction> All =>
    [
        new("hello", GoParameters.None, static (_, _) => "Hello!"),
        new("trim", GoParameters.String, static (_, a) => Text(a[0]).Trim()),
        new("trimAll", GoParameters.StringString, static (_, a) => TrimAll(Text(a[0]), Text(a[1]))),
        new("trimall", GoParameters.StringString, static (_, a) => TrimAll(Text(a[0]), Text(a[1]))),
        new("trimSuffix", GoParameters.StringString, static (_, a) => TrimSuffix(Text(a[0]), Text(a[1]))),
        new("trimPrefix", GoParameters.StringString, static (_, a) => TrimPrefix(Text(a[0]), Text(a[1]))),
        new("upper", GoParameters.String, static (_, a) => GoCase.ToUpper(Text(a[0]))),
        new("lower", GoParameters.String, static (_, a) => GoCase.ToLower(Text(a[0]))),
        new("title", GoParameters.String, static (_, a) => GoCase.Title(Text(a[0]))),
        new("untitle", GoParameters.String, static (_, a) => GoCase.Untitle(Text(a[0]))),
        new("swapcase", GoParameters.String, static (_, a) => GoCase.Swap(Text(a[0]))),
        new("snakecase", GoParameters.String, static (_, a) => WordCase.Separate(Text(a[0]), '_')),
        new("kebabcase", GoParameters.String, static (_, a) => WordCase.Separate(Text(a[0]), '-')),
        new("camelcase", GoParameters.String, static (_, a) => WordCase.Pascal(Text(a[0]))),
        new("repeat", GoParameters.IntString, static (c, a) => Repeat(c, a[0].IntValue, Text(a[1]))),
        new("substr", [GoParameter.Int, GoParameter.Int, GoParameter.String],
            static (_, a) => Substring(a[0].IntValue, a[1].IntValue, Text(a[2]))),
        new("trunc", GoParameters.IntString, static (_, a) => Truncate(a[0].IntValue, Text(a[1]))),
        new("abbrev", GoParameters.IntString, static (_, a) => Abbreviation.Right(Text(a[1]), a[0].IntValue)),
        new("abbrevboth", [GoParameter.Int, GoParameter.Int, GoParameter.String],
            static (_, a) => Abbreviation.Both(Text(a[2]), a[0].IntValue, a[1].IntValue)),
        new("initials", GoParameters.String, static (_, a) => Initials(Text(a[0]))),
        new("nospace", GoParameters.String, static (_, a) => RemoveSpace(Text(a[0]))),
        new("wrap", GoParameters.IntString, static (c, a) => WordWrap.Wrap(c, Text(a[1]), a[0].IntValue, "\n", false)),
        new("wrapWith", [GoParameter.Int, GoParameter.String, GoParameter.String],
            static (c, a) => WordWrap.Wrap(c, Text(a[2]), a[0].IntValue, Text(a[1]).Length == 0 ? "\n" : Text(a[1]), true)),
        new("contains", GoParameters.StringString, static (_, a) => Contains(Text(a[0]), Text(a[1]))),
        new("hasPrefix", GoParameters.StringString, static (_, a) => HasPrefix(Text(a[0]), Text(a[1]))),
        new("hasSuffix", GoParameters.StringString, static (_, a) => HasSuffix(Text(a[0]), Text(a[1]))),
        new("quote", GoParameters.Any, true, static (_, a) => Quote(a)),
        new("squote", GoParameters.Any, true, static (_, a) => SingleQuote(a)),
        new("cat", GoParameters.Any, true, static (_, a) => Cat(a)),
        new("indent", GoParameters.IntString, static (c, a) => Indent(c, a[0].IntValue, Text(a[1]), false)),
        new("nindent", GoParameters.IntString, static (c, a) => Indent(c, a[0].IntValue, Text(a[1]), true)),
        new("replace", GoParameters.StringStringString, static (c, a) => Replace(c, Text(a[0]), Text(a[1]), Text(a[2]))),
        new("plural", [GoParameter.String, GoParameter.String, GoParameter.Int], static (_, a) => a[2].IntValue == 1 ? a[0] : a[1]),
        new("toString", GoParameters.Any, static (_, a) => GoText.Of(a[0])),
    ];

    private static string Text(GoValue value) => value.AsString!;

    private static string TrimAll(string cut, string text)
    {
        int start = 0, end = text.Length;
        while (start < end)
        {
            int rune = GoRune.At(text, start, out int width);
            if (!ContainsRune(cut, rune))
                break;
            start += width;
        }

        while (end > start)
        {
            int width = end - 2 >= start && char.IsSurrogatePair(text[end - 2], text[end - 1]) ? 2 : 1;
            if (!ContainsRune(cut, GoRune.At(text, end - width, out _)))
                break;
            end -= width;
        }

        return text[start..end];
    }

    private static bool ContainsRune(string set, int rune)
    {
        for (int i = 0; i < set.Length;)
        {
            if (GoRune.At(set, i, out int width) == rune)
                return true;
            i += width;
        }

        return false;
    }

    private static string TrimSuffix(string suffix, string text)
    {
        if (GoString.HasInvalidBytes(suffix))
            return GoBytes.From(TrimSuffixOrdinal(GoBytes.Of(suffix), GoBytes.Of(text)));
        return TrimSuffixOrdinal(suffix, text);
    }

    private static string TrimSuffixOrdinal(string suffix, string text) =>
        text.EndsWith(suffix, StringComparison.Ordinal) ? text[..^suffix.Length] : text;

    private static string TrimPrefix(string prefix, string text)
    {
        if (GoString.HasInvalidBytes(prefix))
            return GoBytes.From(TrimPrefixOrdinal(GoBytes.Of(prefix), GoBytes.Of(text)));
        return TrimPrefixOrdinal(prefix, text);
    }

    private static string TrimPrefixOrdinal(string prefix, string text) =>
        text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text;

    private static bool Contains(string part, string text) => GoString.HasInvalidBytes(part)
        ? GoBytes.Of(text).Contains(GoBytes.Of(part), StringComparison.Ordinal)
        : text.Contains(part, StringComparison.Ordinal);

    private static bool HasPrefix(string prefix, string text) => GoString.HasInvalidBytes(prefix)
        ? GoBytes.Of(text).StartsWith(GoBytes.Of(prefix), StringComparison.Ordinal)
        : text.StartsWith(prefix, StringComparison.Ordinal);

    private static bool HasSuffix(string suffix, string text) => GoString.HasInvalidBytes(suffix)
        ? GoBytes.Of(text).EndsWith(GoBytes.Of(suffix), StringComparison.Ordinal)
        : text.EndsWith(suffix, StringComparison.Ordinal);

    private static string Repeat(GoCallContext context, long count, string text)
    {
        if (count < 0)
            throw new GoFunctionException("strings: negative Repeat count");
        if (count == 0 || text.Length == 0)
            return "";
        if ((Int128)count * GoString.ByteCount(text) > long.MaxValue)
            throw new GoFunctionException("strings: Repeat output length overflow");
        context.Charge(SafeLength(count, text.Length));
        return GoString.Normalize(new StringBuilder().Insert(0, text, checked((int)count)).ToString());
    }

    /// <summary>The product, or the largest number; for charging.</summary>
    internal static long SafeLength(long count, long each) => each != 0 && count > long.MaxValue / each ? long.MaxValue : count * each;

    private static string Substring(long start, long end, string text)
    {
        string bytes = GoBytes.Of(text);
        long length = bytes.Length;
        if (start < 0)
        {
            if (end < 0)
                throw OutOfBounds($"[:{end}]");
            if (end > length)
                throw OutOfBounds($"[:{end}] with length {length}");
            return GoBytes.From(bytes[..(int)end]);
        }

        if (end < 0 || end > length)
            end = length;
        if (start > end)
            throw OutOfBounds($"[{start}:{end}]");
        return GoBytes.From(bytes[(int)start..(int)end]);
    }

    private static GoFunctionException OutOfBounds(string range) => new("runtime error: slice bounds out of range " + range);

    private static string Truncate(long count, string text)
    {
        string bytes = GoBytes.Of(text);
        if (count < 0 && bytes.Length + count > 0)
            return GoBytes.From(bytes[(int)(bytes.Length + count)..]);
        return count >= 0 && bytes.Length > count ? GoBytes.From(bytes[..(int)count]) : text;
    }

    // Byte by byte, each taken for a character of its own, as the library does it.
    private static string Initials(string text)
    {
        var result = new StringBuilder();
        bool gap = true;
        foreach (char b in GoBytes.Of(text))
        {
            if (GoRune.IsSpace(b))
            {
                gap = true;
            }
            else if (gap)
            {
                result.Append(b);
                gap = false;
            }
        }

        return result.ToString();
    }

    private static string RemoveSpace(string text)
    {
        string bytes = GoBytes.Of(text);
        var result = new StringBuilder(bytes.Length);
        foreach (char b in bytes)
        {
            if (!GoRune.IsSpace(b))
                result.Append(b);
        }

        return result.Length == bytes.Length ? text : result.ToString();
    }

    private static string Quote(ReadOnlySpan<GoValue> values)
    {
        if (values.Length == 1)
            return values[0].IsNil ? "" : Strconv.Quote(GoText.Of(values[0]));
        var result = new StringBuilder();
        bool first = true;
        foreach (GoValue value in values)
        {
            if (value.IsNil)
                continue;
            if (!first)
                result.Append(' ');
            first = false;
            result.Append(Strconv.Quote(GoText.Of(value)));
        }

        return result.ToString();
    }

    private static string SingleQuote(ReadOnlySpan<GoValue> values)
    {
        var result = new StringBuilder();
        foreach (GoValue value in values)
        {
            if (!value.IsNil)
                result.Append(result.Length == 0 ? "'" : " '").Append(GoText.Print(value)).Append('\'');
        }

        return result.ToString();
    }

    private static string Cat(ReadOnlySpan<GoValue> values)
    {
        var result = new StringBuilder();
        bool first = true;
        foreach (GoValue value in values)
        {
            if (value.IsNil)
                continue;
            if (!first)
                result.Append(' ');
            first = false;
            result.Append(GoText.Print(value));
        }

        return result.ToString();
    }

    private static string Indent(GoCallContext context, long count, string text, bool newLine)
    {
        if (count < 0)
            throw new GoFunctionException("strings: negative Repeat count");
        int breaks = text.AsSpan().Count('\n');
        long length = text.Length + (newLine ? 1 : 0) + SafeLength(count, breaks + 1L);
        context.Charge(length < 0 ? long.MaxValue : length);
        return string.Create(checked((int)length), (text, (int)count, newLine), static (target, state) =>
        {
            (string source, int pad, bool lineFirst) = state;
            if (lineFirst)
            {
                target[0] = '\n';
                target = target[1..];
            }

            ReadOnlySpan<char> rest = source;
            while (true)
            {
                target[..pad].Fill(' ');
                target = target[pad..];
                int end = rest.IndexOf('\n') + 1;
                ReadOnlySpan<char> line = end == 0 ? rest : rest[..end];
                line.CopyTo(target);
                target = target[line.Length..];
                if (end == 0)
                    return;
                rest = rest[end..];
            }
        });
    }

    private static string Replace(GoCallContext context, string old, string with, string text)
    {
        if (old.Length == 0)
            return InsertEverywhere(context, with, text);
        if (with.Length > old.Length && (long)text.Length * with.Length > 1 << 20)
        {
            long count = text.AsSpan().Count(old);
            context.Charge(text.Length + SafeLength(count, with.Length));
        }

        if (GoString.HasInvalidBytes(old))
            return GoBytes.From(GoBytes.Of(text).Replace(GoBytes.Of(old), GoBytes.Of(with), StringComparison.Ordinal));
        string result = text.Replace(old, with, StringComparison.Ordinal);
        return ReferenceEquals(result, text) ? text : GoString.Normalize(result);
    }

    // An empty text is found before each character and at the end.
    private static string InsertEverywhere(GoCallContext context, string with, string text)
    {
        context.Charge(text.Length + SafeLength(text.Length + 1L, with.Length));
        var result = new StringBuilder();
        for (int i = 0; i < text.Length;)
        {
            GoRune.At(text, i, out int width);
            result.Append(with).Append(text, i, width);
            i += width;
        }

        return GoString.Normalize(result.Append(with).ToString());
    }
}
