using Xunit.Abstractions;

namespace HelmLifecycle.Tests.Replay;

/// <summary>
/// Every recorded scenario of real Helm, run through the library on the embedded cluster: errors, writes in order, records, history, live objects.
/// LIFECYCLE_DIR names another folder of the same form; its scenarios are all expected to be equal then.
/// </summary>
public class ReplayTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Recorded_scenarios_of_Helm_are_replayed_with_equal_errors_writes_records_history_and_objects()
    {
        string folder = LifecycleData.Folder;
        string[] files =
        [
            .. Directory.EnumerateFiles(folder, "*.json").Concat(Directory.EnumerateFiles(Path.Combine(folder, "helm4"), "*.json"))
                .Select(f => Path.GetRelativePath(folder, f)).Order(StringComparer.Ordinal),
        ];
        var different = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (string file in files)
        {
            var differences = await ReplayAsync(folder, file);
            // A few recordings hang on moments (a pod that gets ready while helm looks the other way), so what differs is given a second go.
            if (differences.Count > 0 && !KnownDifferences.Reasons.ContainsKey(file)) differences = await ReplayAsync(folder, file);
            if (differences.Count > 0) different[file] = differences;
        }

        output.WriteLine($"{files.Length - different.Count} of {files.Length} scenarios equal");
        foreach (var (file, differences) in different.OrderBy(d => d.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"{file}{(KnownDifferences.Reasons.TryGetValue(file, out string? reason) ? $" (known: {reason})" : "")}");
            foreach (string difference in differences) output.WriteLine("    " + difference);
        }

        different.Keys.Where(f => !KnownDifferences.Reasons.ContainsKey(f)).Order(StringComparer.Ordinal).Should().BeEmpty();
    }

    private static async Task<IReadOnlyList<string>> ReplayAsync(string folder, string file)
    {
        await using var cluster = await EmbeddedReplayCluster.StartAsync();
        return await new ReplayRun(folder, file, cluster).RunAsync(CancellationToken.None);
    }
}
