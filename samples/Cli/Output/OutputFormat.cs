using System.Text.Json.Nodes;
using HelmLifecycle.Templates;

namespace HelmLifecycle.Cli;

internal enum OutputFormat
{
    Table,
    Json,
    Yaml,
}

/// <summary>The flag <c>-o, --output</c>.</summary>
internal static class OutputFlag
{
    public static TextFlag Make(string value = "table") => new(
        "output",
        "prints the output in the specified format. Allowed values: table, json, yaml",
        value,
        'o',
        "format",
        text => text is "table" or "json" or "yaml" ? null : "invalid format type");

    public static OutputFormat Of(TextFlag flag) => flag.Value switch { "json" => OutputFormat.Json, "yaml" => OutputFormat.Yaml, _ => OutputFormat.Table };

    /// <summary>Writes JSON or YAML as helm does: JSON in one line, keys as given; YAML with sorted keys.</summary>
    public static void Write(TextWriter writer, OutputFormat format, JsonNode? node) =>
        writer.Write(format == OutputFormat.Json ? GoJson.Write(node) + "\n" : HelmYaml.WriteJson(node));
}
