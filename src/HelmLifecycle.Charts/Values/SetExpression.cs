using System.Globalization;
using System.Text;

namespace HelmLifecycle.Charts;

/// <summary>
/// The grammar of <c>--set</c>, <c>--set-string</c>, <c>--set-json</c>, <c>--set-file</c> and <c>--set-literal</c>: Helm's <c>pkg/strvals</c>, with its
/// limits, its errors and the places where it forgives.
/// </summary>
internal sealed class SetExpression
{
    private const int MaxIndex = 65536;
    private const int MaxNesting = 30;

    // Helm has no such limit; without one a hostile expression would use up the stack.
    private const int MaxBrackets = 1000;

    private readonly string _text;
    private readonly SetKind _kind;
    private readonly Func<string, string>? _readFile;
    private int _at;
    private int _brackets;

    private SetExpression(string text, SetKind kind, Func<string, string>? readFile)
    {
        _text = ReplaceLoneSurrogates(text);
        _kind = kind;
        _readFile = readFile;
    }

    /// <summary>Reads an expression into a map, which then holds what came before a mistake.</summary>
    /// <exception cref="ValuesException">It is not well formed; the message is that of <c>strvals</c>.</exception>
    internal static void Apply(SetKind kind, string text, GoMap into, Func<string, string>? readFile = null)
    {
        var expression = new SetExpression(text, kind, readFile);
        while (!expression.ReadPair(into, 0))
        {
        }
    }

    private bool IsLiteral => _kind == SetKind.Literal;

    private bool AtEnd => _at >= _text.Length;

    /// <summary>Reads one <c>key=value</c>. True when the text ends where Go would see an end of file, which is no mistake.</summary>
    private bool ReadPair(GoMap map, int nesting)
    {
        bool found = ReadUntil(IsLiteral ? "=[." : "=[,.", out string key, out char stop);
        if (!found)
            return key.Length == 0 ? true : throw new ValuesException($"key {GoQuote.String(key)} has no value");
        switch (stop)
        {
            case '[':
                return ReadItem(map, key, nesting);
            case '=':
                return ReadValue(value => Set(map, key, value));
            case ',':
                throw new ValuesException($"key {GoQuote.String(key)} has no value (cannot end with ,)");
            default:
                return ReadNested(map, key, nesting + 1);
        }
    }

    private bool ReadItem(GoMap map, string key, int nesting)
    {
        int index = ReadIndex();
        GoList list = GoList.Empty;
        if (map.TryGetValue(key, out GoValue existing))
            list = existing.AsList ?? throw WrongType(existing, "[]interface {}");
        bool ended = ReadListItem(ref list, index, nesting);
        Set(map, key, list);
        return ended;
    }

    private bool ReadNested(GoMap map, string key, int nesting)
    {
        if (nesting > MaxNesting)
            throw new ValuesException($"value name nested level is greater than maximum supported nested level of {MaxNesting}");
        GoMap inner = [];
        if (map.TryGetValue(key, out GoValue existing))
            inner = existing.AsMap ?? throw WrongType(existing, "map[string]interface {}");
        bool ended = ReadPair(inner, nesting);
        if (!ended && inner.Count == 0)
            throw new ValuesException($"key map {GoQuote.String(key)} has no value");
        if (inner.Count != 0)
            Set(map, key, inner);
        return ended;
    }

    /// <summary>Reads the rest of <c>a[index]...</c>. When the text ends too early the list keeps what was changed in place.</summary>
    private bool ReadListItem(ref GoList list, int index, int nesting)
    {
        if (index < 0)
            throw new ValuesException($"negative {index} index not allowed");
        bool found = ReadUntil("[.=", out string rest, out char stop);
        if (rest.Length > 0)
            throw new ValuesException($"unexpected data at end of array index: {GoQuote.Runes(rest)}");
        if (!found)
            return true;
        switch (stop)
        {
            case '=':
                {
                    GoValue value = default;
                    ReadValue(v => value = v);
                    list = WithItem(list, index, value);
                    return false;
                }

            case '[':
                {
                    if (++_brackets > MaxBrackets)
                        throw new ValuesException($"value index nested level is greater than maximum supported nested level of {MaxBrackets}");
                    int nextIndex = ReadIndex();
                    GoList inner = GoList.Empty;
                    bool existed = index < list.Count && !list[index].IsNil;
                    if (existed)
                        inner = list[index].AsList ?? throw WrongType(list[index], "[]interface {}");
                    bool ended = ReadListItem(ref inner, nextIndex, nesting);
                    if (!ended || existed)
                        list = WithItem(list, index, inner);
                    return ended;
                }

            default:
                {
                    GoMap inner = [];
                    if (index < list.Count)
                    {
                        if (list[index].AsMap is { } existing)
                            inner = existing;
                        else
                            list = WithItem(list, index, inner);
                    }

                    bool ended = ReadPair(inner, nesting);
                    if (!ended)
                        list = WithItem(list, index, inner);
                    return ended;
                }
        }
    }

