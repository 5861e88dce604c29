namespace HelmLifecycle.Templates;

internal static partial class BuiltinFunctions
{
    // What html, js and urlquery escape: the arguments printed, nil as "<no value>" as a template prints it.
    private static string TextOf(ReadOnlySpan<GoValue> arguments)
    {
        if (arguments.Length == 1)
            return Formatter.PrintForOutput(arguments[0]);
        var shown = new GoValue[arguments.Length];
        for (int i = 0; i < shown.Length; i++)
            shown[i] = arguments[i].IsNil || arguments[i].AsObject is not null ? Formatter.PrintForOutput(arguments[i]) : arguments[i];
        return Formatter.Print(shown.AsSpan());
    }

    private static string EscapeHtml(string text)
    {
        if (text.AsSpan().IndexOfAny("'\"&<>\0") < 0)
            return text;
        var buffer = new TextBuffer(text.Length + 32);
        foreach (char c in text)
        {
            switch (c)
            {
                case '\0': buffer.Append('\uFFFD'); break;
                case '"': buffer.Append("&#34;"); break;
                case '\'': buffer.Append("&#39;"); break;
                case '&': buffer.Append("&amp;"); break;
                case '<': buffer.Append("&lt;"); break;
                case '>': buffer.Append("&gt;"); break;
                default: buffer.Append(c); break;
            }
        }

        return buffer.ToString();
    }

    private static string EscapeJavaScript(string text)
    {
        var buffer = new TextBuffer(text.Length + 32);
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            int rune = Strconv.DecodeRune(rest, out int width, out _);
            switch (rune)
            {
                case '\\': buffer.Append("\\\\"); break;
                case '\'': buffer.Append("\\'"); break;
                case '"': buffer.Append("\\\""); break;
                case '<': buffer.Append("\\u003C"); break;
                case '>': buffer.Append("\\u003E"); break;
                case '&': buffer.Append("\\u0026"); break;
                case '=': buffer.Append("\\u003D"); break;
                case >= ' ' and < 0x80:
                    buffer.Append((char)rune);
                    break;
                case < 0:
                case >= 0x80 when Strconv.IsPrint(rune):
                    buffer.Append(rest[..width]);
                    break;
                default:
                    buffer.Append("\\u" + rune.ToString("X4", System.Globalization.CultureInfo.InvariantCulture));
                    break;
            }

            rest = rest[width..];
        }

        return buffer.ToString();
    }

    private static string EscapeQuery(string text)
    {
        const string digits = "0123456789ABCDEF";
        var buffer = new TextBuffer(text.Length + 32);
        foreach (byte b in GoString.ToBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'_' or (byte)'.' or (byte)'~')
            {
                buffer.Append((char)b);
            }
            else if (b == ' ')
            {
                buffer.Append('+');
            }
            else
            {
                buffer.Append('%');
                buffer.Append(digits[b >> 4]);
                buffer.Append(digits[b & 15]);
            }
        }

        return buffer.ToString();
    }
}
