using System.Text;

namespace HelmLifecycle.Templates;

/// <summary>
/// A regular expression with the syntax and meaning of Go's <c>regexp</c> package (RE2): no look-around and no back references, and in
/// return matching takes time in proportion to the text, whatever the expression. Immutable and safe for concurrent use.
/// Texts are in <see cref="GoString"/> form: bytes that are not UTF-8 match as U+FFFD, one each.
/// </summary>
public sealed class GoRegex
{
    private const int MaxCachedLength = 4096;
    private const int MaxCachedSize = 20_000;
    private static readonly BoundedCache<string, GoRegex> Cache = new(512);

    private readonly RegexProgram _program;
    private readonly string[] _names;

    private GoRegex(string pattern)
    {
        Pattern = pattern;
        RegexNode node = RegexParser.Parse(pattern, out _names);
        _program = RegexCompiler.Compile(node, _names.Length);
    }

    /// <summary>The expression as text.</summary>
    public string Pattern { get; }

    /// <summary>The names of the groups by number; empty for groups without a name. The first stands for the whole match.</summary>
    public IReadOnlyList<string> GroupNames => _names;

    /// <summary>Compiles an expression, or takes it from a bounded cache of those compiled before.</summary>
    /// <exception cref="FormatException">The expression is not valid; the message is Go's, <c>error parsing regexp: ...</c>.</exception>
    public static GoRegex Compile(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        if (pattern.Length > MaxCachedLength)
            return new GoRegex(pattern);
        return Cache.GetOrAdd(pattern, static p => new GoRegex(p), static regex => regex._program.Code.Length <= MaxCachedSize);
    }

    /// <summary>Escapes a text so that it matches itself: Go's <c>QuoteMeta</c>.</summary>
    public static string Escape(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        const string Special = "\\.+*?()|[]{}^$";
        if (text.AsSpan().IndexOfAny(Special) < 0)
            return text;
        var result = new StringBuilder(text.Length + 8);
        foreach (char c in text)
        {
            if (Special.Contains(c))
                result.Append('\\');
            result.Append(c);
        }

        return result.ToString();
    }

    /// <summary>Whether the text holds a match anywhere.</summary>
    public bool IsMatch(string text) => IsMatch(text, null);

    /// <summary>The leftmost match, or null when there is none.</summary>
    public string? Find(string text) => Find(text, null);

    /// <summary>All matches that do not overlap.</summary>
    /// <param name="text">The text.</param>
    /// <param name="limit">The most to find; below zero for no limit.</param>
    public IReadOnlyList<string> FindAll(string text, int limit = -1) => FindAll(text, limit, null);

    /// <summary>Replaces all matches; in <paramref name="replacement"/>, <c>$1</c> and <c>${name}</c> stand for groups.</summary>
    public string ReplaceAll(string text, string replacement) => ReplaceAll(text, replacement, false, null);

    /// <summary>Replaces all matches by the replacement as it stands.</summary>
    public string ReplaceAllLiteral(string text, string replacement) => ReplaceAll(text, replacement, true, null);

    /// <summary>The parts of the text between matches.</summary>
    /// <param name="text">The text.</param>
    /// <param name="limit">The most parts, the last being the rest unsplit; below zero for no limit, zero for none at all.</param>
    public IReadOnlyList<string> Split(string text, int limit = -1) => Split(text, limit, null);

