namespace HelmLifecycle.EmbeddedCluster.Tests;

/// <summary>The recorded behaviour of a real API server, replayed. Another folder of scenarios is taken with the environment variable <c>API_SCENARIOS</c>.</summary>
[Collection("virtual time")]
public sealed class RecordedScenarios
{
    /// <summary>Scenarios that differ, and why.</summary>
    private static readonly Dictionary<string, string> s_known = new(StringComparer.Ordinal)
    {
        ["20-crud-job"] = "the simulated kubelet gives Initialized the reason PodCompleted, which a real kubelet does and the recorder's did not",
        ["23-crud-networkpolicy"] = "the real server tells an empty list from none when it compares specs, and so moves the generation once more",
        ["25-crud-hpa"] = "the autoscaler's controller had not yet looked at the object when it was recorded; here it has",
        ["34-error-invalid-immutable"] = "a patch that changes the kind is refused with 400, not as data of the other kind",
        ["35-error-invalid-names"] = "the order of causes follows a random walk over a Go map",
        ["66-table-output"] = "Ingresses are given an address here; the recorded cluster had no ingress controller",
        ["68-watch-live"] = "virtual time passes while the watches are open",
        ["80-sub-status"] = "how often the controller had written status in between was a matter of chance",
        ["83-ctl-deployment-complete"] = "order of conditions depends on what the controller saw first",
        ["84-ctl-rolling-update"] = "samples of a rollout in real time",
        ["90-ctl-job"] = "waits in real time that virtual time does not reproduce",
        ["95-crd-lifecycle"] = "objects of a deleted definition are marked at once, not some milliseconds later",
    };

    public static TheoryData<string> Names()
    {
        var names = new TheoryData<string>();
        foreach (Scenario scenario in All().Where(s => !s_known.ContainsKey(s.Name)))
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
