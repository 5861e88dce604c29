using System.Text;
using System.Text.RegularExpressions;

namespace HelmLifecycle.Charts;

/// <summary>
/// Lays the lines of a YAML document out as Helm 4's library (kyaml) writes them after a change: two spaces a level, lists at the column of their key, no empty lines. Quotes, comments and flow
/// collections stay as they are. It works on lines, not on YAML: callers check that the text still says the same.
/// </summary>
internal static partial class YamlLayout
{
    /// <summary>The document in kyaml's layout, with a final line feed.</summary>
    public static string Normalize(string text)
    {
        var output = new StringBuilder(text.Length);
        var levels = new Stack<Level>();
        int blockParent = -1, blockIndent = -1, blockTo = 0, shift = 0;
        int emptyLines = 0;
        foreach (string raw in text.Split('\n'))
        {
            string line = raw.TrimEnd('\r');
            string body = line.TrimStart(' ');
            int column = line.Length - body.Length;
            if (blockParent >= 0)
            {
                // The content of a block scalar: shifted as a whole. Empty lines in it count, those after it do not.
                if (body.Length == 0)
                {
                    emptyLines++;
                    continue;
                }

                if (column > blockParent)
                {
                    if (blockIndent < 0) blockIndent = column;
                    output.Append('\n', emptyLines).Append(' ', blockTo + Math.Max(0, column - blockIndent)).Append(body).Append('\n');
                    emptyLines = 0;
                    continue;
                }

                (blockParent, blockIndent, emptyLines) = (-1, -1, 0);
            }

            if (body.Trim().Length == 0) continue;
            body = body.TrimEnd();
            if (body[0] == '#')
            {
                // A comment goes with what stands at its column.
                int known = levels.FirstOrDefault(l => l.From <= column)?.To ?? 0;
                output.Append(' ', known).Append(body).Append('\n');
                continue;
            }

            bool entry = body == "-" || body.StartsWith("- ", StringComparison.Ordinal) || KeyExpression().IsMatch(body);
            if (!entry)
            {
                output.Append(' ', Math.Max(0, column + shift)).Append(body).Append('\n');
                continue;
            }

            int to = Place(levels, column, body.StartsWith('-') && (body.Length == 1 || body[1] == ' '));
            shift = to - column;
            output.Append(' ', to);
            while (body.StartsWith("- ", StringComparison.Ordinal))
            {
                string rest = body[2..].TrimStart(' ');
                int inner = column + body.Length - rest.Length;
                output.Append("- ");
                to += 2;
                column = inner;
                body = rest;
                bool list = body == "-" || body.StartsWith("- ", StringComparison.Ordinal);
                if (list || KeyExpression().IsMatch(body)) levels.Push(new Level(column, to, list));
            }

            output.Append(body).Append('\n');
            if (BlockScalarExpression().IsMatch(body)) (blockParent, blockTo) = (levels.Peek().From, levels.Peek().To + 2);
        }

        return output.ToString();
    }

    /// <summary>The document with one more annotation, as the last.</summary>
    public static string WithAnnotation(string text, string key, string value)
    {
        string quoted = $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
        List<string> lines = [.. text.TrimEnd('\n').Split('\n')];
        int metadata = lines.FindIndex(l => l == "metadata:" || l.StartsWith("metadata: ", StringComparison.Ordinal));
        if (metadata < 0) lines.AddRange(["metadata:", "  annotations:", $"    {key}: {quoted}"]);
        else if (IsFlow(lines[metadata])) lines[metadata] = PutNested(lines[metadata], "annotations: {", $"{key}: {quoted}");
        else
        {
            int end = End(lines, metadata, 0);
            int annotations = lines.FindIndex(metadata, end - metadata, l => l == "  annotations:" || l.StartsWith("  annotations: ", StringComparison.Ordinal));
            if (annotations < 0) lines.InsertRange(end, ["  annotations:", $"    {key}: {quoted}"]);
            else if (IsFlow(lines[annotations])) lines[annotations] = Put(lines[annotations], $"{key}: {quoted}");
            else lines.Insert(End(lines, annotations, 2), $"    {key}: {quoted}");
        }

        return string.Join('\n', lines) + "\n";
    }

