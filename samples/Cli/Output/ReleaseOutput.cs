using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using HelmLifecycle.Templates;

namespace HelmLifecycle.Cli;

/// <summary>A release as <c>helm install</c>, <c>upgrade</c> and <c>status</c> print it.</summary>
internal static class ReleaseOutput
{
    public static void Write(TextWriter writer, Release release, ReleaseView view)
    {
        if (view.Format != OutputFormat.Table)
        {
            JsonObject json = Json(release);
            if (!view.WithChart)
                json.Remove("chart");
            if (view.Resources is { Count: > 0 } && json["info"] is JsonObject info)
                info["resources"] = view.Resources.DeepClone();
            OutputFlag.Write(writer, view.Format, json);
            return;
        }

        var text = new StringBuilder();
        text.Append("NAME: ").Append(release.Name).Append('\n');
        if (!release.Info.LastDeployed.IsZero)
            text.Append("LAST DEPLOYED: ").Append(Times.Ansic(release.Info.LastDeployed)).Append('\n');
        text.Append("NAMESPACE: ").Append(release.Namespace).Append('\n');
        text.Append("STATUS: ").Append(release.Status.ToText()).Append('\n');
        text.Append("REVISION: ").Append(release.Revision).Append('\n');
        if (view.ShowChart)
        {
            Charts.ChartMetadata chart = release.Chart.Metadata;
            text.Append("CHART: ").Append(chart.Name).Append("\nVERSION: ").Append(chart.Version).Append("\nAPP_VERSION: ").Append(chart.AppVersion).Append('\n');
        }

        if (view.ShowDescription)
            text.Append("DESCRIPTION: ").Append(release.Description).Append('\n');
        if (view.ResourceTables.Length > 0)
            text.Append("RESOURCES:\n").Append(view.ResourceTables).Append('\n');
        Tests(text, release);
        if (view.DryRun)
        {
            text.Append("HOOKS:\n");
            foreach (ReleaseHook hook in release.Hooks)
                text.Append("---\n# Source: ").Append(hook.Path).Append('\n').Append(hook.Manifest).Append('\n');
            text.Append("MANIFEST:\n").Append(release.Manifest).Append('\n');
        }

        if (view.ShowNotes && release.Notes.Length > 0)
            text.Append("NOTES:\n").Append(release.Notes.Trim()).Append('\n');
        writer.Write(text.ToString());
    }

    public static JsonObject Json(Release release) => JsonNode.Parse(ReleaseCodec.EncodeJson(release).Span)!.AsObject();

    private static void Tests(StringBuilder text, Release release)
    {
        ReleaseHook[] tests = [.. release.Hooks.Where(h => h.Events.Contains(Charts.HookEvent.Test))];
        if (tests.Length == 0)
        {
            text.Append("TEST SUITE: None\n");
            return;
        }

        foreach (ReleaseHook hook in tests)
        {
            // A test that has not run says nothing.
            if (hook.LastRun.StartedAt.IsZero)
                continue;
            text.Append("TEST SUITE:     ").Append(hook.Name).Append('\n')
                .Append("Last Started:   ").Append(Times.Ansic(hook.LastRun.StartedAt)).Append('\n')
                .Append("Last Completed: ").Append(Times.Ansic(hook.LastRun.CompletedAt)).Append('\n')
                .Append("Phase:          ").Append(hook.LastRun.Phase).Append('\n');
        }
    }
}

/// <summary>How much of a release is shown.</summary>
internal sealed record ReleaseView
{
    public OutputFormat Format { get; init; }

    public bool WithChart { get; init; } = true;

    /// <summary>Whether the text names the chart and its versions.</summary>
    public bool ShowChart { get; init; }

    public bool ShowDescription { get; init; } = true;

    public bool ShowNotes { get; init; } = true;

    public bool DryRun { get; init; }

    public string ResourceTables { get; init; } = "";

    public JsonObject? Resources { get; init; }
}

/// <summary>Times in the forms that helm prints.</summary>
internal static class Times
{
    /// <summary>Go's ANSIC form.</summary>
    public static string Ansic(ReleaseTime time) => GoDate.Format(time.Value, "Mon Jan _2 15:04:05 2006");

    /// <summary>Go's default form: <c>2006-01-02 15:04:05.999999999 -0700 MST</c>.</summary>
    public static string GoDefault(ReleaseTime time)
    {
        string text = time.ToString();
        int fraction = text.IndexOf('.');
        string digits = fraction < 0 ? "" : text[fraction..].TrimEnd('Z');
        if (digits.IndexOfAny(['+', '-']) is > 0 and int sign)
            digits = digits[..sign];
        DateTimeOffset value = time.Value;
        string offset = value.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal);
        // Go names the zone by its abbreviation, or repeats the offset where a fixed one was read.
        string zone = value.Offset == TimeSpan.Zero ? "UTC" : offset;
        return value.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + digits + $" {offset} {zone}";
    }
}
