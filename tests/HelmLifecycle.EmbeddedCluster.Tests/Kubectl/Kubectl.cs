using System.Diagnostics;

namespace HelmLifecycle.EmbeddedCluster.Tests;

/// <summary>What a run of kubectl wrote, and how it ended.</summary>
internal sealed record KubectlResult(int ExitCode, string Output, string Errors)
{
    /// <summary>The lines of the output as words.</summary>
    public IReadOnlyList<string[]> Rows => [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
}

/// <summary>The real kubectl, connected over TCP to a cluster of this process, with a home of its own.</summary>
internal sealed class Kubectl : IDisposable
{
    private static readonly TimeSpan s_runAtMost = TimeSpan.FromMinutes(1);
    private readonly string _home = Directory.CreateTempSubdirectory("kubectl-").FullName;

    private Kubectl()
    {
    }

    /// <summary>The program, or null where there is none.</summary>
    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(d => new[] { Path.Combine(d, "kubectl"), Path.Combine(d, "kubectl.exe") })
        .FirstOrDefault(File.Exists);

    public static async Task<Kubectl> ForAsync(EmbeddedCluster cluster)
    {
        var kubectl = new Kubectl();
        await cluster.WriteKubeConfigAsync(Path.Combine(kubectl._home, "kubeconfig"));
        return kubectl;
    }

    /// <summary>Writes a manifest; returns its path.</summary>
    public string Write(string name, string text)
    {
        string path = Path.Combine(_home, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Runs it and expects success.</summary>
    public async Task<KubectlResult> RunAsync(params string[] arguments)
    {
        KubectlResult result = await TryAsync(arguments);
        result.ExitCode.Should().Be(0, "kubectl {0} said {1}{2}", string.Join(' ', arguments), result.Output, result.Errors);
        return result;
    }

    /// <summary>Runs it, however it ends.</summary>
    public async Task<KubectlResult> TryAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Program!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = _home };
        start.Environment["HOME"] = _home;
        start.Environment["KUBECONFIG"] = Path.Combine(_home, "kubeconfig");
        start.Environment["NO_PROXY"] = "127.0.0.1";
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(s_runAtMost);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"kubectl {string.Join(' ', arguments)} did not end: {await output}{await errors}");
        }

        return new KubectlResult(process.ExitCode, await output, await errors);
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);
}
