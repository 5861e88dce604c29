using System.Text;

namespace HelmLifecycle.Charts.Tests;

public class ArchiveTests
{
    private static Chart Load(TarBuilder tar, ChartLoadOptions? options = null) => ChartLoader.LoadArchive(tar.Gzip(), options);

    [Fact]
    public void The_first_folder_is_left_out_whatever_it_is_called()
    {
        Chart chart = Load(new TarBuilder().Add("anything/Chart.yaml", "name: web\nversion: 1.0.0\n").Add("anything/templates/a.yaml", "a"));
        chart.Name.Should().Be("web");
        chart.Templates.Should().ContainSingle().Which.Name.Should().Be("templates/a.yaml");
    }

    [Theory]
    [InlineData("web//etc/passwd", "chart illegally contains absolute paths")]
    [InlineData("web/../../x", "chart illegally references parent directory")]
    [InlineData("web/a/../../x", "chart illegally references parent directory")]
    [InlineData(@"web\..\..\x", "chart illegally references parent directory")]
    [InlineData("web/c:/x", "chart contains illegally named files")]
    [InlineData("Chart.yaml/x", "chart yaml not in base directory")]
    [InlineData("lonely", "chart illegally contains content outside the base directory: \"lonely\"")]
    public void Names_that_leave_the_chart_are_refused(string name, string message)
    {
        Action load = () => Load(new TarBuilder().AddChart().Add(name, "x"));
        load.Should().Throw<ChartException>().WithMessage(message);
    }

    [Theory]
    [InlineData('1', "chart illegally contains a link: \"web/x\"")]
    [InlineData('2', "chart illegally contains a link: \"web/x\"")]
    [InlineData('3', "chart illegally contains an irregular file: \"web/x\"")]
    [InlineData('6', "chart illegally contains an irregular file: \"web/x\"")]
    public void Links_and_devices_are_refused(char type, string message)
    {
        Action load = () => Load(new TarBuilder().AddChart().Add("web/x", "", type, "/etc/passwd"));
        load.Should().Throw<ChartException>().WithMessage(message);
    }

    [Fact]
    public void Two_different_files_of_one_name_are_refused_and_equal_ones_count_once()
    {
        Action load = () => Load(new TarBuilder().AddChart().Add("web/a", "1").Add("web/./a", "2"));
        load.Should().Throw<ChartException>().WithMessage("*two different files of one name*");
        Load(new TarBuilder().AddChart().Add("web/a", "1").Add("web/a", "1")).Files.Should().ContainSingle();
    }

    [Fact]
    public void Backslashes_separate_folders_in_archives_from_Windows() =>
        Load(new TarBuilder().AddChart().Add(@"web\templates\a.yaml", "a")).Templates.Should().ContainSingle(t => t.Name == "templates/a.yaml");

    [Fact]
    public void Long_names_of_GNU_and_POSIX_are_read()
    {
        string folder = new('d', 120);
        Chart chart = Load(new TarBuilder().AddChart()
            .Add("././@LongLink", $"web/{folder}/gnu\0", 'L').Add("web/cut", "1")
            .Add("pax", $"{new string('x', 0)}{Record("path", $"web/{folder}/pax")}", 'x').Add("web/cut", "2"));
        chart.Files.Select(f => f.Name).Should().Equal($"{folder}/gnu", $"{folder}/pax");

        static string Record(string key, string value)
        {
            string rest = $" {key}={value}\n";
            int length = rest.Length + 3;
            return length + rest;
        }
    }

    [Fact]
    public void A_file_or_a_chart_that_is_too_large_is_refused()
    {
        var small = new ChartLoadOptions { MaxFileBytes = 100, MaxChartBytes = 250 };
        Action file = () => Load(new TarBuilder().AddChart().Add("web/a", new string('x', 101)), small);
        file.Should().Throw<ChartException>().WithMessage("decompressed chart file \"web/a\" is larger than the maximum file size 100");
        Action chart = () => Load(new TarBuilder().AddChart().Add("web/a", new string('x', 90)).Add("web/b", new string('x', 90)).Add("web/c", new string('x', 90)), small);
        chart.Should().Throw<ChartException>().WithMessage("decompressed chart is larger than the maximum size 250");
    }

