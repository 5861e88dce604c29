using System.Globalization;
using HelmLifecycle.EmbeddedCluster;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle.Cli.Tests;

/// <summary>What a command line printed and ended with.</summary>
internal sealed record Printed(int Exit, string Output, string Error)
{
    /// <summary>Runs one command line in this process.</summary>
    public static async Task<Printed> OfAsync(
        KubernetesClient? cluster, string ns, IReadOnlyList<string> words, IReadOnlyDictionary<string, string>? variables = null, CancellationToken ct = default)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        string? Variable(string name) => name == "HELM_NAMESPACE" ? ns : variables?.GetValueOrDefault(name);
        int exit;
        await using (var session = new Session(output, error, TextReader.Null, Variable) { GivenCluster = cluster })
            exit = await Hlc.RunAsync(session, words, ct);
        return new Printed(exit, output.ToString(), error.ToString());
    }

    /// <summary>A command line as one types it; no quotes.</summary>
    public static Task<Printed> OfAsync(EmbeddedCluster.EmbeddedCluster cluster, string line) => OfAsync(cluster.Client, "default", line.Split(' ')[1..]);
}
