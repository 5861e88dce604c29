using System.Text;
using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle.Cli;

internal sealed class StatusCommand : Command
{
    private readonly IntFlag _revision;
    private readonly TextFlag _output;

    public StatusCommand()
        : base("status RELEASE_NAME", "display the status of the named release")
    {
        _revision = Int("revision", "if set, display the status of the named release with revision");
        _output = Add(OutputFlag.Make());
        Add(new BoolFlag("show-desc", "deprecated: the description is always shown") { Alone = "true", IsHidden = true });
        Add(new BoolFlag("show-resources", "deprecated: the resources are always shown") { Alone = "true", IsHidden = true });
    }

    public override void CheckArguments(IReadOnlyList<string> arguments) => Exactly(arguments, 1);

    public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        ReleaseClient releases = await session.ReleasesAsync(ct).ConfigureAwait(false);
        ReleaseState state = await releases.StatusAsync(arguments[0], _revision, ct).ConfigureAwait(false);
        var byKind = new JsonObject();
        foreach (KubernetesObject o in state.Resources)
        {
            string key = $"{o.ApiVersion}/{o.Kind}";
            if (byKind[key] is not JsonArray list)
                byKind[key] = list = [];
            list.Add((JsonNode)o.Json.DeepClone());
        }

        ReleaseOutput.Write(session.Out, state.Release, new ReleaseView
        {
            Format = OutputFlag.Of(_output),
            WithChart = false,
            Resources = byKind,
            ResourceTables = Tables(state.Resources, releases.Time.GetUtcNow()),
        });
        return 0;
    }

    private static string Tables(IReadOnlyList<KubernetesObject> resources, DateTimeOffset now)
    {
        var text = new StringBuilder();
        foreach (IGrouping<string, KubernetesObject> kind in resources.GroupBy(o => $"{o.ApiVersion}/{o.Kind}"))
        {
            text.Append("==> ").Append(kind.Key).Append('\n');
            List<(string Name, string Status, string Age)> rows =
                [.. kind.Select(o => (o.Name, Readiness.Kstatus(o) is var s ? s.Status.ToString() : "", Age(o, now)))];
            int name = Math.Max(4, rows.Max(r => r.Name.Length)), status = Math.Max(6, rows.Max(r => r.Status.Length));
            text.Append("NAME".PadRight(name + 3)).Append("STATUS".PadRight(status + 3)).Append("AGE\n");
            foreach ((string n, string s, string age) in rows)
                text.Append(n.PadRight(name + 3)).Append(s.PadRight(status + 3)).Append(age).Append('\n');
            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Age(KubernetesObject o, DateTimeOffset now)
    {
        if (o.CreationTimestamp is not { } created)
            return "<unknown>";
        TimeSpan age = now - created;
        return age.TotalSeconds < 120 ? $"{(int)age.TotalSeconds}s"
            : age.TotalMinutes < 120 ? $"{(int)age.TotalMinutes}m"
            : age.TotalHours < 48 ? $"{(int)age.TotalHours}h"
            : $"{(int)age.TotalDays}d";
    }
}
