using System.Globalization;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Conformance.Cli;

/// <summary>Values as the recorded answers show them: each scalar as <c>{Go type: text}</c>.</summary>
internal static class TypedTree
{
    public static JsonNode? Of(GoValue value)
    {
        if (value.AsMap is { } map)
        {
            var members = new JsonObject();
            foreach ((string key, GoValue item) in map)
                members[AnswerLoop.Clean(key)] = Of(item);
            return new JsonObject { ["map"] = members };
        }

        if (value.AsList is { } list)
            return new JsonObject { ["list"] = new JsonArray([.. list.Select(Of)]) };
        return value.IsNil ? null : new JsonObject { [value.Type!.Name] = AnswerLoop.Clean(Text(value)) };
    }

    private static string Text(GoValue value) => value.Kind switch
    {
        GoKind.String => value.AsString!,
        GoKind.Bool => value.BoolValue ? "true" : "false",
        GoKind.Float => GoFloat.Format(value.FloatValue),
        _ => value.IntValue.ToString(CultureInfo.InvariantCulture),
    };
}
