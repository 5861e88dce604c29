using System.Text.Json;

namespace HelmLifecycle.Charts;

/// <summary>Turns schemas into <see cref="SchemaNode"/>s, all that can be reached from one, without recursion.</summary>
internal sealed class SchemaCompiler(SchemaStore store, bool? assertFormat)
{
    private static readonly string[] s_types = ["null", "boolean", "number", "integer", "string", "array", "object"];

    private readonly Queue<(SchemaNode Node, SchemaDocument Document, string Pointer, JsonElement Element)> _queue = new();

    public SchemaNode Compile(SchemaDocument document, string pointer = "")
    {
        SchemaNode root = Node(document, pointer);
        while (_queue.TryDequeue(out var next))
            Fill(next.Node, next.Document, next.Pointer, next.Element);
        return root;
    }

    private SchemaNode Node(SchemaDocument document, string pointer)
    {
        if (document.Nodes.TryGetValue(pointer, out SchemaNode? known))
            return known;
        JsonElement element = SchemaStore.Lookup(document.Root, pointer)!.Value;
        SchemaResource resource = document.ResourceAt(pointer);
        var node = new SchemaNode(resource, document.Uri + "#" + pointer);
        document.Nodes[pointer] = node;
        _queue.Enqueue((node, document, pointer, element));
        if (resource.Root is null)
        {
            if (pointer == resource.Pointer)
                resource.Root = node;
            else
                resource.Root = Node(document, resource.Pointer);
            foreach (string anchor in resource.DynamicAnchors)
                resource.DynamicNodes[anchor] = Node(document, resource.Anchors[anchor]);
        }

        return node;
    }

