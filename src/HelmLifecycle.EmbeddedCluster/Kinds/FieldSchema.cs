using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

internal enum FieldKind
{
    String,
    Int32,
    Int64,
    Bool,
    Float,
    Quantity,
    IntOrString,
    Time,
    MicroTime,
    Bytes,
    Any,
    Struct,
    List,
    Map,
}

/// <summary>
/// The type of a field of a built-in kind: what it decodes to, how it prints, and how server-side apply merges it.
/// </summary>
internal sealed class FieldType
{
    public required FieldKind Kind { get; init; }

    /// <summary>The type as Go names it in decoding errors: <c>int32</c>, <c>v1.ObjectMeta</c>, <c>[]v1.Container</c>.</summary>
    public required string GoName { get; init; }

    /// <summary>Element of a list, value of a map.</summary>
    public FieldType? Element { get; init; }

    public StructType? Struct { get; init; }

    /// <summary>Keys by which a list of structs merges; empty for an atomic list.</summary>
    public IReadOnlyList<string> ListKeys { get; init; } = [];

    /// <summary>A list of unique scalars that merges.</summary>
    public bool IsSet { get; init; }

    /// <summary>A map that apply replaces whole.</summary>
    public bool IsAtomicMap { get; init; }

    /// <summary>Whether server-side apply owns this value as one.</summary>
    public bool IsAtomic => Kind switch
    {
        FieldKind.Struct => Struct!.IsAtomic,
        FieldKind.List => ListKeys.Count == 0 && !IsSet,
        FieldKind.Map => IsAtomicMap,
        _ => true,
    };
}

/// <summary>A field: its JSON name, type, and whether an empty value prints.</summary>
/// <param name="Name">JSON name.</param>
/// <param name="Type">The type.</param>
/// <param name="IsPointer">A pointer in Go: an explicit zero is kept, and a missing value stays missing.</param>
/// <param name="IsAlwaysWritten">Not omitempty in Go: printed even when empty (null for lists and times).</param>
internal sealed record SchemaField(string Name, FieldType Type, bool IsPointer, bool IsAlwaysWritten);

/// <summary>A struct of the API.</summary>
internal sealed class StructType(string name, string openApiName)
{
    private FrozenDictionary<string, SchemaField>? _byName;
    private JsonObject? _zero;

    public string Name { get; } = name;

    /// <summary>For example <c>io.k8s.api.core.v1.PodSpec</c>.</summary>
    public string OpenApiName { get; } = openApiName;

    public bool IsAtomic { get; set; }

    /// <summary>Fields beyond the known ones are allowed and merge by their JSON shape.</summary>
    public bool AllowsUnknown { get; set; }

    public IReadOnlyList<SchemaField> Fields { get; set; } = [];

    public FrozenDictionary<string, SchemaField> ByName => _byName ??= Fields.ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);

    /// <summary>What Go prints of a value that was never set. Shared, never changed.</summary>
    public JsonObject Zero => _zero ??= SchemaDecoder.Decode([], this);

    public SchemaField? Field(string name) => ByName.GetValueOrDefault(name);
}
