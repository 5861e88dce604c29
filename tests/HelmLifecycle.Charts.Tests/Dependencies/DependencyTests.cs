namespace HelmLifecycle.Charts.Tests;

public class DependencyTests
{
    private static Chart Parent(string dependencies, string values = "", string childValues = "k: v") => TestCharts.Load(
        ("Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies:\n" + dependencies), ("values.yaml", values),
        ("charts/sub/Chart.yaml", "name: sub\nversion: 1.2.3"), ("charts/sub/values.yaml", childValues));

    private static IEnumerable<string> Enabled(Chart chart, string values) =>
        DependencyResolver.Resolve(chart, HelmYaml.ReadMap(values)).Dependencies.Select(d => d.Name);

    [Theory]
    [InlineData("- {name: sub, version: 1.x, repository: r, condition: sub.enabled}", "sub: {enabled: false}", "")]
    [InlineData("- {name: sub, version: 1.x, repository: r, condition: sub.enabled}", "sub: {enabled: true}", "sub")]
    [InlineData("- {name: sub, version: 1.x, repository: r, condition: sub.enabled}", "sub: {enabled: yes please}", "sub")]
    [InlineData("- {name: sub, version: 1.x, repository: r, condition: 'none.such,sub.enabled'}", "sub: {enabled: false}", "")]
    [InlineData("- {name: sub, version: 1.x, repository: r, tags: [front, back]}", "tags: {front: false}", "")]
    [InlineData("- {name: sub, version: 1.x, repository: r, tags: [front, back]}", "tags: {front: false, back: true}", "sub")]
    [InlineData("- {name: sub, version: 1.x, repository: r, tags: [front], condition: sub.enabled}", "tags: {front: false}\nsub: {enabled: true}", "sub")]
    [InlineData("- {name: sub, version: 1.x, repository: r, alias: db}", "", "db")]
    [InlineData("- {name: sub, version: 1.x, repository: r}\n- {name: sub, version: '*', repository: r, alias: db}", "", "sub,db")]
    // One whose version does not fit was not meant, and stays as it is.
    [InlineData("- {name: sub, version: 2.x, repository: r, alias: db, condition: db.enabled}", "db: {enabled: false}", "sub")]
    public void Conditions_tags_aliases_and_versions_decide(string dependencies, string values, string names) =>
        Enabled(Parent(dependencies), values).Should().Equal(names.Split(',', StringSplitOptions.RemoveEmptyEntries));

    [Theory]
    [InlineData("- {name: sub, version: 1.x, repository: r, import-values: [data]}", "exports: {data: {a: 1, b: 2}}", "a: 9", "9", "2")]
    [InlineData("- {name: sub, version: 1.x, repository: r, import-values: [{child: deep.er, parent: .}]}", "deep: {er: {a: 1, b: 2}}", "", "1", "2")]
    public void Values_are_imported_below_the_parents_own(string dependencies, string childValues, string values, string a, string b)
    {
        Chart resolved = DependencyResolver.Resolve(Parent(dependencies, values, childValues), []);
        GoPrint.Value(resolved.Values!["a"]).Should().Be(a);
        GoPrint.Value(resolved.Values!["b"]).Should().Be(b);
    }

    [Fact]
    public void The_resolved_chart_has_the_values_and_metadata_that_Helm_stores()
    {
        Chart chart = Parent("- {name: sub, version: 1.x, repository: r, alias: db, import-values: [data]}", "own: 1", "k: v\nexports: {data: {a: 1}}");
        Chart resolved = DependencyResolver.Resolve(chart, []);
        TestCharts.Yaml(resolved.Values!).Should().Be("a: 1\ndb:\n  exports:\n    data:\n      a: 1\n  global: {}\n  k: v\nown: 1\n");
        resolved.Metadata.ToJson()["dependencies"]!.ToJsonString().Should()
            .Be("""[{"name":"db","version":"1.x","repository":"r","enabled":true,"import-values":[{"child":"exports.data","parent":"."}],"alias":"db"}]""");
        chart.Metadata.Dependencies![0].Name.Should().Be("sub");
        TestCharts.Yaml(chart.Values!).Should().Be("own: 1\n");
    }

    [Fact]
    public void A_chart_without_a_list_of_dependencies_keeps_what_lies_in_its_folder()
    {
        Chart chart = TestCharts.Web(("charts/sub/Chart.yaml", "name: sub\nversion: 1.0.0"));
        Enabled(chart, "sub: {enabled: false}").Should().Equal("sub");
    }
}
