namespace HelmLifecycle.Templates;

/// <summary>
/// A Go type as templates can observe it: through <c>printf "%T"</c>, <c>typeOf</c>, <c>kindOf</c> and the type checks of
/// function arguments. Types are compared by reference.
/// </summary>
public sealed class GoType
{
    /// <summary>Creates a type.</summary>
    /// <param name="name">What <c>%T</c> prints, such as <c>map[string]interface {}</c>.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="kindName">What <c>kindOf</c> prints, such as <c>int64</c>, <c>slice</c> or <c>ptr</c>.</param>
    /// <param name="element">The element type of a list or map; <see langword="null"/> means <c>interface {}</c>.</param>
    public GoType(string name, GoKind kind, string kindName, GoType? element = null)
    {
        Name = name;
        Kind = kind;
        KindName = kindName;
        Element = element;
    }

    /// <summary>The name that <c>%T</c> prints.</summary>
    public string Name { get; }

    /// <summary>The kind.</summary>
    public GoKind Kind { get; }

    /// <summary>The name that <c>kindOf</c> prints.</summary>
    public string KindName { get; }

    /// <summary>The element type of a list or map, or <see langword="null"/> for <c>interface {}</c>.</summary>
    public GoType? Element { get; }

    /// <summary>
    /// Finds a method of a named map or list type by its name, bound to a value of the type; <see langword="null"/> when the type has
    /// no methods. As in Go, <c>.Name</c> on a value looks for a method before it looks for a map key.
    /// </summary>
    public Func<GoValue, string, GoFunction?>? Methods { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary><c>bool</c></summary>
    public static GoType Bool { get; } = new("bool", GoKind.Bool, "bool");
    /// <summary><c>int</c></summary>
    public static GoType Int { get; } = new("int", GoKind.Int, "int");
    /// <summary><c>int32</c></summary>
    public static GoType Int32 { get; } = new("int32", GoKind.Int, "int32");
    /// <summary><c>int64</c></summary>
    public static GoType Int64 { get; } = new("int64", GoKind.Int, "int64");
    /// <summary><c>uint8</c></summary>
    public static GoType Uint8 { get; } = new("uint8", GoKind.Uint, "uint8");
    /// <summary><c>uint32</c></summary>
    public static GoType Uint32 { get; } = new("uint32", GoKind.Uint, "uint32");
    /// <summary><c>uint64</c></summary>
    public static GoType Uint64 { get; } = new("uint64", GoKind.Uint, "uint64");
    /// <summary><c>float64</c></summary>
    public static GoType Float64 { get; } = new("float64", GoKind.Float, "float64");
    /// <summary><c>complex128</c></summary>
    public static GoType Complex128 { get; } = new("complex128", GoKind.Complex, "complex128");
    /// <summary><c>string</c></summary>
    public static GoType String { get; } = new("string", GoKind.String, "string");
    /// <summary><c>[]interface {}</c></summary>
    public static GoType List { get; } = new("[]interface {}", GoKind.List, "slice");
    /// <summary><c>[]string</c></summary>
    public static GoType StringList { get; } = new("[]string", GoKind.List, "slice", String);
    /// <summary><c>[]int</c></summary>
    public static GoType IntList { get; } = new("[]int", GoKind.List, "slice", Int);
    /// <summary><c>[]uint8</c>, Go's byte slice.</summary>
    public static GoType Bytes { get; } = new("[]uint8", GoKind.List, "slice", Uint8);
    /// <summary><c>map[string]interface {}</c></summary>
    public static GoType Map { get; } = new("map[string]interface {}", GoKind.Map, "map");
    /// <summary><c>map[string]string</c></summary>
    public static GoType StringMap { get; } = new("map[string]string", GoKind.Map, "map", String);
    /// <summary><c>common.Values</c>: the named map type of <c>.Values</c> and of the root context in Helm 4.</summary>
    public static GoType Values { get; } = new("common.Values", GoKind.Map, "map") { Methods = ValuesMethods.Find };
}
