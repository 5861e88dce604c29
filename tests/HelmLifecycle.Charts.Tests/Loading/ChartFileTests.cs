using System.Text.Json.Nodes;

namespace HelmLifecycle.Charts.Tests;

public class ChartFileTests
{
    [Theory]
    [InlineData("version: 1.0.0", "validation: chart.metadata.name is required")]
    [InlineData("name: a/b\nversion: 1.0.0", "validation: chart.metadata.name \"a/b\" is invalid")]
    [InlineData("name: web", "validation: chart.metadata.version is required")]
    [InlineData("name: web\nversion: one", "validation: chart.metadata.version \"one\" is invalid")]
    [InlineData("name: web\nversion: 1.0.0\ntype: app", "validation: chart.metadata.type must be application or library")]
    [InlineData("name: web\nversion: 1.0.0\ndependencies: [null]", "validation: dependencies must not contain empty or null nodes")]
    [InlineData("name: web\nversion: 1.0.0\nmaintainers: [null]", "validation: maintainers must not contain empty or null nodes")]
    [InlineData("name: web\nversion: 1.0.0\ndependencies: [{name: a, alias: b c}]", "validation: dependency \"a\" has disallowed characters in the alias")]
    [InlineData("name: web\nversion: 1.0.0\ndependencies: [{name: a}, {name: b, alias: a}]", "validation: more than one dependency with name or alias \"a\"*")]
    [InlineData("name: web\nversion: 1.0.0\nkeywords: x", "cannot load Chart.yaml: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into Go struct field Metadata.keywords of type []string")]
    [InlineData("- a", "cannot load Chart.yaml: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type v2.Metadata")]
    public void Mistakes_are_named_in_Helms_words(string chartYaml, string message) =>
        FluentActions.Invoking(() => TestCharts.Load(("Chart.yaml", chartYaml))).Should().Throw<ChartException>().WithMessage(message);

    [Fact]
    public void A_chart_without_its_file_is_refused() =>
        FluentActions.Invoking(() => TestCharts.Load(("values.yaml", ""))).Should().Throw<ChartException>().WithMessage("Chart.yaml file is missing");

    [Fact]
    public void Numbers_and_truth_values_become_text_and_space_is_made_plain()
    {
        ChartMetadata metadata = TestCharts.Load(("Chart.yaml", "name: web\nversion: 1.0.0\nappVersion: 1.10\ndescription: \"a\\tb\\u0007c\"\nannotations: {a: 1, b: true, c: 1.50}\n")).Metadata;
        metadata.ApiVersion.Should().Be("v1");
        metadata.AppVersion.Should().Be("1.1");
        metadata.Description.Should().Be("a bc");
        metadata.Annotations.Should().Equal(new Dictionary<string, string> { ["a"] = "1", ["b"] = "true", ["c"] = "1.5" });
    }

    [Fact]
    public void Files_find_their_places()
    {
        Chart chart = TestCharts.Web(
            ("values.yaml", "a: 1"), ("values.schema.json", "{}"), ("Chart.lock", "digest: d\ngenerated: \"2020-01-02T03:04:05.1200+01:00\"\n"),
            ("templates/a.yaml", "x"), ("crds/c.yaml", "crd"), ("crds/readme.md", "no"), ("README.md", "r"), ("charts/x.tgz.prov", "p"),
            ("charts/_skipped/Chart.yaml", "nonsense"), ("charts/sub/Chart.yaml", "name: sub\nversion: 0.1.0"), ("charts/sub/crds/d.json", "{}"));
        chart.Files.Select(f => f.Name).Should().Equal("crds/c.yaml", "crds/readme.md", "README.md", "charts/x.tgz.prov");
        chart.Crds.Select(c => c.Path).Should().Equal("web/crds/c.yaml", "web/charts/sub/crds/d.json");
        chart.Dependencies.Should().ContainSingle().Which.Name.Should().Be("sub");
        chart.Lock!.ToJson().ToJsonString().Should().Be("""{"generated":"2020-01-02T03:04:05.12\u002B01:00","digest":"d","dependencies":null}""");
        chart.Schema!.Value.Length.Should().Be(2);
    }

    [Fact]
    public void Version_1_charts_have_their_dependencies_in_a_file_of_their_own_which_templates_can_read()
    {
        Chart chart = TestCharts.Load(
            ("requirements.yaml", "dependencies: [{name: sub, version: 1.x, repository: \"\"}]"), ("requirements.lock", "digest: d"), ("Chart.yaml", "name: web\nversion: 1.0.0"));
        chart.Metadata.Dependencies.Should().ContainSingle().Which.Name.Should().Be("sub");
        chart.Files.Select(f => f.Name).Should().Equal("requirements.yaml", "requirements.lock");
        chart.Lock!.Digest.Should().Be("d");
    }

    [Fact]
    public void A_broken_subchart_is_named_with_its_parent() =>
        FluentActions.Invoking(() => TestCharts.Web(("charts/sub/values.yaml", ""))).Should().Throw<ChartException>()
            .WithMessage("error unpacking subchart sub in web: Chart.yaml file is missing");

    [Fact]
    public void Values_of_several_documents_are_merged_the_later_winning()
    {
        Chart chart = TestCharts.Web(("values.yaml", "a: {x: 1, z: 2}\n---\na: {z: 3}\nb: 4\n"));
        TestCharts.Yaml(chart.Values!).Should().Be("a:\n  x: 1\n  z: 3\nb: 4\n");
        FluentActions.Invoking(() => TestCharts.Web(("values.yaml", "a: [")))
            .Should().Throw<ChartException>().WithMessage("cannot load values.yaml: cannot unmarshal yaml document: error converting YAML to JSON: yaml: line 1*");
    }

    [Fact]
    public void Metadata_is_written_in_the_order_of_Helms_fields_and_read_back()
    {
        const string Json = """{"name":"web","home":"h","sources":["s"],"version":"1.0.0","keywords":["k"],"maintainers":[{"name":"m","url":"u"}],"apiVersion":"v2","deprecated":true,"annotations":{"a":"1"},"dependencies":[{"name":"sub","repository":"","enabled":true,"import-values":[{"child":"a","parent":"."}],"alias":"x"}],"type":"application"}""";
        ChartMetadata metadata = ChartMetadata.FromJson(JsonNode.Parse(Json)!.AsObject());
        metadata.ToJson().ToJsonString().Should().Be(Json);
    }
}
