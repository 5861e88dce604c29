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
}
