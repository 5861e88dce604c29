namespace HelmLifecycle.Templates;

/// <summary>JSON as Go's <c>encoding/json</c> reads and writes it.</summary>
public static class HelmJson
{
    /// <summary>Reads a JSON value. Every number becomes a float64.</summary>
    /// <exception cref="JsonSyntaxException">The text is no JSON.</exception>
    public static GoValue Read(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return new JsonReader(json).ReadAll();
    }

    /// <summary>
    /// Reads one JSON value from the start of a text and says how many characters it took, blanks before it included; what follows
    /// is left alone, as with Go's <c>json.Decoder</c>.
    /// </summary>
    /// <exception cref="JsonSyntaxException">The text starts with no JSON value.</exception>
    public static GoValue ReadFirst(ReadOnlySpan<char> json, out int length)
    {
        var reader = new JsonReader(json);
        GoValue value = reader.ReadValue();
        length = reader.Position;
        return value;
    }

    /// <summary>Writes a value: keys in order, floats and escapes as Go writes them.</summary>
    /// <param name="value">The value.</param>
    /// <param name="escapeHtml">Whether <c>&lt;</c>, <c>&gt;</c> and <c>&amp;</c> become <c>\u003c</c> and so on, Go's default.</param>
    /// <param name="indent">The indentation of one level, or <see langword="null"/> for one line.</param>
    /// <exception cref="JsonSyntaxException">The value has no form in JSON, or holds itself.</exception>
    public static string Write(GoValue value, bool escapeHtml = true, string? indent = null)
    {
        using var buffer = new PooledText();
        new JsonWriter(buffer, escapeHtml, indent).Write(value);
        return buffer.ToString();
    }

    /// <summary>The text with every byte that is not UTF-8 replaced by U+FFFD, as <c>encoding/json</c> does.</summary>
    internal static string ReplaceInvalid(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
            return text;
        char[]? chars = null;
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
                i++;
            else
                (chars ??= text.ToCharArray())[i] = '\uFFFD';
        }

        return chars is null ? text : new string(chars);
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
