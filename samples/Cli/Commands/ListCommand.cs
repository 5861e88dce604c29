using System.Globalization;
using System.Text.Json.Nodes;
using HelmLifecycle.Templates;

namespace HelmLifecycle.Cli;

internal sealed class ListCommand : Command
{
    private readonly BoolFlag _allNamespaces, _short, _noHeaders, _byDate, _reverse, _all;
    private readonly BoolFlag _deployed, _failed, _pending, _superseded, _uninstalled, _uninstalling;
    private readonly TextFlag _filter, _selector, _timeFormat, _output;
    private readonly IntFlag _max, _offset;

    public ListCommand()
        : base("list", "list releases")
    {
        _allNamespaces = Bool("all-namespaces", "list releases across all namespaces", 'A');
        _all = Add(new BoolFlag("all", "show all releases without any filter applied", 'a') { Alone = "true", IsHidden = true });
        _short = Bool("short", "output short (quiet) listing format", 'q');
        _noHeaders = Bool("no-headers", "don't print headers when using the default output format");
        _byDate = Bool("date", "sort by release date", 'd');
        _reverse = Bool("reverse", "reverse the sort order", 'r');
        _deployed = Bool("deployed", "show deployed releases. If no other is specified, this will be automatically enabled");
        _failed = Bool("failed", "show failed releases");
        _pending = Bool("pending", "show pending releases");
        _superseded = Bool("superseded", "show superseded releases");
        _uninstalled = Bool("uninstalled", "show uninstalled releases (if 'helm uninstall --keep-history' was used)");
        _uninstalling = Bool("uninstalling", "show releases that are currently being uninstalled");
        _filter = Text("filter", "a regular expression (Perl compatible). Any releases that match the expression will be included in the results", "", 'f');
        _selector = Text("selector", "Selector (label query) to filter on, supports '=', '==', and '!='.(e.g. -l key1=value1,key2=value2). Works only for secret(default) and configmap storage backends.", "", 'l');
        _timeFormat = Text("time-format", "format time using golang time formatter. Example: --time-format \"2006-01-02 15:04:05Z0700\"");
        _max = Int("max", "maximum number of releases to fetch", 256, 'm');
        _offset = Int("offset", "next release index in the list, used to offset from start value");
        _output = Add(OutputFlag.Make());
    }

    public override IReadOnlyList<string> Aliases => ["ls"];

    public override void CheckArguments(IReadOnlyList<string> arguments) => Exactly(arguments, 0);

    public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        ReleaseClient client = await session.ReleasesAsync(ct).ConfigureAwait(false);
        IReadOnlyList<Release> releases = await client.ListAsync(
            new ReleaseFilter
            {
                AllNamespaces = _allNamespaces,
                NamePattern = _filter.Value.Length > 0 ? _filter.Value : null,
                LabelSelector = _selector.Value.Length > 0 ? _selector.Value : null,
                Statuses = [.. Statuses()],
                AllStatuses = _all,
                ByDate = _byDate,
                Reverse = _reverse,
                Offset = _offset,
                Max = _max,
            },
            ct).ConfigureAwait(false);

        OutputFormat format = OutputFlag.Of(_output);
        if (_short && format != OutputFormat.Table)
        {
            OutputFlag.Write(session.Out, format, new JsonArray([.. releases.Select(r => (JsonNode)r.Name)]));
        }
        else if (_short)
        {
            foreach (Release release in releases)
                session.Out.Write(release.Name + "\n");
        }
        else if (format != OutputFormat.Table)
        {
            OutputFlag.Write(session.Out, format, new JsonArray([.. releases.Select(r => (JsonNode)new JsonObject
            {
                ["name"] = r.Name,
                ["namespace"] = r.Namespace,
                ["revision"] = r.Revision.ToString(CultureInfo.InvariantCulture),
                ["updated"] = Updated(r),
                ["status"] = r.Status.ToText(),
                ["chart"] = r.ChartLabel,
                ["app_version"] = r.AppVersion,
            })]));
        }
        else
        {
            var table = new Table("NAME", "NAMESPACE", "REVISION", "UPDATED", "STATUS", "CHART", "APP VERSION");
            foreach (Release r in releases)
                table.Add(r.Name, r.Namespace, r.Revision.ToString(CultureInfo.InvariantCulture), Updated(r), r.Status.ToText(), r.ChartLabel, r.AppVersion);
            session.Out.Write(table.Write(!_noHeaders));
        }

        return 0;
    }

    private string Updated(Release release)
    {
        if (release.Info.LastDeployed.IsZero)
            return "-";
        return _timeFormat.Value.Length > 0 ? GoDate.Format(release.Info.LastDeployed.Value, _timeFormat.Value) : Times.GoDefault(release.Info.LastDeployed);
    }

    private IEnumerable<ReleaseStatus> Statuses()
    {
        if (_deployed)
            yield return ReleaseStatus.Deployed;
        if (_failed)
            yield return ReleaseStatus.Failed;
        if (_superseded)
            yield return ReleaseStatus.Superseded;
        if (_uninstalled)
            yield return ReleaseStatus.Uninstalled;
        if (_uninstalling)
            yield return ReleaseStatus.Uninstalling;
        if (_pending)
        {
            yield return ReleaseStatus.PendingInstall;
            yield return ReleaseStatus.PendingUpgrade;
            yield return ReleaseStatus.PendingRollback;
        }
    }
}
