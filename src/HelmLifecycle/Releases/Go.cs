using System.Globalization;
using System.Text;

namespace HelmLifecycle;

/// <summary>Texts as Go's fmt makes them.</summary>
internal static class Go
{
    /// <summary>Go's %q of a text of printable characters.</summary>
    public static string Quote(string text)
    {
        var b = new StringBuilder(text.Length + 2).Append('"');
        foreach (char c in text)
        {
            _ = c switch
            {
                '"' => b.Append("\\\""),
                '\\' => b.Append("\\\\"),
                '\n' => b.Append("\\n"),
                '\r' => b.Append("\\r"),
                '\t' => b.Append("\\t"),
                < ' ' or '\x7f' => b.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => b.Append(c),
            };
        }

        return b.Append('"').ToString();
    }
}
