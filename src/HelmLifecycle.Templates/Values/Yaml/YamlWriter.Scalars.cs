using System.Buffers;
using System.Globalization;

namespace HelmLifecycle.Templates;

/// <summary>How a scalar is written.</summary>
internal enum ScalarStyle : byte
{
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
}

/// <summary>What the characters of a scalar allow: libyaml's analysis.</summary>
internal struct ScalarTraits
{
    private static readonly SearchValues<char> s_harmless = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_/.=+$();<>^~\"'");

    public bool Multiline;
    public bool HasLineFeed;
    public bool PlainAllowed;
    public bool SingleQuotedAllowed;
    public bool BlockAllowed;
    /// <summary>Whether every space may be left where it is without looking: there is none.</summary>
    public bool NoSpaces;
    /// <summary>Whether the tag <c>!!binary</c> goes before it.</summary>
    public bool Tagged;

    public static bool IsBreak(char c) => c is '\n' or '\r' or '\u0085' or '\u2028' or '\u2029';

    /// <summary>What go-yaml writes as it is. Characters beyond U+FFFF are not among it.</summary>
    public static bool IsPrintable(char c) =>
        c is '\n' or (>= ' ' and <= '~') or (>= '\u00A0' and <= '\uD7FF') or (>= '\uE000' and <= '\uFFFD' and not '\uFEFF');

    public static ScalarTraits Of(ReadOnlySpan<char> text, bool tabsInBlocks)
    {
        var traits = new ScalarTraits { PlainAllowed = true, SingleQuotedAllowed = true };
        if (text.Length == 0)
            return traits;
        traits.BlockAllowed = true;
        traits.NoSpaces = true;
        if (char.IsAsciiLetterOrDigit(text[0]) && text.IndexOfAnyExcept(s_harmless) < 0)
            return traits;
        traits.Analyze(text, tabsInBlocks);
        return traits;
    }

    private void Analyze(ReadOnlySpan<char> text, bool tabsInBlocks)
    {
        bool indicators = text.StartsWith("---") || text.StartsWith("...");
        bool special = false;
        bool tabs = false;
        bool spaceBreak = false;
        bool breakSpace = false;
        bool afterBlank = true;
        bool previousSpace = false;
        bool previousBreak = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            bool beforeBlank = i + 1 >= text.Length || text[i + 1] is ' ' or '\t';
            if (i == 0)
            {
                if (c is '#' or ',' or '[' or ']' or '{' or '}' or '&' or '*' or '!' or '|' or '>' or '\'' or '"' or '%' or '@' or '`'
                    || (c is '?' or ':' or '-' && beforeBlank))
                {
                    indicators = true;
                }
            }
            else if ((c == ':' && beforeBlank) || (c == '#' && afterBlank))
            {
                indicators = true;
            }

            if (c == '\t' && tabsInBlocks)
                tabs = true;
            else if (!IsPrintable(c))
                special = true;

            if (c == ' ')
            {
                NoSpaces = false;
                breakSpace |= previousBreak;
                previousSpace = true;
                previousBreak = false;
            }
            else if (IsBreak(c))
            {
                Multiline = true;
                HasLineFeed |= c == '\n';
                spaceBreak |= previousSpace;
                previousSpace = false;
                previousBreak = true;
            }
            else
            {
                previousSpace = false;
                previousBreak = false;
            }

            afterBlank = c is ' ' or '\t' or '\0' || IsBreak(c);
        }

        bool trailingSpace = text[^1] == ' ';
        PlainAllowed = !(indicators || Multiline || text[0] == ' ' || trailingSpace || breakSpace || spaceBreak || special || tabs);
        SingleQuotedAllowed = !(breakSpace || spaceBreak || special || tabs);
        BlockAllowed = !(trailingSpace || spaceBreak || special);
    }
}

internal sealed partial class YamlWriter
{
    private void Put(char c)
    {
        _to.Append(c);
        _column++;
    }

    private void PutBreak()
    {
        _to.Append('\n');
        _column = 0;
        if (_pretty)
            _indention = true;
    }

