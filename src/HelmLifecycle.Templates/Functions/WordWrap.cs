using System.Text;

namespace HelmLifecycle.Templates;

/// <summary><c>abbrev</c> and <c>abbrevboth</c>: texts cut with an ellipsis, bytewise, as Masterminds/goutils does it.</summary>
internal static class Abbreviation
{
    public static string Right(string text, long width) => width < 4 ? text : GoBytes.From(Cut(GoBytes.Of(text), 0, width));

    public static string Both(string text, long left, long right) =>
        right < 4 || (left > 0 && right < 7) ? text : GoBytes.From(Cut(GoBytes.Of(text), left, right));

    private static string Cut(string text, long offset, long width)
    {
        if (width < 4)
            return "";
        if (text.Length <= width)
            return text;
        offset = Math.Min(offset, text.Length);
        if (text.Length - offset < width - 3)
            offset = text.Length - (width - 3);
        if (offset <= 4)
            return text[..(int)(width - 3)] + "...";
        if (width < 7)
            return "";
        return offset + width - 3 < text.Length
            ? "..." + Cut(text[(int)offset..], 0, width - 3)
            : "..." + text[(int)(text.Length - (width - 3))..];
    }
}

/// <summary><c>wrap</c> and <c>wrapWith</c>: lines broken at spaces, bytewise, as Masterminds/goutils does it.</summary>
internal static class WordWrap
{
    public static string Wrap(GoCallContext context, string source, long wanted, string newLine, bool breakWords)
    {
        string text = GoBytes.Of(source);
        newLine = GoBytes.Of(newLine);
        int width = (int)Math.Clamp(wanted, 1, int.MaxValue / 2);
        if (newLine.Length > 1)
            context.Charge(StringFunctions.SafeLength(text.Length / width + 1L, newLine.Length));
        var result = new StringBuilder(text.Length + 16);
        int at = 0;
        while (text.Length - at > width)
        {
            if (text[at] == ' ')
            {
                at++;
                continue;
            }

            int space = text.LastIndexOf(' ', at + width, width + 1);
            if (space < 0 && breakWords)
            {
                result.Append(text, at, width).Append(newLine);
                at += width;
                continue;
            }

            if (space < 0)
                space = text.IndexOf(' ', at + width);
            if (space < 0)
            {
                result.Append(text, at, text.Length - at);
                at = text.Length;
                continue;
            }

            result.Append(text, at, space - at).Append(newLine);
            at = space + 1;
        }

        return GoBytes.From(result.Append(text, at, text.Length - at).ToString());
    }
}
