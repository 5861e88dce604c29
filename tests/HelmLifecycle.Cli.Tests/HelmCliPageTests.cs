using System.Text;
using HelmLifecycle.EmbeddedCluster;

namespace HelmLifecycle.Cli.Tests;

/// <summary>The page docs/helm-cli.md: what it shows is what the program prints. With UPDATE_DOCS=1 the page is written anew.</summary>
[Collection(nameof(CurrentFolder))]
public sealed class HelmCliPageTests
{
    private const string Prompt = "$ ";
    private static readonly string s_page = Path.Combine(Repository(), "docs", "helm-cli.md");

    [Fact]
    public async Task Outputs_on_the_page_are_what_the_program_prints()
    {
        Environment.CurrentDirectory = Repository();
        string page = (await File.ReadAllTextAsync(s_page)).Replace("\r\n", "\n", StringComparison.Ordinal);
        await using var cluster = await EmbeddedCluster.EmbeddedCluster.StartAsync(new EmbeddedClusterOptions { RandomSeed = 1 });
        var written = new StringBuilder();
        string[] parts = page.Split("```");
        int commands = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            if (i > 0)
                written.Append("```");
            if (i % 2 == 0 || !parts[i].StartsWith("text\n" + Prompt, StringComparison.Ordinal))
            {
                written.Append(parts[i]);
                continue;
            }

            written.Append("text\n");
            foreach (string line in parts[i].Split('\n').Where(l => l.StartsWith(Prompt, StringComparison.Ordinal)))
            {
                commands++;
                Printed printed = await Printed.OfAsync(cluster, line[Prompt.Length..]);
                await Task.Delay(TimeSpan.FromMinutes(1), cluster.Time);
                printed.Error.Should().BeEmpty(line);
                // Cells are padded; a page keeps no blanks at line ends.
                written.Append(line).Append('\n').AppendJoin('\n', printed.Output.Split('\n').Select(l => l.TrimEnd())).Append("");
            }
        }

        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
            await File.WriteAllTextAsync(s_page, written.ToString());
        commands.Should().BeGreaterThan(5);
        RecordedCommandLinesTests.Difference(Normal.Text(page, helm3: false), Normal.Text(written.ToString(), helm3: false)).Should().BeEmpty();
    }

    [Fact]
    public async Task Every_flag_stands_on_the_page()
    {
        string page = await File.ReadAllTextAsync(s_page);
        IEnumerable<Command> All(Command c) => c.Commands.SelectMany(All).Prepend(c);
        All(new Root(new GlobalFlags())).SelectMany(c => c.Flags.Where(f => !f.IsHidden).Select(f => $"{c.FullName} --{f.Name}"))
            .Where(f => !page.Contains(f[f.IndexOf("--", StringComparison.Ordinal)..], StringComparison.Ordinal)).Should().BeEmpty();
    }

    [Fact]
    public async Task Every_verb_stands_on_the_page()
    {
        string page = await File.ReadAllTextAsync(s_page);
        IEnumerable<Command> All(Command c) => c.Commands.SelectMany(All).Prepend(c);
        All(new Root(new GlobalFlags())).Where(c => c.CanRun).Select(c => c.FullName["hlc ".Length..])
            .Where(v => !page.Contains($"`{v}", StringComparison.Ordinal)).Should().BeEmpty();
    }

    internal static string Repository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "HelmLifecycle.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The tests run outside of the repository.");
    }
}
