namespace HelmLifecycle.Charts.Tests;

public class CoalesceTests
{
    private static Chart Parent(string parentValues, string childValues) => TestCharts.Web(
        ("values.yaml", parentValues), ("charts/sub/Chart.yaml", "name: sub\nversion: 1.0.0"), ("charts/sub/values.yaml", childValues));

    private static string Coalesce(Chart chart, string values) => TestCharts.Yaml(ChartValues.Coalesce(chart, HelmYaml.ReadMap(values)));

    [Theory]
    // The user's nulls delete what the chart has by default, at the top and deeper down, and stay where there is no default.
    [InlineData("a: 1\nb: 2", "a: null", "b: 2")]
    [InlineData("m: {a: 1, b: 2}", "m: {a: null}", "m: {b: 2}")]
    [InlineData("a: 1", "n: null", "a: 1\nn: null")]
    [InlineData("a: 1", "n: {q: null}", "a: 1\nn: {q: null}")]
    // The chart's own nulls are kept.
    [InlineData("a: null\nm: {b: null}", "", "a: null\nm: {b: null}")]
    // Lists are replaced; a table over a scalar, or a scalar over a table, stays.
    [InlineData("l: [1, 2]", "l: [3]", "l: [3]")]
    [InlineData("a: 1", "a: {b: 2}", "a: {b: 2}")]
    [InlineData("a: {b: 2}", "a: 1", "a: 1")]
    public void A_charts_own_values_are_coalesced_by_Helms_rules(string defaults, string user, string result) =>
        Coalesce(TestCharts.Web(("values.yaml", defaults)), user).Should().Be(TestCharts.Yaml(HelmYaml.ReadMap(result)));

    [Theory]
    [InlineData("sub: {k: parent}", "k: child\nj: child", "", "sub: {global: {}, j: child, k: parent}")]
    [InlineData("sub: {k: null}", "k: child", "", "sub: {global: {}}")]
    [InlineData("", "k: child", "sub: {k: user}", "sub: {global: {}, k: user}")]
    [InlineData("", "k: child", "sub: {k: null}", "sub: {global: {}}")]
    [InlineData("global: {g: 1, t: {a: 1}}", "global: {g: 2, h: 3, t: {b: 2}}", "", "global: {g: 1, t: {a: 1}}\nsub: {global: {g: 1, h: 3, t: {a: 1, b: 2}}}")]
    public void A_subcharts_values_come_from_the_user_the_parent_and_itself_in_this_order(string parent, string child, string user, string result) =>
        Coalesce(Parent(parent, child), user).Should().Be(TestCharts.Yaml(HelmYaml.ReadMap(result)));

    [Theory]
    [InlineData("sub: text", "type mismatch on sub: %!t(string=text)")]
    [InlineData("sub: 1", "type mismatch on sub: %!t(float64=1)")]
    [InlineData("sub: null", "type mismatch on sub: %!t(<nil>)")]
    public void A_subcharts_values_must_be_a_map(string user, string message) =>
        FluentActions.Invoking(() => Coalesce(Parent("", ""), user)).Should().Throw<ValuesException>().WithMessage(message);

    [Fact]
    public void Neither_the_charts_values_nor_the_users_are_changed()
    {
        Chart chart = Parent("m: {a: 1}\nsub: {x: {y: 1}}\nglobal: {t: {a: 1}}", "x: {z: 2}\nglobal: {t: {b: 2}}");
        GoMap user = HelmYaml.ReadMap("m: {a: null, c: {}}\nsub: {x: {y: null}}");
        string before = TestCharts.Yaml(user) + TestCharts.Yaml(chart.Values!) + TestCharts.Yaml(chart.Dependencies[0].Values!);
        GoMap result = ChartValues.Coalesce(chart, user);
        result["m"].AsMap!["new"] = 1;
        result["sub"].AsMap!["x"].AsMap!["new"] = 1;
        (TestCharts.Yaml(user) + TestCharts.Yaml(chart.Values!) + TestCharts.Yaml(chart.Dependencies[0].Values!)).Should().Be(before);
    }

    [Fact]
    public void Values_that_cannot_be_merged_are_warned_about()
    {
        var warnings = new List<string>();
        Chart chart = TestCharts.Web(("values.yaml", "a: 1\nm: {t: {x: 1}, s: 1}"));
        ChartValues.Coalesce(chart, HelmYaml.ReadMap("a: {b: 1}\nm: {t: 2, s: {y: 1}}"), warnings.Add);
        warnings.Should().BeEquivalentTo(
            "warning: skipped value for web.a: Not a table.",
            "warning: cannot overwrite table with non table for web.m.t (map[x:1])",
            "warning: destination for web.m.s is a table. Ignoring non-table value (1)");
    }
}
