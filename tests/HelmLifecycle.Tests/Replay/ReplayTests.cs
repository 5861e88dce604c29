using System.Collections.Concurrent;
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
        var different = new ConcurrentDictionary<string, IReadOnlyList<string>>();
        await Parallel.ForEachAsync(files, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (file, ct) =>
        {
            await using var cluster = await EmbeddedReplayCluster.StartAsync();
            var differences = await new ReplayRun(folder, file, cluster).RunAsync(ct);
            if (differences.Count > 0) different[file] = differences;
        });
        output.WriteLine($"{files.Length - different.Count} of {files.Length} scenarios equal");
        foreach (var (file, differences) in different.OrderBy(d => d.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"{file}{(KnownDifferences.Reasons.TryGetValue(file, out string? reason) ? $" (known: {reason})" : "")}");
            foreach (string difference in differences) output.WriteLine("    " + difference);
        }

        different.Keys.Where(f => !KnownDifferences.Reasons.ContainsKey(f)).Order(StringComparer.Ordinal).Should().BeEmpty();
    }
}
