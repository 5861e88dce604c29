namespace HelmLifecycle.Templates;

/// <summary>Groups, flags, escapes and character classes.</summary>
internal sealed partial class RegexParser
{
    private const string InvalidClassRange = "invalid character class range";

    private int ParsePerlFlags(int start)
    {
        ReadOnlySpan<char> text = Rest(start);
        bool withP = text.Length > 4 && text[2] == 'P' && text[3] == '<';
        if (withP || (text.Length > 3 && text[2] == '<'))
        {
            int end = text.IndexOf('>');
            if (end < 0)
            {
                CheckUtf8(start, _whole.Length);
                throw Error("invalid named capture", text);
            }

            int from = withP ? 4 : 3;
            CheckUtf8(start + from, start + end);
            string name = text[from..end].ToString();
            if (name.Length == 0 || !name.All(static c => c == '_' || char.IsAsciiLetterOrDigit(c)))
                throw Error("invalid named capture", text[..(end + 1)]);
            OpenGroup(name);
            return start + end + 1;
        }

        int at = start + 2;
        RegexFlags flags = _flags;
        bool negative = false, sawFlag = false;
        while (at < _whole.Length)
        {
            int c = NextRune(ref at);
            RegexFlags flag = c switch
            {
                'i' => RegexFlags.FoldCase,
                'm' => RegexFlags.MultiLine,
                's' => RegexFlags.DotNewline,
                'U' => RegexFlags.NonGreedy,
                _ => RegexFlags.None,
            };
            if (flag != RegexFlags.None)
            {
                flags = negative ? flags & ~flag : flags | flag;
                sawFlag = true;
            }
            else if (c == '-' && !negative)
            {
                negative = true;
                sawFlag = false;
            }
            else if (c is ':' or ')' && (!negative || sawFlag))
            {
                if (c == ':')
                    Push(New(RegexOp.LeftParen));
                _flags = flags;
                return at;
            }
            else
            {
                break;
            }
        }

        throw Error("invalid or unsupported Perl syntax", _whole.AsSpan(start, at - start));
    }

    private int ParseEscape(ref int at)
    {
        int start = at++;
        if (at >= _whole.Length)
            throw Error("trailing backslash at end of expression", "");
        int c = NextRune(ref at);
        switch (c)
        {
            case >= '1' and <= '7' when at >= _whole.Length || _whole[at] is < '0' or > '7':
                break;
            case >= '0' and <= '7':
                int octal = c - '0';
                for (int i = 1; i < 3 && at < _whole.Length && _whole[at] is >= '0' and <= '7'; i++)
                    octal = octal * 8 + _whole[at++] - '0';
                return octal;
            case 'x':
                int hex = ParseHex(ref at);
                if (hex >= 0)
                    return hex;
                break;
            case 'a':
                return '\a';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'v':
                return '\v';
            case < 0x80 when !char.IsAsciiLetterOrDigit((char)c):
                return c;
        }

        throw Error("invalid escape sequence", _whole.AsSpan(start, at - start));
    }

    private int ParseHex(ref int at)
    {
        if (at >= _whole.Length)
            return -1;
        int c = NextRune(ref at);
        if (c != '{')
        {
            int high = HexValue(c);
            if (at >= _whole.Length)
                return -1;
            int low = HexValue(NextRune(ref at));
            return high < 0 || low < 0 ? -1 : high * 16 + low;
        }

        int value = 0;
        for (int digits = 0; at < _whole.Length; digits++)
        {
            c = NextRune(ref at);
            if (c == '}')
                return digits == 0 ? -1 : value;
            int digit = HexValue(c);
            value = value * 16 + digit;
            if (digit < 0 || value > 0x10FFFF)
                return -1;
        }

        return -1;
    }

    private static int HexValue(int c) => c < 0x80 && char.IsAsciiHexDigit((char)c) ? Convert.ToInt32(((char)c).ToString(), 16) : -1;

    private int ParseClass(int start)
    {
        int at = start + 1;
        bool negated = at < _whole.Length && _whole[at] == '^';
        if (negated)
            at++;
        var set = new CharSet();
        bool fold = (_flags & RegexFlags.FoldCase) != 0;
        for (bool first = true; first || at >= _whole.Length || _whole[at] != ']'; first = false)
        {
            if (TryParseNamedClass(ref at, set) || TryParseUnicodeClass(ref at, set) || TryParsePerlClass(ref at, set))
                continue;
            int rangeStart = at;
            int low = ParseClassChar(ref at, start);
            int high = low;
            if (at + 1 < _whole.Length && _whole[at] == '-' && _whole[at + 1] != ']')
            {
                at++;
                high = ParseClassChar(ref at, start);
                if (high < low)
                    throw Error(InvalidClassRange, _whole.AsSpan(rangeStart, at - rangeStart));
            }

            if (fold)
                set.AddFolded(low, high);
            else
                set.Add(low, high);
        }

        if (negated)
            set.Negate();
        PushSet(set);
        return at + 1;
    }