    // Writes one character of a text, both halves of one beyond U+FFFF.
    private void Put(ReadOnlySpan<char> text, ref int at)
    {
        char c = text[at++];
        _to.Append(c);
        _column++;
        if (char.IsHighSurrogate(c) && at < text.Length && char.IsLowSurrogate(text[at]))
            _to.Append(text[at++]);
    }

    private void WriteBreak(ReadOnlySpan<char> text, ref int at)
    {
        char c = text[at++];
        if (c == '\n')
        {
            PutBreak();
        }
        else
        {
            _to.Append(c);
            _column = 0;
        }

        _indention = true;
    }

    private void WriteIndent()
    {
        int indent = Math.Max(_indent, 0);
        if (!_indention || _column > indent || (_column == indent && !_whitespace))
            PutBreak();
        if (_column < indent)
        {
            _to.Append(' ', indent - _column);
            _column = indent;
        }

        _whitespace = true;
        _indention = true;
    }

    private void WriteIndicator(char indicator, bool needsSpace, bool isSpace, bool isIndention)
    {
        if (needsSpace && !_whitespace)
            Put(' ');
        Put(indicator);
        _whitespace = isSpace;
        _indention = _indention && isIndention;
    }

    private void StartWord()
    {
        if (!_whitespace)
            Put(' ');
    }

    private void EndWord(int length)
    {
        _column += length;
        _whitespace = false;
        _indention = false;
    }

    private void WriteWord(ReadOnlySpan<char> word)
    {
        StartWord();
        _to.Append(word);
        EndWord(word.Length);
    }

    private void WriteScalar(string text, ScalarTraits traits, ScalarStyle style, bool simpleKey)
    {
        if (style == ScalarStyle.Plain && (!traits.PlainAllowed || (text.Length == 0 && simpleKey)))
            style = ScalarStyle.SingleQuoted;
        if (style == ScalarStyle.SingleQuoted && !traits.SingleQuotedAllowed)
            style = ScalarStyle.DoubleQuoted;
        if (style == ScalarStyle.Literal && (!traits.BlockAllowed || simpleKey))
            style = ScalarStyle.DoubleQuoted;
        if (traits.Tagged)
            WriteWord("!!binary");

        int outer = _indent;
        _indent = outer < 0 ? IndentWidth : outer + IndentWidth;
        switch (style)
        {
            case ScalarStyle.Plain:
                WritePlain(text, traits, !simpleKey);
                break;
            case ScalarStyle.SingleQuoted:
                WriteSingleQuoted(text, !simpleKey);
                break;
            case ScalarStyle.DoubleQuoted:
                WriteDoubleQuoted(text, !simpleKey);
                break;
            default:
                WriteLiteral(text);
                break;
        }

        _indent = outer;
    }

    // Plain scalars never hold breaks: the analysis sees to that.
    private void WritePlain(string text, ScalarTraits traits, bool mayFold)
    {
        StartWord();
        if (traits.NoSpaces || !mayFold || _column + text.Length <= _bestWidth)
        {
            _to.Append(text);
            _column += text.Length;
        }
        else
        {
            bool afterSpace = false;
            for (int at = 0; at < text.Length;)
            {
                if (text[at] == ' ')
                {
                    if (!afterSpace && _column > _bestWidth && !(at + 1 < text.Length && text[at + 1] == ' '))
                    {
                        WriteIndent();
                        at++;
                    }
                    else
                    {
                        Put(text, ref at);
                    }

                    afterSpace = true;
                }
                else
                {
                    Put(text, ref at);
                    _indention = false;
                    afterSpace = false;
                }
            }
        }

        _whitespace = false;
        _indention = false;
    }

