using System.Text;

namespace HelmLifecycle.Templates;

internal sealed partial class YamlScanner
{
    private void FetchDirective()
    {
        UnrollIndent(-1);
        RemoveKey();
        _keyAllowed = false;
        YamlMark start = Mark;
        _pos++;
        int from = _pos;
        while (IsWord(At(0)))
            _pos++;
        if (_pos == from)
            throw Error("could not find expected directive name", start);
        if (!IsBlankOrEnd(At(0)))
            throw Error("found unexpected non-alphabetical character", start);
        string name = _text[from.._pos];
        if (name == "YAML")
        {
            SkipBlanks();
            int major = ReadVersionNumber(start);
            if (At(0) != '.')
                throw Error("did not find expected digit or '.' character", start);
            _pos++;
            int minor = ReadVersionNumber(start);
            Append(YamlTokenKind.VersionDirective, start, $"{major}.{minor}");
        }
        else if (name == "TAG")
        {
            SkipBlanks();
            string handle = ReadTagHandle(true, start);
            if (!IsBlank(At(0)))
                throw Error("did not find expected whitespace", start);
            SkipBlanks();
            string prefix = ReadTagUri(true, "", start);
            if (!IsBlankOrEnd(At(0)))
                throw Error("did not find expected whitespace or line break", start);
            Append(YamlTokenKind.TagDirective, start, handle, prefix);
        }
        else
        {
            throw Error("found unknown directive name", start);
        }

        SkipBlanks();
        if (At(0) == '#')
            SkipComment();
        if (!IsBreakOrEnd(At(0)))
            throw Error("did not find expected comment or line break", start);
        SkipBreak();
    }

    private void SkipBlanks()
    {
        while (IsBlank(At(0)))
            _pos++;
    }

    private int ReadVersionNumber(YamlMark start)
    {
        int value = 0;
        int length = 0;
        while (char.IsAsciiDigit(At(0)))
        {
            if (++length > 2)
                throw Error("found extremely long version number", start);
            value = value * 10 + At(0) - '0';
            _pos++;
        }

        return length > 0 ? value : throw Error("did not find expected version number", start);
    }

    private void FetchTag()
    {
        int keyLevel = SaveKey();
        _keyAllowed = false;
        YamlMark start = Mark;
        string handle = "";
        string suffix;
        if (At(1) == '<')
        {
            _pos += 2;
            suffix = ReadTagUri(false, "", start);
            if (At(0) != '>')
                throw Error("did not find the expected '>'", start);
            _pos++;
        }
        else
        {
            handle = ReadTagHandle(false, start);
            if (handle.Length > 1 && handle[^1] == '!')
            {
                suffix = ReadTagUri(false, "", start);
            }
            else
            {
                // No handle after all but the start of the tag; "!" alone is a tag of its own.
                suffix = ReadTagUri(false, handle, start);
                (handle, suffix) = suffix.Length == 0 ? ("", "!") : ("!", suffix);
            }
        }

        if (!IsBlankOrEnd(At(0)))
            throw Error("did not find expected whitespace or line break", start);
        Append(YamlTokenKind.Tag, start, handle, suffix, keyLevel: keyLevel);
    }

    private string ReadTagHandle(bool directive, YamlMark start)
    {
        if (At(0) != '!')
            throw Error("did not find expected '!'", start);
        int from = _pos++;
        while (IsWord(At(0)))
            _pos++;
        if (At(0) == '!')
            _pos++;
        else if (directive && _pos - from > 1)
            throw Error("did not find expected '!'", start);
        return _text[from.._pos];
    }

    private string ReadTagUri(bool directive, string head, YamlMark start)
    {
        bool found = head.Length > 0;
        var uri = new StringBuilder(head.Length > 1 ? head[1..] : "");
        while (true)
        {
            char c = At(0);
            if (c == '%')
            {
                ReadUriEscape(uri, start);
            }
            else if (IsWord(c) || c is ';' or '/' or '?' or ':' or '@' or '&' or '=' or '+' or '$' or ',' or '.' or '!' or '~' or '*'
                or '\'' or '(' or ')' or '[' or ']')
            {
                uri.Append(c);
                _pos++;
            }
            else
            {
                break;
            }

            found = true;
        }

        return found ? uri.ToString() : throw Error("did not find expected tag URI", start);
    }

    private void ReadUriEscape(StringBuilder uri, YamlMark start)
    {
        Span<byte> bytes = stackalloc byte[4];
        int width = 1;
        for (int i = 0; i < width; i++)
        {
            if (At(0) != '%' || !char.IsAsciiHexDigit(At(1)) || !char.IsAsciiHexDigit(At(2)))
                throw Error("did not find URI escaped octet", start);
            byte octet = Convert.ToByte(_text.Substring(_pos + 1, 2), 16);
            if (i == 0)
            {
                width = octet switch { < 0x80 => 1, < 0xC0 => 0, < 0xE0 => 2, < 0xF0 => 3, < 0xF8 => 4, _ => 0 };
                if (width == 0)
                    throw Error("found an incorrect leading UTF-8 octet", start);
            }
            else if ((octet & 0xC0) != 0x80)
            {
                throw Error("found an incorrect trailing UTF-8 octet", start);
            }

            bytes[i] = octet;
            _pos += 3;
        }

        uri.Append(GoString.FromBytes(bytes[..width]));
    }
}
