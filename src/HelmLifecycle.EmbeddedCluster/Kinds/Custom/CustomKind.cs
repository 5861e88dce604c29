using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>A resource made by a CustomResourceDefinition.</summary>
internal sealed class CustomKind : ResourceDefinition
{
    private readonly Dictionary<string, CustomSchema> _schemas = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonObject> _versions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FieldType> _types = new(StringComparer.Ordinal);
    private readonly StructType _metadata;

    public CustomKind(JsonObject definition, StructType metadata)
    {
        Definition = definition;
        _metadata = metadata;
        foreach (JsonObject version in Json.Objects(definition, "spec", "versions"))
        {
            string name = Json.Text(version, "name");
            _versions[name] = version;
            _schemas[name] = new CustomSchema(Json.Object(version, "schema", "openAPIV3Schema") ?? new JsonObject { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true });
        }
    }

    public JsonObject Definition { get; }

    public override bool IsCustom => true;

    private bool HasStatusIn(string version) => Json.Has(_versions[version], "subresources", "status");

    private bool Preserves => Json.Bool(Definition, "spec", "preserveUnknownFields");

    /// <summary>The warning of a deprecated version, with the version to use instead where there is one.</summary>
    public string? Deprecation(string version)
    {
        if (!Json.Bool(_versions[version], "deprecated"))
        {
            return null;
        }

        string? better = Versions.FirstOrDefault(v => !Json.Bool(_versions[v], "deprecated") && VersionPriority.Instance.Compare(v, version) > 0);
        return Json.String(_versions[version], "deprecationWarning") ?? $"{ApiVersion(version)} {Kind} is deprecated" + (better is null ? "" : $"; use {ApiVersion(better)} {Kind}");
    }

    public JsonObject? OpenApiSchema(string version) => Json.Object(_versions[version], "schema", "openAPIV3Schema");

    public override FieldType Schema(string version)
    {
        lock (_types)
        {
            if (!_types.TryGetValue(version, out FieldType? type))
            {
                var metadata = new FieldType { Kind = FieldKind.Struct, GoName = "v1.ObjectMeta", Struct = _metadata };
                type = _schemas[version].ToFieldType(metadata, Kind);
                if (type.Kind == FieldKind.Any)
                {
                    var root = new StructType(Kind, Kind) { AllowsUnknown = true, Fields = [new SchemaField("metadata", metadata, false, false)] };
                    type = new FieldType { Kind = FieldKind.Struct, GoName = "object", Struct = root };
                }

                _types[version] = type;
            }

            return type;
        }
    }

    public override JsonObject Decode(JsonObject body, string version, List<string>? unknown)
    {
        var json = (JsonObject)body.DeepClone();
        json["kind"] = Json.String(body, "kind") is { Length: > 0 } kind ? kind : Kind;
        json["apiVersion"] = ApiVersion(version);
        List<string>? below = unknown is null ? null : [];
        JsonObject metadata = SchemaDecoder.Decode(Json.Object(json, "metadata") ?? [], _metadata, below);
        if (metadata["creationTimestamp"] is null)
        {
            metadata.Remove("creationTimestamp");
        }

        json["metadata"] = metadata;
        if (below is not null)
        {
            unknown!.AddRange(below.Select(b => "metadata." + b));
        }

        if (!Preserves)
        {
            _schemas[version].Prune(json, "", unknown, root: true);
        }

        return json;
    }

    public override void Default(JsonObject json, string version)
    {
        if (version == StorageVersion)
        {
            _schemas[version].Default(json);
        }
        else
        {
            _schemas[version].DropNulls(json);
        }
    }

    public override JsonObject ToStorage(JsonObject json, string version)
    {
        if (version != StorageVersion)
        {
            json["apiVersion"] = ApiVersion(StorageVersion);
            _schemas[StorageVersion].Prune(json, "", null, root: true);
            _schemas[StorageVersion].Default(json);
        }

        return json;
    }

    public override JsonObject FromStorage(JsonObject json, string version)
    {
        if (!Preserves)
        {
            _schemas[StorageVersion].Prune(json, "", null, root: true);
        }

        _schemas[StorageVersion].Default(json);
        if (version != StorageVersion)
        {
            json["apiVersion"] = ApiVersion(version);
            if (!Preserves)
            {
                _schemas[version].Prune(json, "", null, root: true);
            }
        }

        return json;
    }