    private int ParseClassChar(ref int at, int classStart)
    {
        if (at >= _whole.Length)
            throw Error("missing closing ]", Rest(classStart));
        return _whole[at] == '\\' ? ParseEscape(ref at) : NextRune(ref at);
    }

    private bool TryParseNamedClass(ref int at, CharSet set)
    {
        ReadOnlySpan<char> text = Rest(at);
        if (text.Length <= 2 || text[0] != '[' || text[1] != ':')
            return false;
        int end = text[2..].IndexOf(":]");
        if (end < 0)
            return false;
        ReadOnlySpan<char> name = text[..(end + 4)];
        ReadOnlySpan<char> word = text[2..(end + 2)];
        bool negative = word.StartsWith('^');
        int[]? pairs = PosixClass(negative ? word[1..] : word);
        if (pairs is null)
            throw Error(InvalidClassRange, name);
        AddGroup(set, pairs, negative);
        at += name.Length;
        return true;
    }

    private void AddGroup(CharSet set, int[] pairs, bool negative)
    {
        bool fold = (_flags & RegexFlags.FoldCase) != 0;
        if (negative)
            set.AddNegated(pairs, fold);
        else
            set.AddAll(pairs, fold);
    }

    private bool TryParsePerlClass(ref int at, CharSet set)
    {
        if (at + 1 >= _whole.Length || _whole[at] != '\\')
            return false;
        char name = _whole[at + 1];
        int[]? pairs = char.ToLowerInvariant(name) switch
        {
            'd' => ['0', '9'],
            's' => ['\t', '\n', '\f', '\r', ' ', ' '],
            'w' => ['0', '9', 'A', 'Z', '_', '_', 'a', 'z'],
            _ => null,
        };
        if (pairs is null)
            return false;
        AddGroup(set, pairs, char.IsAsciiLetterUpper(name));
        at += 2;
        return true;
    }

    private bool TryParseUnicodeClass(ref int at, CharSet set)
    {
        if (at + 1 >= _whole.Length || _whole[at] != '\\' || _whole[at + 1] is not ('p' or 'P'))
            return false;
        int start = at;
        bool negative = _whole[at + 1] == 'P';
        int next = at + 2;
        string name;
        // Go decodes the end of the text as U+FFFD, so a lone \p is an unknown class.
        int c = next < _whole.Length ? NextRune(ref next) : GoRune.Error;
        if (c != '{')
        {
            name = _whole[(start + 2)..next];
        }
        else
        {
            int end = _whole.IndexOf('}', start);
            if (end < 0)
            {
                CheckUtf8(start, _whole.Length);
                throw Error(InvalidClassRange, Rest(start));
            }

            name = _whole[(start + 3)..end];
            CheckUtf8(start + 3, end);
            next = end + 1;
        }

        ReadOnlySpan<char> sequence = _whole.AsSpan(start, next - start);
        if (name.StartsWith('^'))
        {
            negative = !negative;
            name = name[1..];
        }

        int[] pairs = UnicodeTables.Find(name) ?? throw Error(InvalidClassRange, sequence);
        AddGroup(set, pairs, negative);
        at = next;
        return true;
    }

    private static int[]? PosixClass(ReadOnlySpan<char> name) => name switch
    {
        "alnum" => ['0', '9', 'A', 'Z', 'a', 'z'],
        "alpha" => ['A', 'Z', 'a', 'z'],
        "ascii" => [0, 0x7F],
        "blank" => ['\t', '\t', ' ', ' '],
        "cntrl" => [0, 0x1F, 0x7F, 0x7F],
        "digit" => ['0', '9'],
        "graph" => ['!', '~'],
        "lower" => ['a', 'z'],
        "print" => [' ', '~'],
        "punct" => ['!', '/', ':', '@', '[', '`', '{', '~'],
        "space" => ['\t', '\r', ' ', ' '],
        "upper" => ['A', 'Z'],
        "word" => ['0', '9', 'A', 'Z', '_', '_', 'a', 'z'],
        "xdigit" => ['0', '9', 'A', 'F', 'a', 'f'],
        _ => null,
    };
}
