using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>A kind the API server knows by itself; its rules are functions that the kinds' table names.</summary>
internal sealed class BuiltInKind : ResourceDefinition
{
    public required IReadOnlyDictionary<string, Func<StructType>> Types { get; init; }

    public Action<JsonObject>? Defaults { get; init; }

    public Action<WriteContext, JsonObject>? Prepare { get; init; }

    public Action<WriteContext, JsonObject, JsonObject>? PrepareUpdate { get; init; }

    public Action<WriteContext, JsonObject, FieldErrors>? Check { get; init; }

    /// <summary>Checks of an update; when absent, <see cref="Check"/> of the new object.</summary>
    public Action<WriteContext, JsonObject, JsonObject, FieldErrors>? CheckUpdate { get; init; }

    public Func<JsonObject, string, JsonObject>? Convert { get; init; }

    public IReadOnlyList<TableColumn>? TableColumns { get; init; }

    public Func<JsonObject, DateTimeOffset, JsonArray>? TableRow { get; init; }

    public Func<JsonObject, string, string>? SelectField { get; init; }

    /// <summary>A spec change alone moves the generation, unless this says what else counts.</summary>
    public Func<JsonObject, JsonObject, bool>? MovesGeneration { get; init; }

    /// <summary>Whether the generation moves for an empty list or map that was given where none is stored: some kinds are compared that strictly.</summary>
    public bool TellsEmptyFromNone { get; init; }

    public override bool IsCustom => false;

    private readonly Dictionary<string, FieldType> _schemas = new(StringComparer.Ordinal);

    public override FieldType Schema(string version)
    {
        lock (_schemas)
        {
            if (!_schemas.TryGetValue(version, out FieldType? type))
            {
                StructType structure = Types[version]();
                type = new FieldType { Kind = FieldKind.Struct, GoName = version + "." + structure.Name, Struct = structure };
                _schemas[version] = type;
            }

            return type;
        }
    }

    public override JsonObject Decode(JsonObject body, string version, List<string>? unknown)
    {
        JsonObject json = SchemaDecoder.Decode(body, Schema(version).Struct!, unknown);
        json["kind"] = Kind;
        json["apiVersion"] = ApiVersion(version);
        return json;
    }

    public override void Default(JsonObject json, string version)
    {
        if (Convert is not null && version != StorageVersion)
        {
            return;
        }

        Defaults?.Invoke(json);
    }

    public override JsonObject ToStorage(JsonObject json, string version)
    {
        if (version == StorageVersion)
        {
            return json;
        }

        JsonObject converted = Convert is null ? json : Convert(json, StorageVersion);
        converted["apiVersion"] = GroupVersion(Store.Group, StorageVersion);
        Defaults?.Invoke(converted);
        return converted;
    }

    public override JsonObject FromStorage(JsonObject json, string version)
    {
        if (IsStoredForm(version))
        {
            return json;
        }

        JsonObject converted = Convert is null ? json : Convert(json, version);
        converted["apiVersion"] = ApiVersion(version);
        return converted;
    }

    public override bool IsStoredForm(string version) => version == StorageVersion && Store.Group == Group;

    public override void PrepareForCreate(WriteContext context, JsonObject json)
    {
        // Nodes register together with their status.
        if (HasStatus && json.ContainsKey("status") && Kind != "Node")
        {
            json["status"] = SchemaDecoder.Zero(Schema(StorageVersion).Struct!.Field("status")!.Type);
        }

        if (HasGeneration)
        {
            json["metadata"]!["generation"] = 1L;
        }

        Prepare?.Invoke(context, json);
    }

    public override void PrepareForUpdate(WriteContext context, JsonObject json, JsonObject old)
    {
        if (HasStatus)
        {
            json["status"] = old["status"]?.DeepClone();
        }

        PrepareUpdate?.Invoke(context, json, old);
        if (HasGeneration && (MovesGeneration?.Invoke(json, old) ?? (SpecDiffers(json, old) || (TellsEmptyFromNone && context.HasEmptyParts))))
        {
            json["metadata"]!["generation"] = (Json.Long(old, "metadata", "generation") ?? 0) + 1;
        }
    }

    /// <summary>Whether anything but metadata and status differs.</summary>
    public static bool SpecDiffers(JsonObject json, JsonObject old)
    {
        foreach (string name in json.Select(p => p.Key).Union(old.Select(p => p.Key)))
        {
            if (name is not ("metadata" or "status" or "kind" or "apiVersion") && !Json.SameOrEmpty(json[name], old[name]))
            {
                return true;
            }
        }

        return false;
    }

    public override void Validate(WriteContext context, JsonObject json, FieldErrors errors)
    {
        MetadataRules.Check(json, this, errors);
        Check?.Invoke(context, json, errors);
    }

    public override void ValidateUpdate(WriteContext context, JsonObject json, JsonObject old, FieldErrors errors)
    {
        // The API checks metadata in its generic part and once more in the kind's own; both sets of causes are reported.
        MetadataRules.CheckUpdate(json, old, errors);
        MetadataRules.CheckUpdate(json, old, errors);
        if (CheckUpdate is not null)
        {
            CheckUpdate(context, json, old, errors);
        }
        else
        {
            Check?.Invoke(context, json, errors);
        }
    }

    public override IReadOnlyList<TableColumn> Columns(string version) => TableColumns ?? TableRows.Minimal;

    public override JsonArray Row(JsonObject json, string version, DateTimeOffset now) => TableRow is null ? TableRows.MinimalRow(json) : TableRow(json, now);

    public override string FieldValue(JsonObject json, string field) => SelectField is not null && !field.StartsWith("metadata.", StringComparison.Ordinal)
        ? SelectField(json, field)
        : base.FieldValue(json, field);
}
