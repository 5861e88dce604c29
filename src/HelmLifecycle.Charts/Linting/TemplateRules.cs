using System.Text.Json;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Charts;

/// <summary>What <c>helm lint</c> asks of templates, and of what they render.</summary>
internal static class TemplateRules
{
    private const string Folder = "templates/";
    private static readonly string[] s_extensions = [".yaml", ".yml", ".tpl", ".txt"];

    public static void Check(Chart chart, LintOptions options, IValuesValidator validator, List<LintMessage> messages, CancellationToken cancellationToken)
    {
        Dictionary<string, string> rendered;
        try
        {
            var request = new RenderRequest
            {
                Chart = chart,
                Values = options.Values,
                ReleaseName = "test-release",
                Namespace = options.Namespace,
                LintMode = true,
                Capabilities = Capabilities.Default with { KubeVersion = options.KubeVersion },
            };
            Chart resolved = DependencyResolver.Resolve(chart, options.Values);
            GoMap values = ChartValues.Coalesce(resolved, options.Values);
            if (!options.SkipSchemaValidation && validator.Validate(resolved, values) is { Count: > 0 } violations)
                throw new SchemaException(violations);
            rendered = HelmRenderer.Execute(resolved, values, request, cancellationToken);
        }
        catch (Exception e) when (e is TemplateException or ValuesException or ChartException)
        {
            messages.Add(new(LintSeverity.Error, Folder, e.Message));
            return;
        }

        foreach (ChartFile template in chart.Templates)
        {
            string extension = Path.GetExtension(template.Name);
            if (!s_extensions.Contains(extension))
                messages.Add(new(LintSeverity.Error, template.Name, $"file extension '{extension}' not valid. Valid extensions are .yaml, .yml, .tpl, or .txt"));
            if (template.Text.Contains(".Release.Time", StringComparison.Ordinal))
                messages.Add(new(LintSeverity.Error, template.Name, ".Release.Time has been removed in v3, please replace with the `now` function in your templates"));
            // Helm's own rule: what a .yml file renders is not examined.
            if (extension == ".yaml" && rendered.TryGetValue($"{chart.Name}/{template.Name}", out string? text))
                Documents(template.Name, text, options.KubeVersion, messages);
        }
    }

    private static void Documents(string path, string text, KubeVersion version, List<LintMessage> messages)
    {
        foreach (string document in ManifestSplitter.Split(text))
        {
            JsonObject? json;
            try
            {
                json = HelmYaml.ReadJson(document) as JsonObject;
            }
            catch (YamlException e)
            {
                messages.Add(new(LintSeverity.Error, path, "unable to parse YAML: " + e.Message));
                return;
            }

            if (json is null)
                continue;
            string apiVersion = Text(json["apiVersion"]), kind = Text(json["kind"]), name = Text((json["metadata"] as JsonObject)?["name"]);
            if (DeprecatedApis.Find(apiVersion, kind, version) is { } api)
                messages.Add(new(LintSeverity.Warning, path, api.Message));
            if (ObjectNames.Problem(kind, name) is { } problem)
                messages.Add(new(LintSeverity.Warning, path, $"object name does not conform to Kubernetes naming requirements: {GoQuoted(name)}: {problem}"));
            if (kind is "Deployment" or "ReplicaSet" or "DaemonSet" or "StatefulSet" &&
                !document.Contains("matchLabels", StringComparison.Ordinal) && !document.Contains("matchExpressions", StringComparison.Ordinal))
            {
                messages.Add(new(LintSeverity.Error, path, $"a {kind} must contain matchLabels or matchExpressions, and {GoQuoted(name)} does not"));
            }

            if (kind == "List" && json["items"] is JsonArray items && items.Any(i => (i as JsonObject)?["metadata"]?["annotations"]?["helm.sh/resource-policy"] is not null))
                messages.Add(new(LintSeverity.Error, path, "annotation 'helm.sh/resource-policy' within List objects are ignored"));
        }
    }

    private static string Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? (string)node! : "";

    private static string GoQuoted(string text) => "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
