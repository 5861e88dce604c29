namespace UpgradeRollback;

/// <summary>What the story claims, checked against what was observed.</summary>
internal sealed class Facts
{
    private readonly List<string> _wrong = [];
    private int _checked;

    public void Check(bool holds, string fact)
    {
        _checked++;
        if (!holds)
            _wrong.Add(fact);
    }

    public void Equal<T>(T observed, T told, string what) =>
        Check(EqualityComparer<T>.Default.Equals(observed, told), $"{what}: told {told}, observed {observed}");

    /// <returns>The exit code.</returns>
    public int Report(TextWriter output, TextWriter error)
    {
        if (_wrong.Count == 0)
        {
            output.WriteLine($"\nAll {_checked} facts of the story were observed.");
            return 0;
        }

        error.WriteLine($"\n{_wrong.Count} of {_checked} facts were not as told:");
        foreach (string fact in _wrong)
            error.WriteLine($"  - {fact}");
        return 1;
    }
}
