using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace HelmLifecycle.Charts;

/// <summary>Where values come from. Sources are merged in the order given, with Helm's precedence between the kinds.</summary>
public abstract record ValuesSource
{
    private ValuesSource()
    {
    }

    /// <summary>A values file, as with <c>-f</c>: a path, or an <c>http</c> or <c>https</c> address.</summary>
    public sealed record FileSource(string Path) : ValuesSource;

    /// <summary>YAML text, as of a values file.</summary>
    public sealed record YamlSource(string Text, string Name) : ValuesSource;

    /// <summary>A map in memory; ranks as a values file.</summary>
    public sealed record MapSource(GoMap Values, string Name) : ValuesSource;

    /// <summary>An expression, as with <c>--set</c> and its kind.</summary>
    public sealed record SetSource(SetKind Kind, string Expression) : ValuesSource
    {
        /// <summary>The flag of Helm's command line, such as <c>--set-string</c>.</summary>
        public string Flag => Kind == SetKind.Set ? "--set" : "--set-" + Kind.ToString().ToLowerInvariant();
    }

    /// <summary>A values file, as with <c>-f</c>.</summary>
    /// <param name="path">A path, or an <c>http</c> or <c>https</c> address, which is fetched when the sources are merged: in two minutes at most, 100 MiB at most.</param>
    public static ValuesSource File(string path) => new FileSource(path);

    /// <summary>YAML text; ranks as a values file.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What error messages call it.</param>
    public static ValuesSource Yaml(string text, string name = "values") => new YamlSource(text, name);

    /// <summary>A map; ranks as a values file. It is copied when it is merged.</summary>
    public static ValuesSource Map(GoMap values, string name = "values") => new MapSource(values, name);

    /// <summary>JSON; ranks as a values file.</summary>
    /// <exception cref="ValuesException">It is no JSON object.</exception>
    public static ValuesSource Json(JsonNode json, string name = "values") => new MapSource(JsonValues.ToMap(json, name), name);

    /// <summary>Any object that <see cref="JsonSerializer"/> can write; ranks as a values file.</summary>
    /// <param name="value">The object.</param>
    /// <param name="type">How it is written, from a source-generated context.</param>
    /// <param name="name">What error messages call it.</param>
    /// <exception cref="ValuesException">It does not become a JSON object.</exception>
    public static ValuesSource Object<T>(T value, JsonTypeInfo<T> type, string name = "values") =>
        new MapSource(JsonValues.ToMap(JsonSerializer.SerializeToNode(value, type), name), name);

    /// <summary><c>--set</c>: <c>a.b=1,c={x,y}</c>.</summary>
    public static ValuesSource Set(string expression) => new SetSource(SetKind.Set, expression);

    /// <summary><c>--set-string</c>: as <see cref="Set"/>, every value a text.</summary>
    public static ValuesSource SetString(string expression) => new SetSource(SetKind.String, expression);

    /// <summary><c>--set-json</c>: <c>a.b={"c":1}</c>, or a whole object.</summary>
    public static ValuesSource SetJson(string expression) => new SetSource(SetKind.Json, expression);

    /// <summary><c>--set-file</c>: <c>a.b=path</c>, the value is the file's text; a path or an address, as with <see cref="File"/>.</summary>
    public static ValuesSource SetFile(string expression) => new SetSource(SetKind.File, expression);

    /// <summary><c>--set-literal</c>: <c>a.b=text</c>, all after the first <c>=</c> as it stands.</summary>
    public static ValuesSource SetLiteral(string expression) => new SetSource(SetKind.Literal, expression);
}

/// <summary>The kinds of <c>--set</c>.</summary>
public enum SetKind
{
    /// <summary><c>--set</c></summary>
    Set,
    /// <summary><c>--set-string</c></summary>
    String,
    /// <summary><c>--set-json</c></summary>
    Json,
    /// <summary><c>--set-file</c></summary>
    File,
    /// <summary><c>--set-literal</c></summary>
    Literal,
}
