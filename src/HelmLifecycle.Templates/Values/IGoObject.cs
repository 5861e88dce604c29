namespace HelmLifecycle.Templates;

/// <summary>
/// A struct, or a pointer to one, that templates reach with <c>.Field</c> and <c>.Method args</c>. Implement it to hand your own
/// objects to templates without reflection.
/// </summary>
public interface IGoObject
{
    /// <summary>The Go type that templates see: what <c>%T</c> and <c>kindOf</c> print.</summary>
    GoType GoType { get; }

    /// <summary>Reads a field.</summary>
    /// <param name="name">The name as written in the template.</param>
    /// <param name="value">The value of the field.</param>
    /// <returns><see langword="false"/> when there is no such field: the template then fails, as with a Go struct.</returns>
    bool TryGetField(string name, out GoValue value);

    /// <summary>Finds a method.</summary>
    /// <param name="name">The name as written in the template.</param>
    /// <returns>The method, bound to this object, or <see langword="null"/> when there is none.</returns>
    GoFunction? GetMethod(string name) => null;

    /// <summary>
    /// Whether it is a pointer without a text of its own, of which Go prints only the address when it stands inside a list or a map.
    /// </summary>
    bool IsBarePointer => false;

    /// <summary>The text that <c>{{ . }}</c> and <c>%v</c> print: Go's <c>String()</c> or the form of the struct.</summary>
    string Print();

    /// <summary>
    /// The JSON that <c>encoding/json</c> writes for the object, which <c>toJson</c> and <c>toYaml</c> take over: the printed text as a
    /// string, unless the type writes its exported fields.
    /// </summary>
    string MarshalJson() => HelmJson.Write(GoValue.String(Print()), escapeHtml: false);
}
