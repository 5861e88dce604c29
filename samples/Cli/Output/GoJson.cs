using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Cli;

/// <summary>JSON as Go's encoder writes it: no blanks, and <c>&lt; &gt; &amp;</c> escaped.</summary>
internal static class GoJson
{
    private static readonly JsonSerializerOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(JsonNode? node) => (node?.ToJsonString(s_options) ?? "null")
        .Replace("<", "\\u003c", StringComparison.Ordinal)
        .Replace(">", "\\u003e", StringComparison.Ordinal)
        .Replace("&", "\\u0026", StringComparison.Ordinal);
}
