using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

internal sealed partial class JobController
{
    private static int? Index(PodView pod) => int.TryParse(pod.Json.Annotation(IndexKey), out int index) ? index : null;

    /// <summary><c>0-2,5</c>; neighbours are written as a pair.</summary>
    internal static string Intervals(SortedSet<int> indexes)
    {
        var parts = new List<string>();
        int? first = null, last = null;
        foreach (int index in indexes)
        {
            if (last is { } l && index == l + 1)
            {
                last = index;
                continue;
            }

            Close();
            first = last = index;
        }

        Close();
        return string.Join(',', parts);

        void Close()
        {
            if (first is { } f && last is { } l)
            {
                parts.Add(f == l ? $"{f}" : l == f + 1 ? $"{f},{l}" : $"{f}-{l}");
            }
        }
    }

    private static IEnumerable<int> ParseIntervals(string? text)
    {
        foreach (string part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] ends = part.Split('-');
            if (int.TryParse(ends[0], out int from) && int.TryParse(ends[^1], out int to))
            {
                for (int i = from; i <= to; i++)
                {
                    yield return i;
                }
            }
        }
    }

    private sealed class State
    {
        public State(JsonObject job, List<PodView> pods, DateTimeOffset now)
        {
            Job = job;
            Pods = pods;
            Now = now;
            Active = [.. pods.Where(p => p.IsActive)];
            Ending = pods.Count(p => p.IsDeleting && !p.IsFinished);
            Indexed = job.Text("spec", "completionMode") == "Indexed";
            Completions = (int?)job.Number("spec", "completions");
            OnFailure = job.Text("spec", "template", "spec", "restartPolicy") == "OnFailure";
            LastFailure = pods.Where(p => p.Phase == "Failed")
                .SelectMany(p => p.Json.Items("status", "containerStatuses"))
                .Select(c => ClusterClock.Parse(c.Text("state", "terminated", "finishedAt")))
                .Max();
        }

        public JsonObject Job { get; }

        public List<PodView> Pods { get; }

        public DateTimeOffset Now { get; }

        public List<PodView> Active { get; }

        public int Ending { get; }

        public bool Indexed { get; }

        public int? Completions { get; }

        public bool OnFailure { get; }

        public DateTimeOffset? LastFailure { get; }

        public int Succeeded { get; set; }

        public int Failed { get; set; }

        public SortedSet<int> Done { get; } = [];

        public List<PodView> Counted { get; } = [];
    }
}
