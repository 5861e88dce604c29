using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HelmLifecycle.EmbeddedCluster.Tests;

/// <summary>Fills values of earlier raw answers into paths and bodies.</summary>
internal sealed partial class Placeholders(IReadOnlyDictionary<int, JsonNode?> answers)
{
    [GeneratedRegex(@"\$\{(\d+)(?:\.([^}]*))?\}")]
    private static partial Regex Placeholder();

    public string Text(string text) => Placeholder().Replace(text, m => Value(m)?.ToString() ?? "");

    private JsonNode? Value(Match match)
    {
        JsonNode? answer = answers.GetValueOrDefault(int.Parse(match.Groups[1].ValueSpan));
        return match.Groups[2].Success ? Paths.Find(answer, match.Groups[2].Value).Value : answer;
    }

    public JsonNode? Body(JsonNode? body)
    {
        switch (body)
        {
            case JsonObject json when json.ContainsKey("$base"):
                return Merge(Body(json["$base"]), Body(json["$merge"]));
            case JsonObject json:
                var copy = new JsonObject();
                foreach ((string name, JsonNode? value) in json)
                {
                    copy[name] = Body(value);
                }

                return copy;
            case JsonArray list:
                var items = new JsonArray();
                foreach (JsonNode? item in list)
                {
                    items.Add(Body(item));
                }

                return items;
            case JsonValue value when value.TryGetValue(out string? text):
                Match whole = Placeholder().Match(text!);
                return whole.Success && whole.Length == text!.Length ? Value(whole)?.DeepClone() : Text(text!);
            default:
                return body?.DeepClone();
        }
    }

    private static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        var result = target is JsonObject json ? (JsonObject)json.DeepClone() : [];
        foreach ((string name, JsonNode? value) in changes)
        {
            if (value is null)
            {
                result.Remove(name);
            }
            else
            {
                result[name] = Merge(result[name], value);
            }
        }

        return result;
    }
}
