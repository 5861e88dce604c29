using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using HelmLifecycle.Benchmarks;

// dotnet run -c Release --project tests/HelmLifecycle.Benchmarks -- [--quick] [BenchmarkDotNet's own switches, such as --filter '*Function*']
// dotnet run -c Release --project tests/HelmLifecycle.Benchmarks -- --cluster: the figures of the embedded cluster
if (args.Contains("--cluster"))
{
    await ClusterMeasurements.RunAsync();
    return 0;
}

bool quick = args.Contains("--quick");
IConfig? config = quick ? DefaultConfig.Instance.AddJob(Job.ShortRun) : null;
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run([.. args.Where(argument => argument != "--quick")], config);
return 0;
