using System.Text.Json.Nodes;
using HelmLifecycle.Charts;

namespace HelmLifecycle.Conformance.Cli;

/// <summary><c>tpl</c>: templates of a small chart named c, rendered with the recorded values.</summary>
public sealed class TplOperation : IOperation
{
    private const string TemplatePath = "templates/t.yaml";

    private const string ChartYaml = """
        apiVersion: v2
        name: c
        version: 1.2.3
        appVersion: 4.5.6
        description: a chart
        keywords: [k1, k2]
        home: https://example.test
        annotations: {a: b}
        """;

    // The answers were recorded with Helm 4.0.5's engine inside of a program of their own, whose build information differs from helm's.
    private static readonly Capabilities Recorded = Capabilities.Default with { HelmVersion = new HelmVersion("v4.0.5", "", "", "go1.25.0", "v.") };

    private static readonly Lazy<GoMap> Values = new(() => HelmYaml.ReadMap(ReadValues()));

    public string Name => "tpl";

    public JsonObject Answer(JsonObject request)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal) { ["Chart.yaml"] = ChartYaml };
        foreach ((string path, JsonNode? text) in request["files"] as JsonObject ?? [])
            files[path] = (string)text!;
        foreach ((string path, JsonNode? text) in request["templates"] as JsonObject ?? [])
            files[path] = (string)text!;
        if ((string?)request["template"] is { } template)
            files[TemplatePath] = template;
        var render = new RenderRequest
        {
            Chart = ChartLoader.Load(files.Select(file => new ChartFile(file.Key, file.Value))),
            ReleaseName = "rel",
            Namespace = "ns",
            Revision = 3,
            Capabilities = Recorded,
            IsUpgrade = (bool?)request["upgrade"] ?? false,
            Strict = (bool?)request["strict"] ?? false,
        };
        Dictionary<string, string> rendered = HelmRenderer.Execute(render.Chart, Values.Value.DeepCopy(), render, default);
        if (!request.ContainsKey("templates"))
            return new JsonObject { ["out"] = AnswerLoop.Clean(rendered["c/" + TemplatePath]) };
        return new JsonObject
        {
            ["outs"] = new JsonObject(rendered.Select(file => KeyValuePair.Create(file.Key, (JsonNode?)AnswerLoop.Clean(file.Value)))),
        };
    }

    private static string ReadValues()
    {
        using Stream data = typeof(TplOperation).Assembly.GetManifestResourceStream("templates.values.yaml")!;
        using var reader = new StreamReader(data);
        return reader.ReadToEnd();
    }
}
