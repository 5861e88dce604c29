using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using HelmLifecycle.Charts;

namespace HelmLifecycle.Conformance.Cli;

/// <summary><c>render</c>: a chart from a folder or archive, rendered.</summary>
public sealed class RenderOperation : IOperation
{
    private static readonly ConcurrentDictionary<string, Lazy<Chart>> Charts = new(StringComparer.Ordinal);

    public string Name => "render";

    public JsonObject Answer(JsonObject request)
    {
        Chart chart = Load((string)request["chart"]!);
        GoMap values = HelmYaml.ReadMap((string?)request["values"] ?? "");
        var answer = new JsonObject();
        Add(answer, Render(chart, values, (string?)request["name"] ?? "my-release", (string?)request["namespace"] ?? "test-ns"));
        return answer;
    }

    internal static Chart Load(string path) => Charts
        .GetOrAdd(path, p => new Lazy<Chart>(() => ChartLoader.LoadAsync(p).GetAwaiter().GetResult())).Value;

    internal static RenderedChart Render(Chart chart, GoMap values, string name, string ns) =>
        new HelmRenderer(Validator).RenderAsync(new RenderRequest { Chart = chart, Values = values, ReleaseName = name, Namespace = ns })
            .GetAwaiter().GetResult();

    internal static IValuesValidator? Validator => SchemaValidator.Default;

    internal static void Add(JsonObject answer, RenderedChart rendered)
    {
        answer["manifest"] = AnswerLoop.Clean(rendered.Manifest);
        answer["hooks"] = new JsonArray([.. rendered.Hooks.Select(HookJson)]);
        answer["notes"] = AnswerLoop.Clean(rendered.Notes);
    }

    private static JsonObject HookJson(Hook hook) => new()
    {
        ["name"] = AnswerLoop.Clean(hook.Name),
        ["kind"] = AnswerLoop.Clean(hook.Kind),
        ["path"] = hook.Path,
        ["manifest"] = AnswerLoop.Clean(hook.Manifest),
        ["events"] = new JsonArray([.. hook.Events.Select(e => (JsonNode)e.ToWord())]),
        ["weight"] = hook.Weight,
        ["delete"] = new JsonArray([.. hook.DeletePolicies.Select(p => (JsonNode)p)]),
    };
}
