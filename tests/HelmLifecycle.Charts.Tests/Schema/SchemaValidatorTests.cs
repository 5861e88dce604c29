namespace HelmLifecycle.Charts.Tests.Schema;

public class SchemaValidatorTests
{
    private const string Header = "values don't meet the specifications of the schema(s) in the following chart(s):\n";

    private static Chart Parent(string schema, string childSchema) => TestCharts.Web(
        ("values.schema.json", schema), ("types/text.json", """{"type": "string"}"""),
        ("charts/sub/Chart.yaml", "name: sub\nversion: 1.0.0"), ("charts/sub/values.schema.json", childSchema));

    private static void Refused(Chart chart, string values, string message) =>
        FluentActions.Invoking(() => TestCharts.Render(chart, values)).Should().Throw<SchemaException>().WithMessage(Header + message);

    [Fact]
    public void The_chart_comes_first_then_its_dependencies() => Refused(
        Parent("""{"required": ["a"]}""", """{"properties": {"size": {"maximum": 1}}}"""), "sub: {size: 2}",
        "web:\n- at '': missing property 'a'\nsub:\n- at '/size': maximum: got 2, want 1\n");

    [Fact]
    public async Task Values_that_fit_pass_and_the_check_can_be_left_out()
    {
        Chart chart = Parent("""{"required": ["a"]}""", "{}");
        TestCharts.Render(chart, "a: 1").Manifest.Should().BeEmpty();
        (await new HelmRenderer().RenderAsync(TestCharts.Request(chart) with { SkipSchemaValidation = true })).Manifest.Should().BeEmpty();
    }

    [Fact]
    public void A_reference_leads_to_a_file_of_the_chart() =>
        Refused(Parent("""{"properties": {"a": {"$ref": "types/text.json"}}}""", "{}"), "a: 1", "web:\n- at '/a': got number, want string\n");

    [Fact]
    public void An_unusable_schema_is_named_with_its_chart() =>
        Refused(Parent("{", "{}"), "", "web:\nunexpected EOF");
}