    public override bool IsStoredForm(string version) => false;

    public override void PrepareForCreate(WriteContext context, JsonObject json)
    {
        if (HasStatusIn(context.Version))
        {
            json.Remove("status");
        }

        json["metadata"]!["generation"] = 1L;
    }

    public override void PrepareForUpdate(WriteContext context, JsonObject json, JsonObject old)
    {
        bool status = HasStatusIn(context.Version);
        if (status && context.Subresource != "status")
        {
            json.Remove("status");
            if (old["status"] is { } kept)
            {
                json["status"] = kept.DeepClone();
            }
        }

        bool moved = json.Select(p => p.Key).Union(old.Select(p => p.Key))
            .Any(k => k is not ("metadata" or "apiVersion" or "kind") && !(status && k == "status") && !JsonNode.DeepEquals(json[k], old[k]));
        if (moved)
        {
            json["metadata"]!["generation"] = (Json.Long(old, "metadata", "generation") ?? 0) + 1;
        }
    }

    public override void Validate(WriteContext context, JsonObject json, FieldErrors errors)
    {
        string kind = Json.Text(json, "kind");
        if (kind != Kind)
        {
            errors.InvalidText("kind", kind, "must be " + Kind);
        }

        MetadataRules.Check(json, this, errors);
        Check(json, null, errors);
    }

    public override void ValidateUpdate(WriteContext context, JsonObject json, JsonObject old, FieldErrors errors)
    {
        string kind = Json.Text(json, "kind");
        if (kind != Kind)
        {
            errors.InvalidText("kind", kind, "must be " + Kind);
        }

        MetadataRules.CheckUpdate(json, old, errors);
        MetadataRules.CheckUpdate(json, old, errors);
        Check(json, old, errors);
    }

    /// <summary>A write to status is checked against the schema of status alone, whose fields the errors name.</summary>
    public void ValidateStatus(JsonObject json, JsonObject old, FieldErrors errors)
    {
        MetadataRules.CheckUpdate(json, old, errors);
        if (_schemas[StorageVersion].Property("status") is { } schema && json["status"] is { } status)
        {
            Check(schema, _schemas[StorageVersion].HasRules, status, old["status"], errors);
        }
    }

    private void Check(JsonObject json, JsonObject? old, FieldErrors errors) => Check(_schemas[StorageVersion], _schemas[StorageVersion].HasRules, json, old, errors);

    private static void Check(CustomSchema schema, bool hasRules, JsonNode json, JsonNode? old, FieldErrors errors)
    {
        int before = errors.All.Count;
        schema.Validate(json, "", errors);
        schema.CheckDuplicates(json, "", errors);
        if (!hasRules)
        {
            return;
        }

        bool blocked = errors.All.Skip(before).Any(e => e.Reason is "FieldValueRequired" or "FieldValueTypeInvalid" or "FieldValueNotSupported" or "FieldValueTooLong" or "FieldValueTooMany");
        if (blocked)
        {
            errors.Add("FieldValueInvalid", "<nil>", "Invalid value: \"null\": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation");
        }
        else
        {
            schema.CheckRules(json, old, "", errors);
        }
    }

    public override IReadOnlyList<TableColumn> Columns(string version)
    {
        JsonObject[] columns = [.. Json.Objects(_versions[version], "additionalPrinterColumns")];
        if (columns.Length == 0)
        {
            return [TableRows.NameColumn, new TableColumn("Age", "date", "", 0, "CreationTimestamp")];
        }

        return
        [
            TableRows.NameColumn,
            .. columns.Select(c => new TableColumn(Json.Text(c, "name"), Json.Text(c, "type"), Json.Text(c, "format"), (int)(Json.Long(c, "priority") ?? 0), Json.Text(c, "description") is { Length: > 0 } d ? d : "Custom resource definition column (in JSONPath format): " + Json.Text(c, "jsonPath"))),
        ];
    }

