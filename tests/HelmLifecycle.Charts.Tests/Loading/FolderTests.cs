namespace HelmLifecycle.Charts.Tests;

public sealed class FolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("chart").FullName;

    public FolderTests() => Write("web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Write(string path, string text)
    {
        string full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    private Task<Chart> LoadAsync() => ChartLoader.LoadAsync(Path.Combine(_root, "web"));

    [Fact]
    public async Task Files_come_in_the_order_of_their_names_folder_by_folder()
    {
        foreach (string name in new[] { "templates/b.yaml", "templates/a/z.yaml", "templates/a.yaml", "templates/_h.tpl" })
            Write("web/" + name, "");
        (await LoadAsync()).Templates.Select(t => t.Name).Should().Equal("templates/_h.tpl", "templates/a/z.yaml", "templates/a.yaml", "templates/b.yaml");
    }

    [Fact]
    public async Task A_byte_order_mark_is_taken_off()
    {
        File.WriteAllBytes(Path.Combine(_root, "web/values.yaml"), [0xef, 0xbb, 0xbf, .. "a: 1"u8]);
        Chart chart = await LoadAsync();
        chart.Raw.Single(f => f.Name == "values.yaml").Text.Should().Be("a: 1");
        chart.Values!["a"].FloatValue.Should().Be(1);
    }

    [Fact]
    public async Task Ignored_files_and_folders_are_not_read_but_dot_files_elsewhere_are()
    {
        Write("web/.helmignore", "# comment\n*.bak\n/docs/\n");
        foreach (string name in new[] { "a.bak", "docs/x", "templates/.hidden", "sub/docs/x", ".kept" })
            Write("web/" + name, "");
        Chart chart = await LoadAsync();
        chart.Files.Select(f => f.Name).Should().Equal(".helmignore", ".kept", "sub/docs/x");
        chart.Templates.Should().BeEmpty();
    }

    [Fact]
    public async Task A_link_inside_the_chart_is_followed_and_one_that_leaves_it_is_refused()
    {
        Write("web/real.txt", "text");
        File.CreateSymbolicLink(Path.Combine(_root, "web/link.txt"), "real.txt");
        (await LoadAsync()).Files.Single(f => f.Name == "link.txt").Text.Should().Be("text");

        Write("secret", "s");
        File.CreateSymbolicLink(Path.Combine(_root, "web/out"), Path.Combine(_root, "secret"));
        await FluentActions.Awaiting(LoadAsync).Should().ThrowAsync<ChartException>().WithMessage("link out leads out of the chart");
    }

    [Fact]
    public async Task Links_that_lead_nowhere_or_in_circles_are_refused()
    {
        string link = Path.Combine(_root, "web/gone");
        File.CreateSymbolicLink(link, "nothing");
        await FluentActions.Awaiting(LoadAsync).Should().ThrowAsync<ChartException>().WithMessage("link gone leads to a file that does not exist");
        File.Delete(link);
        Directory.CreateDirectory(Path.Combine(_root, "web/a"));
        Directory.CreateSymbolicLink(Path.Combine(_root, "web/a/again"), Path.Combine(_root, "web/a"));
        await FluentActions.Awaiting(LoadAsync).Should().ThrowAsync<ChartException>().WithMessage("*leads back into a folder that holds it");
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_refused()
    {
        Write("web/big", new string('x', 20));
        await FluentActions.Awaiting(() => ChartLoader.LoadAsync(Path.Combine(_root, "web"), new ChartLoadOptions { MaxFileBytes = 10 }))
            .Should().ThrowAsync<ChartException>().WithMessage("chart file \"*\" is larger than the maximum file size 10");
    }
}
