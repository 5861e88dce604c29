using System.Collections.Concurrent;
using HelmLifecycle.Conformance.Cli;

namespace HelmLifecycle.Conformance;

public class ChartAnswers
{
    [Fact]
    public void Set_expressions_give_what_Helm_gives_errors_included() => RecordedAnswers.ShouldBeGiven("sets.jsonl.gz");

    [Fact]
    public void Chart_trees_have_the_values_dependencies_and_manifests_that_Helm_gives_them() => RecordedAnswers.ShouldBeGiven("trees.jsonl.gz");

    [PublicChartsFact]
    public void Public_charts_render_as_Helm_renders_them()
    {
        var mismatches = new ConcurrentBag<ChartCases.Mismatch>();
        int total = 0;
        Parallel.ForEach(PublicCharts.Recorded(), file =>
        {
            List<ChartCases.Mismatch> found = ChartCases.Check(file, out int count);
            Interlocked.Add(ref total, count);
            found.ForEach(mismatches.Add);
        });
        total.Should().BePositive();
        mismatches.OrderBy(m => m.Chart).Take(10).Should().BeEmpty();
    }
}
