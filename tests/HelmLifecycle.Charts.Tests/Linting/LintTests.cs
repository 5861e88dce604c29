using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Charts.Tests;

public sealed class LintTests : IDisposable
{
    private static readonly JsonNode s_recorded = Load();
    private readonly string _folder = Directory.CreateTempSubdirectory("lint").FullName;

    public LintTests()
    {
        foreach ((string path, JsonNode? text) in s_recorded["files"]!.AsObject())
        {
            string file = Path.Combine(_folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, (string)text!);
        }
    }

    // Left out: messages of the JSON schema library that Helm 3.15 had, and sums of the command line over several charts.
    public static TheoryData<string> Charts => ["charts/web", "charts/lint-meta", "charts/lint-yaml", "charts/lint-tpl", "charts/lint-warn"];

    [Theory]
    [MemberData(nameof(Charts))]
    public async Task Findings_are_those_that_Helm_recorded(string chart)
    {
        JsonNode step = s_recorded["steps"]!.AsArray().First(s => s!["command"]!.AsArray() is { Count: 3 } c && (string)c[2]! == chart)!;
        IReadOnlyList<LintResult> results = await new ChartLinter().LintAsync(Path.Combine(_folder, chart));
        string printed = string.Concat(results.SelectMany(r => r.Messages).Select(m => m + "\n"));
        string recorded = string.Join('\n', ((string)step["stdout"]!).Split('\n').Skip(1).TakeWhile(l => !l.Contains("chart(s) linted", StringComparison.Ordinal)));
        // Recorded with Helm 3; Helm 4 puts these words before the parser's.
        printed = printed.Replace("cannot unmarshal yaml document: ", "", StringComparison.Ordinal);
        printed.TrimEnd().Should().Be(recorded.TrimEnd());
        results.All(r => r.Passes()).Should().Be((int)step["exit"]! == 0);
    }

    [Fact]
    public async Task A_folder_without_a_chart_is_named()
    {
        Func<Task> lint = () => new ChartLinter().LintAsync(Path.Combine(_folder, "nothere"));
        (await lint.Should().ThrowAsync<ChartException>()).Which.Message.Should().StartWith("unable to check Chart.yaml file in chart: stat ");
    }

    [Fact]
    public async Task Subcharts_are_examined_alone_when_asked_for()
    {
        IReadOnlyList<LintResult> results = await new ChartLinter().LintAsync(Path.Combine(_folder, "charts/subs"), new LintOptions { WithSubcharts = true });
        results.Select(r => Path.GetFileName(r.Chart)).Should().Equal("subs", "alpha", "beta");
        results[1].Passes().Should().BeFalse("a subchart alone lacks its parent's globals");
    }

    [Fact]
    public async Task Required_values_do_not_fail_a_lint()
    {
        GoMap values = HelmYaml.ReadMap("mode: required");
        IReadOnlyList<LintResult> results = await new ChartLinter().LintAsync(Path.Combine(_folder, "charts/broken"), new LintOptions { Values = values });
        results[0].Passes(strict: true).Should().BeTrue();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static JsonNode Load()
    {
        using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Data", "lint.json.gz"));
        using var gzip = new GZipStream(file, CompressionMode.Decompress);
        using var reader = new StreamReader(gzip, Encoding.UTF8);
        return JsonNode.Parse(reader.ReadToEnd())!;
    }
}
