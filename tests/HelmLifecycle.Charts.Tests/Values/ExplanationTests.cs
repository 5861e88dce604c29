namespace HelmLifecycle.Charts.Tests;

public class ExplanationTests
{
    private static readonly Chart s_chart = TestCharts.Load(
        ("Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies: [{name: sub, version: '*', repository: '', import-values: [data]}]"),
        ("values.yaml", "# defaults\nimage:\n  tag: v0\n  name: nginx\nlist:\n- a\n- b: c\nsub:\n  k: parent\nglobal:\n  g: 1\n"),
        ("charts/sub/Chart.yaml", "name: sub\nversion: 1.0.0"), ("charts/sub/values.yaml", "k: child\nj: child\nexports:\n  data:\n    imported: yes\nglobal:\n  g: 2\n"));

    private static string Explain(string path, params ValuesSource[] sources)
    {
        ValueOrigin? origin = ValuesExplanation.CreateAsync(s_chart, sources).GetAwaiter().GetResult().Explain(path);
        return origin is null ? "nothing" : string.Join(" over ", origin.Overrides.Prepend(origin));
    }

    [Theory]
    [InlineData("image.tag", "--set image.tag=v2 over b.yaml:3 over a.yaml:1 over web/values.yaml:3")]
    [InlineData("image.name", "web/values.yaml:4")]
    [InlineData("list[1].b", "web/values.yaml:7")]
    [InlineData("sub.k", "web/values.yaml:9 over web/charts/sub/values.yaml:1")]
    [InlineData("sub.j", "web/charts/sub/values.yaml:2")]
    [InlineData("imported", "web/charts/sub/values.yaml:5")]
    [InlineData("sub.global.g", "web/values.yaml:11 over web/charts/sub/values.yaml:7")]
    [InlineData(@"dotted\.key", "b.yaml:5")]
    [InlineData("none", "nothing")]
    public void Every_value_tells_its_source_and_what_it_overrides(string path, string origins) =>
        Explain(path, ValuesSource.Set("image.tag=v2"), ValuesSource.Yaml("image: {tag: v1}", "a.yaml"), ValuesSource.Yaml("\nimage:\n  tag: v1.1\n---\ndotted.key: 1\n", "b.yaml"))
            .Should().Be(origins);

    [Fact]
    public void A_null_that_deletes_a_default_is_told() =>
        Explain("image.tag", ValuesSource.SetJson("image.tag=null")).Should().Be("--set-json image.tag=null over web/values.yaml:3");
}
