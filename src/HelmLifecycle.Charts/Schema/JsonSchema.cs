using System.Text.Json;

namespace HelmLifecycle.Charts;

/// <summary>How a schema is read.</summary>
public sealed record JsonSchemaOptions
{
    /// <summary>The identifier of the schema itself; references are relative to it. <c>file:///values.schema.json</c> by default, as in Helm.</summary>
    public string Uri { get; init; } = "file:///values.schema.json";

    /// <summary>The draft of schemas without <c>$schema</c>: 4, 6, 7, 2019 or 2020, the default.</summary>
    public int Draft { get; init; } = 2020;

    /// <summary>
    /// Whether <c>format</c> is checked. By default, as in Helm, it is up to draft 7, and from 2019-09 on only where the schema's own
    /// meta-schema asks for it.
    /// </summary>
    public bool? AssertFormat { get; init; }

    /// <summary>Whether the schema itself is checked against its meta-schema. True by default, as in Helm.</summary>
    public bool CheckSchema { get; init; } = true;

    /// <summary>
    /// Gives the text of another schema by its absolute identifier, null when there is none. Only the meta-schemas are built in, and
    /// nothing is ever fetched.
    /// </summary>
    public Func<string, string?>? Load { get; init; }
}

/// <summary>One thing that a schema finds wrong with a value.</summary>
/// <param name="Path">Where in the value, as a JSON pointer; empty for the value as a whole.</param>
/// <param name="Rule">The keyword that is not met, such as <c>minimum</c>.</param>
/// <param name="Message">What is wrong, such as <c>got number, want string</c>.</param>
/// <param name="Line">The line that Helm shows, indented below what it follows from: <c>- at '/a': got number, want string</c>.</param>
public sealed record JsonSchemaError(string Path, string Rule, string Message, string Line);

/// <summary>
/// A JSON Schema of draft 4, 6, 7, 2019-09 or 2020-12, compiled. Patterns have Go's syntax. It does not change and may be used by many
/// threads at once.
/// </summary>
public sealed class JsonSchema
{
    private readonly SchemaNode _root;

    private JsonSchema(SchemaNode root) => _root = root;

    /// <summary>Reads a schema.</summary>
    /// <exception cref="ValuesException">The text is no JSON or no schema, or refers to what is not there. The message is Helm's.</exception>
    public static JsonSchema Parse(string text, JsonSchemaOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        options ??= new JsonSchemaOptions();
        try
        {
            JsonElement root = ReadJson(text);
            var store = new SchemaStore(uri => Load(options, uri), options.Draft);
            SchemaDocument document = store.Add(options.Uri, root);
            if (options.CheckSchema)
                CheckSchema(document, text);
            return new JsonSchema(new SchemaCompiler(store, options.AssertFormat).Compile(document));
        }
        catch (JsonSyntaxException e)
        {
            throw new ValuesException(Words(e, text), e);
        }
        catch (SchemaCompileException e)
        {
            throw new ValuesException(e.Message, e);
        }
        catch (SchemaLimitException e)
        {
            throw new ValuesException("unable to validate schema: " + e.Message, e);
        }
    }

    private static JsonElement ReadJson(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 1000 });
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            // For Go's words.
            HelmJson.Read(text);
            throw new SchemaCompileException("the schema is nested too deeply");
        }
    }

    // Helm reads schemas from a stream, and Go has other words for where a stream ends.
    private static string Words(JsonSyntaxException e, string text)
    {
        if (e.Message.EndsWith(" after top-level value", StringComparison.Ordinal))
            return "invalid character after top-level value";
        if (e.Message != "unexpected end of JSON input")
            return e.Message;
        return string.IsNullOrWhiteSpace(text) ? "EOF" : "unexpected EOF";
    }

    private static JsonElement? Load(JsonSchemaOptions options, string uri)
    {
        if (options.Load?.Invoke(uri) is { } text)
            return ReadJson(text);
        // Helm lets everything pass where a URN leads to.
        return uri.StartsWith("urn:", StringComparison.OrdinalIgnoreCase) ? ReadJson("true") : null;
    }

    private static void CheckSchema(SchemaDocument document, string text)
    {
        int draft = document.Resources[""].Dialect.Draft;
        SchemaNode meta = MetaSchema(draft);
        if (SchemaEvaluator.Evaluate(meta, HelmJson.Read(text)) is not { } error)
            return;
        IEnumerable<string> lines = Lines(error).Select(line => line.Line);
        throw new SchemaCompileException(
            $"\"{document.Uri}#\" is not valid against metaschema: jsonschema validation failed with '{MetaSchemas.UriOf(draft)}#'\n" + string.Join('\n', lines));
    }

    private static SchemaNode MetaSchema(int draft) => s_metaSchemas[draft].Value;

    private static readonly Dictionary<int, Lazy<SchemaNode>> s_metaSchemas = new[] { 4, 6, 7, 2019, 2020 }.ToDictionary(
        draft => draft,
        draft => new Lazy<SchemaNode>(() =>
        {
            string uri = MetaSchemas.UriOf(draft);
            var store = new SchemaStore(_ => null, draft);
            return new SchemaCompiler(store, null).Compile(store.Add(uri, MetaSchemas.Find(uri)!.Value));
        }));

    /// <summary>Checks a value.</summary>
    /// <returns>What is wrong, in the order of Helm's message; empty when all is well.</returns>
    /// <exception cref="ValuesException">The value or the schema goes beyond all bounds of depth or work.</exception>
    public IReadOnlyList<JsonSchemaError> Validate(GoValue value)
    {
        try
        {
            return SchemaEvaluator.Evaluate(_root, value) is { } error
                ? [.. Lines(error).Select(line => new JsonSchemaError(SchemaText.Pointer(line.Error.Path), line.Error.Rule, line.Error.Message, line.Line))]
                : [];
        }
        catch (SchemaLimitException e)
        {
            throw new ValuesException("unable to validate schema: " + e.Message, e);
        }
    }

    /// <summary>Checks a value as Helm 3 does.</summary>
    internal IReadOnlyList<JsonSchemaError> ValidateAsHelm3(GoValue value)
    {
        try
        {
            return Helm3SchemaEvaluator.Evaluate(_root, value);
        }
        catch (SchemaLimitException e)
        {
            throw new ValuesException("unable to validate schema: " + e.Message, e);
        }
    }

    private static List<(SchemaError Error, string Line)> Lines(SchemaError error)
    {
        var lines = new List<(SchemaError, string)>();
        if (error.Rule != SchemaError.Group)
        {
            error.Write(lines);
            return lines;
        }

        foreach (SchemaError cause in error.Causes)
            cause.Write(lines);
        return lines;
    }
}
