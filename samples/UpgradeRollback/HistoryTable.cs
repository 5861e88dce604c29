using HelmLifecycle;
using HelmLifecycle.Templates;

namespace UpgradeRollback;

/// <summary>The table that <c>helm history</c> prints.</summary>
internal static class HistoryTable
{
    private static readonly string[] s_head = ["REVISION", "UPDATED", "STATUS", "CHART", "APP VERSION", "DESCRIPTION"];

    public static string Write(IReadOnlyList<HistoryEntry> history)
    {
        List<string[]> rows = [s_head, .. history.Select(h => (string[])
        [
            $"{h.Revision}", GoDate.Format(h.Updated.Value, "Mon Jan _2 15:04:05 2006"), h.Status.ToText(), h.Chart, h.AppVersion, h.Description.ReplaceLineEndings(" "),
        ])];
        int[] widths = [.. Enumerable.Range(0, s_head.Length).Select(i => Math.Min(60, rows.Max(r => r[i].Length)))];
        return string.Join('\n', rows.Select(r => string.Join("  ", r.Select((cell, i) => Cut(cell, widths[i]).PadRight(widths[i]))).TrimEnd()));
    }

    private static string Cut(string text, int width) => text.Length <= width ? text : string.Concat(text.AsSpan(0, width - 3), "...");
}
