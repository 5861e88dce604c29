using System.Text.Json;

namespace HelmLifecycle.Charts;

/// <summary>A JSON document that holds schemas.</summary>
internal sealed class SchemaDocument(string uri, JsonElement root)
{
    public string Uri { get; } = uri;

    public JsonElement Root { get; } = root;

    /// <summary>The schemas with an identifier of their own, by where they stand; the document itself is at the empty pointer.</summary>
    public Dictionary<string, SchemaResource> Resources { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, SchemaNode> Nodes { get; } = new(StringComparer.Ordinal);

    /// <summary>The innermost resource around a place.</summary>
    public SchemaResource ResourceAt(string pointer)
    {
        while (true)
        {
            if (Resources.TryGetValue(pointer, out SchemaResource? resource))
                return resource;
            pointer = pointer[..pointer.LastIndexOf('/')];
        }
    }
}

/// <summary>A schema with an identifier: names inside are relative to it.</summary>
internal sealed class SchemaResource(SchemaDocument document, string pointer, string id, SchemaDialect dialect)
{
    public SchemaDocument Document { get; } = document;

    public string Pointer { get; } = pointer;

    public string Id { get; } = id;

    public SchemaDialect Dialect { get; } = dialect;

    /// <summary>Where the anchors are.</summary>
    public Dictionary<string, string> Anchors { get; } = new(StringComparer.Ordinal);

    public HashSet<string> DynamicAnchors { get; } = new(StringComparer.Ordinal);

    /// <summary>The schemas of the dynamic anchors, once compiled.</summary>
    public Dictionary<string, SchemaNode> DynamicNodes { get; } = new(StringComparer.Ordinal);

    public SchemaNode? Root { get; set; }

    public bool RecursiveAnchor { get; set; }
}

/// <summary>A draft, and of the newer ones the vocabularies in use.</summary>
internal sealed record SchemaDialect(int Draft, IReadOnlySet<string>? Vocabularies = null)
{
    public bool Has(string vocabulary) => Draft < 2019 || Vocabularies is null || Vocabularies.Contains(vocabulary);
}

/// <summary>One schema, compiled: its keywords as members, null for those it has not.</summary>
internal sealed class SchemaNode(SchemaResource resource, string location)
{
    public SchemaResource Resource { get; } = resource;

    /// <summary>Where it stands, as <c>URI#/pointer</c>.</summary>
    public string Location { get; } = location;

    public int Draft => Resource.Dialect.Draft;

    public bool? Bool { get; set; }

    public SchemaNode? Ref { get; set; }
    public SchemaNode? RecursiveRef { get; set; }
    public SchemaNode? DynamicRef { get; set; }
    public string? DynamicRefAnchor { get; set; }
    public string? DynamicAnchor { get; set; }

    public IReadOnlyList<string>? Types { get; set; }

    /// <summary>The types in the schema's own order.</summary>
    public IReadOnlyList<string>? NamedTypes { get; set; }

    public SchemaConstant? Const { get; set; }
    public IReadOnlyList<SchemaConstant>? Enum { get; set; }
    public string? Format { get; set; }

    public SchemaNumber? MultipleOf { get; set; }
    public SchemaNumber? Maximum { get; set; }
    public SchemaNumber? ExclusiveMaximum { get; set; }
    public SchemaNumber? Minimum { get; set; }
    public SchemaNumber? ExclusiveMinimum { get; set; }

    public int? MinLength { get; set; }
    public int? MaxLength { get; set; }
    public GoRegex? Pattern { get; set; }

    public int? MinItems { get; set; }
    public int? MaxItems { get; set; }
    public bool UniqueItems { get; set; }
    public SchemaNode? Items { get; set; }
    public IReadOnlyList<SchemaNode>? PrefixItems { get; set; }
    public SchemaNode? AdditionalItems { get; set; }
    public SchemaNode? Contains { get; set; }
    public int? MinContains { get; set; }
    public int? MaxContains { get; set; }
    public SchemaNode? UnevaluatedItems { get; set; }

    public int? MinProperties { get; set; }
    public int? MaxProperties { get; set; }
    public IReadOnlyList<string>? Required { get; set; }
    public IReadOnlyDictionary<string, SchemaNode>? Properties { get; set; }
    public IReadOnlyList<(GoRegex Pattern, SchemaNode Schema)>? PatternProperties { get; set; }
    public SchemaNode? AdditionalProperties { get; set; }
    public SchemaNode? PropertyNames { get; set; }
    public SchemaNode? UnevaluatedProperties { get; set; }
    public IReadOnlyList<(string Name, IReadOnlyList<string>? Required, SchemaNode? Schema)>? Dependencies { get; set; }
    public IReadOnlyList<(string Name, SchemaNode Schema)>? DependentSchemas { get; set; }
    public IReadOnlyList<(string Name, IReadOnlyList<string> Required)>? DependentRequired { get; set; }

    public SchemaNode? Not { get; set; }
    public IReadOnlyList<SchemaNode>? AllOf { get; set; }
    public IReadOnlyList<SchemaNode>? AnyOf { get; set; }
    public IReadOnlyList<SchemaNode>? OneOf { get; set; }
    public SchemaNode? If { get; set; }
    public SchemaNode? Then { get; set; }
    public SchemaNode? Else { get; set; }
}

/// <summary>A value that a schema names, and how messages show it.</summary>
internal sealed record SchemaConstant(GoValue Value, string Shown)
{
    public bool IsCollection => Value.Kind is GoKind.Map or GoKind.List;

    public static SchemaConstant Of(JsonElement element) => new(HelmJson.Read(element.GetRawText()), element.ValueKind switch
    {
        JsonValueKind.String => SchemaText.Quote(element.GetString()!),
        JsonValueKind.Null => "<nil>",
        JsonValueKind.Array or JsonValueKind.Object => "value",
        _ => element.GetRawText(),
    });
}
