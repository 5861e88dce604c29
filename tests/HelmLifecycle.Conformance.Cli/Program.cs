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

using var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false), false, 1 << 16);
using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 1 << 16);
new AnswerLoop(Operations.All).Run(input, output);
return 0;