    /// <summary>The document without an annotation, and without the map of annotations when it was the only one.</summary>
    public static string WithoutAnnotation(string text, string key)
    {
        List<string> lines = [.. text.TrimEnd('\n').Split('\n')];
        int at = lines.FindIndex(l => l.Contains(key, StringComparison.Ordinal));
        if (at < 0) return text;
        if (lines[at].TrimStart().StartsWith(key, StringComparison.Ordinal))
        {
            lines.RemoveAt(at);
            int parent = at - 1;
            if (lines[parent] == "  annotations:" && (at >= lines.Count || !lines[at].StartsWith("    ", StringComparison.Ordinal)))
            {
                lines.RemoveAt(parent);
                if (parent > 0 && lines[parent - 1] == "metadata:" && (parent >= lines.Count || !lines[parent].StartsWith("  ", StringComparison.Ordinal))) lines[parent - 1] = "metadata: {}";
            }
        }
        else
        {
            string entry = Regex.Escape(key) + @":\s*('[^']*'|""[^""]*""|[^,}\s]+)";
            string less = Regex.Replace(lines[at], @",\s*" + entry, "");
            if (less == lines[at]) less = Regex.Replace(less, entry + @",?\s*", "");
            less = Regex.Replace(less, @",?\s*annotations: \{\s*\}", "");
            lines[at] = less;
            if (less.Trim().Length == 0) lines.RemoveAt(at);
        }

        return string.Join('\n', lines) + "\n";
    }

    private static int Place(Stack<Level> levels, int column, bool list)
    {
        while (levels.Count > 0 && (levels.Peek().From > column || (levels.Peek().From == column && levels.Peek().List && !list))) levels.Pop();
        if (levels.Count > 0 && levels.Peek().From == column && levels.Peek().List == list) return levels.Peek().To;
        int to = levels.Count == 0 ? 0 : list && !levels.Peek().List ? levels.Peek().To : levels.Peek().To + 2;
        levels.Push(new Level(column, to, list));
        return to;
    }

    private static bool IsFlow(string line) => line.Contains('{', StringComparison.Ordinal) && line.TrimEnd().EndsWith('}');

    private static string Put(string line, string entry)
    {
        string open = line.TrimEnd()[..^1].TrimEnd();
        return open.EndsWith('{') ? $"{open}{entry}}}" : $"{open}, {entry}}}";
    }

    private static string PutNested(string line, string open, string entry)
    {
        int at = line.IndexOf(open, StringComparison.Ordinal);
        if (at < 0) return Put(line, $"{open}{entry}}}");
        int close = line.IndexOf('}', at);
        return close < 0 ? line : Put(line[..(close + 1)], entry) + line[(close + 1)..];
    }

    // Where what belongs to a key ends: at the next key at its column or left of it.
    private static int End(List<string> lines, int key, int column)
    {
        int end = key + 1;
        while (end < lines.Count && (lines[end].Length == 0 || lines[end].Length - lines[end].TrimStart(' ').Length > column)) end++;
        return end;
    }

    [GeneratedRegex("""^("(\\.|[^"\\])*"|'[^']*'|[^\s"'\[\]{}#&*!|>%@`,][^#]*?|[^\s"'\[\]{}#&*!|>%@`,][^:]*?):(\s|$)""")]
    private static partial Regex KeyExpression();

    [GeneratedRegex(@"(^|[\s:-])[|>][+-]?[1-9]?[+-]?(\s+#.*)?$")]
    private static partial Regex BlockScalarExpression();

    private sealed record Level(int From, int To, bool List);
}
