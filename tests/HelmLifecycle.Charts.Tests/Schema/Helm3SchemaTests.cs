namespace HelmLifecycle.Charts.Tests;

/// <summary>Values that break a schema, told in Helm 3's words. The lines are those of its own library, gojsonschema 1.2.</summary>
public class Helm3SchemaTests
{
    [Theory]
    [InlineData("""{"type": "object", "required": ["z", "y"], "additionalProperties": false, "properties": {"a": {}}}""", "a: 1\ng: 1\n",
        "- (root): z is required", "- (root): y is required", "- (root): Additional property g is not allowed")]
    [InlineData("""{"properties": {"a": {"type": "integer"}, "b": {"type": ["string", "null"]}, "c": {"enum": ["x", 1, null]}, "d": {"const": {"q": 1}}}}""", "a: 1.5\nb: 2\nc: w\nd: 3\n",
        "- a: Invalid type. Expected: integer, given: number", "- b: Invalid type. Expected: [string,null], given: integer", "- c: c must be one of the following: \"x\", 1, null", "- d: d does not match: {\"q\":1}")]
    [InlineData("""{"properties": {"a": {"pattern": "^a+$"}, "b": {"format": "email"}, "c": {"minLength": 3}, "d": {"minimum": 1000000}, "e": {"multipleOf": 0.5, "exclusiveMaximum": 2}}}""", "a: b\nb: nobody\nc: xy\nd: 1\ne: 2.3\n",
        "- a: Does not match pattern '^a+$'", "- b: Does not match format 'email'", "- c: String length must be greater than or equal to 3", "- d: Must be greater than or equal to 1e+06",
        "- e: Must be a multiple of 0.5", "- e: Must be less than 2")]
    // Of alternatives, the errors of the one that fits best are told.
    [InlineData("""{"properties": {"a": {"anyOf": [{"type": "string"}, {"type": "object", "required": ["q"]}]}, "b": {"oneOf": [{"type": "string"}, {"minimum": 5}]}}}""", "a: {}\nb: 1\n",
        "- a: Must validate at least one schema (anyOf)", "- a: q is required", "- b: Must validate one and only one schema (oneOf)", "- b: Must be greater than or equal to 5")]
    [InlineData("""{"properties": {"c": {"allOf": [{"type": "string"}, {"minLength": 3}]}, "d": {"not": {"type": "string"}}, "e": {"if": {"type": "string"}, "then": {"minLength": 3}, "else": {"minimum": 3}}}}""", "c: w\nd: x\ne: 1\n",
        "- c: String length must be greater than or equal to 3", "- c: Must validate all the schemas (allOf)", "- d: Must not validate the schema (not)",
        "- e: Must validate \"else\" as \"if\" was not valid", "- e: Must be greater than or equal to 3")]
    // A schema that names no draft is one of draft 7: a list of items is a row of places.
    [InlineData("""{"properties": {"a": {"items": [{"type": "string"}], "additionalItems": false}, "b": {"uniqueItems": true, "minItems": 3}, "c": {"contains": {"type": "string"}}}}""", "a: [1, 2]\nb: [1, 1]\nc: [1]\n",
        "- a.0: Invalid type. Expected: string, given: integer", "- a: No additional items allowed on array", "- b: Array must have at least 3 items", "- b: array items[0,1] must be unique",
        "- c: At least one of the items must match", "- c.0: Invalid type. Expected: string, given: integer")]
    [InlineData("""{"properties": {"d": {"propertyNames": {"pattern": "^x"}}, "e": {"dependencies": {"p": ["q"]}}, "f": {"patternProperties": {"^x": {"type": "string"}}, "additionalProperties": false}, "g": false}}""", "d: {z: 1}\ne: {p: 1}\nf: {x: 1, z: 2}\ng: 1\n",
        "- d: Property name of \"z\" does not match", "- d: Does not match pattern '^x'", "- e: Has a dependency on q", "- f.x: Invalid type. Expected: string, given: integer",
        "- f: Additional property z is not allowed", "- g: False always fails validation")]
    public void Values_that_break_a_schema_are_told_as_helm_3_does(string schema, string values, params string[] lines)
    {
        Chart chart = ChartLoader.Load([new ChartFile("Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"), new ChartFile("values.schema.json", schema)]);
        SchemaValidator.Helm3.Validate(chart, HelmYaml.ReadMap(values)).Select(v => v.Text).Should().Equal(lines);
    }

    // Helm 3 does not look at whether a schema is well formed, so anything may stand behind a keyword.
    [Fact]
    public void A_schema_that_is_none_is_read_as_far_as_it_goes_or_told()
    {
        string[] keywords =
        [
            "type", "enum", "const", "properties", "patternProperties", "additionalProperties", "propertyNames", "required", "dependencies", "items", "additionalItems", "contains",
            "uniqueItems", "minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties", "minimum", "exclusiveMaximum", "multipleOf", "pattern", "format", "allOf",
            "anyOf", "oneOf", "not", "if", "then", "$ref", "$id", "$schema", "definitions",
        ];
        string[] odd = ["5", "-1.5", "1e400", "\"[\"", "\"\"", "true", "null", "[]", "[5]", "[[]]", "[null]", "{}", "{\"a\": 5}", "{\"a\": []}", "{\"[\": {}}", "{\"a\": {\"type\": 5}}"];
        foreach (string schema in keywords.SelectMany(k => odd.Select(o => $$"""{"{{k}}": {{o}}, "if": {}, "properties": {"a": {"{{k}}": {{o}} } } }""")))
        {
            Chart chart = ChartLoader.Load([new ChartFile("Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"), new ChartFile("values.schema.json", schema)]);
            foreach (string values in (string[])["a: x", "a: [1, x]", "a: {a: 1}", "a: 2", "a: null", "{}"])
            {
                FluentActions.Invoking(() => SchemaValidator.Helm3.Validate(chart, HelmYaml.ReadMap(values))).Should().NotThrow("{0} with {1}", schema, values);
                FluentActions.Invoking(() => SchemaValidator.Default.Validate(chart, HelmYaml.ReadMap(values))).Should().NotThrow("{0} with {1}, as Helm 4", schema, values);
            }
        }
    }

    [Fact]
    public void Values_nested_to_the_bound_are_told_with_their_whole_path_on_a_small_stack()
    {
        Chart chart = ChartLoader.Load([new ChartFile("Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"), new ChartFile("values.schema.json", """{"type": "object", "additionalProperties": {"$ref": "#"}}""")]);
        GoMap values = HelmYaml.ReadMap(string.Concat(Enumerable.Repeat("{a: ", 900)) + "1" + new string('}', 900));
        IReadOnlyList<SchemaViolation> violations = [];
        var thread = new Thread(() => violations = SchemaValidator.Helm3.Validate(chart, values), 256 * 1024);
        thread.Start();
        thread.Join();
        violations.Should().ContainSingle().Which.Text.Should().Match<string>(text => text.EndsWith("Invalid type. Expected: object, given: integer", StringComparison.Ordinal) || text.Contains("nested too deeply", StringComparison.Ordinal));
    }

    [Fact]
    public void A_schema_that_leads_to_itself_ends_with_an_error()
    {
        Chart chart = ChartLoader.Load([new ChartFile("Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"), new ChartFile("values.schema.json", """{"allOf": [{"$ref": "#"}]}""")]);
        SchemaValidator.Helm3.Validate(chart, HelmYaml.ReadMap("a: 1")).Should().ContainSingle().Which.Text.Should().Contain("unable to validate schema");
    }
}
