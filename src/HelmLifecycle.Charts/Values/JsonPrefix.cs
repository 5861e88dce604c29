namespace HelmLifecycle.Charts;

/// <summary>Reads the JSON value at the start of a text, as Go's <c>json.Decoder</c> does: what follows may be anything.</summary>
internal static class JsonPrefix
{
    /// <param name="text">The text; the value may have white space before it.</param>
    /// <param name="length">How many characters were read.</param>
    /// <exception cref="ValuesException">There is no value; the message is Go's.</exception>
    internal static GoValue Read(ReadOnlySpan<char> text, out int length)
    {
        length = EndOfValue(text);
        if (length > 0)
        {
            try
            {
                return HelmJson.Read(text[..length].ToString());
            }
            catch (JsonSyntaxException e) when (e.Message != "unexpected end of JSON input")
            {
                throw new ValuesException(e.Message, e);
            }
            catch (JsonSyntaxException)
            {
                // It is what follows that breaks the value, as in "tru,": let the message say so.
            }
        }

        try
        {
            return HelmJson.Read(text.ToString());
        }
        catch (JsonSyntaxException e)
        {
            throw new ValuesException(e.Message == "unexpected end of JSON input" ? "unexpected EOF" : e.Message, e);
        }
    }

    // Where the value ends if it is well formed; else anywhere. 0 when the text ends before the value does.
    private static int EndOfValue(ReadOnlySpan<char> text)
    {
        int at = 0;
        while (at < text.Length && text[at] is ' ' or '\t' or '\r' or '\n')
            at++;
        if (at == text.Length)
            return 0;
        return text[at] switch
        {
            '{' or '[' => EndOfNested(text, at),
            '"' => EndOfString(text, at),
            't' or 'n' => at + 4 <= text.Length && text.Slice(at, 4) is "true" or "null" ? at + 4 : 0,
            'f' => at + 5 <= text.Length && text.Slice(at, 5) is "false" ? at + 5 : 0,
            '-' or (>= '0' and <= '9') => EndOfNumber(text, at),
            _ => 0,
        };
    }

    private static int EndOfNested(ReadOnlySpan<char> text, int at)
    {
        int depth = 0;
        for (; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '"':
                    int end = EndOfString(text, at);
                    if (end == 0)
                        return 0;
                    at = end - 1;
                    break;
                case '{' or '[':
                    depth++;
                    break;
                case '}' or ']' when --depth == 0:
                    return at + 1;
            }
        }

        return 0;
    }

    private static int EndOfString(ReadOnlySpan<char> text, int at)
    {
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '"')
                return at + 1;
            if (text[at] == '\\')
                at++;
        }

        return 0;
    }

    private static int EndOfNumber(ReadOnlySpan<char> text, int at)
    {
        if (text[at] == '-')
            at++;
        if (at < text.Length && text[at] == '0')
            at++;
        else
            at = SkipDigits(text, at);
        if (at < text.Length && text[at] == '.')
            at = SkipDigits(text, at + 1);
        if (at < text.Length && text[at] is 'e' or 'E')
        {
            at++;
            if (at < text.Length && text[at] is '+' or '-')
                at++;
            at = SkipDigits(text, at);
        }

        return at;
    }

    private static int SkipDigits(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
        return at;
    }
}
