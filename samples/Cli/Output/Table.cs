using System.Text;

namespace HelmLifecycle.Cli;

/// <summary>A table as helm prints it: cells padded with blanks, parted by tabs.</summary>
internal sealed class Table(params string[] head)
{
    private readonly List<string[]> _rows = [head];

    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>The widest that a cell may be; longer text is cut with <c>...</c>.</summary>
    public int MaxColumnWidth { get; init; } = int.MaxValue;

    public string Write(bool headers = true)
    {
        IEnumerable<string[]> rows = headers ? _rows : _rows.Skip(1);
        List<string[]> cut = [.. rows.Select(r => r.Select(Cut).ToArray())];
        if (cut.Count == 0)
            return "";
        int[] widths = [.. Enumerable.Range(0, head.Length).Select(i => cut.Max(r => r[i].Length))];
        var text = new StringBuilder();
        foreach (string[] row in cut)
            text.AppendJoin('\t', row.Select((cell, i) => cell.PadRight(widths[i]))).Append('\n');
        return text.ToString();
    }

    private string Cut(string cell) => cell.Length <= MaxColumnWidth ? cell : string.Concat(cell.AsSpan(0, MaxColumnWidth - 3), "...");
}
