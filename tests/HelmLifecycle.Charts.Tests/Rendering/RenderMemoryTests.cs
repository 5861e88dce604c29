namespace HelmLifecycle.Charts.Tests;

// The heap is one for the whole process: what other tests hold at the same time would be counted here.
[CollectionDefinition(nameof(RenderMemoryTests), DisableParallelization = true)]
[Collection(nameof(RenderMemoryTests))]
public class RenderMemoryTests
{
    [Fact]
    public void A_thousand_renders_of_different_values_leave_nothing_behind()
    {
        Chart chart = TestCharts.Web(("templates/a.yaml",
            "kind: A\nn: {{ .Values.n }}\nt: {{ tpl .Values.t . }}\nr: {{ regexReplaceAll .Values.r \"abc\" \"x\" }}\nv: {{ semverCompare .Values.v \"1.2.3\" }}\n"));
        void Render(int from, int to)
        {
            for (int i = from; i < to; i++)
                TestCharts.Render(chart, $"n: {i}\nt: '{new string('x', 10_000)}{{{{ .Values.n }}}} {i}'\nr: a{i}*\nv: '>{i}'\n");
        }

        Render(0, 1000);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Render(1000, 3000);
        // 2,000 texts of 20 KB, kept whole and parsed, would be 80 MB; the few that are kept are bounded.
        (GC.GetTotalMemory(forceFullCollection: true) - before).Should().BeLessThan(12_000_000);
    }
}
