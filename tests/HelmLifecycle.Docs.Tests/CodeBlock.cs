namespace HelmLifecycle.Docs.Tests;

/// <summary>A block of C# in a page.</summary>
/// <param name="Page">The page's path from the repository's root.</param>
/// <param name="Line">The line of its fence.</param>
/// <param name="Code">What stands between the fences.</param>
/// <param name="IsProgram">Whether it is marked to be run.</param>
/// <param name="Output">What it must print: the block after it that is marked as its output; null for anything.</param>
public sealed record CodeBlock(string Page, int Line, string Code, bool IsProgram, string? Output)
{
    private static readonly string[] s_runMarks = ["<!-- run -->", "<!-- compiled and run by the tests: readme -->"];
    private const string OutputMark = "<!-- output -->";

    public override string ToString() => $"{Page}:{Line}";

    public static IReadOnlyList<CodeBlock> All { get; } =
    [
        .. Read("README.md"),
        .. Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md").Order(StringComparer.Ordinal).SelectMany(f => Read("docs/" + Path.GetFileName(f))),
    ];

    public static IReadOnlyList<CodeBlock> Read(string page)
    {
        string[] lines = File.ReadAllLines(Repository.PathOf(page));
        var blocks = new List<CodeBlock>();
        string mark = "";
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i];
            if (!line.StartsWith("```", StringComparison.Ordinal))
            {
                if (line.Length > 0)
                    mark = line.Trim();
                continue;
            }

            int end = Array.FindIndex(lines, i + 1, l => l.StartsWith("```", StringComparison.Ordinal));
            if (end < 0)
                throw new InvalidDataException($"{page}:{i + 1}: the block does not end.");
            string text = string.Join('\n', lines[(i + 1)..end]);
            if (line.Trim() == "```csharp")
                blocks.Add(new CodeBlock(page, i + 1, text, s_runMarks.Contains(mark), null));
            else if (mark == OutputMark)
                blocks[^1] = blocks[^1] with { Output = text };
            mark = "";
            i = end;
        }

        return blocks;
    }
}
