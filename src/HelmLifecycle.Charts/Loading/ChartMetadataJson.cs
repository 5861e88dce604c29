using System.Globalization;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Charts;

/// <summary>Metadata and locks from and to the JSON that Helm makes of them.</summary>
internal static class ChartMetadataJson
{
    private const string MetadataType = "v2.Metadata";

    /// <summary>Reads a YAML file over metadata that may be there already, as requirements.yaml is read over Chart.yaml.</summary>
    internal static ChartMetadata Read(JsonNode? node, ChartMetadata? over = null)
    {
        over ??= new ChartMetadata();
        return GoStruct.Read(node, MetadataType, "Metadata") is { } fields ? Read(fields, over) : over;
    }

    private static ChartMetadata Read(GoStruct fields, ChartMetadata over) => new()
    {
        Name = fields.Text("name", over.Name),
        Home = fields.Text("home", over.Home),
        Sources = fields.Texts("sources") ?? over.Sources,
        Version = fields.Text("version", over.Version),
        Description = fields.Text("description", over.Description),
        Keywords = fields.Texts("keywords") ?? over.Keywords,
        Maintainers = fields.Structs("maintainers", "v2.Maintainer", "Maintainer")?.ConvertAll(ReadMaintainer) ?? over.Maintainers,
        Icon = fields.Text("icon", over.Icon),
        ApiVersion = fields.Text("apiVersion", over.ApiVersion),
        Condition = fields.Text("condition", over.Condition),
        Tags = fields.Text("tags", over.Tags),
        AppVersion = fields.Text("appVersion", over.AppVersion),
        Deprecated = fields.Bool("deprecated", over.Deprecated),
        Annotations = fields.TextMap("annotations") ?? over.Annotations,
        KubeVersion = fields.Text("kubeVersion", over.KubeVersion),
        Dependencies = fields.Structs("dependencies", "v2.Dependency", "Dependency")?.ConvertAll(ReadDependency) ?? over.Dependencies,
        Type = fields.Text("type", over.Type),
    };

    internal static JsonObject Write(ChartMetadata metadata)
    {
        var json = new JsonObject();
        Add(json, "name", metadata.Name);
        Add(json, "home", metadata.Home);
        Add(json, "sources", metadata.Sources);
        Add(json, "version", metadata.Version);
        Add(json, "description", metadata.Description);
        Add(json, "keywords", metadata.Keywords);
        if (metadata.Maintainers is { Count: > 0 } maintainers)
            json["maintainers"] = new JsonArray([.. maintainers.Select(WriteMaintainer)]);
        Add(json, "icon", metadata.Icon);
        Add(json, "apiVersion", metadata.ApiVersion);
        Add(json, "condition", metadata.Condition);
        Add(json, "tags", metadata.Tags);
        Add(json, "appVersion", metadata.AppVersion);
        if (metadata.Deprecated)
            json["deprecated"] = true;
        if (metadata.Annotations is { Count: > 0 } annotations)
        {
            var map = new JsonObject();
            foreach ((string key, string value) in annotations.OrderBy(a => a.Key, GoString.Comparer))
                map[key] = value;
            json["annotations"] = map;
        }

        Add(json, "kubeVersion", metadata.KubeVersion);
        if (metadata.Dependencies is { Count: > 0 } dependencies)
            json["dependencies"] = new JsonArray([.. dependencies.Select(WriteDependency)]);
        Add(json, "type", metadata.Type);
        return json;
    }

    /// <summary>Reads a lock file.</summary>
    internal static ChartLock ReadLock(JsonNode? node)
    {
        if (GoStruct.Read(node, "v2.Lock", "Lock") is not { } fields)
            return new ChartLock();
        return new ChartLock
        {
            Generated = ReadTime(fields.Text("generated", ChartLock.ZeroTime)),
            Digest = fields.Text("digest"),
            Dependencies = fields.Structs("dependencies", "v2.Dependency", "Dependency")?.ConvertAll(ReadDependency),
        };
    }

    internal static JsonObject WriteLock(ChartLock value) => new()
    {
        ["generated"] = value.Generated,
        ["digest"] = value.Digest,
        ["dependencies"] = value.Dependencies is { } dependencies ? new JsonArray([.. dependencies.Select(WriteDependency)]) : null,
    };

    // A null entry becomes null here and is refused by the checks of Chart.yaml.
    private static ChartMaintainer ReadMaintainer(GoStruct? fields) =>
        fields is null ? null! : new(fields.Text("name"), fields.Text("email"), fields.Text("url"));

    private static ChartDependency ReadDependency(GoStruct? fields) => fields is null ? null! : new()
    {
        Name = fields.Text("name"),
        Version = fields.Text("version"),
        Repository = fields.Text("repository"),
        Condition = fields.Text("condition"),
        Tags = fields.Texts("tags"),
        Enabled = fields.Bool("enabled"),
        ImportValues = fields.Items("import-values", "[]interface {}")?.ConvertAll(item => item is null ? default : HelmJson.Read(item.ToJsonString())),
        Alias = fields.Text("alias"),
    };

    private static JsonObject WriteMaintainer(ChartMaintainer maintainer)
    {
        var json = new JsonObject();
        Add(json, "name", maintainer.Name);
        Add(json, "email", maintainer.Email);
        Add(json, "url", maintainer.Url);
        return json;
    }

    private static JsonObject WriteDependency(ChartDependency dependency)
    {
        var json = new JsonObject { ["name"] = dependency.Name };
        Add(json, "version", dependency.Version);
        json["repository"] = dependency.Repository;
        Add(json, "condition", dependency.Condition);
        Add(json, "tags", dependency.Tags);
        if (dependency.Enabled)
            json["enabled"] = true;
        if (dependency.ImportValues is { Count: > 0 } imports)
            json["import-values"] = new JsonArray([.. imports.Select(i => JsonNode.Parse(HelmJson.Write(i)))]);
        Add(json, "alias", dependency.Alias);
        return json;
    }

    private static void Add(JsonObject json, string key, string value)
    {
        if (value.Length > 0)
            json[key] = value;
    }

    private static void Add(JsonObject json, string key, IReadOnlyList<string>? values)
    {
        if (values is { Count: > 0 })
            json[key] = new JsonArray([.. values.Select(v => (JsonNode)JsonValue.Create(v))]);
    }

    // Go reads a time and writes it again: the same moment and offset, the fraction without final zeros.
    private static string ReadTime(string text)
    {
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _) || !text.Contains('T', StringComparison.Ordinal))
            throw new ChartException($"error unmarshaling JSON: while decoding JSON: parsing time {GoQuote.String(text)} as \"2006-01-02T15:04:05Z07:00\": cannot parse {GoQuote.String(text)} as \"2006\"");
        int dot = text.IndexOf('.', StringComparison.Ordinal);
        int end = text.AsSpan().LastIndexOfAny('Z', '+', '-');
        string offset = text[end..] is "+00:00" or "-00:00" ? "Z" : text[end..];
        string fraction = dot < 0 ? "" : text[dot..end].TrimEnd('0').TrimEnd('.');
        return text[..(dot < 0 ? end : dot)] + fraction + offset;
    }
}