    private void Fill(SchemaNode node, SchemaDocument document, string pointer, JsonElement schema)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            node.Bool = schema.ValueKind == JsonValueKind.True;
            return;
        }

        if (schema.ValueKind != JsonValueKind.Object)
            throw new SchemaCompileException($"\"{node.Location}\" is not a schema");
        var reader = new Reader(this, document, pointer, schema);
        node.Ref = reader.Reference("$ref");
        if (node.Draft < 2019 && node.Ref is not null)
            return;
        SchemaDialect dialect = node.Resource.Dialect;
        if (dialect.Has("applicator"))
            FillApplicators(node, reader);
        if (dialect.Has("validation"))
            FillAssertions(node, reader);
        if (assertFormat ?? (node.Draft < 2019 || dialect.Vocabularies?.Contains("format-assertion") == true))
            node.Format = SchemaStore.Text(schema, "format");
        if (node.Draft == 2019)
        {
            node.RecursiveRef = reader.Reference("$recursiveRef");
        }
        else if (node.Draft >= 2020)
        {
            node.DynamicRef = reader.Reference("$dynamicRef");
            node.DynamicAnchor = SchemaStore.Text(schema, "$dynamicAnchor");
            if (node.DynamicRef is not null && SchemaStore.Text(schema, "$dynamicRef")!.Split('#', 2) is [_, var fragment] && fragment.Length > 0 && fragment[0] != '/')
                node.DynamicRefAnchor = Uri.UnescapeDataString(fragment);
        }

        if (node.Draft == 2019 ? dialect.Has("applicator") : node.Draft >= 2020 && dialect.Has("unevaluated"))
        {
            node.UnevaluatedItems = reader.Schema("unevaluatedItems");
            node.UnevaluatedProperties = reader.Schema("unevaluatedProperties");
        }
    }

    private static void FillApplicators(SchemaNode node, Reader reader)
    {
        node.AllOf = reader.List("allOf");
        node.AnyOf = reader.List("anyOf");
        node.OneOf = reader.List("oneOf");
        node.Not = reader.Schema("not");
        if (node.Draft >= 2020)
        {
            node.PrefixItems = reader.List("prefixItems");
            node.Items = reader.Schema("items");
        }
        else if (reader.List("items") is { } tuple)
        {
            node.PrefixItems = tuple;
            node.AdditionalItems = reader.Schema("additionalItems");
        }
        else
        {
            node.Items = reader.Schema("items");
        }

        node.Properties = reader.Map("properties")?.ToDictionary(e => e.Name, e => e.Schema, StringComparer.Ordinal);
        node.PatternProperties = reader.Map("patternProperties")?.ConvertAll(e => (reader.Regex(e.Name, "patternProperties"), e.Schema));
        node.AdditionalProperties = reader.Schema("additionalProperties");
        node.Dependencies = reader.Dependencies();
        if (node.Draft >= 6)
        {
            node.Contains = reader.Schema("contains");
            node.PropertyNames = reader.Schema("propertyNames");
        }

        if (node.Draft >= 7 && (node.If = reader.Schema("if")) is not null)
        {
            node.Then = reader.Schema("then");
            node.Else = reader.Schema("else");
        }

        if (node.Draft >= 2019)
            node.DependentSchemas = reader.Map("dependentSchemas");
    }

    private static void FillAssertions(SchemaNode node, Reader reader)
    {
        if (reader.Value("type") is { } type)
        {
            string[] named = type.ValueKind == JsonValueKind.Array ? Strings(type) : type.ValueKind == JsonValueKind.String ? [type.GetString()!] : [];
            string[] types = [.. s_types.Where(named.Contains)];
            node.Types = types.Length > 0 ? types : null;
            node.NamedTypes = types.Length > 0 ? named : null;
        }

        if (reader.Value("enum") is { ValueKind: JsonValueKind.Array } values)
            node.Enum = [.. values.EnumerateArray().Select(SchemaConstant.Of)];
        if (node.Draft >= 6 && reader.Value("const") is { } constant)
            node.Const = SchemaConstant.Of(constant);
        node.MultipleOf = reader.Number("multipleOf") is { IsZero: false } divisor ? divisor : null;
        node.Maximum = reader.Number("maximum");
        node.Minimum = reader.Number("minimum");
        if (reader.True("exclusiveMaximum"))
            (node.ExclusiveMaximum, node.Maximum) = (node.Maximum, null);
        else
            node.ExclusiveMaximum = reader.Number("exclusiveMaximum");
        if (reader.True("exclusiveMinimum"))
            (node.ExclusiveMinimum, node.Minimum) = (node.Minimum, null);
        else
            node.ExclusiveMinimum = reader.Number("exclusiveMinimum");
        node.MinLength = reader.Count("minLength");
        node.MaxLength = reader.Count("maxLength");
        if (reader.Value("pattern") is { ValueKind: JsonValueKind.String } pattern)
            node.Pattern = reader.Regex(pattern.GetString()!, "pattern");
        node.MinItems = reader.Count("minItems");
        node.MaxItems = reader.Count("maxItems");
        node.UniqueItems = reader.True("uniqueItems");
        node.MinProperties = reader.Count("minProperties");
        node.MaxProperties = reader.Count("maxProperties");
        if (reader.Value("required") is { ValueKind: JsonValueKind.Array } required)
            node.Required = Strings(required);
        if (node.Draft < 2019)
            return;
        node.MinContains = reader.Count("minContains");
        node.MaxContains = reader.Count("maxContains");
        if (reader.Value("dependentRequired") is { ValueKind: JsonValueKind.Object } dependent)
        {
            node.DependentRequired = [.. dependent.EnumerateObject().Where(e => e.Value.ValueKind == JsonValueKind.Array)
                .Select(e => (e.Name, (IReadOnlyList<string>)Strings(e.Value)))];
        }
    }

    private static string[] Strings(JsonElement list) =>
        [.. list.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.String).Select(e => e.GetString()!)];

    /// <summary>Reads the keywords of one schema.</summary>
    private readonly struct Reader(SchemaCompiler compiler, SchemaDocument document, string pointer, JsonElement schema)
    {
        public JsonElement? Value(string keyword) => schema.TryGetProperty(keyword, out JsonElement value) ? value : null;

        public SchemaNode? Reference(string keyword)
        {
            if (SchemaStore.Text(schema, keyword) is not { } reference)
                return null;
            (SchemaDocument target, string place) = compiler.Store.Find(document.ResourceAt(pointer), reference);
            return compiler.Node(target, place);
        }

        public SchemaNode? Schema(string keyword) =>
            Value(keyword) is { ValueKind: JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False } ? compiler.Node(document, $"{pointer}/{keyword}") : null;

        public List<SchemaNode>? List(string keyword)
        {
            if (Value(keyword) is not { ValueKind: JsonValueKind.Array } list)
                return null;
            var nodes = new List<SchemaNode>();
            for (int i = 0; i < list.GetArrayLength(); i++)
                nodes.Add(compiler.Node(document, $"{pointer}/{keyword}/{i}"));
            return nodes;
        }

        public List<(string Name, SchemaNode Schema)>? Map(string keyword)
        {
            if (Value(keyword) is not { ValueKind: JsonValueKind.Object } map)
                return null;
            var nodes = new List<(string, SchemaNode)>();
            foreach (JsonProperty entry in map.EnumerateObject())
                nodes.Add((entry.Name, compiler.Node(document, $"{pointer}/{keyword}/{SchemaText.Escape(entry.Name)}")));
            return nodes;
        }

        public List<(string Name, IReadOnlyList<string>? Required, SchemaNode? Schema)>? Dependencies()
        {
            if (Value("dependencies") is not { ValueKind: JsonValueKind.Object } map)
                return null;
            var all = new List<(string, IReadOnlyList<string>?, SchemaNode?)>();
            foreach (JsonProperty entry in map.EnumerateObject())
            {
                if (entry.Value.ValueKind == JsonValueKind.Array)
                    all.Add((entry.Name, Strings(entry.Value), null));
                else
                    all.Add((entry.Name, null, compiler.Node(document, $"{pointer}/dependencies/{SchemaText.Escape(entry.Name)}")));
            }

            return all;
        }

        public bool True(string keyword) => Value(keyword) is { ValueKind: JsonValueKind.True };

        public SchemaNumber? Number(string keyword) =>
            Value(keyword) is { ValueKind: JsonValueKind.Number } number ? SchemaNumber.Parse(number.GetRawText()) : null;

        public int? Count(string keyword) => Number(keyword)?.ToCount();

        public GoRegex Regex(string pattern, string keyword)
        {
            try
            {
                return GoRegex.Compile(pattern);
            }
            catch (FormatException e)
            {
                throw new SchemaCompileException($"invalid regex \"{pattern}\" at \"{document.Uri}#{pointer}/{keyword}\": {e.Message}");
            }
        }
    }

    private SchemaStore Store { get; } = store;
}
