using HelmLifecycle.EmbeddedCluster;
using HelmLifecycle.Tests;

namespace HelmLifecycle.Cli.Tests;

/// <summary>Command lines that have no recording: what is not helm's own, and how words and flags are read.</summary>
[Collection(nameof(CurrentFolder))]
public sealed class OwnCommandLinesTests
{
    [Theory]
    [InlineData("hlc nonsense", "Error: unknown command \"nonsense\" for \"hlc\"\nRun 'hlc --help' for usage.\n")]
    [InlineData("hlc instal x y", "Error: unknown command \"instal\" for \"hlc\"\n\nDid you mean this?\n\tinstall\n\nRun 'hlc --help' for usage.\n")]
    [InlineData("hlc list --max", "Error: flag needs an argument: --max\n")]
    [InlineData("hlc list -z", "Error: unknown shorthand flag: 'z' in -z\n")]
    [InlineData("hlc list --max=x", "Error: invalid argument \"x\" for \"-m, --max\" flag: strconv.ParseInt: parsing \"x\": invalid syntax\n")]
    [InlineData("hlc list extra", "Error: \"hlc list\" accepts no arguments\n\nUsage:  hlc list [flags]\n")]
    [InlineData("hlc diff web x y", "Error: could not convert revision to a number: x\n")]
    [InlineData("hlc rollout status web", "Error: no rollout of \"web\" runs\n")]
    public async Task A_wrong_command_line_is_refused_in_one_sentence(string line, string error)
    {
        await using var cluster = await EmbeddedCluster.EmbeddedCluster.StartAsync();
        Printed printed = await Printed.OfAsync(cluster, line);
        printed.Should().Be(new Printed(1, "", error));
    }

    [Theory]
    [InlineData("hlc pull web --repo https://127.0.0.1:1 --ca-file none.pem")]
    [InlineData("hlc show chart oci://127.0.0.1:1/web --version 1.0.0 --cert-file none.pem --key-file none.pem")]
    [InlineData("hlc registry login 127.0.0.1:1 -u me -p secret --ca-file none.pem")]
    public async Task The_files_of_a_secured_connection_are_read_before_anything_is_asked(string line)
    {
        await using var cluster = await EmbeddedCluster.EmbeddedCluster.StartAsync();
        Printed printed = await Printed.OfAsync(cluster, line);
        printed.Exit.Should().Be(1);
        printed.Error.Should().Contain("can't create TLS config").And.Contain("none.pem").And.NotContain("secret");
    }

    [Theory]
    [InlineData("hlc list -qm 1")]
    [InlineData("hlc list -q -m1")]
    [InlineData("hlc ls --short --max=1")]
    [InlineData("hlc -n default list -q --max 1")]
    [InlineData("hlc list --namespace=default -q=true -m=1")]
    public async Task Flags_are_read_as_helm_reads_them(string line)
    {
        Environment.CurrentDirectory = LifecycleData.Folder;
        await using var cluster = await EmbeddedCluster.EmbeddedCluster.StartAsync();
        (await Printed.OfAsync(cluster, "hlc install one charts/raw")).Exit.Should().Be(0);
        (await Printed.OfAsync(cluster, "hlc install two charts/raw")).Exit.Should().Be(0);

        (await Printed.OfAsync(cluster, line)).Should().Be(new Printed(0, "one\n", ""));
    }

    [Theory]
    [InlineData("hlc __complete rollb", "rollback\n")]
    [InlineData("hlc __complete get m", "manifest\nmetadata\n")]
    [InlineData("hlc __complete status o", "one\n")]
    public async Task The_shell_is_told_what_may_stand_there(string line, string words)
    {
        Environment.CurrentDirectory = LifecycleData.Folder;
        await using var cluster = await EmbeddedCluster.EmbeddedCluster.StartAsync();
        (await Printed.OfAsync(cluster, "hlc install one charts/raw")).Exit.Should().Be(0);

        Printed printed = await Printed.OfAsync(cluster, line);
        printed.Exit.Should().Be(0);
        printed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)
            .Should().Equal(words.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Plans_and_drift_tell_by_their_exit_code_whether_there_are_changes()
    {
        Environment.CurrentDirectory = LifecycleData.Folder;
        await using var cluster = await EmbeddedCluster.EmbeddedCluster.StartAsync();
        (await Printed.OfAsync(cluster, "hlc plan two charts/subs --detailed-exitcode")).Exit.Should().Be(2);
        (await Printed.OfAsync(cluster, "hlc install two charts/subs")).Exit.Should().Be(0);
        (await Printed.OfAsync(cluster, "hlc plan two charts/subs --detailed-exitcode")).Exit.Should().Be(0);
        (await Printed.OfAsync(cluster, "hlc plan two charts/subs --set greeting=x --detailed-exitcode")).Exit.Should().Be(2);
        (await Printed.OfAsync(cluster, "hlc drift two --detailed-exitcode")).Exit.Should().Be(0);
    }

    [Fact]
    public async Task A_cluster_in_a_file_is_the_same_in_the_next_run()
    {
        Environment.CurrentDirectory = LifecycleData.Folder;
        string file = Path.Combine(Directory.CreateTempSubdirectory("hlc-").FullName, "cluster.json");
        try
        {
            (await Printed.OfAsync(null, "default", ["install", "one", "charts/raw", $"--embedded={file}"])).Exit.Should().Be(0);
            (await Printed.OfAsync(null, "default", ["list", "-q", $"--embedded={file}"])).Should().Be(new Printed(0, "one\n", ""));
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }

    [Fact]
    public async Task The_clock_of_a_cluster_in_a_file_never_goes_back()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("hlc-").FullName, "cluster.json");
        try
        {
            DateTimeOffset tomorrow = DateTimeOffset.UtcNow.AddDays(1);
            await using (var cluster = await EmbeddedCluster.EmbeddedCluster.StartAsync(new EmbeddedClusterOptions { VirtualTimeStart = tomorrow }))
                await EmbeddedSnapshot.SaveAsync(cluster, file);

            await using var next = await EmbeddedSnapshot.LoadAsync(file, CancellationToken.None);
            next.Time.GetUtcNow().Should().BeOnOrAfter(tomorrow);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }

    [Fact]
    public async Task Template_with_debug_shows_the_manifest_that_is_no_yaml()
    {
        string chart = Directory.CreateTempSubdirectory("hlc-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(chart, "templates"));
            await File.WriteAllTextAsync(Path.Combine(chart, "Chart.yaml"), "apiVersion: v2\nname: broken\nversion: 1.0.0\n");
            await File.WriteAllTextAsync(Path.Combine(chart, "templates", "x.yaml"), "a: b: {{ .Release.Name }}\n");

            Printed silent = await Printed.OfAsync(null, "default", ["template", "web", chart]);
            silent.Exit.Should().Be(1);
            silent.Output.Should().BeEmpty();
            silent.Error.Should().EndWith("\n\nUse --debug flag to render out invalid YAML\n");

            Printed shown = await Printed.OfAsync(null, "default", ["template", "web", chart, "--debug"]);
            shown.Exit.Should().Be(1);
            shown.Output.Should().Be("---\n# Source: broken/templates/x.yaml\na: b: web\n");
            shown.Error.Should().StartWith("Error: YAML parse error on broken/templates/x.yaml: ");
        }
        finally
        {
            Directory.Delete(chart, recursive: true);
        }
    }
}
