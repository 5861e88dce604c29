using System.Text.Json;

namespace HelmLifecycle.Charts;

/// <summary>A schema cannot be used: it is no JSON, refers to what is not there, or is no schema.</summary>
internal sealed class SchemaCompileException(string message) : Exception(message);

/// <summary>The documents that schemas come from, and the identifiers and anchors in them.</summary>
internal sealed class SchemaStore(Func<string, JsonElement?> load, int defaultDraft)
{
    private const int MaxDepth = 250;

    private static readonly (string Uri, int Draft)[] s_drafts =
    [
        ("http://json-schema.org/draft-04/schema", 4),
        ("http://json-schema.org/draft-06/schema", 6),
        ("http://json-schema.org/draft-07/schema", 7),
        ("https://json-schema.org/draft/2019-09/schema", 2019),
        ("https://json-schema.org/draft/2020-12/schema", 2020),
        ("http://json-schema.org/schema", 2020),
    ];

    private static readonly string[] s_single =
    [
        "not", "additionalItems", "items", "contains", "propertyNames", "if", "then", "else", "additionalProperties", "unevaluatedItems",
        "unevaluatedProperties", "contentSchema",
    ];

    private static readonly string[] s_lists = ["allOf", "anyOf", "oneOf", "items", "prefixItems"];

    private static readonly string[] s_maps = ["properties", "patternProperties", "definitions", "$defs", "dependentSchemas", "dependencies"];

    private readonly Dictionary<string, SchemaDocument> _documents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SchemaResource> _resources = new(StringComparer.Ordinal);

    /// <summary>The draft that an identifier of a meta-schema stands for; 0 for none.</summary>
    public static int DraftOf(string uri)
    {
        string plain = uri.TrimEnd('#');
        foreach ((string known, int draft) in s_drafts)
        {
            // http and https are taken for each other.
            if (plain.AsSpan(plain.IndexOf(':') + 1).SequenceEqual(known.AsSpan(known.IndexOf(':') + 1)))
                return draft;
        }

        return 0;
    }

    public SchemaDocument Add(string uri, JsonElement root)
    {
        var document = new SchemaDocument(uri, root);
        _documents[uri] = document;
        SchemaDialect dialect = DialectOf(root, new SchemaDialect(defaultDraft), uri);
        var resource = new SchemaResource(document, "", uri, dialect);
        Collect(document, root, "", resource, 0);
        document.Resources.TryAdd("", resource);
        _resources.TryAdd(uri, document.Resources[""]);
        return document;
    }

    private SchemaDocument Load(string uri)
    {
        if (_documents.TryGetValue(uri, out SchemaDocument? known))
            return known;
        JsonElement root = MetaSchemas.Find(uri) ?? load(uri) ?? throw new SchemaCompileException($"failing loading {Go(uri)}: no such schema, and nothing is loaded from the network");
        return Add(uri, root);
    }

    private static string Go(string text) => $"\"{text}\"";

    // The draft that $schema names, or that of the schema it names.
    private SchemaDialect DialectOf(JsonElement schema, SchemaDialect otherwise, string uri)
    {
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("$schema", out JsonElement name) || name.ValueKind != JsonValueKind.String)
            return otherwise;
        string meta = name.GetString()!;
        int draft = DraftOf(meta);
        if (draft != 0)
            return new SchemaDialect(draft);
        meta = meta.TrimEnd('#');
        if (meta == uri)
            throw new SchemaCompileException($"unsupported draft in {Go(uri)}");
        SchemaDocument document = Load(meta);
        SchemaDialect parent = document.Resources[""].Dialect;
        if (parent.Draft < 2019 || document.Root.ValueKind != JsonValueKind.Object || !document.Root.TryGetProperty("$vocabulary", out JsonElement vocabulary)
            || vocabulary.ValueKind != JsonValueKind.Object)
        {
            return parent;
        }

        var used = new HashSet<string>(StringComparer.Ordinal) { "core" };
        foreach (JsonProperty entry in vocabulary.EnumerateObject())
        {
            int at = entry.Name.IndexOf("/vocab/", StringComparison.Ordinal);
            if (at >= 0 && entry.Name.StartsWith("https://json-schema.org/draft/", StringComparison.Ordinal))
                used.Add(entry.Name[(at + 7)..]);
            else if (entry.Value.ValueKind == JsonValueKind.True)
                throw new SchemaCompileException($"unsupported vocabulary {Go(entry.Name)} in {Go(meta)}");
        }

