using HelmLifecycle;
using HelmLifecycle.EmbeddedCluster;
using HelmLifecycle.Kubernetes;
using UpgradeRollback;

using var cancel = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    cancel.Cancel();
};

Arguments arguments;
try
{
    arguments = Arguments.Read(args);
}
catch (ArgumentException e)
{
    Console.Error.WriteLine(e.Message);
    Console.Error.WriteLine(Arguments.Usage);
    return 2;
}

var facts = new Facts();
try
{
    if (arguments.KubeConfig is { } file)
    {
        await using ClusterConnection connection =
            await ClusterConnection.FromKubeConfigAsync(new KubeConfigOptions { Paths = [file], Context = arguments.Context }, cancel.Token);
        using var cluster = new KubernetesClient(connection);
        await new Story(cluster, facts).TellAsync(cancel.Token);
    }
    else
    {
        var options = new EmbeddedClusterOptions { Time = arguments.RealTime ? TimeMode.Real : TimeMode.Virtual, PodStartDelay = TimeSpan.FromSeconds(2) };
        await using EmbeddedCluster cluster = await EmbeddedCluster.StartAsync(options, cancel.Token);
        await new Story(cluster.Client, facts).TellAsync(cancel.Token);
    }
}
catch (Exception e) when (Failures.IsExpected(e))
{
    Console.Error.WriteLine($"Error: {e.Message}");
    return 1;
}
catch (OperationCanceledException) when (cancel.IsCancellationRequested)
{
    Console.Error.WriteLine("Cancelled.");
    return 1;
}

return facts.Report(Console.Out, Console.Error);
