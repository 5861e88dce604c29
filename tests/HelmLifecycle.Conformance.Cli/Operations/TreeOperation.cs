using System.Text.Json.Nodes;
using HelmLifecycle.Charts;

namespace HelmLifecycle.Conformance.Cli;

/// <summary><c>tree</c>: a whole chart given as files; its values, enabled dependencies and manifests.</summary>
public sealed class TreeOperation : IOperation
{
    public string Name => "tree";

    public JsonObject Answer(JsonObject request)
    {
        Chart chart = ChartLoader.Load(request["files"]!.AsObject().Select(f => new ChartFile(f.Key, (string)f.Value!)));
        GoMap values = HelmYaml.ReadMap((string?)request["values"] ?? "");
        Chart resolved = DependencyResolver.Resolve(chart, values);
        var answer = new JsonObject
        {
            ["values"] = AnswerLoop.Clean(HelmYaml.Write(ChartValues.Coalesce(resolved, values))),
            ["deps"] = new JsonArray([.. resolved.Dependencies.Select(d => (JsonNode)d.Name)]),
        };
        try
        {
            RenderOperation.Add(answer, RenderOperation.Render(chart, values, "my-release", "test-ns"));
        }
        catch (Exception e) when (e is TemplateException or ManifestException)
        {
            answer["render_error"] = AnswerLoop.Clean(e.Message);
        }

        return answer;
    }
}
