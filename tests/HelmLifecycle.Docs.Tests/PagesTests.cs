using System.Text.RegularExpressions;

namespace HelmLifecycle.Docs.Tests;

/// <summary>What the pages show works.</summary>
[Collection(nameof(PagesTests))]
public sealed partial class PagesTests
{
    public static TheoryData<string> Blocks => [.. CodeBlock.All.Select(b => b.ToString())];

    public static TheoryData<string> Programs => [.. CodeBlock.All.Where(b => b.IsProgram).Select(b => b.ToString())];

    public static TheoryData<string> Pages => [.. CodeBlock.All.Select(b => b.Page).Append("docs/README.md").Distinct()];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Every_block_compiles(string block) => BlockCompiler.Compile(Find(block)).Errors.Should().BeEmpty();

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Every_program_runs(string block)
    {
        CodeBlock found = Find(block);
        string output = await BlockCompiler.RunAsync(found);
        if (found.Output is not null)
            output.TrimEnd().Should().Be(found.Output.TrimEnd());
    }

    [Fact]
    public void The_readme_has_a_program() => CodeBlock.Read("README.md").Should().Contain(b => b.IsProgram);

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_to_a_file_leads_somewhere(string page)
    {
        string folder = Path.GetDirectoryName(Repository.PathOf(page))!;
        IEnumerable<string> targets = Link().Matches(File.ReadAllText(Repository.PathOf(page))).Select(m => m.Groups[1].Value.Split('#')[0])
            .Where(t => t.Length > 0 && !t.Contains("://", StringComparison.Ordinal));
        targets.Where(t => !Path.Exists(Path.Combine(folder, t))).Should().BeEmpty();
    }

    private static CodeBlock Find(string block) => CodeBlock.All.Single(b => b.ToString() == block);

    [GeneratedRegex(@"(?<!`)\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}

/// <summary>Programs change the current folder and the console, so nothing runs beside them.</summary>
[CollectionDefinition(nameof(PagesTests), DisableParallelization = true)]
public sealed class PagesCollection;
