using System.Globalization;
using System.Text;
using HelmLifecycle.Conformance.Cli;

// --check FILE.jsonl.gz [PREFIX] [-v]: runs recorded cases and lists what differs; otherwise answers requests on standard input.
if (args is ["--check", var file, .. var rest])
{
    using FileStream stream = File.OpenRead(file);
    string prefix = rest.FirstOrDefault(argument => argument != "-v") ?? "";
    var cases = RecordedCases.Read(stream).Where(recorded => ((string)recorded["id"]!).StartsWith(prefix, StringComparison.Ordinal));
    (int total, var mismatches) = RecordedCases.Compare(cases);
    if (rest.Contains("-v"))
    {
        foreach (RecordedCases.Mismatch mismatch in mismatches)
            Console.WriteLine($"{mismatch.Id}\n  {mismatch.Request}\n  want {mismatch.Expected}\n  got  {mismatch.Actual}");
    }

    foreach (var group in mismatches.GroupBy(mismatch => mismatch.Id[..mismatch.Id.LastIndexOf('-')]).OrderByDescending(g => g.Count()))
        Console.WriteLine($"{group.Count(),5} {group.Key}");
    Console.WriteLine($"{total - mismatches.Count} of {total} equal");
    return mismatches.Count == 0 ? 0 : 1;
}

// --charts FOLDER [PART OF NAME]: runs the recorded cases of public charts and lists what differs first in each.
if (args is ["--charts", var folder, .. var which])
{
    string[] files = [.. Directory.GetFiles(folder, "*.json.gz").Where(f => which.Length == 0 || f.Contains(which[0], StringComparison.Ordinal)).Order()];
    int all = 0;
    var different = new System.Collections.Concurrent.ConcurrentBag<ChartCases.Mismatch>();
    Parallel.ForEach(files, file =>
    {
        List<ChartCases.Mismatch> found = ChartCases.Check(file, out int count);
        foreach (ChartCases.Mismatch mismatch in found)
            different.Add(mismatch);
        Interlocked.Add(ref all, count);
    });
    foreach (var group in different.GroupBy(m => m.Expected + "\n" + m.Actual).OrderByDescending(g => g.Count()))
    {
        Console.WriteLine($"{group.Count(),4}x  {string.Join(", ", group.Take(4).Select(m => $"{m.Chart} [{m.Case}] {m.What}"))}");
        Console.WriteLine($"      want {group.First().Expected}\n      got  {group.First().Actual}");
    }

    Console.WriteLine($"{all - different.Count} of {all} equal");
    return different.IsEmpty ? 0 : 1;
}

// --fuzz SECONDS [--seed N]: renders templates made by chance and prints the count and how they ended.
if (args is ["--fuzz", var seconds, .. var more])
{
    int seed = more is ["--seed", var number] ? int.Parse(number, CultureInfo.InvariantCulture) : Environment.TickCount;
    return new Fuzzer(seed).Run(TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)), Console.Out) ? 0 : 1;
}

using var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false), false, 1 << 16);
using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 1 << 16);
new AnswerLoop(Operations.All).Run(input, output);
return 0;