    /// <summary>Reads what stands after <c>=</c>. True when the text ended before a value.</summary>
    private bool ReadValue(Action<GoValue> set)
    {
        switch (_kind)
        {
            case SetKind.Literal:
                set(_text[_at..]);
                _at = _text.Length;
                return false;
            case SetKind.Json:
                set(SkipToValue() ? ReadJson() : default);
                return false;
        }

        if (AtEnd)
        {
            set("");
            return true;
        }

        if (_text[_at] == '{')
        {
            _at++;
            set(ReadList());
            return false;
        }

        ReadUntil(",", out string text, out _);
        set(Typed(text));
        return false;
    }

    private GoValue ReadList()
    {
        var items = new List<GoValue>();
        while (ReadUntil(",}", out string text, out char stop))
        {
            items.Add(Typed(text));
            if (stop == '}')
            {
                if (!AtEnd && _text[_at] == ',')
                    _at++;
                return new GoList([.. items]);
            }
        }

        throw new ValuesException("list must terminate with '}'");
    }

    private GoValue ReadJson()
    {
        GoValue value = JsonPrefix.Read(_text.AsSpan(_at), out int length);
        _at += length;
        SkipToValue();
        return value;
    }

    // Skips spaces up to a value. False when there is none: a comma (skipped too) or the end.
    private bool SkipToValue()
    {
        while (!AtEnd)
        {
            char c = _text[_at];
            if (c == ',')
            {
                _at++;
                return false;
            }

            if (!GoText.IsSpace(c))
                return true;
            _at++;
        }

        return false;
    }

    private int ReadIndex()
    {
        if (!ReadUntil("]", out string text, out _))
            throw new ValuesException("error parsing index: EOF");
        if (IsDigits(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long index))
            return (int)Math.Clamp(index, int.MinValue, int.MaxValue);
        string reason = IsDigits(text) ? "value out of range" : "invalid syntax";
        throw new ValuesException($"error parsing index: strconv.Atoi: parsing {GoQuote.String(text)}: {reason}");
    }

    private bool ReadUntil(string stops, out string text, out char stop)
    {
        int start = _at;
        StringBuilder? unescaped = null;
        for (; _at < _text.Length; _at++)
        {
            char c = _text[_at];
            if (stops.Contains(c, StringComparison.Ordinal))
            {
                text = Taken(unescaped, start);
                stop = c;
                _at++;
                return true;
            }

            if (c == '\\' && !IsLiteral)
            {
                unescaped ??= new StringBuilder().Append(_text, start, _at - start);
                if (++_at == _text.Length)
                    break;
                c = _text[_at];
            }

            unescaped?.Append(c);
        }

        text = Taken(unescaped, start);
        stop = default;
        return false;
    }

    private string Taken(StringBuilder? unescaped, int start) => unescaped?.ToString() ?? _text[start.._at];

    private GoValue Typed(string text)
    {
        switch (_kind)
        {
            case SetKind.String:
                return text;
            case SetKind.File:
                return _readFile!(text);
        }

        if (EqualsFold(text, "true"))
            return true;
        if (EqualsFold(text, "false"))
            return false;
        if (EqualsFold(text, "null"))
            return default;
        if (text == "0")
            return GoValue.Int64(0);
        return text.Length > 0 && text[0] != '0' && IsDigits(text)
            && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
                ? GoValue.Int64(number)
                : text;
    }

    // Go folds by Unicode: the long s is an s.
    private static bool EqualsFold(string text, string word) =>
        text.Length == word.Length && string.Equals(text.Replace('\u017f', 's'), word, StringComparison.OrdinalIgnoreCase);

    private static bool IsDigits(string text)
    {
        int start = text.Length > 0 && text[0] is '+' or '-' ? 1 : 0;
        return text.Length > start && !text.AsSpan(start).ContainsAnyExceptInRange('0', '9');
    }

    private static void Set(GoMap map, string key, GoValue value)
    {
        if (key.Length != 0)
            map[key] = value;
    }

    private static GoList WithItem(GoList list, int index, GoValue value)
    {
        if (index > MaxIndex)
            throw new ValuesException($"index of {index} is greater than maximum supported index of {MaxIndex}");
        var items = new GoValue[Math.Max(list.Count, index + 1)];
        list.Span.CopyTo(items);
        items[index] = value;
        return new GoList(items);
    }

    private static ValuesException WrongType(GoValue value, string wanted) =>
        new($"unable to parse key: interface conversion: interface {{}} is {value.Type?.Name ?? "nil"}, not {wanted}");

    private static string ReplaceLoneSurrogates(string text) =>
        GoString.HasInvalidBytes(text) ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;
}
