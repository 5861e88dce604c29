namespace RolloutSamples;

/// <summary>What was seen at one moment.</summary>
/// <param name="At">Since the beginning.</param>
/// <param name="Ready">Ready pods by version.</param>
/// <param name="Answers">Requests answered since the moment before, by version.</param>
/// <param name="Failed">Requests that nobody answered.</param>
/// <param name="Weight">The part of the new version that the rollout asks for, in percent; null while no rollout runs.</param>
/// <param name="Held">Whether the weight is held, so that what is seen can be compared with what is asked.</param>
internal sealed record Moment(TimeSpan At, IReadOnlyDictionary<string, int> Ready, IReadOnlyDictionary<string, long> Answers, long Failed, int? Weight, bool Held)
{
    public long Requests => Failed + Answers.Values.Sum();

    public double Share(string version) => Requests == 0 ? 0 : (double)Answers.GetValueOrDefault(version) / Requests;
}

/// <summary>Where a step of the rollout begins.</summary>
internal sealed record Mark(TimeSpan At, string Text);

/// <summary>Moments and marks in the order of time.</summary>
internal sealed class Timeline(string title, string oldVersion, string newVersion)
{
    private readonly List<Moment> _moments = [];
    private readonly List<Mark> _marks = [];
    private readonly Lock _gate = new();

    public string Title => title;

    public string OldVersion => oldVersion;

    public string NewVersion => newVersion;

    public IReadOnlyList<Moment> Moments
    {
        get
        {
            lock (_gate)
                return [.. _moments];
        }
    }

    public IReadOnlyList<Mark> Marks
    {
        get
        {
            lock (_gate)
                return [.. _marks];
        }
    }

    public void Add(Moment moment)
    {
        lock (_gate)
            _moments.Add(moment);
    }

    public void Add(Mark mark)
    {
        lock (_gate)
        {
            if (_marks.Count == 0 || _marks[^1].Text != mark.Text)
                _marks.Add(mark);
        }
    }

    /// <summary>The moments from each mark to the next.</summary>
    public IEnumerable<(Mark Mark, IReadOnlyList<Moment> Moments)> Steps()
    {
        IReadOnlyList<Moment> moments = Moments;
        IReadOnlyList<Mark> marks = Marks;
        for (int i = 0; i < marks.Count; i++)
        {
            TimeSpan from = marks[i].At, to = i + 1 < marks.Count ? marks[i + 1].At : TimeSpan.MaxValue;
            yield return (marks[i], [.. moments.Where(m => m.At >= from && m.At < to)]);
        }
    }
}
