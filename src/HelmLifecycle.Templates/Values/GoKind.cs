namespace HelmLifecycle.Templates;

/// <summary>The kind of a <see cref="GoValue"/>, as Go's <c>reflect.Kind</c> would name it.</summary>
public enum GoKind : byte
{
    /// <summary>No value at all: Go's untyped <c>nil</c>, YAML's <c>null</c>, a missing map key.</summary>
    Nil,
    /// <summary>A truth value.</summary>
    Bool,
    /// <summary>A signed integer of any width; the width is in <see cref="GoType.Name"/>.</summary>
    Int,
    /// <summary>An unsigned integer of any width; the width is in <see cref="GoType.Name"/>.</summary>
    Uint,
    /// <summary>A floating point number. Every number read from YAML or JSON is one.</summary>
    Float,
    /// <summary>A complex number; only literals such as <c>1i</c> make one.</summary>
    Complex,
    /// <summary>Text: Go's string of bytes. See <see cref="GoString"/> for how bytes that are not UTF-8 are kept.</summary>
    String,
    /// <summary>A list (slice).</summary>
    List,
    /// <summary>A map with string keys.</summary>
    Map,
    /// <summary>A struct or a pointer to one, with fields and methods: an <see cref="IGoObject"/>.</summary>
    Object,
    /// <summary>A function value.</summary>
    Func,
}
