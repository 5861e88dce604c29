using HelmLifecycle.Conformance.Cli;

namespace HelmLifecycle.Conformance;

public class ChartAnswers
{
    [Fact]
    public void Set_expressions_give_what_Helm_gives_errors_included() => RecordedAnswers.ShouldBeGiven("sets.jsonl.gz");

    [Fact]
    public void Chart_trees_have_the_values_dependencies_and_manifests_that_Helm_gives_them() => RecordedAnswers.ShouldBeGiven("trees.jsonl.gz");

    [PublicChartsTheory]
    [MemberData(nameof(PublicCharts.Recorded), MemberType = typeof(PublicCharts))]
    public void Public_charts_render_as_Helm_renders_them(string chart)
    {
        List<ChartCases.Mismatch> mismatches = ChartCases.Check(Path.Combine(PublicCharts.Folder!, chart + ".json.gz"), out int total);
        total.Should().BePositive();
        mismatches.Should().BeEmpty();
    }
}
