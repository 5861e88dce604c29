using System.Text.Json.Nodes;

namespace HelmLifecycle.Charts;

/// <summary>JSON nodes as values of the template language: numbers are float64, as Go reads JSON.</summary>
internal static class JsonValues
{
    internal static GoMap ToMap(JsonNode? json, string name)
    {
        if (json is null)
            return [];
        GoValue value = HelmJson.Read(json.ToJsonString());
        return value.AsMap ?? throw new ValuesException($"failed to parse {name}: values must be a JSON object");
    }
}
