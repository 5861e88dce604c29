using System.Globalization;
using System.Text;
using DiffPlex;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace HelmLifecycle;

/// <summary>Line differences in unified form, as <c>diff -u</c> prints them.</summary>
internal static class TextDiff
{
    private const int Context = 3;

    public static string Unified(string before, string after, string beforeName, string afterName)
    {
        List<DiffPiece> lines = new InlineDiffBuilder(new Differ()).BuildDiffModel(Lines(before), Lines(after)).Lines;
        var text = new StringBuilder();
        int oldLine = 1, newLine = 1, i = 0;
        while (i < lines.Count)
        {
            if (lines[i].Type == ChangeType.Unchanged)
            {
                i++;
                oldLine++;
                newLine++;
                continue;
            }

            int start = Math.Max(0, i - Context), end = End(lines, i);
            if (text.Length == 0)
                text.Append("--- ").Append(beforeName).Append("\n+++ ").Append(afterName).Append('\n');
            int lead = i - start;
            List<DiffPiece> hunk = lines.GetRange(start, end - start);
            int olds = hunk.Count(l => l.Type != ChangeType.Inserted), news = hunk.Count(l => l.Type != ChangeType.Deleted);
            text.Append("@@ -").Append(Range(oldLine - lead, olds)).Append(" +").Append(Range(newLine - lead, news)).Append(" @@\n");
            foreach (DiffPiece line in hunk)
                text.Append(line.Type switch { ChangeType.Inserted => '+', ChangeType.Deleted => '-', _ => ' ' }).Append(line.Text).Append('\n');
            oldLine += olds - lead;
            newLine += news - lead;
            i = end;
        }

        return text.ToString();
    }

    // DiffPlex takes an empty text for one empty line.
    private static string Lines(string text) => text.Length == 0 ? text : text.TrimEnd('\n');

    private static int End(List<DiffPiece> lines, int start)
    {
        int quiet = 0, i = start;
        for (; i < lines.Count && quiet <= 2 * Context; i++)
            quiet = lines[i].Type == ChangeType.Unchanged ? quiet + 1 : 0;
        return i - Math.Max(0, quiet - Context);
    }

    private static string Range(int start, int count) => count == 1
        ? start.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{(count == 0 ? start - 1 : start)},{count}");
}
