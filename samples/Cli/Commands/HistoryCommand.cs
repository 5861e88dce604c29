using System.Globalization;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Cli;

internal sealed class HistoryCommand : Command
{
    private readonly IntFlag _max;
    private readonly TextFlag _output;

    public HistoryCommand()
        : base("history RELEASE_NAME", "fetch release history")
    {
        _max = Int("max", "maximum number of revision to include in history", 256);
        _output = Add(OutputFlag.Make());
    }

    public override IReadOnlyList<string> Aliases => ["hist"];

    public override void CheckArguments(IReadOnlyList<string> arguments) => Exactly(arguments, 1);

    public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        ReleaseClient releases = await session.ReleasesAsync(ct).ConfigureAwait(false);
        IReadOnlyList<HistoryEntry> history = await releases.HistoryAsync(arguments[0], _max, ct).ConfigureAwait(false);
        if (_max <= 0)
            history = [];
        OutputFormat format = OutputFlag.Of(_output);
        if (format != OutputFormat.Table)
        {
            OutputFlag.Write(session.Out, format, new JsonArray([.. history.Select(Json)]));
            return 0;
        }

        session.Out.Write(TableOf(history));
        return 0;
    }

    public static string TableOf(IReadOnlyList<HistoryEntry> history)
    {
        var table = new Table("REVISION", "UPDATED", "STATUS", "CHART", "APP VERSION", "DESCRIPTION") { MaxColumnWidth = 60 };
        foreach (HistoryEntry e in history)
        {
            table.Add(
                e.Revision.ToString(CultureInfo.InvariantCulture), Times.Ansic(e.Updated), e.Status.ToText(), e.Chart, e.AppVersion, e.Description);
        }

        return table.Write();
    }

    private static JsonNode Json(HistoryEntry entry)
    {
        var json = new JsonObject { ["revision"] = entry.Revision };
        if (!entry.Updated.IsZero)
            json["updated"] = entry.Updated.ToString();
        json["status"] = entry.Status.ToText();
        json["chart"] = entry.Chart;
        json["app_version"] = entry.AppVersion;
        json["description"] = entry.Description;
        return json;
    }
}
