using System.Reflection;
using HelmLifecycle.Conformance.Cli;

namespace HelmLifecycle.Conformance;

/// <summary>The recorded answers of real Helm, which are resources of this assembly.</summary>
internal static class RecordedAnswers
{
    private const int Shown = 20;

    /// <summary>Fails with the count of the cases that differ and the first of them.</summary>
    /// <param name="file">A file of <c>Data</c>.</param>
    /// <param name="map">A general rule for texts that name an internal of Go; see <see cref="KnownMappings"/>.</param>
    public static void ShouldBeGiven(string file, Func<string, string>? map = null)
    {
        using Stream data = Assembly.GetExecutingAssembly().GetManifestResourceStream(file)
            ?? throw new FileNotFoundException("no such recorded data", file);
        (int total, List<RecordedCases.Mismatch> mismatches) = RecordedCases.Compare(RecordedCases.Read(data), map);
        total.Should().BePositive();
        if (mismatches.Count == 0)
            return;
        IEnumerable<string> shown = mismatches.Take(Shown)
            .Select(m => $"{m.Id}\n  {m.Request}\n  want {m.Expected}\n  got  {m.Actual}");
        Assert.Fail($"{mismatches.Count} of {total} cases of {file} differ:\n{string.Join('\n', shown)}");
    }
}
