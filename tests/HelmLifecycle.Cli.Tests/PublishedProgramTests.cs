using System.Text.Json.Nodes;

namespace HelmLifecycle.Cli.Tests;

/// <summary>The native program says what the library says in a process of its own: nothing that it needs was left out of it.</summary>
[Collection(nameof(CurrentFolder))]
public sealed class PublishedProgramTests(PublishedProgram program) : IClassFixture<PublishedProgram>
{
    public static TheoryData<string> Scenarios => [.. RecordedCommandLinesTests.Scenarios.Where(s => RecordedRuns.Steps(s).All(step => step!["killed"] is null))];

    [PublishedTheory]
    [MemberData(nameof(Scenarios))]
    public async Task A_scenario_prints_what_helm_prints(string scenario)
    {
        IReadOnlyList<Printed> printed = await RecordedRuns.RunAsync(scenario, program.RunAsync);
        JsonArray steps = RecordedRuns.Steps(scenario);
        for (int i = 0; i < steps.Count; i++)
        {
            string[] command = RecordedRuns.Command(steps[i]!);
            if (command[0] == "helm" && !KnownDifferences.Reasons.ContainsKey((scenario, i)))
                RecordedCommandLinesTests.ShouldBeAsRecorded(printed[i], scenario, i, string.Join(' ', command));
        }
    }
}
