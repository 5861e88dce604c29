using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Which names a kind takes.</summary>
internal enum NameRule
{
    Subdomain,
    Label,
    Label1035,
    PathSegment,
}

/// <summary>A subresource as discovery lists it.</summary>
internal sealed record SubresourceDefinition(string Name, string Kind, string[] Verbs, string Group = "", string Version = "");

/// <summary>A column of a table.</summary>
internal sealed record TableColumn(string Name, string Type = "string", string Format = "", int Priority = 0, string Description = "");

/// <summary>A resource the API serves: a built-in kind, or one made by a CustomResourceDefinition.</summary>
internal abstract class ResourceDefinition
{
    public static readonly string[] AllVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
    public static readonly string[] StatusVerbs = ["get", "patch", "update"];

    public required string Group { get; init; }

    public required string Kind { get; init; }

    public required string Plural { get; init; }

    public string Singular { get; init; } = "";

    public string ListKind { get; init; } = "";

    public bool Namespaced { get; init; } = true;

    public string[] ShortNames { get; init; } = [];

    public string[] Categories { get; init; } = [];

    public string[] Verbs { get; init; } = AllVerbs;

    /// <summary>Served versions, the preferred one first.</summary>
    public required IReadOnlyList<string> Versions { get; init; }

    public required string StorageVersion { get; init; }

    public IReadOnlyList<SubresourceDefinition> Subresources { get; init; } = [];

    /// <summary>Where the objects are kept; differs from group and plural for resources that share a store (events).</summary>
    public ResourceKey Store { get; init; }

    public ResourceKey Key => new(Group, Plural);

    public bool HasStatus => Subresources.Any(s => s.Name == "status");

    /// <summary>PUT of a missing object creates it.</summary>
    public bool CreatesOnUpdate { get; init; }

    /// <summary>PUT must carry the resourceVersion.</summary>
    public bool NeedsVersion { get; init; }

    /// <summary>DELETE answers with the object.</summary>
    public bool ReturnsDeleted { get; init; }

    public bool HasGeneration { get; init; }

    public NameRule NameRule { get; init; } = NameRule.Subdomain;

    /// <summary>Field selectors besides metadata.name and metadata.namespace.</summary>
    public string[] SelectableFields { get; init; } = [];

    /// <summary>Whether the kind refuses unknown field selectors with a text of its own, as pods do.</summary>
    public bool HasOwnFieldLabels { get; init; }

    public abstract bool IsCustom { get; }

    /// <summary>The revision before which watches cannot start: a custom resource has no history before it was served.</summary>
    public long ServedSince { get; init; }

    public static string GroupVersion(string group, string version) => group.Length == 0 ? version : group + "/" + version;

    public string ApiVersion(string version) => GroupVersion(Group, version);

    /// <summary>The merge schema of a version.</summary>
    public abstract FieldType Schema(string version);

    /// <summary>Checks types, drops or notes unknown fields, brings values into canonical form.</summary>
    /// <exception cref="SchemaException">A value of the wrong type.</exception>
    public abstract JsonObject Decode(JsonObject body, string version, List<string>? unknown);

    /// <summary>Fills in what the API fills in.</summary>
    public abstract void Default(JsonObject json, string version);

    public abstract JsonObject ToStorage(JsonObject json, string version);

    public abstract JsonObject FromStorage(JsonObject json, string version);

    /// <summary>Whether objects of this version can be answered with the stored bytes.</summary>
    public abstract bool IsStoredForm(string version);

    /// <summary>Before a create: status goes, generated values come.</summary>
    public abstract void PrepareForCreate(WriteContext context, JsonObject json);

    public abstract void PrepareForUpdate(WriteContext context, JsonObject json, JsonObject old);

    public abstract void Validate(WriteContext context, JsonObject json, FieldErrors errors);

    public abstract void ValidateUpdate(WriteContext context, JsonObject json, JsonObject old, FieldErrors errors);

    public abstract IReadOnlyList<TableColumn> Columns(string version);

    public abstract JsonArray Row(JsonObject json, string version, DateTimeOffset now);

    /// <summary>The value of a field a selector names.</summary>
    public virtual string FieldValue(JsonObject json, string field) => field switch
    {
        "metadata.name" => (string?)json["metadata"]!["name"] ?? "",
        "metadata.namespace" => (string?)json["metadata"]!["namespace"] ?? "",
        _ => Json.Text(json, field.Split('.')),
    };
}
