namespace HelmLifecycle.EmbeddedCluster.Tests;

/// <summary>
/// The recorded behaviour of a real API server, replayed. Another folder of scenarios is taken with the environment variable <c>API_SCENARIOS</c>.
/// </summary>
/// <remarks>
/// Answers are compared whole, but for what the recordings leave open: placeholders stand for the values of their kind and hashes are renamed one to one (<see cref="Comparer"/>), what
/// controllers had done between two requests may differ in time (<see cref="Pace"/>), causes found by walking a Go map have no order (<see cref="MapWalks"/>), and answers that were cut
/// before they were recorded are cut alike (<see cref="Projections"/>).
/// </remarks>
[Collection("virtual time")]
public sealed class RecordedScenarios
{
    public static TheoryData<string> Names()
    {
        var names = new TheoryData<string>();
        foreach (Scenario scenario in All())
        {
            names.Add(scenario.Name);
        }

        return names;
    }

    private static IReadOnlyList<Scenario> All() => Environment.GetEnvironmentVariable("API_SCENARIOS") is { Length: > 0 } folder ? Scenario.FromFolder(folder) : Scenario.Recorded;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Answers_as_the_real_server_did(string name)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        ReplayResult result = await Replayer.RunAsync(All().First(s => s.Name == name), limit.Token);
        result.Differences.Should().BeEmpty();
    }
}
