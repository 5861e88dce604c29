using System.Text.Json.Nodes;
using HelmLifecycle.Charts;

namespace HelmLifecycle.Conformance.Cli;

/// <summary><c>set</c>: expressions of <c>--set</c> and its kind, over values.</summary>
public sealed class SetOperation : IOperation
{
    public string Name => "set";

    public JsonObject Answer(JsonObject request)
    {
        GoMap values = HelmYaml.ReadMap((string?)request["values"] ?? "");
        foreach (JsonNode? set in request["sets"]!.AsArray())
        {
            SetKind kind = Enum.Parse<SetKind>((string)set![0]!, ignoreCase: true);
            SetExpression.Apply(kind, (string)set[1]!, values, _ => throw new NotSupportedException("file expressions are not answered here"));
        }

        return new JsonObject { ["typed"] = TypedTree.Of(values), ["yaml"] = AnswerLoop.Clean(HelmYaml.Write(values)) };
    }
}