        return parent with { Vocabularies = used };
    }

    private void Collect(SchemaDocument document, JsonElement schema, string pointer, SchemaResource resource, int depth)
    {
        if (depth > MaxDepth)
            throw new SchemaCompileException($"schema {Go(document.Uri)} is nested too deeply");
        if (schema.ValueKind != JsonValueKind.Object)
            return;
        resource = Identify(document, schema, pointer, resource);
        int draft = resource.Dialect.Draft;
        NoteAnchors(schema, pointer, resource, draft);
        foreach (string keyword in s_single)
        {
            if (schema.TryGetProperty(keyword, out JsonElement child))
                Collect(document, child, $"{pointer}/{keyword}", resource, depth + 1);
        }

        foreach (string keyword in s_lists)
        {
            if (!schema.TryGetProperty(keyword, out JsonElement children) || children.ValueKind != JsonValueKind.Array)
                continue;
            int i = 0;
            foreach (JsonElement child in children.EnumerateArray())
                Collect(document, child, $"{pointer}/{keyword}/{i++}", resource, depth + 1);
        }

        foreach (string keyword in s_maps)
        {
            if (!schema.TryGetProperty(keyword, out JsonElement children) || children.ValueKind != JsonValueKind.Object)
                continue;
            foreach (JsonProperty child in children.EnumerateObject())
                Collect(document, child.Value, $"{pointer}/{keyword}/{SchemaText.Escape(child.Name)}", resource, depth + 1);
        }
    }

    private SchemaResource Identify(SchemaDocument document, JsonElement schema, string pointer, SchemaResource parent)
    {
        SchemaDialect dialect = pointer.Length == 0 ? parent.Dialect : DialectOf(schema, parent.Dialect, parent.Id);
        bool hidden = dialect.Draft < 2019 && schema.TryGetProperty("$ref", out JsonElement reference) && reference.ValueKind == JsonValueKind.String;
        if (hidden || Text(schema, dialect.Draft == 4 ? "id" : "$id") is not { } id)
            return pointer.Length == 0 ? Keep(parent) : parent;
        (string uri, string fragment) = Split(id);
        SchemaResource resource = parent;
        if (uri.Length > 0 || pointer.Length == 0)
        {
            string full = uri.Length > 0 ? Resolve(parent.Id, uri) : parent.Id;
            resource = Keep(new SchemaResource(document, pointer, full, dialect));
            _resources.TryAdd(full, resource);
        }

        if (dialect.Draft < 2019 && fragment.Length > 0)
            resource.Anchors[fragment] = pointer;
        return resource;

        SchemaResource Keep(SchemaResource made)
        {
            document.Resources[pointer] = made;
            return made;
        }
    }

    private static void NoteAnchors(JsonElement schema, string pointer, SchemaResource resource, int draft)
    {
        if (draft >= 2019 && Text(schema, "$anchor") is { } anchor)
            resource.Anchors[anchor] = pointer;
        if (draft >= 2020 && Text(schema, "$dynamicAnchor") is { } dynamic)
        {
            resource.Anchors[dynamic] = pointer;
            resource.DynamicAnchors.Add(dynamic);
        }

        if (draft == 2019 && pointer == resource.Pointer && schema.TryGetProperty("$recursiveAnchor", out JsonElement recursive))
            resource.RecursiveAnchor = recursive.ValueKind == JsonValueKind.True;
    }

    public static string? Text(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static (string Uri, string Fragment) Split(string reference)
    {
        int hash = reference.IndexOf('#');
        return hash < 0 ? (reference, "") : (reference[..hash], Uri.UnescapeDataString(reference[(hash + 1)..]));
    }

    private static string Resolve(string baseUri, string reference)
    {
        if (Uri.TryCreate(reference, UriKind.Absolute, out Uri? absolute) && reference.Contains(':') && !reference.StartsWith('/'))
            return absolute.IsFile || absolute.Scheme is "http" or "https" ? absolute.AbsoluteUri : reference;
        return Uri.TryCreate(baseUri, UriKind.Absolute, out Uri? from) && Uri.TryCreate(from, reference, out Uri? joined)
            ? joined.AbsoluteUri
            : throw new SchemaCompileException($"{Go(reference)} cannot be resolved against {Go(baseUri)}");
    }

    /// <summary>Finds what a reference names: the document and the place in it.</summary>
    public (SchemaDocument Document, string Pointer) Find(SchemaResource from, string reference)
    {
        (string uri, string fragment) = Split(reference);
        SchemaResource resource = from;
        if (uri.Length > 0)
        {
            string full = Resolve(from.Id, uri);
            if (!_resources.TryGetValue(full, out SchemaResource? known))
            {
                // What was loaded may call itself something else; it is found by where it came from all the same.
                SchemaDocument loaded = Load(full);
                known = loaded.Resources[""];
            }

            resource = known;
        }

        if (fragment.Length == 0)
            return (resource.Document, resource.Pointer);
        if (fragment[0] == '/')
        {
            string pointer = resource.Pointer + fragment;
            if (Lookup(resource.Document.Root, pointer) is null)
                throw new SchemaCompileException($"json-pointer in {Go(resource.Document.Uri + "#" + pointer)} not found");
            return (resource.Document, pointer);
        }

        return resource.Anchors.TryGetValue(fragment, out string? anchor)
            ? (resource.Document, anchor)
            : throw new SchemaCompileException($"anchor in {Go(resource.Id + "#" + fragment)} not found in schema {Go(resource.Document.Uri + "#")}");
    }

    /// <summary>The element at a JSON pointer, or null.</summary>
    public static JsonElement? Lookup(JsonElement root, string pointer)
    {
        JsonElement element = root;
        if (pointer.Length == 0)
            return element;
        foreach (string part in pointer[1..].Split('/'))
        {
            string name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement child))
                element = child;
            else if (element.ValueKind == JsonValueKind.Array && int.TryParse(name, out int index) && index >= 0 && index < element.GetArrayLength())
                element = element[index];
            else
                return null;
        }

        return element;
    }
}
