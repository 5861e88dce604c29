using System.IO.Compression;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Conformance.Cli;

/// <summary><c>tpl</c>: templates of a small chart named c, rendered with the recorded values.</summary>
public sealed class TplOperation : IOperation
{
    private const string TemplatePath = "templates/t.yaml";

    private static readonly Lazy<GoMap> Values = new(() => HelmYaml.ReadMap(ReadValues()));

    public string Name => "tpl";

    public JsonObject Answer(JsonObject request)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string path, JsonNode? text) in request["templates"] as JsonObject ?? [])
            texts[path] = (string)text!;
        if ((string?)request["template"] is { } template)
            texts[TemplatePath] = template;
        bool upgrade = (bool?)request["upgrade"] ?? false;
        GoMap context = Context(Values.Value.DeepCopy(), request["files"] as JsonObject, upgrade);
        var options = new RenderOptions { Strict = (bool?)request["strict"] ?? false };

        TemplateSource[] sources = [.. texts
            .Select(pair => new TemplateSource("c/" + pair.Key, pair.Value))
            .OrderByDescending(source => source.Name.Count(c => c == '/'))
            .ThenByDescending(source => source.Name, GoString.Comparer)];
        TemplateSet set = TemplateSet.Parse(sources);
        var rendered = new JsonObject();
        foreach (TemplateSource source in sources)
        {
            if (Path.GetFileName(source.Name).StartsWith('_'))
                continue;
            context["Template"] = new GoMap { ["Name"] = source.Name, ["BasePath"] = "c/templates" };
            rendered[source.Name] = AnswerLoop.Clean(set.Execute(source.Name, GoValue.Map(context), options));
        }

        return request.ContainsKey("templates")
            ? new JsonObject { ["outs"] = rendered }
            : new JsonObject { ["out"] = rendered["c/" + TemplatePath]!.DeepClone() };
    }

    private static GoMap Context(GoMap values, JsonObject? files, bool upgrade)
    {
        _ = files;
        return new GoMap(GoType.Values)
        {
            ["Values"] = values.WithType(GoType.Values),
            ["Release"] = new GoMap
            {
                ["Name"] = "rel",
                ["Namespace"] = "ns",
                ["Revision"] = 3,
                ["IsInstall"] = !upgrade,
                ["IsUpgrade"] = upgrade,
                ["Service"] = "Helm",
            },
            ["Chart"] = new GoMap { ["Name"] = "c", ["Version"] = "1.2.3", ["AppVersion"] = "4.5.6", ["Description"] = "a chart" },
        };
    }

    private static string ReadValues()
    {
        using Stream data = typeof(TplOperation).Assembly.GetManifestResourceStream("templates.values.yaml")!;
        using var reader = new StreamReader(data);
        return reader.ReadToEnd();
    }
}
