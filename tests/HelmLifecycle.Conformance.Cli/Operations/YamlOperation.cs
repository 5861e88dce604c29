using System.Text.Json.Nodes;

namespace HelmLifecycle.Conformance.Cli;

/// <summary><c>yaml</c>: a text read, and written again.</summary>
public sealed class YamlOperation : IOperation
{
    public string Name => "yaml";

    public JsonObject Answer(JsonObject request)
    {
        GoValue value = HelmYaml.Read((string)request["yaml"]!);
        return new JsonObject { ["typed"] = TypedTree.Of(value), ["yaml"] = AnswerLoop.Clean(HelmYaml.Write(value)) };
    }
}
