using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Cli.Tests;

/// <summary><c>hlc</c> as <c>dotnet publish</c> makes it: a native program, made once into a temporary folder.</summary>
public sealed class PublishedProgram : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("hlc-published-").FullName;

    /// <summary>Whether a linker and the native compiler are here. The compiler is a package that the first "dotnet publish" brings, so the rest of the tests can do without.</summary>
    public static bool CanBeMade =>
        (RealPart.IsOnPath("clang") || RealPart.IsOnPath("gcc")) && Directory.Exists(Path.Combine(Packages, "microsoft.dotnet.ilcompiler"));

    private static string Packages => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
        ? folder
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private string Program => Path.Combine(_root, "hlc", OperatingSystem.IsWindows() ? "hlc.exe" : "hlc");

    public async Task InitializeAsync()
    {
        if (PublishedTheoryAttribute.SkipReason is not null)
            return;
        // Where a mirror lacks the native compiler, a user makes the folder with the runtime in it; and where it lacks that too, one for the installed runtime.
        string[][] ways = [[], ["-r", RuntimeInformation.RuntimeIdentifier, "-p:PublishAot=false"], ["-p:PublishAot=false"]];
        var made = new Printed(1, "", "");
        foreach (string[] options in ways)
        {
            made = await PublishAsync(options);
            if (made.Exit == 0 || !made.Output.Contains("error NU1", StringComparison.Ordinal))
                break;
        }

        made.Exit.Should().Be(0, "dotnet publish says {0} {1}", made.Output, made.Error);
    }

    // Its builds have folders of their own: those of the tests stay as they are.
    private Task<Printed> PublishAsync(params string[] options) => RunAsync(
        "dotnet",
        ["publish", Path.Combine(HelmCliPageTests.Repository(), "samples", "Cli"), "-c", "Release", "-o", Path.GetDirectoryName(Program)!, "--artifacts-path", Path.Combine(_root, "built"), "-v", "q",
            "-nodeReuse:false", .. options],
        // What the test host was told about its own build is not for this one.
        new Dictionary<string, string?> { ["MSBUILD_EXE_PATH"] = null, ["MSBuildExtensionsPath"] = null, ["MSBuildSDKsPath"] = null, ["MSBuildLoadMicrosoftTargetsReadOnly"] = null });

    public Task DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Runs a recorded command line against a cluster that is served on a port of this machine.</summary>
    internal async Task<Printed> RunAsync(EmbeddedCluster.EmbeddedCluster cluster, string ns, JsonNode step, string[] words)
    {
        string kubeconfig = Path.Combine(_root, "kubeconfig");
        await cluster.WriteKubeConfigAsync(kubeconfig);
        var variables = new Dictionary<string, string?> { ["KUBECONFIG"] = kubeconfig, ["HELM_NAMESPACE"] = ns };
        foreach ((string name, string value) in RecordedRuns.Variables(step) ?? [])
            variables[name] = value;
        return await RunAsync(Program, words, variables);
    }

    private static async Task<Printed> RunAsync(string program, IReadOnlyList<string> words, IReadOnlyDictionary<string, string?> variables)
    {
        var start = new ProcessStartInfo(program, words) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string? value) in variables)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Printed(process.ExitCode, await output, await error);
    }
}

/// <summary>Skipped on a machine that cannot make the program, but not in CI.</summary>
public sealed class PublishedTheoryAttribute : TheoryAttribute
{
    public PublishedTheoryAttribute() => Skip = SkipReason;

    internal static string? SkipReason { get; } =
        RealPart.SkipReason(PublishedProgram.CanBeMade, "needs clang or gcc, and the native compiler's package, which \"dotnet publish samples/Cli\" brings");
}