    public override JsonArray Row(JsonObject json, string version, DateTimeOffset now)
    {
        var cells = new JsonArray { (JsonNode)Json.Text(json, "metadata", "name") };
        JsonObject[] columns = [.. Json.Objects(_versions[version], "additionalPrinterColumns")];
        if (columns.Length == 0)
        {
            columns = [new JsonObject { ["type"] = "date", ["jsonPath"] = ".metadata.creationTimestamp" }];
        }

        foreach (JsonObject column in columns)
        {
            cells.Add(Cell(JsonPath.Find(json, Json.Text(column, "jsonPath")), Json.Text(column, "type"), now));
        }

        return cells;
    }

    private static JsonNode? Cell(JsonNode? value, string type, DateTimeOffset now)
    {
        if (value is null)
        {
            return null;
        }

        switch (type)
        {
            case "date":
                return ClusterClock.Parse(value is JsonValue v && v.TryGetValue(out string? stamp) ? stamp : null) is { } time ? TableRows.HumanDuration(now - time) : "<invalid>";
            case "integer":
                return Json.AsLong(value);
            case "number":
                return value is JsonValue n && n.GetValueKind() == System.Text.Json.JsonValueKind.Number ? n.DeepClone() : null;
            case "boolean":
                return value is JsonValue b && b.TryGetValue(out bool flag) ? flag : null;
            default:
                return value is JsonValue s && s.TryGetValue(out string? text) ? text : value.ToJsonString();
        }
    }

    private JsonObject? ScalePaths(string version) => Json.Object(_versions[version], "subresources", "scale");

    public (long Replicas, long Current, string Selector) ReadScale(JsonObject json, string version)
    {
        JsonObject paths = ScalePaths(version)!;
        return (Json.AsLong(JsonPath.Find(json, Json.Text(paths, "specReplicasPath"))) ?? 0, Json.AsLong(JsonPath.Find(json, Json.Text(paths, "statusReplicasPath"))) ?? 0,
            Json.String(paths, "labelSelectorPath") is { } path && JsonPath.Find(json, path) is JsonValue v && v.TryGetValue(out string? selector) ? selector! : "");
    }

    public void WriteScale(JsonObject json, string version, long replicas)
    {
        string[] parts = Json.Text(ScalePaths(version), "specReplicasPath").TrimStart('.').Split('.');
        JsonObject at = json;
        foreach (string part in parts[..^1])
        {
            at = Json.Ensure(at, part);
        }

        at[parts[^1]] = replicas;
    }
}

/// <summary>The simple JSON paths of printer columns and scale: <c>.spec.a</c>, <c>.status.conditions[0].type</c>, <c>[?(@.type=="Ready")].status</c>.</summary>
internal static class JsonPath
{
    public static JsonNode? Find(JsonNode? json, string path)
    {
        int at = 0;
        while (at < path.Length && json is not null)
        {
            if (path[at] == '.')
            {
                at++;
            }
            else if (path[at] == '[')
            {
                int end = path.IndexOf(']', at);
                if (end < 0)
                {
                    return null;
                }

                json = Index(json, path[(at + 1)..end]);
                at = end + 1;
            }
            else
            {
                var name = new System.Text.StringBuilder();
                while (at < path.Length && path[at] is not ('.' or '['))
                {
                    if (path[at] == '\\' && at + 1 < path.Length)
                    {
                        at++;
                    }

                    name.Append(path[at++]);
                }

                json = Json.Get(json, name.ToString());
            }
        }

        return json;
    }

    private static JsonNode? Index(JsonNode json, string text)
    {
        if (text.StartsWith("?(@.", StringComparison.Ordinal) && text.EndsWith(')') && text.IndexOf("==", StringComparison.Ordinal) is > 0 and { } equals)
        {
            string field = text[4..equals].Trim();
            string wanted = text[(equals + 2)..^1].Trim().Trim('"', '\'');
            return (json as JsonArray)?.OfType<JsonObject>().FirstOrDefault(o => Json.Text(o, field.Split('.')) == wanted);
        }

        if (text.Length > 1 && text[0] is '\'' or '"')
        {
            return Json.Get(json, text[1..^1]);
        }

        return json is JsonArray list && int.TryParse(text, out int index) && index >= -list.Count && index < list.Count ? list[index < 0 ? list.Count + index : index] : null;
    }
}