    [Fact]
    public void A_bomb_is_refused_by_its_ratio_before_it_is_unpacked()
    {
        byte[] bomb = new TarBuilder().AddChart().Add("web/zeros", new byte[60_000_000]).Gzip();
        bomb.Length.Should().BeLessThan(1_000_000);
        Action load = () => ChartLoader.LoadArchive(bomb, new ChartLoadOptions { MaxCompressionRatio = 50 });
        load.Should().Throw<ChartException>().WithMessage("decompressed chart is larger*");
    }

    [Fact]
    public void Too_many_files_and_charts_in_charts_without_end_are_refused()
    {
        var tar = new TarBuilder().AddChart();
        for (int i = 0; i < 20; i++)
            tar.Add($"web/f{i}", "");
        Action many = () => Load(tar, new ChartLoadOptions { MaxFiles = 10 });
        many.Should().Throw<ChartException>().WithMessage("chart contains more than 10 files");

        byte[] inner = new TarBuilder().AddChart().Gzip();
        for (int i = 0; i < 12; i++)
            inner = new TarBuilder().AddChart().Add("web/charts/web.tgz", inner).Gzip();
        Action deep = () => ChartLoader.LoadArchive(inner, new ChartLoadOptions { MaxDepth = 5 });
        deep.Should().Throw<ChartException>().WithMessage("*nested deeper than 5 levels*");
    }

    [Fact]
    public void Nested_archives_share_the_budget_of_the_whole()
    {
        byte[] inner = new TarBuilder().AddChart("sub").Add("sub/a", new string('x', 800)).Gzip();
        Action load = () => Load(new TarBuilder().AddChart().Add("web/charts/sub.tgz", inner).Add("web/b", new string('x', 800)), new ChartLoadOptions { MaxChartBytes = 1500 });
        load.Should().Throw<ChartException>().WithMessage("error unpacking subchart sub.tgz in web: decompressed chart is larger*");
    }

    [Theory]
    [InlineData("", "EOF")]
    [InlineData("hello", "gzip: invalid header")]
    public void What_is_no_archive_is_refused(string text, string message)
    {
        Action load = () => ChartLoader.LoadArchive(Encoding.UTF8.GetBytes(text));
        load.Should().Throw<ChartException>().WithMessage(message);
    }

    [Fact]
    public void Broken_archives_never_raise_anything_but_chart_exceptions()
    {
        byte[] good = new TarBuilder().AddChart().Add("web/values.yaml", "a: 1\n").Add("web/templates/a.yaml", "x").Gzip();
        var random = new Random(7);
        for (int i = 0; i < 400; i++)
        {
            byte[] bad = good.AsSpan(0, i % 3 == 0 ? random.Next(good.Length) : good.Length).ToArray();
            for (int j = 0; j < 1 + (i % 4) && bad.Length > 0; j++)
                bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                ChartLoader.LoadArchive(bad);
            }
            catch (ChartException)
            {
            }
        }
    }

    [Fact]
    public void An_archive_without_files_is_refused()
    {
        Action load = () => Load(new TarBuilder().Add("web/", "", '5'));
        load.Should().Throw<ChartException>().WithMessage("no files in chart archive");
    }

    [Fact]
    public async Task A_stream_and_a_file_load_alike()
    {
        byte[] archive = new TarBuilder().AddChart().Gzip();
        (await ChartLoader.LoadArchiveAsync(new MemoryStream(archive))).Name.Should().Be("web");
        string path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "web.tgz");
        await File.WriteAllBytesAsync(path, archive);
        (await ChartLoader.LoadAsync(path)).Name.Should().Be("web");
    }

    [Fact]
    public async Task A_YAML_file_in_place_of_a_chart_is_told_apart()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "values.yaml");
        await File.WriteAllTextAsync(path, "a: 1\n");
        await FluentActions.Awaiting(() => ChartLoader.LoadAsync(path)).Should().ThrowAsync<ChartException>()
            .WithMessage($"file '{path}' seems to be a YAML file, but expected a gzipped archive");
        await FluentActions.Awaiting(() => ChartLoader.LoadAsync(path + ".none")).Should().ThrowAsync<ChartException>().WithMessage("*no such file or directory");
    }
}
