namespace RolloutSamples;

/// <summary>What a sample claims, checked against what was observed.</summary>
internal sealed class Facts
{
    private readonly List<(bool Holds, string Text)> _facts = [];

    public IEnumerable<string> Lines => _facts.Select(f => $"{(f.Holds ? "observed" : "NOT observed")}: {f.Text}");

    public void Check(bool holds, string fact) => _facts.Add((holds, fact));

    public void Equal<T>(T observed, T told, string what) =>
        Check(EqualityComparer<T>.Default.Equals(observed, told), $"{what} is {told}{(EqualityComparer<T>.Default.Equals(observed, told) ? "" : $", not {observed}")}");

    /// <summary>Prints all facts.</summary>
    /// <returns>The exit code.</returns>
    public int Report()
    {
        foreach (string line in Lines)
            Console.WriteLine($"  {line}");
        return _facts.TrueForAll(f => f.Holds) ? 0 : 1;
    }
}
