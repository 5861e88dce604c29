using System.Text.Json.Nodes;

namespace HelmLifecycle.Cli.Tests;

/// <summary>Helm's recorded command lines, one test each: the same output, the same error sentence, the same exit code.</summary>
[Collection(nameof(CurrentFolder))]
public sealed class RecordedCommandLinesTests(RecordedRuns runs)
{
    internal static string[] Scenarios { get; } =
    [
        "helm4/53-list", "helm4/55-status", "helm4/49-uninstall", "helm4/b4-dry-run", "helm4/b7-uninstall-variants", "helm4/12-seed-v1-v2-rollback", "helm4/a8-deprecated-flags",
        "56-history", "52-get", "92-outputs", "62-names", "64-lint", "65-template-validate", "08-dry-run-client", "47-test-ok",
        "10-description", "11-labels", "14-rollback-missing", "18-upgrade-install", "50-uninstall-keep-history", "54-list-all-namespaces",
    ];

    public static TheoryData<string, int, string> Lines
    {
        get
        {
            var lines = new TheoryData<string, int, string>();
            foreach (string scenario in Scenarios)
            {
                JsonArray steps = RecordedRuns.Steps(scenario);
                for (int i = 0; i < steps.Count; i++)
                {
                    string[] command = RecordedRuns.Command(steps[i]!);
                    if (command[0] == "helm" && steps[i]!["killed"] is null && !KnownDifferences.Reasons.ContainsKey((scenario, i)))
                        lines.Add(scenario, i, string.Join(' ', command));
                }
            }

            return lines;
        }
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task A_command_line_prints_what_helm_prints(string scenario, int step, string line) =>
        ShouldBeAsRecorded(await runs.StepAsync(scenario, step), scenario, step, line);

    internal static void ShouldBeAsRecorded(Printed printed, string scenario, int step, string line)
    {
        JsonNode recorded = RecordedRuns.Steps(scenario)[step]!;
        bool helm3 = !scenario.StartsWith("helm4/", StringComparison.Ordinal);
        string Output(string text) => Normal.Text(text, helm3);

        Difference(Output(recorded["stdout"]!.GetValue<string>()), Output(printed.Output)).Should().BeEmpty("that is what \"{0}\" prints; stderr: {1}", line, printed.Error);
        Difference(Normal.Error(recorded["stderr"]!.GetValue<string>(), helm3), Normal.Error(printed.Error, helm3)).Should().BeEmpty("that is what \"{0}\" says", line);
        printed.Exit.Should().Be(recorded["exit"]!.GetValue<int>());
    }

    // The first line that differs; a long line of JSON only around the place.
    internal static string Difference(string expected, string actual)
    {
        string[] wanted = expected.Split('\n'), got = actual.Split('\n');
        for (int i = 0; i < Math.Max(wanted.Length, got.Length); i++)
        {
            string w = wanted.ElementAtOrDefault(i) ?? "<no line>", g = got.ElementAtOrDefault(i) ?? "<no line>";
            if (w == g)
                continue;
            int from = Math.Max(0, w.Zip(g).TakeWhile(p => p.First == p.Second).Count() - 60);
            string Part(string text) => text.Length <= from ? "<end>" : text.Substring(from, Math.Min(200, text.Length - from));
            return $"line {i + 1}: expected {Part(w)}\ngot {Part(g)}";
        }

        return "";
    }
}