    private void WriteSingleQuoted(string text, bool mayFold)
    {
        WriteIndicator('\'', true, false, false);
        bool afterSpace = false;
        bool afterBreak = false;
        for (int at = 0; at < text.Length;)
        {
            char c = text[at];
            if (c == ' ')
            {
                if (mayFold && !afterSpace && _column > _bestWidth && at > 0 && at < text.Length - 1 && text[at + 1] != ' ')
                {
                    WriteIndent();
                    at++;
                }
                else
                {
                    Put(text, ref at);
                }

                afterSpace = true;
            }
            else if (ScalarTraits.IsBreak(c))
            {
                if (!afterBreak && c == '\n')
                    PutBreak();
                WriteBreak(text, ref at);
                afterBreak = true;
            }
            else
            {
                if (afterBreak)
                    WriteIndent();
                if (c == '\'')
                    Put('\'');
                Put(text, ref at);
                _indention = false;
                afterSpace = false;
                afterBreak = false;
            }
        }

        WriteIndicator('\'', false, false, false);
        _whitespace = false;
        _indention = false;
    }

    private void WriteDoubleQuoted(string text, bool mayFold)
    {
        WriteIndicator('"', true, false, false);
        // go-yaml looks for a byte order mark at the start of the text whatever character it is at.
        bool escapeAll = text.StartsWith('\uFEFF');
        bool afterSpace = false;
        for (int at = 0; at < text.Length;)
        {
            char c = text[at];
            if (escapeAll || !ScalarTraits.IsPrintable(c) || ScalarTraits.IsBreak(c) || c is '"' or '\\')
            {
                int code = c;
                at++;
                if (char.IsHighSurrogate(c) && at < text.Length && char.IsLowSurrogate(text[at]))
                    code = char.ConvertToUtf32(c, text[at++]);
                WriteEscape(code);
                afterSpace = false;
            }
            else if (c == ' ')
            {
                if (mayFold && !afterSpace && _column > _bestWidth && at > 0 && at < text.Length - 1)
                {
                    WriteIndent();
                    if (text[at + 1] == ' ')
                        Put('\\');
                    at++;
                }
                else
                {
                    Put(text, ref at);
                }

                afterSpace = true;
            }
            else
            {
                Put(text, ref at);
                afterSpace = false;
            }
        }

        WriteIndicator('"', false, false, false);
        _whitespace = false;
        _indention = false;
    }

    private void WriteEscape(int code)
    {
        Put('\\');
        char letter = code switch
        {
            0x00 => '0',
            0x07 => 'a',
            0x08 => 'b',
            0x09 => 't',
            0x0A => 'n',
            0x0B => 'v',
            0x0C => 'f',
            0x0D => 'r',
            0x1B => 'e',
            0x22 => '"',
            0x5C => '\\',
            0x85 => 'N',
            0xA0 => '_',
            0x2028 => 'L',
            0x2029 => 'P',
            _ => '\0',
        };
        if (letter != '\0')
        {
            Put(letter);
            return;
        }

        (char prefix, string format) = code <= 0xFF ? ('x', "X2") : code <= 0xFFFF ? ('u', "X4") : ('U', "X8");
        Put(prefix);
        string digits = code.ToString(format, CultureInfo.InvariantCulture);
        _to.Append(digits);
        _column += digits.Length;
    }

    private void WriteLiteral(string text)
    {
        WriteIndicator('|', true, false, false);
        if (text[0] == ' ' || ScalarTraits.IsBreak(text[0]))
            WriteIndicator((char)('0' + IndentWidth), false, false, false);
        if (!ScalarTraits.IsBreak(text[^1]))
            WriteIndicator('-', false, false, false);
        else if (text.Length == 1 || ScalarTraits.IsBreak(text[^2]))
            WriteIndicator('+', false, false, false);
        PutBreak();
        _indention = true;
        _whitespace = true;
        bool afterBreak = true;
        for (int at = 0; at < text.Length;)
        {
            if (ScalarTraits.IsBreak(text[at]))
            {
                WriteBreak(text, ref at);
                afterBreak = true;
                continue;
            }

            if (afterBreak)
                WriteIndent();
            int end = at + 1;
            while (end < text.Length && !ScalarTraits.IsBreak(text[end]))
                end++;
            _to.Append(text.AsSpan(at, end - at));
            _column += end - at;
            at = end;
            _indention = false;
            afterBreak = false;
        }
    }
}