    /// <summary>The positions of the leftmost match from a place on: start and end of the match, then of each group, -1 for none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where to begin, as an index into the string.</param>
    /// <returns>The positions, or null when there is no match.</returns>
    public int[]? FindPositions(string text, int start = 0)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start, (uint)text.Length, nameof(start));
        var slots = new int[_program.Slots];
        return Match(text, start, slots, null) ? slots : null;
    }

    /// <inheritdoc/>
    public override string ToString() => Pattern;

    internal bool IsMatch(string text, Action<long>? charge)
    {
        ArgumentNullException.ThrowIfNull(text);
        Span<int> slots = stackalloc int[2];
        return Match(text, 0, slots, charge);
    }

    internal string? Find(string text, Action<long>? charge)
    {
        ArgumentNullException.ThrowIfNull(text);
        Span<int> slots = stackalloc int[2];
        return Match(text, 0, slots, charge) ? text[slots[0]..slots[1]] : null;
    }

    internal List<string> FindAll(string text, int limit, Action<long>? charge)
    {
        ArgumentNullException.ThrowIfNull(text);
        var found = new List<string>();
        foreach ((int start, int end) in Matches(text, limit, charge))
            found.Add(text[start..end]);
        return found;
    }

    internal string ReplaceAll(string text, string replacement, bool literal, Action<long>? charge)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(replacement);
        RegexTemplate? template = literal || !replacement.Contains('$') ? null : new RegexTemplate(replacement, _names);
        var slots = new int[template is null ? 2 : _program.Slots];
        StringBuilder? result = null;
        int lastEnd = 0;
        int at = 0;
        while (at <= text.Length && Match(text, at, slots, charge))
        {
            result ??= new StringBuilder(text.Length + replacement.Length);
            result.Append(text, lastEnd, slots[0] - lastEnd);
            // An empty match right behind another one is not replaced.
            if (slots[1] > lastEnd || slots[0] == 0)
            {
                int length = result.Length;
                if (template is null)
                    result.Append(replacement);
                else
                    template.AppendTo(result, text, slots);
                charge?.Invoke(result.Length - length + (template?.Count ?? 0));
            }

            lastEnd = slots[1];
            int width = 1;
            if (at < text.Length)
                GoRune.At(text, at, out width);
            at = at + width > slots[1] ? at + width : slots[1];
        }

        return result is null ? text : result.Append(text, lastEnd, text.Length - lastEnd).ToString();
    }

    internal List<string> Split(string text, int limit, Action<long>? charge)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = new List<string>();
        if (limit == 0)
            return parts;
        if (Pattern.Length > 0 && text.Length == 0)
            return [""];
        int from = 0, end = 0;
        foreach ((int start, int stop) in Matches(text, limit, charge))
        {
            if (limit > 0 && parts.Count == limit - 1)
                break;
            end = start;
            if (stop != 0)
                parts.Add(text[from..end]);
            from = stop;
        }

        if (end != text.Length)
            parts.Add(text[from..]);
        return parts;
    }

    private List<(int Start, int End)> Matches(string text, int limit, Action<long>? charge)
    {
        var found = new List<(int Start, int End)>();
        Span<int> slots = stackalloc int[2];
        int at = 0;
        int previousEnd = -1;
        while (at <= text.Length && (limit < 0 || found.Count < limit) && Match(text, at, slots, charge))
        {
            bool accept = true;
            if (slots[1] == at)
            {
                // An empty match right behind another match does not count.
                accept = slots[0] != previousEnd;
                int width = 1;
                if (at < text.Length)
                    GoRune.At(text, at, out width);
                at += width;
            }
            else
            {
                at = slots[1];
            }

            previousEnd = slots[1];
            if (!accept)
                continue;
            found.Add((slots[0], slots[1]));
            if ((found.Count & 0xFFF) == 0)
                charge?.Invoke(0x1000);
        }

        return found;
    }

    private bool Match(string text, int start, Span<int> slots, Action<long>? charge)
    {
        if (_program.IsLiteral)
        {
            int at = text.IndexOf(_program.Prefix, start, StringComparison.Ordinal);
            slots[0] = at;
            slots[1] = at + _program.Prefix.Length;
            return at >= 0;
        }

        return BacktrackMatcher.Suits(_program, text.Length - start)
            ? BacktrackMatcher.Find(_program, text, start, slots)
            : PikeMatcher.Find(_program, text, start, slots, charge);
    }
}
