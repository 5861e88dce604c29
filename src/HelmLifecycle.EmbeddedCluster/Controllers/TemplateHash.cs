using System.Globalization;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>
/// Short hashes for names, in Kubernetes' alphabet without vowels. The value follows from the JSON, not from Go's memory form, so it differs from a real cluster's; it is as stable.
/// </summary>
internal static class TemplateHash
{
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    public static string Of(JsonNode? template, int collisions)
    {
        uint hash = 2166136261;
        Mix(ref hash, template);
        if (collisions > 0)
        {
            Mix(ref hash, collisions.ToString(CultureInfo.InvariantCulture));
        }

        string digits = hash.ToString(CultureInfo.InvariantCulture);
        return string.Create(digits.Length, digits, static (span, text) =>
        {
            for (int i = 0; i < text.Length; i++)
            {
                span[i] = Alphabet[text[i] % Alphabet.Length];
            }
        });
    }

    /// <summary>Keys in order, so that the order in the document does not matter.</summary>
    private static void Mix(ref uint hash, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                Mix(ref hash, "{");
                foreach ((string key, JsonNode? value) in map.OrderBy(p => p.Key, StringComparer.Ordinal))
                {
                    Mix(ref hash, key);
                    Mix(ref hash, value);
                }

                Mix(ref hash, "}");
                break;
            case JsonArray list:
                Mix(ref hash, "[");
                foreach (JsonNode? item in list)
                {
                    Mix(ref hash, item);
                }

                Mix(ref hash, "]");
                break;
            default:
                Mix(ref hash, node?.ToJsonString() ?? "null");
                break;
        }
    }

    private static void Mix(ref uint hash, string text)
    {
        foreach (char c in text)
        {
            hash = (hash ^ c) * 16777619;
        }

        hash = (hash ^ 0x1f) * 16777619;
    }
}
