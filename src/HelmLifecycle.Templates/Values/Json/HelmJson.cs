namespace HelmLifecycle.Templates;

/// <summary>JSON as Go's <c>encoding/json</c> reads and writes it.</summary>
public static class HelmJson
{
    /// <summary>Reads a JSON value. Every number becomes a float64.</summary>
    /// <exception cref="JsonSyntaxException">The text is no JSON.</exception>
    public static GoValue Read(string json) => throw new NotImplementedException();

    /// <summary>Writes a value: keys in order, floats and escapes as Go writes them.</summary>
    /// <param name="value">The value.</param>
    /// <param name="escapeHtml">Whether <c>&lt;</c>, <c>&gt;</c> and <c>&amp;</c> become <c>\u003c</c> and so on, Go's default.</param>
    /// <param name="indent">The indentation of one level, or <see langword="null"/> for one line.</param>
    /// <exception cref="JsonSyntaxException">The value has no form in JSON, or holds itself.</exception>
    public static string Write(GoValue value, bool escapeHtml = true, string? indent = null) => throw new NotImplementedException();

    /// <summary>The text with every byte that is not UTF-8 replaced by U+FFFD, as <c>encoding/json</c> does.</summary>
    internal static string ReplaceInvalid(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') || !GoString.HasInvalidBytes(text))
            return text;
        char[] chars = text.ToCharArray();
        for (int i = 0; i < chars.Length; i++)
        {
            if (!char.IsSurrogate(chars[i]))
                continue;
            if (i + 1 < chars.Length && char.IsSurrogatePair(chars[i], chars[i + 1]))
                i++;
            else
                chars[i] = '\uFFFD';
        }

        return new string(chars);
    }

    /// <summary>What <c>encoding/json</c> calls a value in its messages.</summary>
    internal static string KindName(GoValue value) => value.Kind switch
    {
        GoKind.Bool => "bool",
        GoKind.String => "string",
        GoKind.List => "array",
        GoKind.Map => "object",
        _ => "number",
    };
}
