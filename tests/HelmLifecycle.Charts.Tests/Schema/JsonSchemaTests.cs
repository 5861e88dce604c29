namespace HelmLifecycle.Charts.Tests.Schema;

public class JsonSchemaTests
{
    private static string Check(string schema, string value) =>
        string.Join('\n', JsonSchema.Parse(schema).Validate(HelmJson.Read(value)).Select(error => error.Line));

    private static void Refused(string schema, string value, string message) =>
        FluentActions.Invoking(() => Check(schema, value)).Should().Throw<ValuesException>().WithMessage(message);

    [Theory]
    [InlineData("{'type': 'string'}", "1", "- at '': got number, want string")]
    [InlineData("{'type': ['string', 'null']}", "true", "- at '': got boolean, want null or string")]
    [InlineData("{'type': 'integer'}", "1.0", "")]
    [InlineData("{'properties': {'a': {'minimum': 70000}}}", "{'a': 5}", "- at '/a': minimum: got 5, want 70,000")]
    [InlineData("{'required': ['a', 'b']}", "{}", "- at '': missing properties 'a', 'b'")]
    [InlineData("{'enum': ['a', 'b']}", "'c'", "- at '': value must be one of 'a', 'b'")]
    [InlineData("{'additionalProperties': false}", "{'x': 1}", "- at '': additional properties 'x' not allowed")]
    [InlineData("{'anyOf': [{'type': 'string'}, {'minimum': 5}]}", "1", "- at '': 'anyOf' failed\n  - at '': got number, want string\n  - at '': minimum: got 1, want 5")]
    [InlineData("{'$ref': '#/definitions/s', 'definitions': {'s': {'maxLength': 1}}}", "'ab'", "- at '': maxLength: got 2, want 1")]
    public void What_is_wrong_is_said_in_Helms_words(string schema, string value, string lines) =>
        Check(schema.Replace('\'', '"'), value.Replace('\'', '"')).Should().Be(lines);

    [Fact]
    public void An_error_tells_the_place_and_the_rule()
    {
        JsonSchemaError error = JsonSchema.Parse("""{"properties": {"a/b": {"items": {"maximum": 3}}}}""").Validate(HelmJson.Read("""{"a/b": [1, 9]}""")).Should().ContainSingle().Subject;
        (error.Path, error.Rule, error.Message).Should().Be(("/a~1b/1", "maximum", "maximum: got 9, want 3"));
    }

    [Theory]
    [InlineData("", "EOF")]
    [InlineData("{\"a\":", "unexpected EOF")]
    [InlineData("{} {}", "invalid character after top-level value")]
    [InlineData("{'a'}", "invalid character '\\'' looking for beginning of object key string")]
    [InlineData("[1]", "*is not valid against metaschema*got array, want boolean or object")]
    [InlineData("{\"pattern\": \"(?=a)\"}", "invalid regex*`(?=`")]
    [InlineData("{\"$ref\": \"#/nowhere\"}", "json-pointer in * not found")]
    [InlineData("{\"$ref\": \"http://example.com/x.json\"}", "failing loading *nothing is loaded from the network")]
    [InlineData("{\"$schema\": \"http://example.com/x\"}", "failing loading *")]
    public void An_unusable_schema_is_refused(string schema, string message) => Refused(schema, "1", message);

    [Theory]
    [InlineData("{\"$ref\": \"#\"}")]
    [InlineData("{\"allOf\": [{\"$ref\": \"#\"}]}")]
    [InlineData("{\"$ref\": \"#/definitions/a\", \"definitions\": {\"a\": {\"$ref\": \"#/definitions/b\"}, \"b\": {\"$ref\": \"#/definitions/a\"}}}")]
    [InlineData("{\"$dynamicRef\": \"#a\", \"$dynamicAnchor\": \"a\"}")]
    public void A_schema_that_leads_to_itself_is_an_error_and_no_endless_loop(string schema) => Check(schema, "1").Should().Contain("causing reference cycle");

    [Theory]
    [InlineData("allOf", "string")]
    [InlineData("anyOf", "number")]
    public void A_schema_that_doubles_the_work_at_every_step_is_stopped(string keyword, string type)
    {
        IEnumerable<string> steps = Enumerable.Range(0, 40).Select(i => $$"""
            "a{{i}}": {"{{keyword}}": [{"$ref": "#/definitions/a{{i + 1}}"}, {"$ref": "#/definitions/a{{i + 1}}"}]}
            """);
        string schema = "{\"$ref\": \"#/definitions/a0\", \"definitions\": {" + string.Join(",", steps) + ", \"a40\": {\"type\": \"" + type + "\"}}}";
        Refused(schema, "\"x\"", "*too many steps");
    }

    [Fact]
    public void Depth_has_bounds()
    {
        Refused(Repeat("{\"not\":", 900) + "{}" + new string('}', 900), "1", "*nested too deeply");
        Refused(Repeat("{\"not\":", 20000) + "{}" + new string('}', 20000), "1", "exceeded max depth");
        Check("""{"items": {"$ref": "#"}}""", new string('[', 900) + new string(']', 900)).Should().BeEmpty();
    }

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    [Fact]
    public void A_hostile_pattern_takes_no_exponential_time() =>
        Check("""{"pattern": "^(a+)+$"}""", $"\"{new string('a', 20000)}!\"").Should().Contain("does not match pattern");

    [Fact]
    public void Other_schemas_come_from_where_the_caller_says()
    {
        var options = new JsonSchemaOptions { Load = uri => uri == "file:///sub/name.json" ? """{"type": "string"}""" : null };
        JsonSchema schema = JsonSchema.Parse("""{"properties": {"a": {"$ref": "sub/name.json"}, "b": {"$ref": "urn:any:thing"}}}""", options);
        schema.Validate(HelmJson.Read("""{"a": 1, "b": 2}""")).Should().ContainSingle().Which.Line.Should().Be("- at '/a': got number, want string");
    }
}
