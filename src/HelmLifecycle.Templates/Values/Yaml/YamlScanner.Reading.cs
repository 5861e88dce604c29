using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace HelmLifecycle.Templates;

/// <content>The text beneath the tokens: what may be read at all, where the scanner stands, and how it moves.</content>
internal sealed partial class YamlScanner
{
    private const int ChunkBytes = 512;

    // What go-yaml's reader refuses, and what needs a second look (surrogates).
    private static readonly SearchValues<char> s_suspicious = SearchValues.Create(Suspicious());

    private static string Suspicious()
    {
        var text = new StringBuilder();
        for (int c = 0; c <= 0xFFFF; c++)
        {
            if (c is (< 0x20 and not (0x09 or 0x0A or 0x0D)) or (>= 0x7F and <= 0x9F and not 0x85)
                or (>= 0xD800 and <= 0xDFFF) or 0xFFFE or 0xFFFF)
            {
                text.Append((char)c);
            }
        }

        return text.ToString();
    }

    private static int FirstFault(string text)
    {
        int at = 0;
        while (true)
        {
            int step = text.AsSpan(at).IndexOfAny(s_suspicious);
            if (step < 0)
                return -1;
            at += step;
            if (at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]))
                at += 2;
            else
                return at;
        }
    }

    // go-yaml decodes its input in pieces of 512 bytes and refuses a piece as a whole, so that a fault later in the piece hides an
    // earlier error of syntax.
    private static (int Start, string Problem) LocateFault(string text, int fault)
    {
        int start = 0;
        int bytes = 0;
        for (int at = 0; at < fault;)
        {
            int units = char.IsHighSurrogate(text[at]) ? 2 : 1;
            int width = text[at] < 0x80 ? 1 : text[at] < 0x800 ? 2 : units == 2 ? 4 : 3;
            if (bytes + width > ChunkBytes)
            {
                start = at;
                bytes = 0;
            }

            bytes += width;
            at += units;
        }

        if (!char.IsSurrogate(text[fault]))
        {
            int width = text[fault] < 0x80 ? 1 : text[fault] < 0x800 ? 2 : 3;
            return (bytes + width > ChunkBytes ? fault : start, "control characters are not allowed");
        }

        byte[] tail = GoString.ToBytes(text.Substring(fault, Math.Min(6, text.Length - fault)));
        int need = tail[0] switch
        {
            < 0xC0 => 0,
            < 0xE0 => 2,
            < 0xF0 => 3,
            < 0xF8 => 4,
            _ => 0,
        };
        string problem = need == 0 ? "invalid leading UTF-8 octet"
            : need > tail.Length ? "incomplete UTF-8 octet sequence"
            : tail.AsSpan(1, need - 1).ContainsAnyExceptInRange((byte)0x80, (byte)0xBF) ? "invalid trailing UTF-8 octet"
            : (need == 2 && tail[0] < 0xC2) || (need == 3 && tail[0] == 0xE0 && tail[1] < 0xA0) || (need == 4 && tail[0] == 0xF0 && tail[1] < 0x90)
                ? "invalid length of a UTF-8 sequence"
                : "invalid Unicode character";
        return (bytes + Math.Max(need, 1) > ChunkBytes || need > tail.Length ? fault : start, problem);
    }

    private int Column => _pos - _lineStart;

    private YamlMark Mark => new(_line, _pos - _lineStart, _pos - _surplus);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private char At(int offset)
    {
        int at = _pos + offset;
        return (uint)at < (uint)_end ? _text[at] : AtEnd();
    }

    // Past the end there is NUL, which can stand nowhere else.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private char AtEnd()
    {
        if (_readerFault is not null)
            throw new YamlSyntaxError(_readerFault, Mark, 0);
        return '\0';
    }

    private void Need(int characters)
    {
        if (_readerFault is not null && _pos + characters > _end)
            AtEnd();
    }

    private static bool IsBreak(char c) => c is '\n' or '\r' or '\u0085' or '\u2028' or '\u2029';

    private static bool IsBlank(char c) => c is ' ' or '\t';

    private static bool IsBreakOrEnd(char c) => c == '\0' || IsBreak(c);

    private static bool IsBlankOrEnd(char c) => c is ' ' or '\t' or '\0' || IsBreak(c);

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';

    /// <summary>Passes over one character that is no break.</summary>
    private void Advance()
    {
        if (_astral && _pos < _end && char.IsHighSurrogate(_text[_pos]))
        {
            _pos += 2;
            _lineStart++;
            _surplus++;
        }
        else
        {
            _pos++;
        }
    }

    /// <summary>Passes over a run of characters without breaks.</summary>
    private void AdvanceTo(int position)
    {
        if (_astral)
        {
            while (_pos < position)
                Advance();
        }

        _pos = position;
    }

    private void SkipBreak()
    {
        if (At(0) == '\r' && At(1) == '\n')
            _pos += 2;
        else if (IsBreak(At(0)))
            _pos++;
        else
            return;
        _line++;
        _lineStart = _pos;
    }

    private void ReadBreak(StringBuilder into)
    {
        char c = At(0);
        if (!IsBreak(c))
            return;
        into.Append(c is '\u2028' or '\u2029' ? c : '\n');
        SkipBreak();
    }

    private YamlSyntaxError Error(string problem, YamlMark context)
    {
        // go-yaml counts lines from 0, adds one for errors of the scanner, and says nothing of the first line.
        int line = _line != 0 ? _line + 1 : context.Line;
        return new YamlSyntaxError(problem, Mark, line);
    }

    private YamlSyntaxError Error(string problem) => Error(problem, Mark);
}
