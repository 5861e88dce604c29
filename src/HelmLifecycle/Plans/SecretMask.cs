using System.Text;
using System.Text.Json.Nodes;

namespace HelmLifecycle;

/// <summary>
/// Hides what must not be read: the values of Secrets, and values under keys such as <c>password</c>. A mask keeps the length and
/// whether two values differ, nothing more.
/// </summary>
internal static class SecretMask
{
    private static readonly string[] s_words = ["password", "passwd", "secret", "token", "apikey", "api_key", "privatekey", "private_key", "credential"];

    /// <summary>Masks two Secrets that are compared; either may be missing.</summary>
    public static (JsonObject? Before, JsonObject? After) Secrets(JsonObject? before, JsonObject? after)
    {
        before = before?.DeepClone().AsObject();
        after = after?.DeepClone().AsObject();
        foreach (string section in (ReadOnlySpan<string>)["data", "stringData"])
        {
            var a = before?[section] as JsonObject;
            var b = after?[section] as JsonObject;
            foreach (string key in (a ?? []).Select(p => p.Key).Union((b ?? []).Select(p => p.Key)).ToList())
                Pair(a, b, key, section == "data");
        }

        return (before, after);
    }

    /// <summary>Masks two values trees that are compared.</summary>
    public static (JsonNode? Before, JsonNode? After) Values(JsonNode? before, JsonNode? after)
    {
        before = before?.DeepClone();
        after = after?.DeepClone();
        Walk(before, after);
        return (before, after);
    }

    private static void Walk(JsonNode? before, JsonNode? after)
    {
        if (before is JsonArray || after is JsonArray)
        {
            var x = before as JsonArray;
            var y = after as JsonArray;
            for (int i = 0; i < Math.Max(x?.Count ?? 0, y?.Count ?? 0); i++)
                Walk(i < x?.Count ? x[i] : null, i < y?.Count ? y[i] : null);
            return;
        }

        var a = before as JsonObject;
        var b = after as JsonObject;
        foreach (string key in (a ?? []).Select(p => p.Key).Union((b ?? []).Select(p => p.Key)).ToList())
        {
            if (a?[key] is JsonObject or JsonArray || b?[key] is JsonObject or JsonArray)
                Walk(a?[key], b?[key]);
            else if (s_words.Any(w => key.Contains(w, StringComparison.OrdinalIgnoreCase)))
                Pair(a, b, key, false);
        }
    }

    private static void Pair(JsonObject? before, JsonObject? after, string key, bool base64)
    {
        bool differ = !JsonNode.DeepEquals(before?[key], after?[key]);
        if (before?[key] is { } old)
            before[key] = Mask(old, base64, differ && after?[key] is not null ? "before" : "");
        if (after?[key] is { } value)
            after[key] = Mask(value, base64, differ && before?[key] is not null ? "after" : "");
    }

    // What kind of value it was is no secret: a boolean such as existingSecret: false stays readable when it is empty or a truth value.
    private static JsonNode Mask(JsonNode value, bool base64, string when)
    {
        string text = FieldDiff.Text(value);
        if (text.Length == 0 || text is "true" or "false")
            return value.DeepClone();
        int length = base64 ? text.TrimEnd('=').Length * 3 / 4 : Encoding.UTF8.GetByteCount(text);
        return $"*** ({length} bytes{(when.Length > 0 ? ", " + when : "")})";
    }
}
