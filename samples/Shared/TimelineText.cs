using System.Globalization;
using System.Text;

namespace RolloutSamples;

/// <summary>Draws a timeline as text: a line for every change, and the shares of each step as a table.</summary>
internal static class TimelineText
{
    private const int BarLength = 40;

    /// <summary>A line whenever pods, weight or step change; the bar is the share of requests that each version answered from then on.</summary>
    public static string Draw(Timeline timeline)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{"time",7}  {timeline.OldVersion + " pods",7}  {timeline.NewVersion + " pods",7}  {"asked",6}  {$"# {timeline.OldVersion}   . {timeline.NewVersion}",-BarLength}  {"requests",8}  {"failed",6}\n");
        foreach ((Mark mark, IReadOnlyList<Moment> moments) in timeline.Steps())
        {
            text.Append(CultureInfo.InvariantCulture, $"{Clock(mark.At),7}  -- {mark.Text}\n");
            foreach (IReadOnlyList<Moment> same in Alike(moments, timeline))
            {
                Moment first = same[0];
                text.Append(CultureInfo.InvariantCulture,
                    $"{Clock(first.At),7}  {Ready(first, timeline.OldVersion),7}  {Ready(first, timeline.NewVersion),7}  {Asked(first),6}  {Bar(same, timeline)}  {same.Sum(m => m.Requests),8}  {same.Sum(m => m.Failed),6}\n");
            }
        }

        return text.ToString();
    }

    /// <summary>The share that each version answered, step by step.</summary>
    public static string Shares(Timeline timeline)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{"requests",9}  {timeline.OldVersion,8}  {timeline.NewVersion,8}  {"failed",6}  step\n");
        foreach ((Mark mark, IReadOnlyList<Moment> moments) in timeline.Steps())
        {
            long requests = moments.Sum(m => m.Requests);
            if (requests == 0)
                continue;
            text.Append(CultureInfo.InvariantCulture, $"{requests,9}  {Percent(moments, timeline.OldVersion, requests),8}  {Percent(moments, timeline.NewVersion, requests),8}  {moments.Sum(m => m.Failed),6}  {mark.Text}\n");
        }

        return text.ToString();
    }

    public static string Clock(TimeSpan at) => string.Create(CultureInfo.InvariantCulture, $"{(int)at.TotalMinutes}:{at.Seconds:00}");

    private static string Percent(IReadOnlyList<Moment> moments, string version, long requests) =>
        (100.0 * moments.Sum(m => m.Answers.GetValueOrDefault(version)) / requests).ToString("0.00", CultureInfo.InvariantCulture) + " %";

    private static IEnumerable<IReadOnlyList<Moment>> Alike(IReadOnlyList<Moment> moments, Timeline timeline)
    {
        var same = new List<Moment>();
        foreach (Moment moment in moments)
        {
            if (same.Count > 0 && Key(same[0], timeline) != Key(moment, timeline))
            {
                yield return same;
                same = [];
            }

            same.Add(moment);
        }

        if (same.Count > 0)
            yield return same;
    }

    private static (int, int, int?) Key(Moment moment, Timeline timeline) => (Ready(moment, timeline.OldVersion), Ready(moment, timeline.NewVersion), moment.Weight);

    private static int Ready(Moment moment, string version) => moment.Ready.GetValueOrDefault(version);

    private static string Asked(Moment moment) => moment.Weight is { } weight ? $"{weight} %" : "";

    private static string Bar(IReadOnlyList<Moment> moments, Timeline timeline)
    {
        long requests = moments.Sum(m => m.Requests);
        double share = requests == 0 ? 0 : (double)moments.Sum(m => m.Answers.GetValueOrDefault(timeline.NewVersion)) / requests;
        int fresh = (int)Math.Round(share * BarLength);
        return new string('#', BarLength - fresh) + new string('.', fresh);
    }
}
